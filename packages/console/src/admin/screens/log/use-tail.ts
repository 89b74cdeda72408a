import { useCallback, useEffect, useRef, useState } from 'react';
import { type LogEvent, pollEvents } from './log-api.ts';

const POLL_SECONDS = 3;
const IDLE_SECONDS = 600;
const SHOWN_MAX = 500;

/** Somebody is reading: what is on the screen must not move. */
const isReading = (): boolean => {
  const selection = getSelection();
  return (
    scrollY > 4 ||
    (selection !== null && !selection.isCollapsed) ||
    document.querySelector('[role="dialog"]') !== null ||
    (document.activeElement?.closest('[data-tail-list]') !== null &&
      document.activeElement?.closest('[data-tail-list]') !== undefined)
  );
};

export interface Tail {
  readonly isOn: boolean;
  /** Stopped by itself, because nobody was there. */
  readonly isIdle: boolean;
  /** New ones that are shown, newest first. */
  readonly shown: readonly LogEvent[];
  /** New ones that wait while somebody reads. */
  readonly waiting: number;
  readonly error: unknown;
  readonly toggle: () => void;
  readonly release: () => void;
}

/**
 * New events as they are written. They wait in a queue while somebody reads, selects or has the focus in the list, so
 * that nothing moves under them. Polls are marked as background: watching keeps no session alive (design §5.2).
 */
export const useTail = (search: { readonly filter: string | undefined; readonly q: string | undefined }): Tail => {
  const [isOn, setIsOn] = useState(false);
  const [isIdle, setIsIdle] = useState(false);
  const [shown, setShown] = useState<readonly LogEvent[]>([]);
  const [queue, setQueue] = useState<readonly LogEvent[]>([]);
  const [error, setError] = useState<unknown>(null);
  const lastInputAt = useRef(Date.now());
  const { filter, q } = search;

  useEffect(() => {
    const note = (): void => {
      lastInputAt.current = Date.now();
    };
    const kinds = ['pointerdown', 'keydown', 'wheel', 'scroll'] as const;
    for (const kind of kinds) addEventListener(kind, note, { passive: true });
    return () => {
      for (const kind of kinds) removeEventListener(kind, note);
    };
  }, []);

  const release = useCallback(() => {
    setQueue((waiting) => {
      if (waiting.length > 0) setShown((before) => [...waiting, ...before].slice(0, SHOWN_MAX));
      return [];
    });
  }, []);

  useEffect(() => {
    if (!isOn) return;
    let next: string | null = null;
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const since = new Date().toISOString();
    setShown([]);
    setQueue([]);
    const turn = async (): Promise<void> => {
      if (Date.now() - lastInputAt.current > IDLE_SECONDS * 1000) {
        setIsOn(false);
        setIsIdle(true);
        return;
      }
      try {
        const page = await pollEvents({ filter, q, since }, next);
        if (isGone) return;
        next = page.next;
        setError(null);
        if (page.events.length > 0)
          setQueue((waiting) => [...page.events.toReversed(), ...waiting].slice(0, SHOWN_MAX));
      } catch (failure) {
        if (!isGone) setError(failure);
      }
      if (!isGone) timer = setTimeout(() => void turn(), POLL_SECONDS * 1000);
    };
    void turn();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [isOn, filter, q]);

  useEffect(() => {
    if (queue.length > 0 && !isReading()) release();
  }, [queue, release]);

  const toggle = useCallback(() => {
    lastInputAt.current = Date.now();
    setIsIdle(false);
    setError(null);
    setIsOn((before) => !before);
  }, []);
  return { isOn, isIdle, shown, waiting: queue.length, error, toggle, release };
};
