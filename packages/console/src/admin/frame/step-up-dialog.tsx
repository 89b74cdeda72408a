import { Anchor, Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { AskedOfOthers } from '../../browser/action-proof.ts';
import { call, proveActionsWith } from '../../browser/call.ts';
import { type StepUpState, stepUps } from '../../browser/step-up.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Countdown } from '../ui/instant.tsx';
import { myProtectedActionsQuery } from '../ui/protected-action.ts';

const TITLES: Readonly<Record<StepUpState['step'], string>> = {
  asked: 'Prove that it is you',
  signing: 'Prove that it is you',
  sending: 'Prove that it is you',
  over: 'Prove that it is you',
  waiting: 'A second person must approve',
  denied: 'It was denied',
};

/** Who may say yes, and where they find it. */
const Others = ({ asked: { approvalId, approvalUrl } }: { readonly asked: AskedOfOthers }) => {
  const path = `/sallyport/v1/approvals/${encodeURIComponent(approvalId)}`;
  const { data } = useQuery({
    queryKey: [path],
    queryFn: () =>
      call<{ readonly approvers: readonly { readonly login: string }[] }>('GET', path, { isBackground: true }),
  });
  const logins = (data?.approvers ?? []).map(({ login }) => login);
  return (
    <>
      <p role="status">
        Your key is proved. It waits in{' '}
        <Anchor href={approvalUrl} target="_blank" rel="noopener">
          the inbox
        </Anchor>{' '}
        of somebody else. Leave this open: it goes on by itself.
      </p>
      {data !== undefined && (
        <p>
          {logins.length === 0
            ? 'Nobody may approve it now: it takes a person who did not lately make your account or give your role.'
            : `These may approve it: ${logins.join(', ')}.`}
        </p>
      )}
    </>
  );
};

const Words = ({ state: { step, asked, notice, others } }: { readonly state: StepUpState }) => (
  <div className="sp-dialog-text">
    <p className="sp-strong">{asked.words}</p>
    <p>{asked.why}</p>
    {step === 'waiting' && asked.kind === 'approval_required' && <Others asked={asked} />}
    {(step === 'asked' || step === 'signing') && <p>Your key signs this one change, and nothing else.</p>}
    {(step === 'asked' || step === 'signing' || step === 'waiting') && (
      <p>
        Time left: <Countdown until={asked.endsAt} />
      </p>
    )}
    {step === 'denied' && <p>Nothing was changed.</p>}
    {notice !== null && (
      <p role="alert" className="sp-state warn slim">
        {notice}
      </p>
    )}
    <p className="sp-quiet" role="status">
      {step === 'signing' && 'Touch your key, or follow your browser…'}
      {step === 'sending' && 'Asking the server…'}
      {others > 0 && ` ${others} more ${others === 1 ? 'change waits' : 'changes wait'} behind this one.`}
    </p>
  </div>
);

/**
 * Asks for the key in the page, in front of whatever sent the request, and that request goes on: no form is left, and no
 * window opens.
 */
export const StepUpDialog = () => {
  const state = useSyncExternalStore(stepUps.subscribe, stepUps.state);
  useEffect(() => {
    proveActionsWith(stepUps.prove);
    return () => proveActionsWith(null);
  }, []);
  const client = useQueryClient();
  const isOpen = state !== null;
  const primary = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const step = state?.step;
  // A button that is busy or gone loses the focus, and with it the keyboard would leave the dialog.
  useEffect(() => {
    const wanted = step === 'signing' || step === 'waiting' || step === 'denied' ? cancel : primary;
    wanted.current?.focus();
  }, [step]);
  // A proof is good for a while where a window is set: what asked before may ask nothing now.
  useEffect(() => {
    if (isOpen) return () => void client.invalidateQueries(myProtectedActionsQuery);
  }, [client, isOpen]);
  if (state === null) return null;
  const { asked } = state;
  return (
    <Dialog
      key={asked.proofUrl}
      title={TITLES[state.step]}
      onClose={stepUps.cancel}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Words state={state} />
      <div className="sp-dialog-actions">
        <Button ref={cancel} variant="default" onClick={stepUps.cancel} disabled={step === 'sending'}>
          {step === 'denied' ? 'Close' : 'Cancel'}
        </Button>
        {step === 'over' && (
          <Button ref={primary} onClick={() => void stepUps.askAgain()} data-autofocus>
            Ask again
          </Button>
        )}
        {(step === 'asked' || step === 'signing' || step === 'sending') && (
          <Button ref={primary} onClick={() => void stepUps.proveWithKey()} loading={step !== 'asked'} data-autofocus>
            Use your key
          </Button>
        )}
      </div>
    </Dialog>
  );
};
