import { describe, expect, it } from 'vitest';
import { bindingWords } from './binding-words.ts';
import { judgeOverview, NETWORK_DATA_DAYS_MAX } from './judge-overview.ts';
import type { Channel, OverviewFacts, QueueFacts } from './overview-facts.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const DAY = 86_400_000;

const GLASS = {
  id: '00u1',
  login: 'glass@example.org',
  state: 'READY',
  isDrillDue: false,
  openReviews: 0,
  isRevokedInReview: false,
  alarmChannels: 2,
  lastDrillAt: null,
  lastUsedAt: null,
} as const;
const EMPTY: QueueFacts = { waiting: 0, failing: 0, dead: 0, lastError: null };
/** An org in which nothing is wrong: super admin stands with nobody, and is asked for. */
const WELL: OverviewFacts = {
  now: NOW,
  people: {
    admins: 3,
    superAdmins: 0,
    ableToSignIn: 3,
    superAdminsAble: 0,
    askersAble: 3,
    isSuperAdminInReach: true,
    withOneKey: 1,
    superAdminsWithOneKey: [],
    withoutKey: 0,
    neverSignedIn: 0,
    serviceAccounts: 0,
    superServiceAccounts: [],
    breakGlass: [GLASS],
  },
  sessions: { active: 3, people: 2 },
  activity: { endedByBinding: [0, 0, 0], deniedSignIns: 4, asServiceAccount: 0, notMe: 0 },
  tokens: { active: 2, anywhere: 0, unused: 0, expiring: 0, old: 0 },
  binding: {
    modes: { asnBinding: 'ENFORCED', ipBinding: 'PROVE' },
    report: { days: 14, people: 0, sessions: 0 },
    exemptEntries: 0,
  },
  log: {
    isCheckpointFileConfigured: true,
    lastCheckpointAt: NOW - 30_000,
    lastOutsideAt: NOW - 30_000,
    uncoveredEvents: 2,
    queues: { checkpoints: EMPTY, mail: EMPTY, webhooks: EMPTY },
  },
  network: {
    sources: [{ source: 'shipped table of networks', dataAt: NOW - 20 * DAY }],
    trustedProxies: 1,
    isEverybodyTrusted: false,
    untrustedHeaders: 0,
    ignoredHeaders: 0,
    clientHeader: 'X-Forwarded-For',
    zonesWithoutData: [],
  },
  setup: { open: [], skipped: [], isFinished: true },
};
type Part = Exclude<keyof OverviewFacts, 'now'>;
const change = <P extends Part>(part: P, facts: Partial<NonNullable<OverviewFacts[P]>>): OverviewFacts => ({
  ...WELL,
  [part]: { ...WELL[part], ...facts },
});
const queue = (channel: Channel, facts: Partial<QueueFacts>): OverviewFacts =>
  change('log', { queues: { checkpoints: EMPTY, mail: EMPTY, webhooks: EMPTY, [channel]: { ...EMPTY, ...facts } } });
const kinds = (facts: OverviewFacts): string[] => judgeOverview(facts).map(({ kind }) => kind);
const one = (facts: OverviewFacts) => {
  const found = judgeOverview(facts);
  expect(found).toHaveLength(1);
  return found[0] as (typeof found)[number];
};

const LACKING = { id: 'nzo1', name: 'Anonymizers', isBlocklist: false, missing: ['TOR'], rules: ['Office', 'Home'] };

