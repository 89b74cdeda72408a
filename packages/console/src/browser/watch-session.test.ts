import { describe, expect, it } from 'vitest';
import type { Deadlines } from './session-state.ts';
import { createSessionWatch, type SessionWatch } from './watch-session.ts';

const START = 1_795_000_000_000;

/** A world with a clock of its own. Time passes in steps of a second, and everything that falls due runs. */
const world = (first: { idle: number; end: number }) => {
  let now = START;
  let answer: Deadlines | null | 'nobody' = { idleEndsAt: START + first.idle * 1000, endsAt: START + first.end * 1000 };
  let timers: { at: number; run: () => void }[] = [];
  let tell: (reason: string | null) => void = () => {};
  let reads = 0;
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  const watch: SessionWatch = createSessionWatch({
    now: () => now,
    after: (seconds, run) => {
      const timer = { at: now + seconds * 1000, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    readDeadlines: () => {
      reads += 1;
      return answer === 'nobody' ? Promise.reject(new Error('nobody')) : Promise.resolve(answer);
    },
    untilEnded: () => new Promise((resolve) => (tell = resolve)),
    extend: () => {
      if (answer !== null && answer !== 'nobody') answer = { ...answer, idleEndsAt: now + first.idle * 1000 };
      return Promise.resolve();
    },
  });
  const shown: string[] = [];
  watch.subscribe(() => {
    const state = watch.state();
    shown.push(state.kind === 'ending' ? `${state.cause} ${state.secondsLeft}` : state.kind);
  });
  return {
    watch,
    shown,
    reads: () => reads,
    timers: () => timers.length,
    says: (next: typeof answer) => {
      answer = next;
    },
    ends: async (reason: string | null) => {
      tell(reason);
      await settle();
    },
    async pass(seconds: number) {
      await settle();
      for (const until = now + seconds * 1000; now < until; ) {
        now += 1000;
        const due = timers.filter(({ at }) => at <= now);
        timers = timers.filter(({ at }) => at > now);
        for (const { run } of due) run();
        await settle();
      }
    },
  };
};
const in_ = (idle: number, end: number): Deadlines => ({ idleEndsAt: START + idle * 1000, endsAt: START + end * 1000 });

describe('the watch of a session', () => {
  it('says nothing until two minutes before the end, and then counts', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(479);
    expect(w.shown).toEqual([]);
    await w.pass(3);
    expect(w.shown).toEqual(['idle 120', 'idle 119', 'idle 118']);
  });

  it('reads again before it warns: what was done meanwhile counts', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(100);
    w.says(in_(900, 9_000));
    await w.pass(400);
    expect(w.shown).toEqual([]);
    expect(w.reads()).toBe(2);
    await w.pass(280);
    expect(w.shown[0]).toBe('idle 120');
  });

  it('takes the warning back when another tab is busy', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(485);
    expect(w.watch.state().kind).toBe('ending');
    w.says(in_(1_100, 9_000));
    await w.pass(16);
    expect(w.watch.state().kind).toBe('running');
    expect(w.shown.at(-1)).toBe('running');
  });

  it('stays when it is told to', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(500);
    await w.watch.stay();
    expect(w.watch.state()).toEqual({ kind: 'running' });
  });

  it('cannot stay beyond the longest time', async () => {
    const w = world({ idle: 600, end: 700 });
    await w.pass(590);
    expect(w.watch.state()).toMatchObject({ kind: 'ending', cause: 'idle', secondsLeft: 10 });
    await w.watch.stay();
    expect(w.watch.state()).toMatchObject({ kind: 'ending', cause: 'lifetime', secondsLeft: 110 });
    await w.watch.stay();
    expect(w.watch.state()).toMatchObject({ kind: 'ending', cause: 'lifetime' });
  });

  it('ends when the server says so at the deadline, with the reason', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(590);
    w.says(null);
    await w.pass(15);
    expect(w.watch.state()).toEqual({ kind: 'ended', reason: 'idle' });
    expect(w.timers()).toBe(0);
  });

  it('ends when the stream says so, at once and for good', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(10);
    await w.ends('revoked-by-admin');
    expect(w.watch.state()).toEqual({ kind: 'ended', reason: 'revoked-by-admin' });
    await w.pass(600);
    expect(w.shown).toEqual(['ended']);
  });

  it('ends when a look finds no session, without a reason that it does not know', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(10);
    w.says(null);
    w.watch.look();
    await w.pass(1);
    expect(w.watch.state()).toEqual({ kind: 'ended', reason: null });
  });

  it('warns and ends by the clock alone when nobody answers', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(10);
    w.says('nobody');
    await w.pass(475);
    expect(w.watch.state()).toMatchObject({ kind: 'ending', cause: 'idle' });
    await w.pass(120);
    expect(w.watch.state()).toEqual({ kind: 'ended', reason: 'idle' });
  });

  it('goes on asking when nobody answered the first time', async () => {
    const w = world({ idle: 600, end: 9_000 });
    w.says('nobody');
    await w.pass(40);
    w.says(in_(600, 9_000));
    await w.pass(445);
    expect(w.watch.state().kind).toBe('ending');
  });

  it('does nothing any more once it was stopped', async () => {
    const w = world({ idle: 600, end: 9_000 });
    await w.pass(10);
    w.watch.stop();
    await w.pass(600);
    await w.ends('idle');
    expect(w.shown).toEqual([]);
    expect(w.timers()).toBe(0);
  });
});
