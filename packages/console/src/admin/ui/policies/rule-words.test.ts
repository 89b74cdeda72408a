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
});