describe('what is wrong now', () => {
  it('is nothing in an org that is well', () => {
    expect(judgeOverview(WELL)).toEqual([]);
  });

  it.each([
    ['no-super-admin-able', 'critical', change('people', { askersAble: 0, breakGlass: [] })],
    ['single-super-admin', 'warning', change('people', { superAdminsAble: 1, breakGlass: [] })],
    ['break-glass-revoked-00u1', 'warning', change('people', { breakGlass: [{ ...GLASS, isRevokedInReview: true }] })],
    ['super-admin-out-of-reach', 'warning', change('people', { isSuperAdminInReach: false })],
    ['super-admin-out-of-reach', 'critical', change('people', { isSuperAdminInReach: false, breakGlass: [] })],
    ['super-admin-standing', 'note', change('people', { superAdmins: 3 })],
    ['second-key-missing', 'warning', change('people', { superAdminsWithOneKey: ['ana@example.org'] })],
    ['admins-without-key', 'warning', change('people', { withoutKey: 1 })],
    ['service-account-super', 'warning', change('people', { superServiceAccounts: ['svc@x'] })],
    ['service-account-sign-in', 'warning', change('activity', { asServiceAccount: 2 })],
    ['asn-not-enforced', 'warning', change('binding', { modes: { asnBinding: 'MONITOR', ipBinding: 'MONITOR' } })],
    ['asn-not-enforced', 'critical', change('binding', { modes: { asnBinding: 'DISABLED', ipBinding: 'DISABLED' } })],
    ['ip-not-enforced', 'note', change('binding', { modes: { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' } })],
    ['addresses-exempt', 'note', change('binding', { exemptEntries: 2 })],
    ['tokens-anywhere', 'warning', change('tokens', { anywhere: 1 })],
    ['tokens-unused', 'note', change('tokens', { unused: 1 })],
    ['tokens-expiring', 'note', change('tokens', { expiring: 1 })],
    ['tokens-old', 'note', change('tokens', { old: 1 })],
    ['no-checkpoint-outside', 'warning', change('log', { isCheckpointFileConfigured: false, lastOutsideAt: null })],
    ['checkpoint-late', 'warning', change('log', { lastOutsideAt: NOW - 3_600_001 })],
    ['checkpoint-late', 'warning', change('log', { lastOutsideAt: null })],
    ['outbox-failing', 'warning', queue('checkpoints', { waiting: 3, failing: 1, lastError: 'ENOSPC' })],
    ['outbox-dead', 'critical', queue('checkpoints', { failing: 1, dead: 1, lastError: 'ENOSPC' })],
    ['mail-failing', 'warning', queue('mail', { waiting: 3, failing: 1 })],
    ['mail-dead', 'warning', queue('mail', { dead: 2 })],
    ['webhooks-failing', 'warning', queue('webhooks', { waiting: 1, failing: 1 })],
    ['webhooks-dead', 'warning', queue('webhooks', { dead: 1 })],
    ['everybody-trusted', 'critical', change('network', { isEverybodyTrusted: true })],
    ['proxies-not-trusted', 'warning', change('network', { trustedProxies: 0, untrustedHeaders: 9 })],
    ['header-ignored', 'note', change('network', { ignoredHeaders: 1 })],
    ['network-data-stale', 'warning', change('network', { sources: [{ source: 'x', dataAt: NOW - 271 * DAY }] })],
    ['network-data-stale', 'warning', change('network', { sources: [] })],
    ['zone-without-data-nzo1', 'warning', change('network', { zonesWithoutData: [LACKING] })],
    [
      'zone-without-data-nzo1',
      'warning',
      change('network', { zonesWithoutData: [{ ...LACKING, isBlocklist: true, rules: [] }] }),
    ],
    ['not-me-reported', 'critical', change('activity', { notMe: 1 })],
    ['sessions-roamed', 'note', change('activity', { endedByBinding: [0, 2, 1] })],
    ['setup-open', 'note', change('setup', { isFinished: false, open: ['posture'] })],
  ] as const)('%s (%s)', (kind, severity, facts) => {
    const found = one(facts);
    expect([found.kind, found.severity]).toEqual([kind, severity]);
    for (const text of [found.sentence, found.securityImpact, found.peopleImpact]) expect(text).toMatch(/\.”?$/);
    expect(found.href).toMatch(/^\/[a-z-]+/);
  });

  it.each([
    ['a header from strangers where proxies are trusted', change('network', { untrustedHeaders: 9 })],
    [
      'nobody who holds super admin all the time beside people who may ask for it',
      change('people', { breakGlass: [] }),
    ],
    ['one super admin able beside a sealed envelope', change('people', { superAdminsAble: 1 })],
    ['no header, and no proxy', change('network', { trustedProxies: 0 })],
    [
      'data at the last day of its age',
      change('network', { sources: [{ source: 'x', dataAt: NOW - NETWORK_DATA_DAYS_MAX * DAY }] }),
    ],
    ['a checkpoint exactly an hour ago', change('log', { lastOutsideAt: NOW - 3_600_000 })],
    ['an old checkpoint that covers everything', change('log', { lastOutsideAt: 0, uncoveredEvents: 0 })],
    ['open steps of a set-up that was finished', change('setup', { open: ['network'] })],
  ])('says nothing of %s', (_what, facts) => {
    expect(judgeOverview(facts)).toEqual([]);
  });

  it('takes an envelope that was opened for a way in, and one that opens nothing for none', () => {
    const with_ = (state: 'USED' | 'IN_USE' | 'INCOMPLETE') =>
      kinds(change('people', { askersAble: 0, breakGlass: [{ ...GLASS, state }] }));
    expect(with_('USED')).toEqual(['break-glass-used-00u1']);
    expect(with_('IN_USE')).toEqual(['break-glass-in-use-00u1']);
    expect(with_('INCOMPLETE')).toEqual(['no-super-admin-able', 'break-glass-incomplete-00u1']);
  });

  it('says what binding would have done, in numbers', () => {
    const modes = { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' } as const;
    expect(one(change('binding', { modes, report: { days: 14, people: 3, sessions: 1 } })).sentence).toBe(
      'IP binding is only observed. Had it been enforced, 3 people and 1 session would have been ended in 14 days.',
    );
  });

  it('names each skipped step with its note, also after set-up was finished', () => {
    const found = one(change('setup', { skipped: [{ step: 'second-admin', note: 'Lee starts in May' }] }));
    expect(found.sentence).toBe('Skipped at set-up: second admin. “Lee starts in May”');
    expect(found.href).toBe('/setup/continue?step=second-admin');
  });

  it('says of each way out by itself what waits there, how much, and why', () => {
    expect(one(queue('mail', { waiting: 3, failing: 1, lastError: 'Error: connect ECONNREFUSED' }))).toMatchObject({
      sentence: '3 mails wait, for what was tried did not get through: Error: connect ECONNREFUSED.',
      href: '/me/notices',
    });
    expect(one(queue('mail', { waiting: 4, failing: 1, dead: 1, lastError: 'it refuses the address.' })).sentence).toBe(
      '1 mail was given up in the last 7 days: it refuses the address.',
    );
    expect(one(queue('webhooks', { dead: 2 }))).toMatchObject({
      sentence: '2 messages of webhooks were given up in the last 7 days.',
      href: '/webhooks',
    });
    expect(one(queue('checkpoints', { dead: 1, lastError: 'ENOSPC' })).sentence).toBe(
      '1 checkpoint of the System Log was given up, and none has arrived since: ENOSPC.',
    );
    // What waits for its first try is no news.
    expect(judgeOverview(queue('mail', { waiting: 9 }))).toEqual([]);
    // A late mail says nothing of how late the checkpoints are.
    const late = change('log', {
      lastOutsideAt: null,
      queues: { checkpoints: EMPTY, mail: { ...EMPTY, waiting: 1, failing: 1 }, webhooks: EMPTY },
    });
    expect(kinds(late)).toEqual(['mail-failing', 'checkpoint-late']);
  });

  it('puts the worst first', () => {
    const facts: OverviewFacts = {
      ...change('tokens', { anywhere: 1, unused: 1 }),
      activity: { endedByBinding: [1], deniedSignIns: 0, asServiceAccount: 0, notMe: 1 },
      people: { ...(WELL.people as NonNullable<OverviewFacts['people']>), askersAble: 0, breakGlass: [] },
    };
    expect(judgeOverview(facts).map(({ severity }) => severity)).toEqual([
      'critical',
      'critical',
      'warning',
      'note',
      'note',
    ]);
    expect(kinds(facts).slice(0, 2)).toEqual(['not-me-reported', 'no-super-admin-able']);
  });

  it('judges nothing of a part that the reader may not see', () => {
    const blind: OverviewFacts = {
      ...WELL,
      people: null,
      sessions: null,
      activity: null,
      tokens: null,
      binding: null,
      log: null,
      network: null,
      setup: null,
    };
    expect(judgeOverview(blind)).toEqual([]);
  });
});

it('says binding modes in words', () => {
  expect(bindingWords({ asnBinding: 'ENFORCED', ipBinding: 'MONITOR' })).toBe('ASN enforced, IP observed');
  expect(bindingWords({ asnBinding: 'DISABLED', ipBinding: 'PROVE' })).toBe('ASN off, IP proved');
});
