import { authorize } from '@sallyport/decide/roles/authorize';
import { formatResourceName, parseResourceName } from '@sallyport/decide/roles/resource-name';
import { invalid, notFound } from '@sallyport/model/errors';
import type { Instant } from '@sallyport/model/instant';
import { factOf, isPermission, type Permission } from '@sallyport/model/permissions';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import type { GrantSource, Resource, Rights, Selector } from '@sallyport/model/rights';
import { isActiveAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import { groupFacts, userFacts } from '../roles/guard-user.ts';
import { nameSelectors, namesOf } from '../roles/name-selectors.ts';
import { rightsAt, standingRightsOfApp } from '../roles/standing-rights.ts';
import { orgIdOf } from '../roles/store.ts';
import type { Services } from '../services.ts';
import { nameSources, type SourceLine } from './name-sources.ts';

/**
 * A person as `authorize` would see them with a session of the console. It judges nothing of the request, so there is
 * none here.
 */
export const asPrincipal = (userId: string, rights: Rights): Principal => ({
  kind: 'session',
  userId,
  sessionId: '',
  hasConsole: true,
  ...rights,
  request: {} as RequestContext,
});

const ROWS = { app: 'apps', policy: 'policies', zone: 'zones' } as const;

/** The facts of one thing; E0000007 for one that does not exist. */
const factsOf = async (db: Transaction, selector: Extract<Selector, { by: 'id' }>): Promise<Resource> => {
  const { kind, id } = selector;
  if (kind === 'user' || kind === 'group') {
    if ((await namesOf(db, kind, [id])).size === 0) throw notFound(id, kind === 'user' ? 'User' : 'UserGroup');
    return kind === 'user' ? userFacts(db, id) : groupFacts(db, id);
  }
  if (kind === 'zone') {
    const row = await db.selectFrom(ROWS[kind]).select('id').where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound(id, 'NetworkZone');
    return { kind, id };
  }
  if (kind === 'app') {
    const row = await db.selectFrom(ROWS[kind]).select('name').where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound(id, 'AppInstance');
    return { kind, id, name: row.name };
  }
  const row = await db.selectFrom(ROWS[kind]).select('type').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Policy');
  return { kind, id, type: row.type };
};

/** What is asked about: one thing, all of a kind, or, for null, anything at all. */
const readResource = async (s: Services, permission: Permission, text: string | undefined) => {
  if (text === undefined) return { resource: undefined, shown: null };
  const db = s.store.read;
  const orgId = await orgIdOf(db);
  const selector = parseResourceName(text, orgId, s.config.publicUrl.origin);
  const { on } = factOf(permission);
  if (selector === null || (selector.by !== 'id' && selector.by !== 'all'))
    throw invalid('resource', 'must be the address or the resource name of one thing, or of all of a kind');
  if (selector.kind !== on) throw invalid('resource', `${permission} is used on a ${on}, not on a ${selector.kind}`);
  const nameOf = await nameSelectors(db, [selector]);
  return {
    resource: selector.by === 'all' ? ({ kind: 'all' } as const) : await factsOf(db, selector),
    shown: { orn: formatResourceName(selector, orgId, s.config.ornPartition), name: nameOf(selector) },
  };
};

/**
 * Everybody with a role and, of each, the ids of their assignments and of what they have for a while: who has the same
 * ones has the same rights.
 */
const holders = async (db: Transaction, now: Instant): Promise<ReadonlyMap<string, string>> => {
  const rows = await db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', (join) =>
      join
        .onRef('groupMembers.groupId', '=', 'roleAssignments.principalId')
        .on('roleAssignments.principalKind', '=', 'group'),
    )
    .innerJoin('users', (join) =>
      join.on((e) =>
        e.or([
          e('users.id', '=', e.ref('groupMembers.userId')),
          e.and([
            e('roleAssignments.principalKind', '=', 'user'),
            e('users.id', '=', e.ref('roleAssignments.principalId')),
          ]),
        ]),
      ),
    )
    .select(['users.id as userId', 'roleAssignments.id'])
    .orderBy('users.id')
    .orderBy('roleAssignments.id')
    .execute();
  const keys = new Map<string, string>();
  for (const { userId, id } of rows) keys.set(userId, `${keys.get(userId) ?? ''} ${id}`);
  const granted = await db
    .selectFrom('grants')
    .select(['id', 'userId'])
    .where('kind', 'in', ['bundle', 'group'])
    .where(isActiveAt(now))
    .orderBy('id')
    .execute();
  for (const { userId, id } of granted) keys.set(userId, `${keys.get(userId) ?? ''} ${id}`);
  return keys;
};

/** Service apps whose roles would let them; they are in no group. */
const appsThatCan = async (db: Transaction, permission: Permission, resource: Resource | undefined) => {
  const rows = await db
    .selectFrom('apps')
    .select(['id', 'label'])
    .where('id', 'in', (e) =>
      e.selectFrom('roleAssignments').select('principalId').where('principalKind', '=', 'client'),
    )
    .orderBy('label')
    .execute();
  const found: { readonly id: string; readonly label: string; readonly by: readonly GrantSource[] }[] = [];
  for (const app of rows) {
    const rights = await standingRightsOfApp(db, app.id);
    const principal: Principal = {
      kind: 'service-app',
      appId: app.id,
      tokenId: '',
      allowedActions: [],
      ...rights,
      request: {} as RequestContext,
    };
    const verdict = authorize(principal, permission, resource);
    if (verdict.kind === 'allow') found.push({ ...app, by: verdict.by });
  }
  return found;
};

/**
 * `GET /sallyport/v1/access/who`: everybody whom `authorize` would let, with the roles and groups that let them. People
 * who cannot sign in now are named with their status: they hold the power all the same.
 */
export const whoCan = async (s: Services, input: { readonly permission: string; readonly resource?: string }) => {
  const { permission } = input;
  if (!isPermission(permission)) throw invalid('permission', `${permission.slice(0, 80)} is not a permission`);
  const db = s.store.read;
  const now = s.clock.now();
  const { resource, shown } = await readResource(s, permission, input.resource);
  const known = new Map<string, Rights>();
  const allowed: { readonly userId: string; readonly by: readonly GrantSource[] }[] = [];
  for (const [userId, key] of await holders(db, now)) {
    const rights = known.get(key) ?? (await rightsAt(db, userId, now));
    known.set(key, rights);
    const verdict = authorize(asPrincipal(userId, rights), permission, resource);
    if (verdict.kind === 'allow') allowed.push({ userId, by: verdict.by });
  }
  const sourceOf = await nameSources(
    db,
    allowed.flatMap(({ by }) => by),
  );
  const apps = await appsThatCan(db, permission, resource);
  const people = await db
    .selectFrom('users')
    .select(['id', 'login', 'status'])
    .where('id', 'in', [...allowed.map(({ userId }) => userId), ''])
    .orderBy('loginFolded')
    .execute();
  const lines = (by: readonly GrantSource[]): readonly SourceLine[] => by.map(sourceOf);
  return {
    permission,
    words: factOf(permission).words,
    resource: shown,
    people: people.map((person) => ({
      ...person,
      by: lines(allowed.find(({ userId }) => userId === person.id)?.by ?? []),
    })),
    /** As far as their granted scopes go. */
    apps: apps.map(({ id, label, by }) => ({ id, label, by: lines(by) })),
  };
};
