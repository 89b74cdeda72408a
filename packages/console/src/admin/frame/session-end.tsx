import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { CallError, call } from '../../browser/call.ts';
import { END_REASONS } from '../../browser/end-reasons.ts';
import type { StreamListener } from '../../browser/event-stream.ts';
import { announcementOf, clockOf, type SessionState } from '../../browser/session-state.ts';
import { type SessionWatch, watchSession } from '../../browser/watch-session.ts';
import { Dialog } from '../ui/dialog.tsx';
import { localWords } from '../ui/time-words.ts';
import { createLiveReader } from './live.ts';
import { meQuery } from './me.ts';

const RUNNING: SessionState = { kind: 'running' };

/** The watch of the session that is shown; another one after each sign-in. */
const useWatch = (
  round: number,
  on: StreamListener,
): { readonly watch: SessionWatch | null; readonly state: SessionState } => {
  const [watch, setWatch] = useState<SessionWatch | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new session
  useEffect(() => {
    const made = watchSession(on);
    setWatch(made);
    return () => made.stop();
  }, [round]);
  const subscribe = useCallback((listener: () => void) => watch?.subscribe(listener) ?? (() => {}), [watch]);
  const state = useSyncExternalStore(subscribe, () => watch?.state() ?? RUNNING);
  return { watch, state };
};

/** Two minutes before the end: time left, and what can be done about it (WCAG 2.2.1). */
const Warning = ({
  state,
  watch,
}: {
  readonly state: Extract<SessionState, { kind: 'ending' }>;
  readonly watch: SessionWatch;
}) => {
  const [isRead, setIsRead] = useState(false);
  const [isUnanswered, setIsUnanswered] = useState(false);
  const [spoken, setSpoken] = useState({ before: null as number | null, text: '' });
  const { secondsLeft, cause } = state;
  if (spoken.before !== secondsLeft)
    setSpoken({ before: secondsLeft, text: announcementOf(spoken.before, secondsLeft) ?? spoken.text });
  const stay = (): void => {
    if (cause === 'lifetime') setIsRead(true);
    else void watch.stay().catch(() => setIsUnanswered(true));
  };
  const signOut = async (): Promise<void> => {
    await call('DELETE', '/api/v1/sessions/me').catch(() => {});
    location.assign('/ended?reason=signed-out');
  };
  return (
    <>
      <p className="sp-unseen" role="status">
        {spoken.text}
      </p>
      {!isRead && (
        <Dialog
          onClose={stay}
          withCloseButton={false}
          title={cause === 'idle' ? 'Are you still there?' : 'Your session ends soon'}
        >
          <div className="sp-dialog-text">
            {cause === 'idle' ? (
              <p>
                Nothing was done for a while. You are signed out in <strong>{clockOf(secondsLeft)}</strong>.
              </p>
            ) : (
              <p>
                It ends in <strong>{clockOf(secondsLeft)}</strong>, at {localWords(state.endsAt, state.endsAt)}: it has
                reached its longest time, which cannot be extended. What you have typed stays here.
              </p>
            )}
            {isUnanswered && <p role="alert">The server does not answer. Try again.</p>}
          </div>
          <div className="sp-dialog-actions">
            <Button variant="default" onClick={() => void signOut()}>
              Sign out
            </Button>
            <Button onClick={stay} data-autofocus>
              {cause === 'idle' ? 'Stay signed in' : 'I have read it'}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
};

/**
 * Before the end a warning; at the end the page stays as it is, so that nothing typed is lost: the person signs in
 * again in another tab, comes back, and goes on.
 */
export const SessionEnd = () => {
  const client = useQueryClient();
  const [round, setRound] = useState(0);
  const [isRefused, setIsRefused] = useState(false);
  const [isStillOut, setIsStillOut] = useState(false);
  const live = useMemo(() => createLiveReader(client), [client]);
  const { watch, state } = useWatch(round, live);
  useEffect(() => {
    const isEnded = (error: unknown): boolean => error instanceof CallError && error.status === 401;
    const onEvent = (event: { readonly type: string; readonly action?: unknown }): void => {
      const action = event.action as { type?: string; error?: unknown } | undefined;
      if (action?.type === 'error' && isEnded(action.error)) setIsRefused(true);
    };
    const stops = [client.getQueryCache().subscribe(onEvent), client.getMutationCache().subscribe(onEvent)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  const goOn = async (): Promise<void> => {
    try {
      await call('GET', '/sallyport/v1/me');
    } catch {
      return setIsStillOut(true);
    }
    setIsRefused(false);
    setIsStillOut(false);
    setRound(round + 1);
    await client.invalidateQueries(meQuery);
    await client.invalidateQueries();
  };
  const next = `/sign-in?next=${encodeURIComponent(`${location.pathname}${location.search}`)}`;
  const isOver = isRefused || state.kind === 'ended';
  const reason =
    state.kind === 'ended' && state.reason !== null ? (END_REASONS.get(state.reason)?.sentence ?? null) : null;
  return (
    <>
      {state.kind === 'ending' && watch !== null && !isOver && <Warning state={state} watch={watch} />}
      {isOver && (
        <Dialog
          onClose={() => {}}
          withCloseButton={false}
          closeOnEscape={false}
          closeOnClickOutside={false}
          title="Your session has ended"
        >
          <div className="sp-dialog-text">
            {reason !== null && <p>{reason}</p>}
            <p>Nothing on this page is lost. Sign in again in a new tab, then come back here and go on.</p>
            {isStillOut && <p role="alert">You are not signed in yet.</p>}
          </div>
          <div className="sp-dialog-actions">
            <Button component="a" variant="default" href={next}>
              Sign in here
            </Button>
            <Button component="a" variant="default" href={next} target="_blank" rel="noopener">
              Sign in in a new tab
            </Button>
            <Button onClick={() => void goOn()}>Go on</Button>
          </div>
        </Dialog>
      )}
    </>
  );
};
