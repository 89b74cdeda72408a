import { sentenceOf } from '@sallyport/model/reasons';
import { OLD_DAYS } from '../api-tokens/judge-token-age.ts';
import { isWayIn } from '../break-glass/judge-readiness.ts';
import {
  type ActivityFacts,
  type BindingFacts,
  CHANNELS,
  type Channel,
  type LogFacts,
  type NetworkFacts,
  type OverviewFacts,
  type PeopleFacts,
  type QueueFacts,
  type SetupFacts,
  type TokenFacts,
} from './overview-facts.ts';

/** The worst first. */
export const SEVERITIES = ['critical', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that is wrong now. It is gone as soon as it is no longer so: nothing is ticked off by hand. */
export interface OverviewFinding {
  readonly kind: string;
  readonly severity: Severity;
  readonly sentence: string;
  readonly securityImpact: string;
  readonly peopleImpact: string;
  /** Where it is looked at or mended. */
  readonly href: string | null;
  /** The same from a terminal. */
  readonly command: string | null;
}

export const UNUSED_DAYS = 30;
export const EXPIRING_DAYS = 7;
/** Addresses change hands: after this the table sends people out whose network is named wrongly. */
export const NETWORK_DATA_DAYS_MAX = 270;
const OUTSIDE_CHECKPOINT_HOURS_MAX = 1;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
const logFilter = (filter: string): string => `/log?filter=${encodeURIComponent(filter)}`;
/** Sign-ins as a service account, all of which were refused. */
export const AS_SERVICE_ACCOUNT = `eventType eq "policy.evaluate_sign_on" and outcome.reason eq "${sentenceOf('service-account')}"`;
const BINDING_SCREEN = '/settings/session-protection';

const ofPeople = (people: PeopleFacts): (OverviewFinding | false)[] => [
  people.superAdminsAble + people.askersAble === 0 &&
    !people.breakGlass.some(({ state }) => isWayIn(state)) && {
      kind: 'no-super-admin-able',
      severity: 'critical',
      sentence: 'No super admin is able to sign in.',
      securityImpact: 'Nobody can stop an attacker, or undo what one did, from the console.',
      peopleImpact: 'Getting back in needs the host.',
      href: '/ways-in',
      command: 'sallyport server doctor',
    },
  !people.isSuperAdminInReach && {
    kind: 'super-admin-out-of-reach',
    severity: people.breakGlass.some(({ state }) => isWayIn(state)) ? 'warning' : 'critical',
    sentence: 'Nobody could have super admin by asking now: too few others could say yes.',
    securityImpact: 'What takes all power is done as a break-glass account, or not at all.',
    peopleImpact: 'Whoever asks waits in vain. Their request says who could not say yes, and why.',
    href: '/requests',
    command: 'sallyport request list',
  },
  people.superAdminsAble === 1 &&
    !people.breakGlass.some(({ state }) => isWayIn(state)) && {
      kind: 'single-super-admin',
      severity: 'warning',
      sentence: 'One super admin alone is able to sign in.',
      securityImpact: 'Nobody can revoke that account if it is taken over; what needs two people cannot be done.',
      peopleImpact: 'If they are away or lose their keys, getting back in needs the host.',
      href: '/setup/continue?step=second-admin',
      command: 'sallyport api POST /api/v1/users --body @second-admin.json',
    },
  people.superAdmins > people.superServiceAccounts.length && {
    kind: 'super-admin-standing',
    severity: 'note',
    sentence: `${count(people.superAdmins - people.superServiceAccounts.length, 'person holds', 'people hold')} super admin all the time; it should be break-glass accounts only.`,
    securityImpact: 'Whoever takes over one of them has everything at once, at any hour, and asks nobody.',
    peopleImpact: 'Without it they ask for it, two others say yes, and it ends by itself.',
    href: '/setup/continue?step=zero-standing',
    command: 'sallyport setup zero-standing',
  },
  people.superAdminsWithOneKey.length > 0 && {
    kind: 'second-key-missing',
    severity: 'warning',
    sentence: `${people.superAdminsWithOneKey.slice(0, 3).join(', ')}${people.superAdminsWithOneKey.length > 3 ? ' and others' : ''} ${people.superAdminsWithOneKey.length === 1 ? 'holds' : 'hold'} super admin with one key only.`,
    securityImpact: 'A lost key means recovery by somebody else, which is where accounts are stolen.',
    peopleImpact: 'Whoever loses the only key is locked out.',
    href: '/admins?role=SUPER_ADMIN&show=one-key',
    command: 'sallyport api GET /sallyport/v1/admins -q role=SUPER_ADMIN -q show=one-key',
  },
  people.withoutKey > 0 && {
    kind: 'admins-without-key',
    severity: 'warning',
    sentence: `${count(people.withoutKey, 'person holds', 'people hold')} an admin role without a key that stays on its device.`,
    securityImpact: 'The role waits for whoever enrols the first key on the account.',
    peopleImpact: 'They cannot open the Admin Console.',
    href: '/admins?show=no-key',
    command: 'sallyport api GET /sallyport/v1/admins -q show=no-key',
  },
  people.superServiceAccounts.length > 0 && {
    kind: 'service-account-super',
    severity: 'warning',
    sentence: `${people.superServiceAccounts.slice(0, 3).join(', ')}${people.superServiceAccounts.length > 3 ? ' and others' : ''} ${people.superServiceAccounts.length === 1 ? 'holds' : 'hold'} super admin, and no human signs in as ${people.superServiceAccounts.length === 1 ? 'it' : 'them'}.`,
    securityImpact: 'Whoever reads one of its API tokens holds everything, without a key.',
    peopleImpact: 'A program that loses the role gets “permission denied” for what its new role lacks.',
    href: '/admins?role=SUPER_ADMIN&show=service-account',
    command: 'sallyport admin list --role SUPER_ADMIN --show service-account',
  },
];

const ofBreakGlass = ({ breakGlass }: PeopleFacts): (OverviewFinding | false)[] =>
  breakGlass.flatMap(({ id, login, state, isDrillDue, openReviews, isRevokedInReview, alarmChannels }) => {
    const where = { href: `/break-glass/${id}`, command: 'sallyport break-glass list' };
    return [
      state === 'IN_USE' && {
        ...where,
        kind: `break-glass-in-use-${id}`,
        severity: 'critical' as const,
        sentence: `Somebody is signed in as the break-glass account ${login}.`,
        securityImpact: 'It holds super admin, and no policy stands in its way.',
        peopleImpact: 'If nobody of you did it, end its sessions and give it a new secret.',
      },
      state === 'USED' && {
        ...where,
        kind: `break-glass-used-${id}`,
        severity: 'critical' as const,
        sentence: `The seal of the break-glass account ${login} is broken.`,
        securityImpact: 'Whoever saw the secret needs a key alone to come in with all power.',
        peopleImpact: 'It still works. A new secret has to be printed and locked away.',
      },
      state === 'INCOMPLETE' && {
        ...where,
        kind: `break-glass-incomplete-${id}`,
        severity: 'warning' as const,
        sentence: `The break-glass account ${login} is not ready: two hardware keys have to be registered for it.`,
        securityImpact: 'None: nobody signs in without one.',
        peopleImpact: 'On the day on which it is needed it may open nothing.',
      },
      alarmChannels < 2 && {
        ...where,
        kind: `break-glass-alarm-${id}`,
        severity: 'warning' as const,
        sentence:
          alarmChannels === 0
            ? `Nobody is told when the break-glass account ${login} is used.`
            : `One channel alone tells of a use of the break-glass account ${login}.`,
        securityImpact: 'Whoever uses it also sees to it that a single channel is silent.',
        peopleImpact: 'None.',
      },
      openReviews > 0 &&
        state !== 'IN_USE' && {
          ...where,
          kind: `break-glass-review-${id}`,
          severity: 'warning' as const,
          sentence: `What was done with the break-glass account ${login} is not reviewed.`,
          securityImpact: 'Nobody has said that it was right.',
          peopleImpact: 'Two people read its events and sign.',
        },
      isRevokedInReview && {
        ...where,
        kind: `break-glass-revoked-${id}`,
        severity: 'warning' as const,
        sentence: `A review said no to the break-glass account ${login}, and nothing was done about it.`,
        securityImpact: 'It still opens everything, and somebody said that it should not.',
        peopleImpact: 'A new secret has to be printed and locked away, or the account retired.',
      },
      isDrillDue && {
        ...where,
        kind: `break-glass-drill-${id}`,
        severity: 'note' as const,
        sentence: `A drill of the break-glass account ${login} is due.`,
        securityImpact: 'None.',
        peopleImpact: 'What was never tried does not work at night.',
      },
    ];
  });

const ofBinding = ({ modes, report, exemptEntries }: BindingFacts): (OverviewFinding | false)[] => {
  const would =
    report.people === 0
      ? `nobody would have been ended in ${report.days} days`
      : `${count(report.people, 'person', 'people')} and ${count(report.sessions, 'session', 'sessions')} would have been ended in ${report.days} days`;
  const isAsnWeak = modes.asnBinding === 'MONITOR' || modes.asnBinding === 'DISABLED';
  return [
    isAsnWeak && {
      kind: 'asn-not-enforced',
      severity: modes.asnBinding === 'DISABLED' ? 'critical' : 'warning',
      sentence:
        modes.asnBinding === 'DISABLED'
          ? 'ASN binding is off: a stolen session works from any network.'
          : `ASN binding is only observed: a stolen session still works from another network. Had it been enforced, ${would}.`,
      securityImpact: 'A copied cookie is as good as a key.',
      peopleImpact: 'Enforced, whoever changes to another network signs in again.',
      href: BINDING_SCREEN,
      command: 'sallyport settings set --asn-binding enforced --dry-run',
    },
    !isAsnWeak &&
      (modes.ipBinding === 'MONITOR' || modes.ipBinding === 'DISABLED') && {
        kind: 'ip-not-enforced',
        severity: 'note',
        sentence:
          modes.ipBinding === 'DISABLED'
            ? 'IP binding is off, and what it would do is not observed.'
            : `IP binding is only observed. Had it been enforced, ${would}.`,
        securityImpact: 'A copied cookie works inside the network it was stolen from.',
        peopleImpact: 'Mode “prove” asks the page, not the person: most changes of address go unnoticed.',
        href: BINDING_SCREEN,
        command: 'sallyport settings set --ip-binding prove --dry-run',
      },
    exemptEntries > 0 && {
      kind: 'addresses-exempt',
      severity: 'note',
      sentence: `${count(exemptEntries, 'entry', 'entries')} of the exempt zone: sessions are not bound there.`,
      securityImpact: 'A stolen session works from each of these addresses.',
      peopleImpact: 'None.',
      href: '/zones?q=DefaultExemptIpZone',
      command: 'sallyport zone show DefaultExemptIpZone',
    },
  ];
};

const ofTokens = (tokens: TokenFacts): (OverviewFinding | false)[] => [
  tokens.anywhere > 0 && {
    kind: 'tokens-anywhere',
    severity: 'warning',
    sentence: `${count(tokens.anywhere, 'API token is', 'API tokens are')} usable from anywhere.`,
    securityImpact: 'Whoever reads the token has its owner’s rights, from any network.',
    peopleImpact: 'A program that moves between networks needs a zone that holds them all.',
    href: '/tokens?show=anywhere',
    command: 'sallyport token list --show anywhere',
  },
  tokens.unused > 0 && {
    kind: 'tokens-unused',
    severity: 'note',
    sentence: `${count(tokens.unused, 'API token was', 'API tokens were')} not used for ${UNUSED_DAYS} days, or never.`,
    securityImpact: 'What nobody uses nobody misses when it is stolen.',
    peopleImpact: 'Revoking it stops nothing that ran in that time.',
    href: '/tokens?show=unused',
    command: 'sallyport token list --show unused',
  },
  tokens.expiring > 0 && {
    kind: 'tokens-expiring',
    severity: 'note',
    sentence: `${count(tokens.expiring, 'API token expires', 'API tokens expire')} within ${EXPIRING_DAYS} days.`,
    securityImpact: 'None.',
    peopleImpact: 'What uses it stops working.',
    href: '/tokens?show=expiring',
    command: 'sallyport token list --show expiring',
  },
  tokens.old > 0 && {
    kind: 'tokens-old',
    severity: 'note',
    sentence: `${count(tokens.old, 'API token has', 'API tokens have')} had the same secret for ${OLD_DAYS} days or longer.`,
    securityImpact: 'A copy that somebody made in that time still works.',
    peopleImpact: 'None: the old secret works beside the new one for as long as is chosen.',
    href: '/tokens?show=old',
    command: 'sallyport token list --show old',
  },
];

/** What it means that nothing gets through to where something goes. */
const LEAVING = {
  checkpoints: {
    kind: 'outbox',
    one: 'checkpoint of the System Log',
    many: 'checkpoints of the System Log',
    since: ', and none has arrived since',
    ifGivenUp: 'critical',
    securityImpact: 'What happened since then could be rewritten on the host unseen.',
    peopleImpact: 'None.',
    href: '/setup/continue?step=checkpoint',
    command: 'sallyport server doctor',
  },
  mail: {
    kind: 'mail',
    one: 'mail',
    many: 'mails',
    since: ' in the last 7 days',
    ifGivenUp: 'warning',
    securityImpact: 'Alarms, and what people would say was not them, reach nobody by mail.',
    peopleImpact: 'Who is asked for a yes, or loses access soon, hears of it in the console alone.',
    href: '/me/notices',
    command: 'sallyport server doctor',
  },
  webhooks: {
    kind: 'webhooks',
    one: 'message of a webhook',
    many: 'messages of webhooks',
    since: ' in the last 7 days',
    ifGivenUp: 'warning',
    securityImpact: 'Alarms that a receiver waits for do not reach it.',
    peopleImpact: 'None here.',
    href: '/webhooks',
    command: 'sallyport webhook list',
  },
} as const satisfies Record<Channel, object>;

const ofQueue = (channel: Channel, { waiting, failing, dead, lastError }: QueueFacts): OverviewFinding | false => {
  if (dead + failing === 0) return false;
  const { kind, one, many, since, ifGivenUp, ...impact } = LEAVING[channel];
  const why = lastError === null ? '' : `: ${lastError}`;
  return dead > 0
    ? {
        kind: `${kind}-dead`,
        severity: ifGivenUp,
        sentence: `${count(dead, `${one} was`, `${many} were`)} given up${since}${why}`.replace(/[.]?$/, '.'),
        ...impact,
      }
    : {
        kind: `${kind}-failing`,
        severity: 'warning',
        sentence:
          `${count(waiting, `${one} waits`, `${many} wait`)}, for what was tried did not get through${why}`.replace(
            /[.]?$/,
            '.',
          ),
        ...impact,
      };
};

const ofLog = (log: LogFacts, now: number): (OverviewFinding | false)[] => [
  ...CHANNELS.map((channel) => ofQueue(channel, log.queues[channel])),
  !log.isCheckpointFileConfigured && {
    kind: 'no-checkpoint-outside',
    severity: 'warning',
    sentence: `No checkpoint of the System Log leaves this host: ${count(log.uncoveredEvents, 'event is', 'events are')} covered by nothing outside.`,
    securityImpact: 'Whoever takes the host can write another history, and nothing shows it.',
    peopleImpact: 'None.',
    href: '/setup/continue?step=checkpoint',
    command: 'SALLYPORT_CHECKPOINT_FILE=<a file on other storage> npm start',
  },
  log.isCheckpointFileConfigured &&
    log.queues.checkpoints.dead + log.queues.checkpoints.failing === 0 &&
    log.uncoveredEvents > 0 &&
    now - (log.lastOutsideAt ?? 0) > OUTSIDE_CHECKPOINT_HOURS_MAX * HOUR && {
      kind: 'checkpoint-late',
      severity: 'warning',
      sentence:
        log.lastOutsideAt === null
          ? 'No checkpoint has arrived outside of this host yet.'
          : `No checkpoint has arrived outside of this host for over an hour; ${count(log.uncoveredEvents, 'event is', 'events are')} not covered.`,
      securityImpact: 'What happened since then could be rewritten on the host unseen.',
      peopleImpact: 'None.',
      href: '/setup/continue?step=checkpoint',
      command: 'sallyport log verify',
    },
];

const ofNetwork = (network: NetworkFacts, now: number): (OverviewFinding | false)[] => {
  const newest = Math.max(0, ...network.sources.map(({ dataAt }) => dataAt ?? 0));
  const days = Math.floor((now - newest) / DAY);
  return [
    network.isEverybodyTrusted && {
      kind: 'everybody-trusted',
      severity: 'critical',
      sentence: 'Every address is a trusted proxy: anybody may choose the address that their session is held to.',
      securityImpact: 'Binding is worthless: a thief sends the owner’s address in a header.',
      peopleImpact: 'None.',
      href: '/setup/continue?step=network',
      command: 'SALLYPORT_TRUSTED_PROXIES=<the addresses of your proxies> npm start',
    },
    network.trustedProxies === 0 &&
      network.untrustedHeaders > 0 && {
        kind: 'proxies-not-trusted',
        severity: 'warning',
        sentence: `${count(network.untrustedHeaders, 'request', 'requests')} came with ${network.clientHeader}, but no proxy is trusted: the header is not read.`,
        securityImpact: 'Behind a proxy everybody has the proxy’s address, and binding holds nobody to anything.',
        peopleImpact: 'None, until it is set: then everybody signs in once more.',
        href: '/setup/continue?step=network',
        command: 'SALLYPORT_TRUSTED_PROXIES=<the addresses of your proxies> npm start',
      },
    network.ignoredHeaders > 0 && {
      kind: 'header-ignored',
      severity: 'note',
      sentence: `${count(network.ignoredHeaders, 'request', 'requests')} came with a forwarding header other than ${network.clientHeader}; it is not read.`,
      securityImpact: 'None: an unread header cannot lie.',
      peopleImpact: 'If your proxy writes that one, people are seen at the wrong address.',
      href: '/ip-test',
      command: 'SALLYPORT_CLIENT_HEADER=<the header your proxy writes> npm start',
    },
    ...network.zonesWithoutData.map(
      ({ id, name, isBlocklist, missing, rules }): OverviewFinding => ({
        kind: `zone-without-data-${id}`,
        severity: 'warning',
        sentence: `The zone ${name} asks for data that is not there: ${missing.join(', ')}.${rules.length === 0 ? '' : ` ${count(rules.length, 'rule rests', 'rules rest')} on it: ${rules.slice(0, 3).join(', ')}${rules.length > 3 ? ' and others' : ''}.`}`,
        securityImpact: isBlocklist
          ? 'It blocks nobody of whom that is not known.'
          : 'None: what is not known opens nothing.',
        peopleImpact: isBlocklist
          ? 'None.'
          : 'A rule that allows does not match where that is not known, and one that denies does.',
        href: `/zones/${id}`,
        command: `sallyport zone show ${name.includes(' ') ? `'${name.replaceAll("'", '')}'` : name}`,
      }),
    ),
    days > NETWORK_DATA_DAYS_MAX && {
      kind: 'network-data-stale',
      severity: 'warning',
      sentence: `The newest network data is ${days} days old.`,
      securityImpact: 'An address that changed hands counts as its old network.',
      peopleImpact: 'People may be signed out though their network did not change.',
      href: '/ip-test',
      command: 'cp asn.csv "$SALLYPORT_DATA_DIR/intel/"',
    },
  ];
};

const ofActivity = ({ notMe, asServiceAccount, endedByBinding }: ActivityFacts): (OverviewFinding | false)[] => {
  const ended = endedByBinding.reduce((sum, n) => sum + n, 0);
  return [
    notMe > 0 && {
      kind: 'not-me-reported',
      severity: 'critical',
      sentence: `${count(notMe, 'person says', 'people say')} of an ended session: “That wasn’t me.”`,
      securityImpact: 'Their session was in other hands before it was ended.',
      peopleImpact: 'All their sessions were ended; they signed in again.',
      href: logFilter('eventType eq "user.account.report_suspicious_activity_by_enduser"'),
      command: `sallyport log query 'eventType eq "user.account.report_suspicious_activity_by_enduser"'`,
    },
    asServiceAccount > 0 && {
      kind: 'service-account-sign-in',
      severity: 'warning',
      sentence: `${count(asServiceAccount, 'sign-in', 'sign-ins')} as a service account ${asServiceAccount === 1 ? 'was' : 'were'} refused in the last 24 hours.`,
      securityImpact: 'Somebody has its password or its key, and used it as a person does.',
      peopleImpact: 'None: nobody signs in as a service account, and its API tokens work on.',
      href: logFilter(AS_SERVICE_ACCOUNT),
      command: `sallyport log query '${AS_SERVICE_ACCOUNT}'`,
    },
    ended > 0 && {
      kind: 'sessions-roamed',
      severity: 'note',
      sentence: `${count(ended, 'session was', 'sessions were')} ended by binding in the last 24 hours.`,
      securityImpact: 'Each was used from another network than it began in.',
      peopleImpact: 'Their owners had to sign in again, and were asked whether it was them.',
      href: logFilter('eventType eq "security.session.detect_client_roaming"'),
      command: `sallyport log query 'eventType eq "security.session.detect_client_roaming"'`,
    },
  ];
};

const ofSetup = ({ open, skipped, isFinished }: SetupFacts): (OverviewFinding | false)[] => [
  ...skipped.map(
    ({ step, note }): OverviewFinding => ({
      kind: `setup-skipped-${step}`,
      severity: 'note',
      sentence: `Skipped at set-up: ${step.replace('-', ' ')}. “${note}”`,
      securityImpact: 'What the step protects against is open.',
      peopleImpact: 'None.',
      href: `/setup/continue?step=${step}`,
      command: null,
    }),
  ),
  !isFinished &&
    open.length > 0 && {
      kind: 'setup-open',
      severity: 'note',
      sentence: `Set-up is not finished: ${count(open.length, 'step is', 'steps are')} left.`,
      securityImpact: 'The safe settings may not be on yet.',
      peopleImpact: 'None.',
      href: '/setup/continue',
      command: 'sallyport api GET /sallyport/v1/setup/progress',
    },
];

const rank = ({ severity }: OverviewFinding): number => SEVERITIES.indexOf(severity);

/** What is wrong now, the worst first. Of a part that is not known nothing is said; the reader is told what is missing. */
export const judgeOverview = (facts: OverviewFacts): OverviewFinding[] =>
  [
    ...(facts.activity === null ? [] : ofActivity(facts.activity)),
    ...(facts.people === null ? [] : [...ofPeople(facts.people), ...ofBreakGlass(facts.people)]),
    ...(facts.binding === null ? [] : ofBinding(facts.binding)),
    ...(facts.network === null ? [] : ofNetwork(facts.network, facts.now)),
    ...(facts.log === null ? [] : ofLog(facts.log, facts.now)),
    ...(facts.tokens === null ? [] : ofTokens(facts.tokens)),
    ...(facts.setup === null ? [] : ofSetup(facts.setup)),
  ]
    .filter((finding) => finding !== false)
    .toSorted((a, b) => rank(a) - rank(b));
