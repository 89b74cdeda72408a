import type { AssumedFacts } from '@sallyport/api/what-if';
import { parseAddress } from '@sallyport/decide/address/parse-address';
import { askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import { proofsOf } from '@sallyport/decide/policies/prove-policy';
import { hasHiddenAttributes } from '@sallyport/decide/roles/authorize';
import { invalid, notFound } from '@sallyport/model/errors';
import type { Fact, Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import type { Policy } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { breakGlassOf, networksOf } from '../break-glass/store.ts';
import { assertMay, userFacts } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { directoryFacts, serviceAccountFacts } from '../sessions/directory-facts.ts';
import { knownClient } from '../zones/zone-subject.ts';
import { hideGroups } from './hide-groups.ts';

const NO_ZONES = { in: [], unknown: [] } as const;

const userOf = async (s: Services, principal: Principal, named: string) => {
  const user = await s.store.read
    .selectFrom('users')
    .selectAll()
    .where((e) => e.or([e('id', '=', named), e('loginFolded', '=', named.toLowerCase())]))
    .executeTakeFirst();
  if (user === undefined) throw notFound(named, 'User');
  assertMay(principal, 'okta.users.read', await userFacts(s.store.read, user.id), named);
  return user;
};

/**
 * The facts of a case that somebody imagines: what is given counts, what follows from it is looked up as it is for a real
 * sign-in (groups of a person, zones of an address), the rest is taken from `base`, and what is nowhere stays unknown.
 * Of a profile no more is looked up than the expressions of these policies name, and of groups no more is told than the principal may
 * see. E0000007 for a person whom the principal may not read.
 */
export const assumeFacts = async (
  s: Services,
  principal: Principal,
  given: AssumedFacts,
  base: Facts,
  policies: readonly Policy[],
  now: Instant,
): Promise<Facts> => {
  const fact = <T>(value: T, source: string): Fact<T> => ({ value, source, observedAt: now, expiresAt: null });
  const assume = <K extends keyof Facts>(slot: K, value: unknown): Partial<Facts> =>
    value === undefined ? {} : { [slot]: fact(value, 'assumed') };
  const user = given.user === undefined ? null : await userOf(s, principal, given.user);
  const directory = user === null ? null : await userFacts(s.store.read, user.id);
  const seal = user === null ? undefined : await breakGlassOf(s.store.read, user.id);
  // What a role hides stays unknown: a condition would tell it, one guess after the other.
  const expressions = policies.flatMap(({ rules }) => rules.flatMap(({ conditions }) => conditions.expression ?? []));
  const asked = askedOfPeople(hasHiddenAttributes(principal) ? [] : expressions);
  const address = given.ip === undefined ? null : parseAddress(given.ip);
  if (given.ip !== undefined && address === null) throw invalid('ip', 'must be an IPv4 or IPv6 address');
  const zones = address === null ? NO_ZONES : s.zones.idsOf(knownClient(address));
  // Nothing of one person is taken for another's.
  const { profile: _, profileAttributes: __, groupNames: ___, maintenance: ____, ...ofNobody } = base;
  const known: Facts = {
    ...(user === null ? base : ofNobody),
    ...(user === null || directory === null
      ? {}
      : {
          userId: fact(user.id, 'assumed'),
          ...(await directoryFacts(s.store.read, user, asked, now)),
          holdsAdminRole: fact(directory.holdsAdminRole, 'directory'),
          ...(await serviceAccountFacts(s.store.read, user, now)),
          ...(seal === undefined ? {} : { breakGlass: fact({ networks: networksOf(seal) }, 'directory') }),
        }),
  };
  return {
    ...(await hideGroups(s, principal, known, policies)),
    ...(address === null
      ? {}
      : {
          address: fact(address.text, 'assumed'),
          network: fact(s.intel.resolve(address), 'network data'),
          zoneIds: fact(zones.in, 'zones'),
          unknownZoneIds: fact(zones.unknown, 'zones'),
        }),
    ...assume('groupIds', given.groups),
    // Who says which zones it is in leaves nothing of them open.
    ...(given.zones === undefined ? {} : { ...assume('zoneIds', given.zones), ...assume('unknownZoneIds', []) }),
    ...assume('holdsAdminRole', given.holdsAdminRole),
    ...assume('deviceIsRegistered', given.deviceIsRegistered),
    ...assume('deviceIsManaged', given.deviceIsManaged),
    ...assume('deviceAssuranceIds', given.deviceAssurances),
    ...assume('risk', given.risk),
    ...assume('userAgent', given.userAgent),
    ...assume(
      'proofs',
      given.authenticators === undefined
        ? undefined
        : proofsOf(given.authenticators, now - (given.provedSecondsAgo ?? 0) * 1000),
    ),
  };
};
