import type { Address } from '@sallyport/model/network';
import { BINDING_MODES, type BindingMode, type BindingModes } from '@sallyport/model/session';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../address/parse-address.ts';
import { type BindingInput, bindSession } from './bind-session.ts';

const address = (text: string): Address => {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(`not an address: ${text}`);
  return parsed;
};
const both = (mode: BindingMode): BindingModes => ({ asnBinding: mode, ipBinding: mode });
const DEFAULT: BindingModes = { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' };
const baseline = { v4: '192.0.2.10', v6: null, network: 'as64500' } as const;

/** A request from another network, judged by the default modes, unless told otherwise. */
const given = (change: Partial<BindingInput> & { from?: string; in?: string }): BindingInput => ({
  baseline,
  current: { address: address(change.from ?? '198.51.100.7'), network: change.in ?? 'as64501' },
  resolveBaselineAgain: () => 'as64500',
  modes: DEFAULT,
  isExempt: false,
  canLearnFamily: false,
  provedAddress: null,
  canProve: false,
  ...change,
});
const noLookUp = (): string => {
  throw new Error('looked up');
};
const hold = (reason: string) => ({ kind: 'hold', reasons: [reason], learn: null, mismatch: null });

describe('the same address', () => {
  it('is the same network without a look-up, whatever the data says of it', () => {
    const input = given({ from: '192.0.2.10', in: 'as64999', resolveBaselineAgain: noLookUp, modes: both('ENFORCED') });
    expect(bindSession(input)).toEqual(hold('address-same'));
  });

  it('compares IPv4 by the whole address', () => {
    expect(bindSession(given({ from: '192.0.2.11', in: 'as64500', modes: both('ENFORCED') })).reasons).toEqual([
      'ip-changed',
    ]);
  });

  it('compares IPv6 by /64', () => {
    const v6 = { v4: null, v6: '2001:db8:1:2::10', network: 'as64500' };
    const from = (text: string) =>
      bindSession(
        given({ baseline: v6, from: text, in: 'as64500', modes: both('ENFORCED'), resolveBaselineAgain: noLookUp }),
      );
    expect(from('2001:db8:1:2::10')).toEqual(hold('address-same'));
    expect(from('2001:db8:1:2:ffff:ffff:ffff:ffff')).toEqual(hold('address-same'));
    expect(from('2001:db8:1:3::10').reasons).toEqual(['ip-changed']);
    expect(from('2001:db9:1:2::10').reasons).toEqual(['ip-changed']);
  });

  it('compares within the family: a learned one counts as much as the first', () => {
    const dual = { v4: '192.0.2.10', v6: '2001:db8::1', network: 'as64500' };
    expect(bindSession(given({ baseline: dual, from: '2001:db8::2', modes: both('ENFORCED') }))).toEqual(
      hold('address-same'),
    );
    expect(bindSession(given({ baseline: dual, from: '192.0.2.10', modes: both('ENFORCED') }))).toEqual(
      hold('address-same'),
    );
  });

  it('does not take a recorded text that is no IPv6 address for a match', () => {
    const broken = { v4: null, v6: 'broken', network: 'as64500' };
    expect(
      bindSession(given({ baseline: broken, from: '2001:db8::1', in: 'as64500', modes: both('ENFORCED') })).reasons,
    ).toEqual(['ip-changed']);
    const crossed = { v4: null, v6: '192.0.2.10', network: 'as64500' };
    expect(
      bindSession(given({ baseline: crossed, from: '2001:db8::1', in: 'as64500', modes: both('ENFORCED') })).reasons,
    ).toEqual(['ip-changed']);
  });
});

describe('an unknown address', () => {
  const unknown = { address: null, network: null };

  it.each(BINDING_MODES.flatMap((asnBinding) => BINDING_MODES.map((ipBinding) => ({ asnBinding, ipBinding }))))(
    'ends the session unless both axes are disabled: %o',
    (modes) => {
      const isOff = modes.asnBinding === 'DISABLED' && modes.ipBinding === 'DISABLED';
      const verdict = bindSession(given({ current: unknown, modes, isExempt: true, canLearnFamily: true }));
      expect(verdict).toEqual(
        isOff ? hold('binding-disabled') : { kind: 'end', reasons: ['address-unknown'], learn: null, mismatch: null },
      );
    },
  );
});

describe('the exempt zone', () => {
  it('holds the session wherever the address is, without a look-up', () => {
    expect(bindSession(given({ isExempt: true, modes: both('ENFORCED'), resolveBaselineAgain: noLookUp }))).toEqual(
      hold('address-exempt'),
    );
  });

  it('is not what holds a session at its own address', () => {
    expect(bindSession(given({ from: '192.0.2.10', isExempt: true }))).toEqual(hold('address-same'));
  });

  it('teaches no address family', () => {
    expect(bindSession(given({ from: '2001:db8::1', in: 'as64500', isExempt: true, canLearnFamily: true }))).toEqual(
      hold('address-exempt'),
    );
  });
});

describe('ASN binding', () => {
  const modes = (asnBinding: BindingMode): BindingModes => ({ asnBinding, ipBinding: 'DISABLED' });

  it('holds another address of the recorded network without asking again', () => {
    expect(bindSession(given({ in: 'as64500', modes: modes('ENFORCED'), resolveBaselineAgain: noLookUp }))).toEqual(
      hold('network-same'),
    );
  });

  it('resolves the recorded address again before it calls a mismatch', () => {
    expect(
      bindSession(given({ in: 'as64501', modes: modes('ENFORCED'), resolveBaselineAgain: () => 'as64501' })),
    ).toEqual(hold('network-same'));
  });

  it.each([
    ['ENFORCED', 'end', 'asn-changed'],
    ['PROVE', 'end', 'asn-changed'],
    ['MONITOR', 'observe', 'asn-changed-observed'],
  ] as const)('%s: another network is %s', (mode, kind, reason) => {
    expect(bindSession(given({ modes: modes(mode) }))).toEqual({
      kind,
      reasons: [reason],
      learn: null,
      mismatch: { causes: ['asn'] },
    });
  });

  it('holds when both are disabled, and says so', () => {
    expect(bindSession(given({ modes: both('DISABLED') }))).toEqual(hold('binding-disabled'));
    expect(bindSession(given({ modes: both('DISABLED'), in: 'as64500' }))).toEqual(hold('network-same'));
  });

  it('takes local for one network, and a prefix without data for its own', () => {
    const at = (network: string, now: string) =>
      bindSession(
        given({
          baseline: { ...baseline, network },
          in: now,
          resolveBaselineAgain: () => network,
          modes: modes('ENFORCED'),
        }),
      ).reasons;
    expect(at('local', 'local')).toEqual(['network-same']);
    expect(at('local', 'as64500')).toEqual(['asn-changed']);
    expect(at('203.0.113.0/24', '203.0.113.0/24')).toEqual(['network-same']);
    expect(at('203.0.113.0/24', '198.51.100.0/24')).toEqual(['asn-changed']);
  });

  it('takes an unresolved network for another one, even if the recorded one cannot be resolved either', () => {
    const current = { address: address('198.51.100.7'), network: null };
    expect(bindSession(given({ current, modes: modes('ENFORCED') })).reasons).toEqual(['asn-changed']);
  });
});

describe('IP binding', () => {
  const modes = (ipBinding: BindingMode): BindingModes => ({ asnBinding: 'ENFORCED', ipBinding });

  it.each([
    ['ENFORCED', 'end', 'ip-changed'],
    ['PROVE', 'end', 'ip-changed'],
    ['MONITOR', 'observe', 'ip-changed-observed'],
  ] as const)('%s: another address of the same network is %s', (mode, kind, reason) => {
    expect(bindSession(given({ in: 'as64500', modes: modes(mode) }))).toEqual({
      kind,
      reasons: [reason],
      learn: null,
      mismatch: { causes: ['ip'] },
    });
  });

  it('names the address alone where networks are not watched', () => {
    expect(bindSession(given({ modes: { asnBinding: 'DISABLED', ipBinding: 'MONITOR' } }))).toEqual({
      kind: 'observe',
      reasons: ['ip-changed-observed'],
      learn: null,
      mismatch: { causes: ['ip'] },
    });
  });
});

describe('prove and continue', () => {
  const modes: BindingModes = { asnBinding: 'ENFORCED', ipBinding: 'PROVE' };
  const moved = { in: 'as64500', modes, canProve: true };

  it('asks a page with a key for a proof at another address of the same network', () => {
    expect(bindSession(given(moved))).toEqual({
      kind: 'prove',
      reasons: ['ip-proof-asked'],
      learn: null,
      mismatch: { causes: ['ip'] },
    });
    expect(bindSession(given({ ...moved, modes: { asnBinding: 'DISABLED', ipBinding: 'PROVE' } })).kind).toBe('prove');
    expect(bindSession(given({ ...moved, in: 'as64501', resolveBaselineAgain: () => 'as64501' })).kind).toBe('prove');
  });

  it('ends without a key, and in another network, as ENFORCED would', () => {
    expect(bindSession(given({ ...moved, canProve: false })).reasons).toEqual(['ip-changed']);
    expect(bindSession(given({ ...moved, in: 'as64501' })).kind).toBe('end');
    expect(
      bindSession(given({ ...moved, in: 'as64501', modes: { asnBinding: 'DISABLED', ipBinding: 'PROVE' } })).kind,
    ).toBe('end');
    expect(
      bindSession(given({ ...moved, in: 'as64501', modes: { asnBinding: 'PROVE', ipBinding: 'DISABLED' } })),
    ).toMatchObject({ kind: 'end', reasons: ['asn-changed'] });
  });

  it('holds at the address that was proved, and there only', () => {
    expect(bindSession(given({ ...moved, provedAddress: '198.51.100.7' }))).toEqual(hold('address-proved'));
    expect(bindSession(given({ ...moved, provedAddress: '198.51.100.8' })).kind).toBe('prove');
    expect(bindSession(given({ ...moved, from: '192.0.2.10', provedAddress: '198.51.100.7' }))).toEqual(
      hold('address-same'),
    );
  });

  it('does not hold at a proved address that data now puts in another network', () => {
    expect(bindSession(given({ ...moved, in: 'as64501', provedAddress: '198.51.100.7' })).kind).toBe('end');
  });

  it('compares a proved IPv6 address by /64, and never across families', () => {
    const v6 = { ...moved, provedAddress: '2001:db8:1:2::1' };
    expect(bindSession(given({ ...v6, from: '2001:db8:1:2:ffff::9' }))).toEqual(hold('address-proved'));
    expect(bindSession(given({ ...v6, from: '2001:db8:1:3::1' })).kind).toBe('prove');
    expect(bindSession(given({ ...moved, from: '2001:db8:1:2::1', provedAddress: '198.51.100.7' })).kind).toBe('prove');
  });

  it('an unknown address and the exempt zone are judged before it', () => {
    expect(bindSession(given({ ...moved, current: { address: null, network: null } })).kind).toBe('end');
    expect(bindSession(given({ ...moved, isExempt: true }))).toEqual(hold('address-exempt'));
  });
});

describe('both axes', () => {
  it.each([
    ['ENFORCED', 'ENFORCED', 'end', ['asn-changed', 'ip-changed']],
    ['ENFORCED', 'MONITOR', 'end', ['asn-changed', 'ip-changed-observed']],
    ['MONITOR', 'ENFORCED', 'end', ['asn-changed-observed', 'ip-changed']],
    ['MONITOR', 'PROVE', 'end', ['asn-changed-observed', 'ip-changed']],
    ['MONITOR', 'MONITOR', 'observe', ['asn-changed-observed', 'ip-changed-observed']],
  ] as const)('ASN %s and IP %s: the strictest decides', (asnBinding, ipBinding, kind, reasons) => {
    expect(bindSession(given({ modes: { asnBinding, ipBinding } }))).toEqual({
      kind,
      reasons,
      learn: null,
      mismatch: { causes: ['asn', 'ip'] },
    });
  });
});

describe('the other address family', () => {
  it('is learned with the sign-in or a fresh proof, inside the same network', () => {
    expect(
      bindSession(given({ from: '2001:db8::5', in: 'as64500', canLearnFamily: true, modes: both('ENFORCED') })),
    ).toEqual({
      kind: 'hold',
      reasons: ['address-family-learned'],
      learn: { family: 'v6', address: '2001:db8::5' },
      mismatch: null,
    });
    const v6 = { v4: null, v6: '2001:db8::5', network: 'as64500' };
    expect(bindSession(given({ baseline: v6, in: 'as64500', canLearnFamily: true })).learn).toEqual({
      family: 'v4',
      address: '198.51.100.7',
    });
  });

  it('is not learned by just showing up: it is another address', () => {
    const show = (mode: BindingMode) =>
      bindSession(given({ from: '2001:db8::5', in: 'as64500', modes: { asnBinding: 'ENFORCED', ipBinding: mode } }));
    expect(show('ENFORCED')).toEqual({
      kind: 'end',
      reasons: ['ip-changed'],
      learn: null,
      mismatch: { causes: ['ip'] },
    });
    expect(show('MONITOR')).toEqual({
      kind: 'observe',
      reasons: ['ip-changed-observed'],
      learn: null,
      mismatch: { causes: ['ip'] },
    });
    expect(show('DISABLED')).toEqual(hold('network-same'));
  });

  it('is not learned in another network, even where networks are not watched', () => {
    const verdict = bindSession(
      given({ from: '2001:db8::5', canLearnFamily: true, modes: { asnBinding: 'DISABLED', ipBinding: 'ENFORCED' } }),
    );
    expect(verdict).toEqual({ kind: 'end', reasons: ['ip-changed'], learn: null, mismatch: { causes: ['ip'] } });
  });

  it('a family that is known is never learned anew', () => {
    expect(bindSession(given({ in: 'as64500', canLearnFamily: true })).learn).toBeNull();
  });
});

const v4 = fc.constantFrom('192.0.2.10', '192.0.2.11', '198.51.100.7', '203.0.113.9');
const v6 = fc.constantFrom('2001:db8::1', '2001:db8::2', '2001:db8:0:1::1');
const network = fc.constantFrom('as64500', 'as64501', 'local');
const mode = fc.constantFrom<BindingMode>(...BINDING_MODES);
const situation = fc
  .record({
    baseline: fc.record({ v4: fc.option(v4), v6: fc.option(v6), network }),
    current: fc.record({ address: fc.oneof(v4, v6).map(address), network }),
    again: network,
    modes: fc.record({ asnBinding: mode, ipBinding: mode }),
    isExempt: fc.boolean(),
    canLearnFamily: fc.boolean(),
    provedAddress: fc.option(fc.oneof(v4, v6)),
    canProve: fc.boolean(),
  })
  .map(({ again, ...rest }): BindingInput => ({ ...rest, resolveBaselineAgain: () => again }));

describe('for every situation', () => {
  it('the baseline stays what it was', () => {
    fc.assert(
      fc.property(situation, (input) => {
        const before = structuredClone(input.baseline);
        bindSession(input);
        expect(input.baseline).toEqual(before);
      }),
    );
  });

  it('enforcing and observing see the same: only the consequence differs', () => {
    fc.assert(
      fc.property(situation, (input) => {
        const enforced = bindSession({ ...input, modes: both('ENFORCED') });
        const observed = bindSession({ ...input, modes: both('MONITOR') });
        expect(observed.mismatch).toEqual(enforced.mismatch);
        expect(observed.learn).toEqual(enforced.learn);
        expect(observed.kind).toBe(enforced.kind === 'end' ? 'observe' : enforced.kind);
        expect(observed.reasons.map((r) => r.replace('-observed', ''))).toEqual(enforced.reasons);
      }),
    );
  });

  it('PROVE is as strict as ENFORCED where there is nothing to prove with', () => {
    fc.assert(
      fc.property(situation, (input) => {
        const unable = { ...input, canProve: false, provedAddress: null };
        expect(bindSession({ ...unable, modes: both('PROVE') })).toEqual(
          bindSession({ ...unable, modes: both('ENFORCED') }),
        );
      }),
    );
  });

  it('PROVE never lets through what ENFORCED ends, but a proved address of the same network', () => {
    fc.assert(
      fc.property(situation, (input) => {
        const enforced = bindSession({ ...input, modes: both('ENFORCED') });
        const proving = bindSession({ ...input, modes: both('PROVE') });
        if (enforced.kind === 'hold' || proving.kind !== 'hold') return;
        expect(proving.reasons).toEqual(['address-proved']);
        expect([input.baseline.network, input.resolveBaselineAgain()]).toContain(input.current.network);
      }),
    );
  });

  it('another network is never asked to prove itself', () => {
    fc.assert(
      fc.property(situation, (input) => {
        fc.pre(![input.baseline.network, input.resolveBaselineAgain()].includes(input.current.network ?? ''));
        expect(bindSession({ ...input, canProve: true }).kind).not.toBe('prove');
      }),
    );
  });

  it('a proved address counts under PROVE alone', () => {
    fc.assert(
      fc.property(situation, mode, (input, ipBinding) => {
        fc.pre(ipBinding !== 'PROVE');
        const modes = { ...input.modes, ipBinding };
        expect(bindSession({ ...input, modes })).toEqual(bindSession({ ...input, modes, provedAddress: null }));
      }),
    );
  });

  it('an exempt address always holds', () => {
    fc.assert(
      fc.property(situation, (input) => {
        expect(bindSession({ ...input, isExempt: true }).kind).toBe('hold');
      }),
    );
  });

  it('an unknown address never holds while anything is watched', () => {
    fc.assert(
      fc.property(situation, (input) => {
        const isOff = input.modes.asnBinding === 'DISABLED' && input.modes.ipBinding === 'DISABLED';
        expect(bindSession({ ...input, current: { address: null, network: null } }).kind).toBe(isOff ? 'hold' : 'end');
      }),
    );
  });

  it('a mismatch is stated exactly when the session does not simply hold', () => {
    fc.assert(
      fc.property(situation, (input) => {
        const verdict = bindSession(input);
        expect(verdict.mismatch === null).toBe(verdict.kind === 'hold');
      }),
    );
  });

  it('a looser axis never makes a verdict stricter', () => {
    const rank = { hold: 0, observe: 1, prove: 2, end: 3 };
    fc.assert(
      fc.property(situation, mode, (input, other) => {
        const stricterMode =
          BINDING_MODES.indexOf(other) < BINDING_MODES.indexOf(input.modes.asnBinding) ? other : input.modes.asnBinding;
        const strict = bindSession({ ...input, modes: { ...input.modes, asnBinding: stricterMode } });
        expect(rank[bindSession(input).kind]).toBeLessThanOrEqual(rank[strict.kind]);
      }),
    );
  });

  it('an address cannot be walked: the verdict of a request does not depend on those before it', () => {
    fc.assert(
      fc.property(situation, fc.array(situation, { maxLength: 8 }), (input, others) => {
        const alone = bindSession(input);
        for (const other of others) bindSession({ ...other, baseline: input.baseline });
        expect(bindSession(input)).toEqual(alone);
      }),
    );
  });
});
