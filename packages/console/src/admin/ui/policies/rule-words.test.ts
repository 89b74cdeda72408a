import { describe, expect, it } from 'vitest';
import { ifWords, thenWords } from './rule-words.ts';

const nameOf = (id: string): string => ({ nzo1: 'Office', nzo2: 'Café', '00g1': 'Operators' })[id] ?? id;

describe('a rule in words', () => {
  it('without conditions is about anybody', () => {
    expect(ifWords({}, nameOf)).toEqual(['anybody, from anywhere']);
    expect(ifWords(null, nameOf)).toEqual(['anybody, from anywhere']);
    expect(
      ifWords({ network: { connection: 'ANYWHERE', include: ['nzo1'] }, riskScore: { level: 'ANY' } }, nameOf),
    ).toEqual(['anybody, from anywhere']);
  });
  it('names zones and groups, and keeps the id of what has no name', () => {
    expect(
      ifWords(
        {
          people: { groups: { include: ['00g1', '00g9'] }, users: { exclude: ['00u1'] } },
          network: { connection: 'ZONE', include: ['nzo1'], exclude: ['nzo2'] },
          device: { managed: true, registered: false },
          riskScore: { level: 'LOW' },
        },
        nameOf,
      ),
    ).toEqual([
      'the person is not 00u1',
      'a group of the person is Operators, 00g9',
      'the network zone is Office',
      'the network zone is not Café',
      'the device is not registered',
      'the device is managed',
      'the risk is low',
    ]);
  });
  it('leaves no condition out: a rule must not look wider than it is', () => {
    expect(
      ifWords(
        {
          people: { users: { exclude: [] } },
          userType: { include: [], exclude: ['oty1'] },
          device: { registered: true, assurance: { include: ['dae1', 'dae2'] } },
          platform: { include: [{ type: 'DESKTOP', os: { type: 'MACOS' } }, { type: 'MOBILE' }, {}] },
          risk: { behaviors: ['beh1'] },
          elCondition: { condition: "user.profile.department == 'IT'" },
        },
        nameOf,
      ),
    ).toEqual([
      'the type of the person is not oty1',
      'the device is registered',
      'the device satisfies dae1 or dae2',
      'the browser says it runs on a desktop device with macOS or a mobile device or any device',
      'the sign-in shows beh1',
      "user.profile.department == 'IT'",
    ]);
  });
  it('says that constraints are alternatives, and what is known beside what is had', () => {
    const verificationMethod = {
      factorMode: '2FA',
      inactivityPeriod: 'PT30M',
      constraints: [
        { possession: { phishingResistant: 'REQUIRED' } },
        { knowledge: { types: ['password'] }, possession: { hardwareProtection: 'REQUIRED' } },
      ],
    };
    expect(thenWords({ appSignOn: { access: 'ALLOW', verificationMethod } }).words).toEqual([
      'two factors',
      'a key that cannot be phished, or a key in hardware and a password',
      'sessions end after 30 min idle',
    ]);
    const chain = { type: 'AUTH_METHOD_CHAIN', chains: [{}] };
    expect(thenWords({ appSignOn: { access: 'ALLOW', verificationMethod: chain } }).words).toEqual([
      'one of the chains of methods that it names',
    ]);
  });
  it('says what proof it asks for', () => {
    expect(
      thenWords({
        appSignOn: {
          access: 'ALLOW',
          verificationMethod: {
            factorMode: '2FA',
            reauthenticateIn: 'PT0S',
            constraints: [
              { possession: { deviceBound: 'REQUIRED', phishingResistant: 'REQUIRED', userPresence: 'REQUIRED' } },
            ],
          },
        },
      }),
    ).toEqual({
      isAllowed: true,
      words: ['two factors', 'a key that cannot be phished, that stays on its device', 'proved in this very sign-in'],
    });
    expect(
      thenWords({ signon: { access: 'ALLOW', session: { maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 90 } } })
        .words,
    ).toEqual(['sessions end after 2 h idle', 'sessions end after 90 min']);
  });
  it.each([{}, { appSignOn: { access: 'DENY' } }, { appSignOn: { access: 'MAYBE' } }, { signon: null }])(
    'is a denial where it does not say that it allows: %j',
    (actions) => {
      expect(thenWords(actions)).toEqual({ isAllowed: false, words: [] });
    },
  );
  it('says of rules for people whether they do it themselves, and denies what is not understood', () => {
    expect(thenWords({ passwordChange: { access: 'ALLOW' } }).isAllowed).toBe(true);
    expect(thenWords({ passwordChange: { access: 'DENY' } }).isAllowed).toBe(false);
    for (const self of ['CHALLENGE', 'LOGIN']) expect(thenWords({ enroll: { self } }).isAllowed).toBe(true);
    for (const self of ['NEVER', 'else']) expect(thenWords({ enroll: { self } }).isAllowed).toBe(false);
  });
});
