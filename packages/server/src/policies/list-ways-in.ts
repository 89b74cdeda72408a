import { whyKeyIsRefused } from '@sallyport/decide/authenticators/why-key-is-refused';
import { type ConsolePolicies, findWaysIn, type TriedSignIn, type WayIn } from '@sallyport/decide/policies/find-way-in';
import { weakestAuthenticators } from '@sallyport/decide/policies/prove-policy';
import { authorize } from '@sallyport/decide/roles/authorize';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import { NETWORK_RANKS } from '@sallyport/model/break-glass';
import { toIso } from '@sallyport/model/instant';
import { ALL_ZONES, type Policy, type PolicyRule } from '@sallyport/model/policy';
import { AUTHENTICATORS } from '@sallyport/model/policy-proof';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { keyFactsOf } from '../authenticators/factor-rows.ts';
import { ableBreakGlassIds, findAccount, networksOf } from '../break-glass/store.ts';
import { locksOn } from '../locks/store.ts';
import type { Transaction } from '../ports/store.ts';
import { superAdminAskers } from '../requests/super-admin-askers.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { sentenceOfSkipped } from '../what-if/explain-judgement.ts';
import { openSearch, type PasswordFault, type StateToEnter, superAdminHolders, type Who } from './ways-in.ts';

const PASSWORD_FAULTS: Readonly<Record<PasswordFault, string>> = {
  none: 'They have no password.',
  reset: 'Their password was reset, and they have not chosen another one.',
  expired: 'Their password is too old.',
  locked: 'Their password is locked after too many failures.',
};

/** A rule with the policy that it is of. */
interface NamedRule {
  readonly policy: Policy;
  readonly rule: PolicyRule;
}
const rulesOf = ({ console, global }: ConsolePolicies): ReadonlyMap<string, NamedRule> =>
  new Map([console, ...global].flatMap((policy) => policy.rules.map((rule) => [rule.id, { policy, rule }] as const)));

const told = (named: NamedRule | undefined) =>
  named && {
    policy: { id: named.policy.id, name: named.policy.name },
    rule: { id: named.rule.id, name: named.rule.name },
  };

/** From where rules let somebody in, in words. */
const networkWords = (rules: readonly (NamedRule | undefined)[], zoneName: (id: string) => string): string => {
  const said = rules.flatMap((named): string[] => {
    const { include = [], exclude = [] } = named?.rule.conditions.zones ?? {};
    const list = (ids: readonly string[]): string => ids.map(zoneName).join(' or ');
    return [
      ...(include.length > 0 ? [`in ${list(include)}`] : []),
      ...(exclude.length > 0 ? [`not in ${list(exclude)}`] : []),
    ];
  });
  return said.length === 0 ? 'anywhere' : [...new Set(said)].join(', ');
};

/** What stopped the sign-in that came furthest. */
const whyStopped = (
  { session, console }: TriedSignIn,
  { policies, passwordFault }: Pick<StateToEnter, 'policies' | 'passwordFault'>,
): readonly string[] => {
  const isAtConsole = session.verdict.kind === 'allow';
  const { verdict, matchedRuleId, skipped } = isAtConsole ? console : session;
  const rules = rulesOf(policies);
  const named = (id: string): string => {
    const found = rules.get(id);
    return found === undefined ? id : `“${found.rule.name}” of “${found.policy.name}”`;
  };
  const asks =
    verdict.kind === 'step_up' ? weakestAuthenticators(verdict.need).map((name) => AUTHENTICATORS[name]) : [];
  const end =
    verdict.kind === 'step_up'
      ? `${named(matchedRuleId ?? '')} asks for more than they can prove: ${asks.join(', or ') || 'what no authenticator gives'}.`
      : matchedRuleId !== null
        ? `${named(matchedRuleId)} denies.`
        : isAtConsole
          ? `No rule of “${policies.console.name}” applies.`
          : 'No policy of sessions lets them in.';
  const password = verdict.kind === 'step_up' && passwordFault !== null ? [PASSWORD_FAULTS[passwordFault]] : [];
  return [...skipped.map((one) => `${named(one.ruleId)}: ${sentenceOfSkipped(one)}`), end, ...password];
};

/** When a state holds that is not that of now. */
const whenOf = ({ isUnconfirmed, isLasting }: StateToEnter): readonly string[] => [
  ...(isUnconfirmed ? ['With the policies as they stand again unless the change that waits is confirmed:'] : []),
  ...(isLasting ? ['Once what they have for a while has ended:'] : []),
];

/** Why somebody does not come into question, whatever policies say: the account, or its keys. */
const whyNoCandidate = async (
  db: Transaction,
  user: Pick<Row<'users'>, 'id' | 'status' | 'serviceAccountAt'>,
  keys: readonly Row<'factors'>[],
  settings: KeySettings,
  now: number,
): Promise<readonly string[]> => {
  if (user.serviceAccountAt !== null) return [sentenceOf('service-account')];
  if (user.status !== 'ACTIVE') return [`The account is ${user.status.toLowerCase().replaceAll('_', ' ')}.`];
  if ((await locksOn(db, 'user', user.id, now)).length > 0) return ['The account is locked.'];
  if (keys.length === 0) return ['No key is registered.'];
  return keys.map(
    (key) => `“${key.name}”: ${whyKeyIsRefused(keyFactsOf(key), settings, true).map(sentenceOf).join(' ')}`,
  );
};

