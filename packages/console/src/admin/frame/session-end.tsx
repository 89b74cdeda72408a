import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { CallError, call } from '../../browser/call.ts';
import { meQuery } from './me.ts';

const isEnded = (error: unknown): boolean => error instanceof CallError && error.status === 401;

/**
 * When the session is over the page stays as it is, so that nothing typed is lost: the person signs in again in
 * another tab, comes back, and goes on.
 */
export const SessionEnd = () => {
  const client = useQueryClient();
  const [isOver, setIsOver] = useState(false);
  const [isStillOut, setIsStillOut] = useState(false);
  useEffect(() => {
    const watch = (event: { readonly action?: { readonly type: string; readonly error?: unknown } }): void => {
      if (event.action?.type === 'error' && isEnded(event.action.error)) setIsOver(true);
    };
    const stops = [
      client.getQueryCache().subscribe((event) => watch(event as never)),
      client.getMutationCache().subscribe((event) => watch(event as never)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
  const goOn = async (): Promise<void> => {
    try {
      await call('GET', '/sallyport/v1/me');
      setIsOver(false);
      setIsStillOut(false);
      await client.invalidateQueries(meQuery);
      await client.invalidateQueries();
    } catch {
      setIsStillOut(true);
    }
  };
  const next = `/sign-in?next=${encodeURIComponent(`${location.pathname}${location.search}`)}`;
  return (
    <Modal
      opened={isOver}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="Your session has ended"
    >
      <div className="sp-dialog-text">
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
    </Modal>
  );
};
