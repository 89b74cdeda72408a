import { Button } from '@mantine/core';
import type { ClientAddressAnswer, HeaderProbeAnswer } from '@sallyport/client/answers';
import { useMutation, useQuery } from '@tanstack/react-query';
import { get, post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { Instant } from '../instant.tsx';
import { QueryView } from '../query-view.tsx';
import { Failure } from '../states.tsx';
import { type Tone, Word } from '../word.tsx';

const PATH = '/sallyport/v1/client-address';

const ANSWERS: Readonly<Record<ClientAddressAnswer['canBeSpoofed'], readonly [Tone, string]>> = {
  yes: ['bad', 'anybody can choose their address'],
  no: ['good', 'nobody can choose their address'],
  'not-shown': ['warn', 'not tried yet'],
};
const STATES: Readonly<Record<'ok' | 'warning' | 'fault', readonly [Tone, string]>> = {
  ok: ['good', 'good'],
  warning: ['warn', 'careful'],
  fault: ['bad', 'wrong'],
};

/**
 * Sends a request that lies about where it comes from, by the way that this browser comes. No cookie goes with it: were
 * it believed, it would end the session that it came with.
 */
const tryHeader = async (): Promise<void> => {
  const { path, headers } = await post<HeaderProbeAnswer>(`${PATH}/probes`, {});
  await fetch(path, { headers, credentials: 'omit', cache: 'no-store' });
};

/** Can somebody choose the address that sessions are held to? What says so, and the button that tries it. */
export const ClientAddressCheck = () => {
  const mayTry = useMay('okta.sessionBinding.manage');
  const query = useQuery({ queryKey: ['client-address'], queryFn: () => get<ClientAddressAnswer>(PATH) });
  const trial = useMutation({ mutationFn: tryHeader, onSettled: () => query.refetch() });
  return (
    <QueryView query={query} what="the check of addresses" rows={2}>
      {({ canBeSpoofed, findings, triedAt, own }) => (
        <div className="sp-stack">
          <p>
            <Word tone={ANSWERS[canBeSpoofed][0]}>{ANSWERS[canBeSpoofed][1]}</Word>{' '}
            <span className="sp-quiet">
              You come from {own ?? 'an unknown address'}.
              {triedAt !== null && (
                <>
                  {' '}
                  Tried <Instant at={triedAt} as="relative" />.
                </>
              )}
            </span>
          </p>
          <ul>
            {findings.map(({ code, state, sentence, mend }) => (
              <li key={code}>
                <Word tone={STATES[state][0]}>{STATES[state][1]}</Word> {sentence}
                {mend !== null && <div className="sp-quiet">To mend it: {mend}.</div>}
              </li>
            ))}
          </ul>
          {trial.isError && <Failure what="It could not be tried" error={trial.error} />}
          {mayTry && (
            <p className="sp-actions">
              <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
                Try to spoof an address from here
              </Button>
            </p>
          )}
        </div>
      )}
    </QueryView>
  );
};
