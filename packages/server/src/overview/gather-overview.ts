import { parseFilter } from '@sallyport/decide/log-filter/parse-filter';
import { AS_SERVICE_ACCOUNT } from '@sallyport/decide/overview/judge-overview';
import type {
  ActivityFacts,
  BindingFacts,
  LogFacts,
  NetworkFacts,
  PeopleFacts,
  SessionFacts,
  TokenFacts,
} from '@sallyport/decide/overview/overview-facts';
import { unusedBefore } from '../admins/list-admins.ts';
import { type AdminRow, adminRows, liveAt } from '../admins/store.ts';
import { countTokens } from '../api-tokens/list-token-use.ts';
import { breakGlassFacts } from '../break-glass/present-account.ts';
import { CHECKPOINT_FILE_SINK } from '../outbox/checkpoint-file-sink.ts';
import { conditionsOf, type StoredConditions } from '../policies/rule-documents.ts';
import { askersAbleToSignIn, superAdminsAbleToSignIn } from '../policies/ways-in.ts';
import { isSuperAdminInReach } from '../requests/super-admin-in-reach.ts';
import type { Services } from '../services.ts';
import { chainHead } from '../system-log/append-events.ts';
import { filterToSql } from '../system-log/filter-to-sql.ts';
import { zonesWithoutData } from '../zones/zones-without-data.ts';
import { gatherQueues } from './gather-queues.ts';

const HOUR = 3_600_000;
const DAY_HOURS = 24;
const REPORT_DAYS = 14;
const EVENTS_MAX = 10_000;

/** The filters that the numbers of the overview are counted by, and that their links open the log with. */
export const OVERVIEW_FILTERS = {
  endedByBinding: 'eventType eq "security.session.detect_client_roaming"',
  deniedSignIns:
    '(eventType eq "user.session.start" or eventType eq "user.authentication.auth_via_mfa" or eventType eq "policy.evaluate_sign_on") and (outcome.result eq "FAILURE" or outcome.result eq "DENY")',
  notMe: 'eventType eq "user.account.report_suspicious_activity_by_enduser"',
  asServiceAccount: AS_SERVICE_ACCOUNT,
} as const;

const ofLastDay = (s: Services, filter: string) => {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(`${filter}: ${parsed.message}`);
  return s.store.read
    .selectFrom('events')
    .where('publishedAt', '>=', s.clock.now() - DAY_HOURS * HOUR)
    .where(filterToSql(parsed.filter, s.store.engine));
};
const countOfLastDay = async (s: Services, filter: string): Promise<number> =>
  Number(
    (
      await ofLastDay(s, filter)
        .select((e) => e.fn.countAll<number | string>().as('count'))
        .executeTakeFirst()
    )?.count ?? 0,
  );

export const gatherPeople = async (s: Services): Promise<PeopleFacts> => {
  const before = unusedBefore(s.clock.now());
  const [all, superAdmins] = await Promise.all([
    adminRows(s.store.read, { unusedBefore: before }),
    adminRows(s.store.read, { role: 'SUPER_ADMIN', unusedBefore: before }),
  ]);
  const able = await superAdminsAbleToSignIn(s, s.store.read, 'now');
  const askers = await askersAbleToSignIn(s, s.store.read, 'now');
  const isPerson = ({ serviceAccountAt }: AdminRow): boolean => serviceAccountAt === null;
  const isAble = (row: AdminRow): boolean => isPerson(row) && row.status === 'ACTIVE' && row.deviceKeys > 0;
  return {
    admins: all.length,
    superAdmins: superAdmins.length,
    ableToSignIn: all.filter(isAble).length,
    superAdminsAble: able.length,
    askersAble: askers.filter((id) => !able.includes(id)).length,
    // Nobody waits for the yes of others while somebody stands with it.
    isSuperAdminInReach: able.length > 0 || askers.length === 0 || (await isSuperAdminInReach(s, askers)),
    withOneKey: all.filter((row) => isAble(row) && row.deviceKeys === 1).length,
    superAdminsWithOneKey: superAdmins.filter((row) => isAble(row) && row.deviceKeys === 1).map(({ login }) => login),
    withoutKey: all.filter((row) => isPerson(row) && row.deviceKeys === 0).length,
    neverSignedIn: all.filter((row) => isPerson(row) && row.lastLoginAt === null).length,
    serviceAccounts: all.filter((row) => !isPerson(row)).length,
    superServiceAccounts: superAdmins.filter((row) => !isPerson(row)).map(({ login }) => login),
    breakGlass: await breakGlassFacts(s),
  };
};

export const gatherSessions = async (s: Services): Promise<SessionFacts> => {
  const row = await s.store.read
    .selectFrom('sessions')
    .select((e) => [
      e.fn.countAll<number | string>().as('active'),
      e.fn.count<number | string>('userId').distinct().as('people'),
    ])
    .where(liveAt(s.clock.now()))
    .executeTakeFirst();
  return { active: Number(row?.active ?? 0), people: Number(row?.people ?? 0) };
};

