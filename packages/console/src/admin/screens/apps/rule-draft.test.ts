import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import { describe, expect, it } from 'vitest';
import { bodyOf, draftOf, faultsOf, newRule, type RuleDraft, ruleChanges } from './rule-draft.ts';

const rule = (more: Partial<PolicyRuleAnswer> = {}): PolicyRuleAnswer => ({
  id: 'rul1',
  name: 'Who may enter',
  priority: 1,
  status: 'ACTIVE',
  system: false,
  conditions: { people: { users: { include: ['00u1'] } } },
  actions: {
    appSignOn: {
      access: 'ALLOW',
      verificationMethod: {
        type: 'ASSURANCE',
        factorMode: '2FA',
        reauthenticateIn: 'PT2H',
        constraints: [
          {
            possession: {
              required: true,
              deviceBound: 'REQUIRED',
              phishingResistant: 'REQUIRED',
              userPresence: 'REQUIRED',
              userVerification: 'REQUIRED',
            },
          },
        ],
      },
    },
  },
  ...more,
});
const saved = (before: PolicyRuleAnswer, part: Partial<RuleDraft> = {}) =>
  bodyOf({ ...draftOf(before, 1), ...part }, before, [before.priority]);

describe('a rule that is edited', () => {
  it.each([
    { type: 'AUTH_METHOD_CHAIN', factorMode: '2FA', chains: [{}] },
    {
      type: 'ASSURANCE',
      factorMode: '2FA',
      constraints: [{ possession: { phishingResistant: 'REQUIRED' } }, { possession: { deviceBound: 'REQUIRED' } }],
    },
    { type: 'ASSURANCE', factorMode: '2FA', constraints: [{ knowledge: { types: ['password'] } }] },
    { type: 'ASSURANCE', factorMode: '2FA', constraints: [{ possession: { types: ['SECURITY_KEY'] } }] },
  ])('keeps demands that the form cannot show: %j', (method) => {
    const verificationMethod = { ...method, reauthenticateIn: 'PT2H' };
    const before = rule({ actions: { appSignOn: { access: 'ALLOW', verificationMethod } } });
    expect(draftOf(before, 1).proof).toBe('kept');
    expect(saved(before).actions).toEqual(before.actions);
  });
  it('is what it was while nothing is changed, also where the form has no field for it', () => {
    const odd = rule({
      conditions: {
        people: { users: { include: ['00u1'], exclude: ['00u2'] }, groups: { include: ['00g1'] } },
        network: { connection: 'ZONE', include: ['nzo1'], exclude: ['nzo2'] },
        device: { managed: true },
        riskScore: { level: 'LOW' },
      },
      actions: {
        appSignOn: {
          access: 'ALLOW',
          verificationMethod: {
            type: 'ASSURANCE',
            factorMode: '2FA',
            reauthenticateIn: 'PT7M',
            constraints: [{ possession: { hardwareProtection: 'REQUIRED' } }],
          },
        },
      },
    });
    expect(draftOf(odd, 1)).toMatchObject({ who: 'kept', from: 'kept', proof: 'kept', maxAge: 'PT7M' });
    for (const before of [
      rule(),
      odd,
      rule({ conditions: null }),
      rule({ actions: { appSignOn: { access: 'DENY' } } }),
    ]) {
      const body = saved(before);
      expect(body).toEqual({
        name: before.name,
        priority: 1,
        conditions: before.conditions ?? {},
        actions: before.actions,
      });
      expect(ruleChanges({ rule: before, place: 1 }, body, 1, String)).toEqual([]);
    }
  });
  it('names exactly whom it was told, and keeps the other conditions', () => {
    const before = rule({ conditions: { people: { users: { include: ['00u1'] } }, device: { managed: true } } });
    expect(saved(before, { who: 'groups', groupIds: ['00g1'] }).conditions).toEqual({
      people: { groups: { include: ['00g1'] } },
      device: { managed: true },
    });
    expect(saved(before, { who: 'everyone' }).conditions).toEqual({ device: { managed: true } });
    expect(saved(before, { from: 'inside', zoneIds: ['nzo1'] }).conditions.network).toEqual({
      connection: 'ZONE',
      include: ['nzo1'],
    });
    expect(saved(before, { from: 'outside', zoneIds: ['nzo1'] }).conditions.network).toEqual({
      connection: 'ZONE',
      exclude: ['nzo1'],
    });
  });
  it('asks for the proof that was chosen, and a denial stays one whatever is chosen', () => {
    for (const proof of ['device-key', 'key', 'two', 'one'] as const) {
      const { actions } = saved(rule(), { proof, maxAge: null });
      expect(draftOf(rule({ actions }), 1)).toMatchObject({ proof, maxAge: null });
    }
    const denial = rule({ actions: { appSignOn: { access: 'DENY' } } });
    expect(saved(denial, { proof: 'one' }).actions).toEqual(denial.actions);
  });
  it('takes the priority of the place that it is to have', () => {
    const at = (place: number) => bodyOf({ ...newRule(place), name: ' x ' }, null, [1, 5]);
    expect([at(1).priority, at(2).priority, at(3).priority]).toEqual([1, 5, 6]);
    expect(bodyOf(newRule(1), null, []).priority).toBe(1);
    expect(at(1).name).toBe('x');
  });
  it('never sends an empty list, which would mean everybody', () => {
    expect(faultsOf(newRule(1)).who).not.toBeNull();
    expect(faultsOf({ ...newRule(1), who: 'people' }).who).not.toBeNull();
    expect(faultsOf({ ...newRule(1), who: 'everyone' }).who).toBeNull();
    expect(faultsOf({ ...newRule(1), from: 'outside' }).from).not.toBeNull();
    expect(faultsOf({ ...newRule(1), name: 'x', groupIds: ['00g1'] })).toEqual({ name: null, who: null, from: null });
  });
  it('says before it is saved what changes, in words', () => {
    const before = rule();
    const body = saved(before, { name: 'Night shift', who: 'groups', groupIds: ['00g1'], proof: 'one' });
    const nameOf = (id: string): string => ({ '00g1': 'Operators', '00u1': 'ana' })[id] ?? id;
    expect(ruleChanges({ rule: before, place: 1 }, body, 2, nameOf)).toEqual([
      { what: 'Name', from: 'Who may enter', to: 'Night shift' },
      { what: 'Place', from: '1.', to: '2.' },
      { what: 'If', from: 'the person is ana', to: 'a group of the person is Operators' },
      {
        what: 'Then',
        from: 'allowed; two factors; a key that cannot be phished, that stays on its device, that verifies the person; proved at most 2 h ago',
        to: 'allowed; proved at most 2 h ago',
      },
    ]);
    expect(ruleChanges(null, body, 1, nameOf).map(({ from }) => from)).toEqual(Array(4).fill('no such rule'));
  });
});
