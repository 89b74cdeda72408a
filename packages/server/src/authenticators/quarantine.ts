import { whyKeyIsRefused } from '@sallyport/decide/authenticators/why-key-is-refused';
import { authorize } from '@sallyport/decide/roles/authorize';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { keyFactsOf } from './factor-rows.ts';

/** People who are told by name; the counts are of all. */
const LISTED_MAX = 500;

/** Whoever holds an admin role, directly or through a group, with the strongest of what counts here. */
const roleHolders = async (db: Transaction): Promise<ReadonlyMap<string, { readonly isSuperAdmin: boolean }>> => {
  const rows = await db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', (join) =>
      join
        .onRef('groupMembers.groupId', '=', 'roleAssignments.principalId')
        .on('roleAssignments.principalKind', '=', 'group'),
    )
    .select((e) => [
      e.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'),
      'roleAssignments.type',
    ])
    .where('roleAssignments.principalKind', '!=', 'client')
    .execute();
  const holders = new Map<string, { isSuperAdmin: boolean }>();
  for (const { userId, type } of rows) {
    const isSuperAdmin = type === 'SUPER_ADMIN' || holders.get(userId)?.isSuperAdmin === true;
    holders.set(userId, { isSuperAdmin });
  }
  return holders;
};

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

const summaryOf = (keys: number, people: number, lone: number, superAdmins: number): string => {
  if (keys === 0) return 'Every registered key qualifies.';
  const does = keys === 1 ? 'does not qualify' : 'do not qualify';
  const all = `${count(keys, 'key', 'keys')} of ${count(people, 'person', 'people')} ${does}`;
  if (lone === 0) return `${all}. Everybody among them has another key that does.`;
  const supers = superAdmins === 0 ? '' : `, ${count(superAdmins, 'super admin', 'super admins')} among them`;
  return `${all}. ${count(lone, 'person has', 'people have')} no other key${supers}.`;
};

/**
 * Keys that given settings do not take, by person: with today's the quarantine, with others what saving them would do.
 * `isNew`: today's settings take it. Who they are is told to whoever may read all accounts: a list of the weakest super
 * admins is no part of the settings of authenticators. Everybody else reads how many there are.
 */
export const quarantine = async (s: Services, principal: Principal, settings: KeySettings) => {
  const db = s.store.read;
  const current = s.settings.get('keys');
  const holders = await roleHolders(db);
  const rows = await db
    .selectFrom('factors')
    .innerJoin('users', 'users.id', 'factors.userId')
    .selectAll('factors')
    .select(['users.login', 'users.profile'])
    .where('factors.kind', '=', 'webauthn')
    .where('factors.status', '=', 'ACTIVE')
    .where('users.status', '!=', 'DEPROVISIONED')
    .where('users.serviceAccountAt', 'is', null)
    .orderBy('users.loginFolded')
    .orderBy('factors.createdAt')
    .orderBy('factors.id')
    .execute();
  const byUser = Map.groupBy(rows, ({ userId }) => userId);
  const people = [...byUser].flatMap(([userId, keys]) => {
    const isAdmin = holders.has(userId);
    const refused = keys.flatMap((row) => {
      const facts = keyFactsOf(row);
      const reasons = whyKeyIsRefused(facts, settings, isAdmin);
      if (reasons.length === 0) return [];
      return [
        {
          id: row.id,
          name: row.name,
          aaguid: row.aaguid,
          isAttested: row.isAttested === 1,
          lastUsedAt: row.lastUsedAt === null ? null : toIso(row.lastUsedAt),
          isNew: whyKeyIsRefused(facts, current, isAdmin).length === 0,
          reasons,
          why: reasons.map(sentenceOf),
        },
      ];
    });
    const [first] = keys;
    if (refused.length === 0 || first === undefined) return [];
    return [
      {
        user: { id: userId, login: first.login, name: displayNameOf(JSON.parse(first.profile), first.login) },
        isAdmin,
        isSuperAdmin: holders.get(userId)?.isSuperAdmin === true,
        otherKeys: keys.length - refused.length,
        keys: refused,
      },
    ];
  });
  const keys = people.reduce((sum, person) => sum + person.keys.length, 0);
  const lone = people.filter(({ otherKeys }) => otherKeys === 0);
  const mayName = authorize(principal, 'okta.users.read', { kind: 'all' }).kind === 'allow';
  const superAdmins = lone.filter(({ isSuperAdmin }) => isSuperAdmin).length;
  return {
    summary: summaryOf(keys, people.length, lone.length, superAdmins),
    keys,
    people: people.length,
    peopleWithoutKey: lone.length,
    superAdminsWithoutKey: superAdmins,
    holders: mayName ? people.slice(0, LISTED_MAX) : [],
  };
};

/** `GET /sallyport/v1/authenticators/quarantine`. */
export const getQuarantine = (s: Services, principal: Principal) => quarantine(s, principal, s.settings.get('keys'));
