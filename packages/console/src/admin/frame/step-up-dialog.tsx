import { Anchor, Button } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import { proveActionsWith } from '../../browser/call.ts';
import { type StepUpState, stepUps } from '../../browser/step-up.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Countdown } from '../ui/instant.tsx';

const TITLES: Readonly<Record<StepUpState['step'], string>> = {
  asked: 'Prove that it is you',
  signing: 'Prove that it is you',
  sending: 'Prove that it is you',
  over: 'Prove that it is you',
  waiting: 'A second person must approve',
  denied: 'It was denied',
};

const Words = ({ state: { step, asked, notice, others } }: { readonly state: StepUpState }) => (
  <div className="sp-dialog-text">
    <p className="sp-strong">{asked.words}</p>
    <p>{asked.why}</p>
    {step === 'waiting' && (
      <p role="status">
        Your key is proved. Somebody else finds this at{' '}
        <Anchor href={asked.kind === 'approval_required' ? asked.approvalUrl : '/approvals'} target="_blank">
          Approvals
        </Anchor>{' '}
        and decides. You may leave this open: it goes on by itself.
      </p>
    )}
    {(step === 'asked' || step === 'signing') && <p>Your key signs this one change, and nothing else.</p>}
    {(step === 'asked' || step === 'signing' || step === 'waiting') && (
      <p>
        Time left: <Countdown until={asked.endsAt} />
      </p>
    )}
    {step === 'denied' && <p>Nothing was changed.</p>}
    {notice !== null && <p role="alert">{notice}</p>}
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
  if (state === null) return null;
  const { step, asked } = state;
  return (
    <Dialog
      key={asked.proofUrl}
      title={TITLES[step]}
      onClose={stepUps.cancel}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Words state={state} />
      <div className="sp-dialog-actions">
        <Button variant="default" onClick={stepUps.cancel} disabled={step === 'sending'}>
          {step === 'denied' ? 'Close' : 'Cancel'}
        </Button>
        {step === 'over' && (
          <Button onClick={() => void stepUps.askAgain()} data-autofocus>
            Ask again
          </Button>
        )}
        {(step === 'asked' || step === 'signing' || step === 'sending') && (
          <Button onClick={() => void stepUps.proveWithKey()} loading={step !== 'asked'} data-autofocus>
            Use your key
          </Button>
        )}
      </div>
    </Dialog>
  );
};