export const gatherActivity = async (s: Services): Promise<ActivityFacts> => {
  const now = s.clock.now();
  const ended = await ofLastDay(s, OVERVIEW_FILTERS.endedByBinding)
    .select('publishedAt')
    .orderBy('publishedAt', 'desc')
    .limit(EVENTS_MAX)
    .execute();
  const hours = Array.from({ length: DAY_HOURS }, () => 0);
  for (const { publishedAt } of ended) {
    const hour = DAY_HOURS - 1 - Math.min(DAY_HOURS - 1, Math.max(0, Math.floor((now - publishedAt) / HOUR)));
    hours[hour] = (hours[hour] ?? 0) + 1;
  }
  return {
    endedByBinding: hours,
    deniedSignIns: await countOfLastDay(s, OVERVIEW_FILTERS.deniedSignIns),
    asServiceAccount: await countOfLastDay(s, OVERVIEW_FILTERS.asServiceAccount),
    notMe: await countOfLastDay(s, OVERVIEW_FILTERS.notMe),
  };
};

export const gatherTokens = async (s: Services): Promise<TokenFacts> => {
  const [active, anywhere, unused, expiring, old] = await Promise.all([
    countTokens(s),
    countTokens(s, 'anywhere'),
    countTokens(s, 'unused'),
    countTokens(s, 'expiring'),
    countTokens(s, 'old'),
  ]);
  return { active, anywhere, unused, expiring, old };
};

export const gatherBinding = async (s: Services): Promise<BindingFacts> => {
  const report = await s.store.read
    .selectFrom('observations')
    .select((e) => [
      e.fn.count<number | string>('userId').distinct().as('people'),
      e.fn.count<number | string>('sessionId').distinct().as('sessions'),
    ])
    .where('observedAt', '>=', s.clock.now() - REPORT_DAYS * DAY_HOURS * HOUR)
    .executeTakeFirst();
  const exempt = await s.store.read.selectFrom('zones').select('gateways').where('isExempt', '=', 1).execute();
  return {
    modes: s.settings.modesFor('saasure'),
    report: { days: REPORT_DAYS, people: Number(report?.people ?? 0), sessions: Number(report?.sessions ?? 0) },
    exemptEntries: exempt.reduce((sum, { gateways }) => sum + (JSON.parse(gateways) as unknown[]).length, 0),
  };
};

export const gatherLog = async (s: Services): Promise<LogFacts> => {
  const head = await chainHead(s.store.read, s.node);
  const last = await s.store.read
    .selectFrom('checkpoints')
    .select('createdAt')
    .where('node', '=', s.node)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const outside = await s.store.read
    .selectFrom('outbox')
    .select(['payload', 'createdAt', 'deliveredAt'])
    .where('sink', '=', CHECKPOINT_FILE_SINK)
    .where('deliveredAt', 'is not', null)
    .orderBy('deliveredAt', 'desc')
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  const coveredTo = outside === undefined ? 0 : (JSON.parse(outside.payload) as { seq: number }).seq;
  return {
    isCheckpointFileConfigured: s.config.checkpointFile !== null,
    lastCheckpointAt: last?.createdAt ?? null,
    lastOutsideAt: outside?.deliveredAt ?? null,
    uncoveredEvents: Math.max(0, head.seq - coveredTo),
    queues: await gatherQueues(s, outside?.createdAt ?? 0),
  };
};

/** Of zones without data, those that decide anything: they block, or active rules name them. */
const zonesThatLackData = async (s: Services): Promise<NetworkFacts['zonesWithoutData']> => {
  const lacking = await zonesWithoutData(s, s.store.read);
  if (lacking.length === 0) return [];
  const rules = await s.store.read
    .selectFrom('policyRules')
    .innerJoin('policies', 'policies.id', 'policyRules.policyId')
    .select(['policyRules.name', 'policyRules.conditions'])
    .where('policyRules.status', '=', 'ACTIVE')
    .where('policies.status', '=', 'ACTIVE')
    .orderBy('policyRules.id')
    .execute();
  const named = rules.map(({ name, conditions }) => {
    const { include = [], exclude = [] } = conditionsOf(JSON.parse(conditions) as StoredConditions).zones ?? {};
    return { name, zones: [...include, ...exclude] };
  });
  return lacking
    .map((zone) => ({ ...zone, rules: named.filter(({ zones }) => zones.includes(zone.id)).map(({ name }) => name) }))
    .filter(({ isBlocklist, rules: of }) => isBlocklist || of.length > 0);
};

export const gatherNetwork = async (s: Services): Promise<NetworkFacts> => {
  const { untrusted, ignored } = s.headers.counts();
  return {
    sources: s.intel.describe().map(({ source, dataAt }) => ({ source, dataAt })),
    trustedProxies: s.config.trustedProxyTexts.length,
    isEverybodyTrusted: s.config.trustedProxyTexts.some((text) => /^(0\.0\.0\.0|::)\/0$/.test(text)),
    untrustedHeaders: untrusted,
    ignoredHeaders: ignored,
    zonesWithoutData: await zonesThatLackData(s),
    clientHeader: s.config.clientHeader === 'x-forwarded-for' ? 'X-Forwarded-For' : 'Forwarded',
  };
};
