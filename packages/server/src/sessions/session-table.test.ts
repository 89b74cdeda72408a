import { parseAddress } from '@sallyport/decide/address/parse-address';
import { bindSession } from '@sallyport/decide/sessions/bind-session';
import { judgeSessionLifetime } from '@sallyport/decide/sessions/judge-session-lifetime';
import { BINDING_MODES } from '@sallyport/model/session';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastIpv4 } from '../http/fast-ipv4.ts';
import { CHECK, type CheckCode, codeOf, slotOf } from './check-result.ts';
import type { LiveSession } from './live-session.ts';
import { SessionTable } from './session-table.ts';
import { tokenHash } from './token-hash.ts';

const T0 = 1_795_000_000_000;
const HOME = fastIpv4('192.0.2.10');
const AWAY = fastIpv4('198.51.100.7');

const session = (change: Partial<LiveSession> = {}): LiveSession => ({
  id: '102aaaaaaaaaaaaaaaa1',
  userId: '00uaaaaaaaaaaaaaaaa1',
  baseline: { v4: '192.0.2.10', v6: null, network: 'as64500', signInAddress: '192.0.2.10' },
  modes: { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' },
  isLocked: false,
  hasBoundKey: false,
  isProofOpen: false,
  createdAt: T0,
  lastActivityAt: T0,
  endsAt: T0 + 3_600_000,
  idleTimeoutSeconds: 600,
  console: { endsAt: T0 + 1_800_000, lastActivityAt: T0, idleTimeoutSeconds: 300 },
  ...change,
});
const tableOf = (...sessions: LiveSession[]): SessionTable => {
  const table = new SessionTable();
  for (const s of sessions) table.insert(s, tokenHash(s.id));
  return table;
};
const nameOf = (code: CheckCode): string | undefined => Object.entries(CHECK).find(([, value]) => value === code)?.[0];
interface Asked {
  token?: string;
  from?: string | number | null;
  at?: number;
  isBackground?: boolean;
  wantsConsole?: boolean;
}
const check = (
  table: SessionTable,
  { token = session().id, from = HOME, at = T0 + 1, isBackground = false, wantsConsole = false }: Asked = {},
): string | undefined => {
  const address = typeof from === 'string' ? parseAddress(from) : from;
  return nameOf(codeOf(table.check(tokenHash(token), address, at, isBackground, wantsConsole)));
};

describe('check', () => {
  it('holds a live session at its address, packed or parsed, and tells its slot', () => {
    const table = tableOf(session({ id: 'other' }), session());
    expect(check(table)).toBe('HOLD');
    expect(check(table, { from: '192.0.2.10' })).toBe('HOLD');
    const slot = slotOf(table.check(tokenHash(session().id), HOME, T0, false, false));
    expect([table.idOf(slot), table.userIdOf(slot)]).toEqual([session().id, session().userId]);
  });

  it('does not know a token that it was not given', () => {
    expect(check(tableOf(), {})).toBe('SESSION_UNKNOWN');
    expect(check(tableOf(session()), { token: 'another' })).toBe('SESSION_UNKNOWN');
  });

  it('tells tokens apart by all 16 bytes of the key', () => {
    for (let i = 0; i < 16; i++) {
      const table = tableOf(session());
      const near = Buffer.from(tokenHash(session().id));
      near[i] = (near[i] ?? 0) ^ 1;
      expect(codeOf(table.check(near, HOME, T0, false, false))).toBe(CHECK.SESSION_UNKNOWN);
    }
  });

  it.each([AWAY, '198.51.100.7', '2001:db8::1', null])('lets the caller judge any other address: %s', (from) => {
    expect(check(tableOf(session()), { from })).toBe('NEEDS_JUDGEMENT');
  });

  it('holds any address of the recorded /64, and judges the next one', () => {
    const table = tableOf(
      session({
        baseline: { v4: null, v6: '2001:db8:1:2::10', network: 'as64500', signInAddress: '2001:db8:1:2::10' },
      }),
    );
    expect(check(table, { from: '2001:db8:1:2:ffff::1' })).toBe('HOLD');
    expect(check(table, { from: '2001:db8:1:3::10' })).toBe('NEEDS_JUDGEMENT');
    expect(check(table, { from: '2001:db9:1:2::10' })).toBe('NEEDS_JUDGEMENT');
    expect(check(table, { from: 0 })).toBe('NEEDS_JUDGEMENT');
  });

  it('does not take an unseen IPv4 baseline for 0.0.0.0, nor an unseen IPv6 one for ::', () => {
    expect(check(tableOf(session()), { from: '::' })).toBe('NEEDS_JUDGEMENT');
    const v6Only = session({
      baseline: { v4: null, v6: '2001:db8::1', network: 'as64500', signInAddress: '2001:db8::1' },
    });
    expect(check(tableOf(v6Only), { from: '0.0.0.0' })).toBe('NEEDS_JUDGEMENT');
    expect(
      check(tableOf(session({ baseline: { ...session().baseline, v4: 'unreadable', v6: 'unreadable' } })), { from: 0 }),
    ).toBe('NEEDS_JUDGEMENT');
  });

  it('ends by idle and by lifetime at the exact instant', () => {
    const table = tableOf(session({ console: null }));
    expect(check(table, { at: T0 + 599_999, isBackground: true })).toBe('HOLD');
    expect(check(table, { at: T0 + 600_000 })).toBe('IDLE');
    const busy = tableOf(session({ lastActivityAt: T0 + 3_599_000 }));
    expect(check(busy, { at: T0 + 3_599_999 })).toBe('HOLD');
    expect(check(busy, { at: T0 + 3_600_000 })).toBe('LIFETIME_REACHED');
  });

  it('judges lifetime and lock before the address', () => {
    expect(check(tableOf(session()), { from: AWAY, at: T0 + 600_000 })).toBe('IDLE');
    expect(check(tableOf(session({ isLocked: true })), { from: AWAY })).toBe('LOCKED');
  });

  it('takes a negative timeout for none', () => {
    expect(check(tableOf(session({ idleTimeoutSeconds: -1 })), { at: T0 })).toBe('IDLE');
    const table = tableOf(session({ console: { endsAt: T0 + 9_000, lastActivityAt: T0, idleTimeoutSeconds: -1 } }));
    expect(check(table, { at: T0, wantsConsole: true })).toBe('CONSOLE_IDLE');
  });
});

describe('activity', () => {
  it('moves the idle clock by interaction, not by polling', () => {
    const table = tableOf(session());
    check(table, { at: T0 + 500_000, isBackground: true });
    expect([...table.drainActivity()]).toEqual([]);
    check(table, { at: T0 + 500_000 });
    expect(check(table, { at: T0 + 1_099_999 })).toBe('HOLD');
    expect(check(table, { at: T0 + 1_699_999 })).toBe('IDLE');
  });

  it('is not taken back by a clock that went backwards', () => {
    const table = tableOf(session());
    check(table, { at: T0 + 5_000, wantsConsole: true });
    check(table, { at: T0 - 5_000, wantsConsole: true });
    expect([...table.drainActivity()]).toEqual([
      { id: session().id, lastActivityAt: T0 + 5_000, consoleLastActivityAt: T0 + 5_000 },
    ]);
  });

  it('moves the console clock only by requests to the console', () => {
    const table = tableOf(session());
    check(table, { at: T0 + 7_000 });
    expect([...table.drainActivity()]).toEqual([
      { id: session().id, lastActivityAt: T0 + 7_000, consoleLastActivityAt: T0 },
    ]);
    expect(check(table, { at: T0 + 300_000, wantsConsole: true })).toBe('CONSOLE_IDLE');
    expect(check(table, { at: T0 + 300_000 })).toBe('HOLD');
  });

  it('does not move by a request that needs judgement, or that is refused', () => {
    const table = tableOf(session());
    check(table, { from: AWAY });
    check(table, { at: T0 + 300_000, wantsConsole: true });
    check(table, { at: T0 + 600_000 });
    expect([...table.drainActivity()]).toEqual([]);
  });

  it('is drained once a session, however often it was touched, and again after the drain', () => {
    const table = tableOf(session({ id: 'one', console: null }), session({ id: 'two' }), session({ id: 'idle' }));
    for (const at of [T0 + 1, T0 + 2]) for (const token of ['one', 'two']) check(table, { token, at });
    expect([...table.drainActivity()]).toEqual([
      { id: 'two', lastActivityAt: T0 + 2, consoleLastActivityAt: T0 },
      { id: 'one', lastActivityAt: T0 + 2, consoleLastActivityAt: null },
    ]);
    expect([...table.drainActivity()]).toEqual([]);
    check(table, { token: 'one', at: T0 + 3 });
    expect([...table.drainActivity()].map(({ id }) => id)).toEqual(['one']);
  });

  it('of a session that is gone is not drained, also when its slot is in use again', () => {
    const table = tableOf(session({ id: 'gone' }), session({ id: 'stays' }));
    check(table, { token: 'stays' });
    check(table, { token: 'gone' });
    table.remove('gone');
    expect([...table.drainActivity()].map(({ id }) => id)).toEqual(['stays']);
    check(table, { token: 'stays', at: T0 + 2 });
    table.remove('stays');
    table.insert(session({ id: 'later' }), tokenHash('later'));
    check(table, { token: 'later', at: T0 + 9 });
    expect([...table.drainActivity()].filter(({ id }) => id !== 'later')).toEqual([]);
  });
});

describe('the console', () => {
  it('is missing on a session that did not pass its policy, until it is attached', () => {
    const table = tableOf(session({ console: null }));
    expect(check(table, { wantsConsole: true })).toBe('CONSOLE_MISSING');
    expect(table.setConsole(session().id, session().console)).toBe(true);
    expect(check(table, { wantsConsole: true })).toBe('HOLD');
    table.setConsole(session().id, null);
    expect(check(table, { wantsConsole: true })).toBe('CONSOLE_MISSING');
  });

  it('ends by its own clocks at the exact instant', () => {
    const table = tableOf(session());
    expect(check(table, { at: T0 + 299_999, wantsConsole: true, isBackground: true })).toBe('HOLD');
    expect(check(table, { at: T0 + 300_000, wantsConsole: true })).toBe('CONSOLE_IDLE');
    const busy = tableOf(
      session({
        lastActivityAt: T0 + 1_790_000,
        console: { endsAt: T0 + 1_800_000, lastActivityAt: T0 + 1_790_000, idleTimeoutSeconds: 300 },
      }),
    );
    expect(check(busy, { at: T0 + 1_799_999, wantsConsole: true })).toBe('HOLD');
    expect(check(busy, { at: T0 + 1_800_000, wantsConsole: true })).toBe('CONSOLE_LIFETIME_REACHED');
  });

  it('is judged after the address: a roaming request is never told of the console first', () => {
    expect(check(tableOf(session({ console: null })), { from: AWAY, wantsConsole: true })).toBe('NEEDS_JUDGEMENT');
  });

  it('is judged by pass, too, once the caller judged the address', () => {
    const table = tableOf(session({ console: null }));
    const slot = table.slotOfId(session().id);
    expect(codeOf(table.pass(slot, T0 + 4, false, true))).toBe(CHECK.CONSOLE_MISSING);
    expect(codeOf(table.pass(slot, T0 + 4, false, false))).toBe(CHECK.HOLD);
    expect([...table.drainActivity()][0]?.lastActivityAt).toBe(T0 + 4);
  });
});

describe('rotate', () => {
  const rotated = (): SessionTable => {
    const table = tableOf(session());
    expect(table.rotate(session().id, tokenHash('second'), T0 + 10_000)).toBe(true);
    return table;
  };

  it('takes the new token, and the one before for its grace, from the same address', () => {
    const table = rotated();
    expect(check(table, { token: 'second' })).toBe('HOLD');
    expect(check(table, { at: T0 + 9_999 })).toBe('HOLD');
    expect(check(table, { at: T0 + 9_999, from: AWAY })).toBe('NEEDS_JUDGEMENT_OF_PREDECESSOR');
    expect(check(table, { token: 'second', from: AWAY })).toBe('NEEDS_JUDGEMENT');
  });

  it('calls the one before superseded from the exact instant, whatever else is wrong', () => {
    const table = rotated();
    expect(check(table, { at: T0 + 10_000 })).toBe('TOKEN_SUPERSEDED');
    expect(check(table, { at: T0 + 10_000, from: AWAY })).toBe('TOKEN_SUPERSEDED');
    expect(check(table, { at: T0 + 9_999_999 })).toBe('TOKEN_SUPERSEDED');
    expect(check(table, { token: 'second', at: T0 + 10_000 })).toBe('HOLD');
  });

  it('forgets the one before the last', () => {
    const table = rotated();
    table.rotate(session().id, tokenHash('third'), T0 + 20_000);
    expect(check(table)).toBe('SESSION_UNKNOWN');
    expect(check(table, { token: 'second' })).toBe('HOLD');
    expect(check(table, { token: 'third' })).toBe('HOLD');
  });

  it('leaves nothing of either token after removal', () => {
    const table = rotated();
    table.remove(session().id);
    expect(check(table)).toBe('SESSION_UNKNOWN');
    expect(check(table, { token: 'second' })).toBe('SESSION_UNKNOWN');
  });

  it('does nothing for a session that is gone', () => {
    expect(tableOf().rotate('nobody', tokenHash('x'), T0)).toBe(false);
  });

  it('remembers the predecessor over a restart', () => {
    const table = new SessionTable();
    table.insert(session(), tokenHash('second'), { tokenHash: tokenHash('first'), graceUntilAt: T0 + 10 });
    expect(check(table, { token: 'first', at: T0 + 9 })).toBe('HOLD');
    expect(check(table, { token: 'first', at: T0 + 10 })).toBe('TOKEN_SUPERSEDED');
  });
});

describe('insert and remove', () => {
  it('counts, and forgets what is removed', () => {
    const table = tableOf(session(), session({ id: 'two' }));
    expect(table.size).toBe(2);
    expect(table.remove('two')).toBe(true);
    expect(table.remove('two')).toBe(false);
    expect(table.size).toBe(1);
    expect(check(table, { token: 'two' })).toBe('SESSION_UNKNOWN');
    expect([...table.ids()]).toEqual([session().id]);
    expect([table.slotOfId('two'), table.slotOfId(session().id)]).toEqual([-1, 0]);
  });

  it('replaces a session of the same id, with its token', () => {
    const table = tableOf(session());
    table.insert(session({ isLocked: true }), tokenHash('newer'));
    expect(table.size).toBe(1);
    expect(check(table)).toBe('SESSION_UNKNOWN');
    expect(check(table, { token: 'newer' })).toBe('LOCKED');
  });

  it('refuses ids and hashes that it could not tell apart, and is as before', () => {
    const table = tableOf(session());
    expect(() => table.insert(session({ id: 'x'.repeat(21) }), tokenHash('x'))).toThrow(RangeError);
    expect(() => table.insert(session({ userId: '' }), tokenHash('x'))).toThrow(RangeError);
    expect(() => table.insert(session(), Buffer.alloc(15))).toThrow(RangeError);
    expect(() => table.insert(session(), tokenHash('x'), { tokenHash: Buffer.alloc(0), graceUntilAt: 0 })).toThrow(
      RangeError,
    );
    expect(() => table.rotate(session().id, Buffer.alloc(3), T0)).toThrow(RangeError);
    expect(check(table)).toBe('HOLD');
    expect(table.size).toBe(1);
  });

  it('shows a session as it was given', () => {
    const dual = session({
      baseline: { v4: '192.0.2.10', v6: '2001:db8:1:2::', network: 'local', signInAddress: '2001:db8:1:2::' },
      modes: { asnBinding: 'DISABLED', ipBinding: 'PROVE' },
      isLocked: true,
      hasBoundKey: true,
      isProofOpen: true,
      console: null,
    });
    const table = tableOf(session(), dual);
    expect(table.view(table.slotOfId(dual.id))).toEqual(dual);
    table.setBaseline(dual.id, { v4: null, v6: '::', network: 'as1', signInAddress: '::' });
    expect(table.view(table.slotOfId(dual.id)).baseline).toEqual({
      v4: null,
      v6: '::',
      network: 'as1',
      signInAddress: '::',
    });
  });
});

describe('what changes under a live session', () => {
  it('a learned address holds from then on, and the first still does', () => {
    const table = tableOf(session());
    expect(table.setBaseline(session().id, { ...session().baseline, v6: '2001:db8::1' })).toBe(true);
    expect(check(table, { from: '2001:db8::2' })).toBe('HOLD');
    expect(check(table)).toBe('HOLD');
    expect(table.setBaseline('nobody', session().baseline)).toBe(false);
  });

  it('modes change without anything else', () => {
    const table = tableOf(session());
    expect(table.setModes(session().id, { asnBinding: 'MONITOR', ipBinding: 'DISABLED' })).toBe(true);
    expect(table.view(0)).toEqual(session({ modes: { asnBinding: 'MONITOR', ipBinding: 'DISABLED' } }));
    expect(table.setModes('nobody', session().modes)).toBe(false);
  });

  it('an open proof lets no address pass without a judgement, the known one neither, until it is settled', () => {
    const table = tableOf(session(), session({ id: 'other' }));
    expect(table.setProofOpen(session().id, true)).toBe(true);
    expect(check(table)).toBe('NEEDS_JUDGEMENT');
    expect(check(table, { token: 'other' })).toBe('HOLD');
    expect(table.setBoundKey(session().id)).toBe(true);
    expect(table.view(0)).toEqual(session({ hasBoundKey: true, isProofOpen: true }));
    table.setProofOpen(session().id, false);
    expect(check(table)).toBe('HOLD');
    expect(table.view(0)).toMatchObject({ hasBoundKey: true, isProofOpen: false });
    expect([table.setProofOpen('nobody', true), table.setBoundKey('nobody')]).toEqual([false, false]);
  });

  it('an open proof hides neither the end of time nor an old token', () => {
    const table = tableOf(session({ isProofOpen: true }));
    expect(check(table, { at: T0 + 600_000 })).toBe('IDLE');
    table.rotate(session().id, tokenHash('second'), T0 + 10);
    expect(check(table, { at: T0 + 10 })).toBe('TOKEN_SUPERSEDED');
    expect(check(table, { at: T0 + 9 })).toBe('NEEDS_JUDGEMENT_OF_PREDECESSOR');
  });

  it('a lock stops all sessions of one person, and nobody else, until it is taken off', () => {
    const table = tableOf(session({ id: 'one' }), session({ id: 'two' }), session({ id: 'other', userId: 'somebody' }));
    table.setUserLocked(session().userId, true);
    expect(['one', 'two', 'other'].map((token) => check(table, { token }))).toEqual(['LOCKED', 'LOCKED', 'HOLD']);
    table.setUserLocked(session().userId, false);
    expect(check(table, { token: 'one' })).toBe('HOLD');
    expect(() => table.setUserLocked('nobody', true)).not.toThrow();
  });

  it('ending a person ends all of their sessions and says which', () => {
    const table = tableOf(
      session({ id: 'one' }),
      session({ id: 'other', userId: 'somebody' }),
      session({ id: 'two' }),
      session({ id: 'three' }),
    );
    table.remove('two');
    expect(table.idsOfUser(session().userId).toSorted()).toEqual(['one', 'three']);
    expect(table.endUser(session().userId).toSorted()).toEqual(['one', 'three']);
    expect(table.endUser(session().userId)).toEqual([]);
    expect([...table.ids()]).toEqual(['other']);
    expect(table.idsOfUser('somebody')).toEqual(['other']);
  });
});

describe('suspects', () => {
  it('are those that a check would not pass, at the very instant, and those that owe a proof', () => {
    const table = tableOf(
      session({ id: 'lives', console: null }),
      session({ id: 'short', console: null, idleTimeoutSeconds: 10 }),
      session({ id: 'ends', console: null, endsAt: T0 + 20_000 }),
      session({ id: 'sleeps' }),
      session({ id: 'locked', console: null, isLocked: true }),
      session({ id: 'owes', console: null }),
    );
    table.setProofOpen('owes', true);
    const at = (now: number): string[] => [...table.suspects(now)].toSorted();
    expect(at(T0 + 9_999)).toEqual(['locked', 'owes']);
    expect(at(T0 + 10_000)).toEqual(['locked', 'owes', 'short']);
    expect(at(T0 + 20_000)).toEqual(['ends', 'locked', 'owes', 'short']);
    // The console's five minutes.
    expect(at(T0 + 299_999)).toEqual(['ends', 'locked', 'owes', 'short']);
    expect(at(T0 + 300_000)).toEqual(['ends', 'locked', 'owes', 'short', 'sleeps']);
    expect(at(T0 + 600_000)).toHaveLength(6);
  });
});

describe('for every sequence of events', () => {
  const ADDRESSES = [
    '192.0.2.10',
    '192.0.2.11',
    '198.51.100.7',
    '2001:db8::1',
    '2001:db8::ffff',
    '2001:db8:0:1::1',
  ] as const;
  const networkOf = (text: string): string =>
    text.startsWith('192') || text.startsWith('2001:db8::') ? 'as64500' : 'as64501';
  const nat = fc.nat(5);
  const mode = fc.constantFrom(...BINDING_MODES);
  const step = fc.oneof(
    fc.record({
      do: fc.constant('insert' as const),
      who: nat,
      address: fc.constantFrom(...ADDRESSES),
      modes: fc.record({ asnBinding: mode, ipBinding: mode }),
      hasConsole: fc.boolean(),
      hasBoundKey: fc.boolean(),
    }),
    fc.record({ do: fc.constant('remove' as const), who: nat }),
    fc.record({ do: fc.constant('bind-key' as const), who: nat }),
    fc.record({ do: fc.constant('open-proof' as const), who: nat, isOpen: fc.boolean() }),
    fc.record({ do: fc.constant('prove' as const), who: nat, address: fc.constantFrom(...ADDRESSES) }),
    fc.record({ do: fc.constant('rotate' as const), who: nat }),
    fc.record({ do: fc.constant('lock' as const), who: nat, isLocked: fc.boolean() }),
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('check' as const),
        who: nat,
        generation: fc.nat(2),
        from: fc.option(fc.constantFrom(...ADDRESSES)),
        after: fc.integer({ min: -5_000, max: 200_000 }),
        isBackground: fc.boolean(),
        wantsConsole: fc.boolean(),
      }),
    },
  );
  type Model = LiveSession & { generation: number; graceUntilAt: number };
  /** The last proved address of each session; the server keeps it beside the table, for few sessions have one. */
  type Proved = ReadonlyMap<string, string>;

  /** The decision as the judgements make it, from plain records. */
  const judge = (
    model: Model,
    proved: Proved,
    from: string | null,
    generation: number,
    now: number,
    wantsConsole: boolean,
  ): string => {
    if (generation < model.generation - 1 || generation > model.generation) return 'unknown';
    if (generation < model.generation && now >= model.graceUntilAt) return 'superseded';
    const lifetime = judgeSessionLifetime({ ...model, endedAt: null }, now);
    if (lifetime.kind === 'deny') return lifetime.reasons.join();
    const binding = bindSession({
      baseline: model.baseline,
      current: { address: from === null ? null : parseAddress(from), network: from === null ? null : networkOf(from) },
      resolveBaselineAgain: () => networkOf(model.baseline.signInAddress),
      modes: model.modes,
      isExempt: false,
      canLearnFamily: false,
      provedAddress: proved.get(model.id) ?? null,
      canProve: model.hasBoundKey,
    });
    if (binding.kind === 'end' || binding.kind === 'prove') return binding.reasons.join();
    if (!wantsConsole) return 'hold';
    if (model.console === null) return 'app-session-missing';
    const app = judgeSessionLifetime({ ...model.console, endedAt: null, isLocked: false }, now);
    return app.kind === 'deny' ? `console ${app.reasons.join()}` : 'hold';
  };

  const REASON: Partial<Record<CheckCode, string>> = {
    [CHECK.HOLD]: 'hold',
    [CHECK.SESSION_UNKNOWN]: 'unknown',
    [CHECK.TOKEN_SUPERSEDED]: 'superseded',
    [CHECK.LOCKED]: 'session-locked',
    [CHECK.LIFETIME_REACHED]: 'session-lifetime-reached',
    [CHECK.IDLE]: 'session-idle',
    [CHECK.CONSOLE_MISSING]: 'app-session-missing',
    [CHECK.CONSOLE_LIFETIME_REACHED]: 'console session-lifetime-reached',
    [CHECK.CONSOLE_IDLE]: 'console session-idle',
  };
  /** The decision as the server makes it: the table, and where it asks for it the judgement on what the table holds. */
  const ask = (
    table: SessionTable,
    proved: Proved,
    token: string,
    from: string | null,
    now: number,
    isBackground: boolean,
    wantsConsole: boolean,
  ): string | undefined => {
    const packed = from === null ? -1 : fastIpv4(from);
    const address = from === null ? null : parseAddress(from);
    const result = table.check(tokenHash(token), packed === -1 ? address : packed, now, isBackground, wantsConsole);
    const code = codeOf(result);
    if (code !== CHECK.NEEDS_JUDGEMENT && code !== CHECK.NEEDS_JUDGEMENT_OF_PREDECESSOR) return REASON[code];
    const { id, baseline, modes, hasBoundKey } = table.view(slotOf(result));
    const binding = bindSession({
      baseline,
      current: { address, network: from === null ? null : networkOf(from) },
      resolveBaselineAgain: () => networkOf(baseline.signInAddress),
      modes,
      isExempt: false,
      canLearnFamily: false,
      provedAddress: proved.get(id) ?? null,
      canProve: hasBoundKey,
    });
    if (binding.kind === 'end' || binding.kind === 'prove') return binding.reasons.join();
    return REASON[codeOf(table.pass(slotOf(result), now, isBackground, wantsConsole))];
  };

  it('the table decides what the judgements decide, and writes down the same activity', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        const table = new SessionTable();
        const model = new Map<number, Model>();
        const proved = new Map<string, string>();
        let now = T0;
        for (const s of steps) {
          const known = model.get(s.who);
          const id = `session${s.who}`;
          if (s.do === 'insert') {
            const isV6 = s.address.includes(':');
            const next = session({
              id,
              userId: `user${s.who % 2}`,
              createdAt: now,
              lastActivityAt: now,
              endsAt: now + 900_000,
              modes: s.modes,
              hasBoundKey: s.hasBoundKey,
              baseline: {
                v4: isV6 ? null : s.address,
                v6: isV6 ? s.address : null,
                network: networkOf(s.address),
                signInAddress: s.address,
              },
              console: s.hasConsole ? { endsAt: now + 500_000, lastActivityAt: now, idleTimeoutSeconds: 300 } : null,
            });
            table.insert(next, tokenHash(`${id}.0`));
            model.set(s.who, { ...next, generation: 0, graceUntilAt: 0 });
            proved.delete(id);
          } else if (s.do === 'remove') {
            expect(table.remove(id)).toBe(model.delete(s.who));
          } else if (s.do === 'bind-key') {
            expect(table.setBoundKey(id)).toBe(known !== undefined);
            if (known !== undefined) model.set(s.who, { ...known, hasBoundKey: true });
          } else if (s.do === 'open-proof') {
            // It changes no decision by itself: only who makes it, the table or the judgement.
            expect(table.setProofOpen(id, s.isOpen)).toBe(known !== undefined);
            if (known !== undefined) model.set(s.who, { ...known, isProofOpen: s.isOpen });
          } else if (s.do === 'prove') {
            proved.set(id, s.address);
          } else if (s.do === 'rotate') {
            const generation = (known?.generation ?? 0) + 1;
            expect(table.rotate(id, tokenHash(`${id}.${generation}`), now + 10_000)).toBe(known !== undefined);
            if (known !== undefined) model.set(s.who, { ...known, generation, graceUntilAt: now + 10_000 });
          } else if (s.do === 'lock') {
            table.setUserLocked(`user${s.who % 2}`, s.isLocked);
            for (const [who, m] of model) if (who % 2 === s.who % 2) model.set(who, { ...m, isLocked: s.isLocked });
          } else {
            now += s.after;
            const expected =
              known === undefined ? 'unknown' : judge(known, proved, s.from, s.generation, now, s.wantsConsole);
            expect(ask(table, proved, `${id}.${s.generation}`, s.from, now, s.isBackground, s.wantsConsole)).toBe(
              expected,
            );
            if (expected === 'hold' && known !== undefined && !s.isBackground) {
              const later = <T extends { lastActivityAt: number }>(clock: T): T => ({
                ...clock,
                lastActivityAt: Math.max(now, clock.lastActivityAt),
              });
              model.set(s.who, {
                ...later(known),
                console: s.wantsConsole && known.console !== null ? later(known.console) : known.console,
              });
            }
          }
          expect(table.size).toBe(model.size);
        }
        for (const user of ['user0', 'user1']) {
          expect(table.idsOfUser(user).toSorted()).toEqual(
            [...model.values()]
              .filter((m) => m.userId === user)
              .map((m) => m.id)
              .toSorted(),
          );
        }
        const drained = new Map([...table.drainActivity()].map((a) => [a.id, a]));
        for (const m of model.values()) {
          const view = table.view(table.slotOfId(m.id));
          expect([view.lastActivityAt, view.console?.lastActivityAt]).toEqual([
            m.lastActivityAt,
            m.console?.lastActivityAt,
          ]);
          // A slot that is used again may be drained once more than needed, never once less.
          if (m.lastActivityAt > m.createdAt) expect(drained.get(m.id)?.lastActivityAt).toBe(m.lastActivityAt);
        }
        for (const id of drained.keys()) expect([...model.values()].some((m) => m.id === id)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('holds what a map holds through growth and churn', () => {
    const table = new SessionTable();
    const alive = new Set<number>();
    let seed = 7;
    for (let i = 0; i < 20_000; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const who = seed % 9_000;
      if ((seed >>> 16) % 3 === 0) expect(table.remove(`s${who}`)).toBe(alive.delete(who));
      else {
        table.insert(session({ id: `s${who}`, userId: `u${who % 400}` }), tokenHash(`s${who}`));
        alive.add(who);
      }
    }
    for (let who = 0; who < 9_000; who++) expect(check(table, { token: `s${who}` }) === 'HOLD').toBe(alive.has(who));
    expect(new Set(table.ids())).toEqual(new Set([...alive].map((who) => `s${who}`)));
    expect(table.idsOfUser('u7').toSorted()).toEqual(
      [...alive]
        .filter((who) => who % 400 === 7)
        .map((who) => `s${who}`)
        .toSorted(),
    );
  });
});
