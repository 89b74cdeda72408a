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
    expect(Object.values(faultsOf({ ...newRule(1), name: 'x', groupIds: ['00g1'] }))).toEqual(Array(6).fill(null));
  });
  it('never offers one factor for the Admin Console, and says why', () => {
    const good = { ...newRule(1), name: 'x', groupIds: ['00g1'] };
    expect(faultsOf({ ...good, proof: 'one' }, true).proof).toContain('never opens the Admin Console');
    expect(faultsOf({ ...good, proof: 'one' }, false).proof).toBeNull();
    expect(faultsOf({ ...good, proof: 'one', access: 'DENY' }, true).proof).toBeNull();
    expect(faultsOf({ ...good, proof: 'two' }, true).proof).toBeNull();
  });
  it('turns into a denial and back, and asks for the strictest proof then', () => {
    const denied = saved(rule(), { access: 'DENY' });
    expect(denied.actions).toEqual({ appSignOn: { access: 'DENY' } });
    const again = { ...draftOf(rule({ actions: denied.actions }), 1), access: 'ALLOW' as const };
    expect(again.proof).toBe('device-key');
    expect(bodyOf(again, rule({ actions: denied.actions }), [1]).actions).toEqual(rule().actions);
  });
  it('asks for an expression, a device and a risk, and forgets what is chosen away', () => {
    const asked = saved(rule(), { expression: ' user.profile.x == "1" ', device: 'managed', risk: 'LOW' });
    expect(asked.conditions).toMatchObject({
      elCondition: { condition: 'user.profile.x == "1"' },
      device: { registered: true, managed: true },
      riskScore: { level: 'LOW' },
    });
    const before = rule({ conditions: asked.conditions });
    expect(draftOf(before, 1)).toMatchObject({ expression: 'user.profile.x == "1"', device: 'managed', risk: 'LOW' });
    expect(saved(before, { expression: '', device: 'any', risk: 'ANY' }).conditions).toEqual(rule().conditions);
    const assured = rule({ conditions: { device: { registered: true, assurance: { include: ['dae1'] } } } });
    expect(draftOf(assured, 1).device).toBe('kept');
    expect(saved(assured).conditions).toEqual(assured.conditions);
  });
  it('of sessions keeps what its form does not show, and says lengths only where somebody said them', () => {
    const signon = {
      access: 'ALLOW',
      requireFactor: true,
      primaryFactor: 'PASSWORD_IDP',
      session: { maxSessionIdleMinutes: 60 },
    };
    const before = rule({ conditions: { people: { users: { exclude: [] } } }, actions: { signon } });
    expect(draftOf(before, 1)).toMatchObject({ kind: 'session', proof: 'two', idle: '60', lifetime: '' });
    expect(saved(before).actions).toEqual({ signon });
    expect(saved(before, { idle: '', lifetime: '480', proof: 'one' }).actions).toEqual({
      signon: {
        ...signon,
        requireFactor: false,
        session: { maxSessionIdleMinutes: null, maxSessionLifetimeMinutes: 480 },
      },
    });
    const plain = rule({ actions: { signon: { access: 'DENY', requireFactor: true } } });
    expect(saved(plain).actions).toEqual(plain.actions);
    for (const idle of ['0', '-5', '1.5', 'x', '200000'])
      expect(faultsOf({ ...draftOf(before, 1), idle }).idle).not.toBeNull();
    expect(faultsOf({ ...draftOf(before, 1), lifetime: '0' }).lifetime).toBeNull();
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
        to: 'allowed; any one factor; proved at most 2 h ago',
      },
    ]);
    expect(ruleChanges(null, body, 1, nameOf).map(({ from }) => from)).toEqual(Array(4).fill('no such rule'));
  });
});