/** People, each with every way in or why there is none, in the order of their logins. */
const tellPeople = async (s: Services, who: Who) => {
  const db = s.store.read;
  const { holders, statesOf, now } = await openSearch(s, db, who, {});
  const settings = s.settings.get('keys');
  const users = await db
    .selectFrom('users')
    .select(['id', 'login', 'profile', 'status', 'serviceAccountAt'])
    .where('id', 'in', who)
    .where('id', 'not in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
    .orderBy('login')
    .execute();
  const keys = await db
    .selectFrom('factors')
    .selectAll()
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .where('userId', 'in', ['', ...users.map(({ id }) => id)])
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  const zones = new Map(
    (await db.selectFrom('zones').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]),
  );
  const zoneName = (id: string): string => (id === ALL_ZONES ? 'any zone' : (zones.get(id) ?? id));

  const tellWay = ({ policies }: StateToEnter, { consoleRuleId, sessionRuleId, factors, facts }: WayIn) => {
    const rules = rulesOf(policies);
    const [atConsole, session] = [rules.get(consoleRuleId), rules.get(sessionRuleId)];
    return {
      console: told(atConsole) ?? null,
      session: told(session) ?? null,
      authenticators: keys.flatMap(({ id, name, isHardwareProtected }) => {
        const how = factors.get(id);
        if (how === undefined) return [];
        return [{ id, name, isHardwareProtected: isHardwareProtected === 1, asksPassword: how === 'with-password' }];
      }),
      networks: networkWords([session, atConsole], zoneName),
      /** An address from which it was found to go. */
      from: facts.address?.value ?? null,
    };
  };

  const tell = async (user: (typeof users)[number]) => {
    const { id, login } = user;
    const person = { id, login, name: displayNameOf(JSON.parse(user.profile) as { displayName?: string }, login) };
    const holder = holders.find((one) => one.user.id === id);
    if (holder === undefined) {
      const own = keys.filter(({ userId }) => userId === id);
      return {
        ...person,
        isAble: false,
        isAbleInTime: false,
        ways: [],
        why: await whyNoCandidate(db, user, own, settings, now),
      };
    }
    const look = async (when: 'now' | 'in-time') =>
      (await statesOf(holder, when)).map((state) => ({
        state,
        found: findWaysIn(state.somebody, state.policies, now),
      }));
    const [states, inTime] = [await look('now'), await look('in-time')];
    const stopped = states.find(({ found }) => found.ways.length === 0);
    const isAbleInTime = inTime.every(({ found }) => found.ways.length > 0);
    const why =
      stopped !== undefined
        ? [
            ...whenOf(stopped.state),
            ...(stopped.found.furthest === null
              ? ['Every address is on a blocklist.']
              : whyStopped(stopped.found.furthest, stopped.state)),
          ]
        : isAbleInTime
          ? []
          : ['Their password grows too old one day, and nothing lets them choose another one.'];
    const [first] = states;
    const isAble = stopped === undefined;
    return {
      ...person,
      isAble,
      isAbleInTime,
      ways: isAble && first !== undefined ? first.found.ways.map((way) => tellWay(first.state, way)) : [],
      why,
    };
  };
  const people: Awaited<ReturnType<typeof tell>>[] = [];
  // One after the other: each is looked at in every place, and other requests get their turn between them.
  for (const user of users) people.push(await tell(user));
  return people;
};

const tellBreakGlass = async (s: Services, principal: Principal) => {
  const db = s.store.read;
  const able = new Set(await ableBreakGlassIds(db, s.clock.now()));
  const isKeeper = authorize(principal, 'okta.roles.manage', { kind: 'all' }).kind === 'allow';
  const accounts = await db
    .selectFrom('breakGlassAccounts')
    .select('userId')
    .orderBy('createdAt')
    .orderBy('userId')
    .execute();
  const list: { id: string; login: string; isAble: boolean; networks: readonly string[] | null }[] = [];
  for (const { userId } of accounts) {
    const { account, user } = await findAccount(db, userId);
    const networks = NETWORK_RANKS.flatMap((rank) => networksOf(account)[rank]);
    list.push({ id: user.id, login: user.login, isAble: able.has(user.id), networks: isKeeper ? networks : null });
  }
  return list;
};

/**
 * `GET /sallyport/v1/ways-in`: for each super admin by which rules, authenticators and networks they come in, or why they do
 * not; apart from them whoever may ask for super admin, and break-glass accounts, which no policy is asked about. The
 * judgement is that which refuses a change (decision 37): whoever is able here is counted there.
 */
export const listWaysIn = async (s: Services, principal: Principal) => {
  const superAdmins = await tellPeople(s, superAdminHolders(s.store.read));
  const standing = new Set(superAdmins.map(({ id }) => id));
  const askers = await tellPeople(s, await superAdminAskers(s.store.read));
  return {
    at: toIso(s.clock.now()),
    superAdmins,
    askers: askers.filter(({ id }) => !standing.has(id)),
    breakGlass: await tellBreakGlass(s, principal),
  };
};
