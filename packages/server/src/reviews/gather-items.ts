import { compileExpression } from '@sallyport/decide/policies/judge-expression';
import { parseCondition } from '@sallyport/decide/policies/parse-condition';
import { toIso } from '@sallyport/model/instant';
import type { LogFinding, RequestsEvidence, ReviewEvidence, ReviewedKind } from '@sallyport/model/review';
import { isRoleType, isStandardRole, labelOf, ROLES } from '@sallyport/model/roles';
import { sealEvidence } from '../break-glass/seal-evidence.ts';
import { breakGlassIds } from '../break-glass/store.ts';
import { isActiveAt } from '../grants/active-grants.ts';
import { SERVICE_APP_NAME } from '../machines/service-app.ts';
import type { Transaction } from '../ports/store.ts';
import { dayOf, recordedSince, USE_DAYS } from '../roles/permission-use.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { findInLog, findRequests } from './found-in-log.ts';
import type { CampaignSettings, ItemRef } from './store.ts';

const DAY = 86_400_000;

/** Something that somebody has and a campaign asks about, as it is at the launch. */
export interface Candidate {
  readonly kind: ReviewedKind;
  readonly ref: ItemRef;
  readonly subjectKind: 'user' | 'client';
  readonly subjectId: string;
  readonly subjectLabel: string;
  readonly resourceId: string;
  readonly resourceLabel: string;
  readonly evidence: ReviewEvidence;
  /** It gives power over others: nobody keeps that for themselves. */
  readonly isOfPower: boolean;
  /** The group whose owners are asked, where owners are. */
  readonly groupId: string | null;
  /** Of the subject; what names a manager is read from it. */
  readonly profile: Readonly<Record<string, unknown>>;
}

type Person = Row<'users'>;
interface Use {
  readonly lastUsedAt: number;
  readonly days: number;
}

/** Everything that is asked of the store once, for all items. */
interface Ground {
  readonly people: ReadonlyMap<string, Person>;
  /** Break-glass accounts: their own routes alone change them, and they are asked about as what they are. */
  readonly sealed: ReadonlySet<string>;
  readonly names: (id: string) => string | null;
  readonly groups: ReadonlyMap<string, Row<'groups'>>;
  readonly memberships: readonly Row<'groupMembers'>[];
  readonly assignments: readonly Row<'roleAssignments'>[];
  readonly roleLabel: (row: Row<'roleAssignments'>) => string;
  readonly permissionsOf: (row: Row<'roleAssignments'>) => readonly string[];
  readonly useOf: (userId: string, permissions: readonly string[]) => Use | null;
  readonly recordedSinceAt: number | null;
  readonly findingsOf: (id: string) => readonly LogFinding[];
  readonly requestsOf: (userId: string, resourceId: string) => RequestsEvidence;
}

const ground = async ({ store }: Services, now: number): Promise<Ground> => {
  const db = store.read;
  const people = new Map((await db.selectFrom('users').selectAll().execute()).map((row) => [row.id, row]));
  const groups = new Map((await db.selectFrom('groups').selectAll().execute()).map((row) => [row.id, row]));
  const memberships = await db.selectFrom('groupMembers').selectAll().execute();
  const assignments = await db.selectFrom('roleAssignments').selectAll().orderBy('createdAt').orderBy('id').execute();
  const roles = new Map((await db.selectFrom('customRoles').selectAll().execute()).map((row) => [row.id, row.label]));
  const sets = new Map((await db.selectFrom('resourceSets').selectAll().execute()).map((row) => [row.id, row.label]));
  const rules = new Map(
    (await db.selectFrom('groupRules').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]),
  );
  const custom = Map.groupBy(await db.selectFrom('rolePermissions').selectAll().execute(), ({ roleId }) => roleId);
  const used = new Map<string, Map<string, Use>>();
  const uses = await db
    .selectFrom('permissionUses')
    .select((e) => [
      'userId',
      'permission',
      e.fn.max('lastUsedAt').as('lastUsedAt'),
      e.fn.countAll<number | string>().as('days'),
    ])
    .where('day', '>=', dayOf(now) - USE_DAYS)
    .groupBy(['userId', 'permission'])
    .execute();
  for (const { userId, permission, lastUsedAt, days } of uses)
    used.set(
      userId,
      (used.get(userId) ?? new Map()).set(permission, { lastUsedAt: Number(lastUsedAt), days: Number(days) }),
    );
  const since = now - USE_DAYS * DAY;
  const findings = await findInLog(store, since);
  const nameOf = (row: Person): string => displayNameOf(JSON.parse(row.profile) as object, row.login);
  return {
    ...{ people, groups, memberships, assignments },
    sealed: await breakGlassIds(db),
    names: (id) => {
      const person = people.get(id);
      const rule = rules.get(id);
      if (person !== undefined) return nameOf(person);
      return rule === undefined ? null : `the rule ${rule}`;
    },
    roleLabel: ({ type, roleId, resourceSetId }) =>
      type === 'CUSTOM'
        ? `${roles.get(roleId) ?? 'a custom role'} over ${sets.get(resourceSetId) ?? 'a resource set'}`
        : isRoleType(type)
          ? labelOf(type)
          : type,
    permissionsOf: ({ type, roleId }) =>
      isStandardRole(type) ? ROLES[type].permissions : (custom.get(roleId) ?? []).map(({ permission }) => permission),
    useOf: (userId, permissions) => {
      const own = used.get(userId);
      const found = permissions.flatMap((permission) => own?.get(permission) ?? []);
      if (found.length === 0) return null;
      return {
        lastUsedAt: Math.max(...found.map(({ lastUsedAt }) => lastUsedAt)),
        days: Math.max(...found.map(({ days }) => days)),
      };
    },
    recordedSinceAt: await recordedSince(db),
    findingsOf: (id) => findings.get(id) ?? [],
    requestsOf: await findRequests(store, since),
  };
};

type Is = (person: Person) => boolean;
/** Is a person in the scope that the campaign names? A condition that cannot be judged leaves nobody out unseen: they are asked about. */
const inScope = ({ principalScopeSettings: scope }: CampaignSettings, g: Ground, now: number): Is => {
  const groupsOf = Map.groupBy(g.memberships, ({ userId }) => userId);
  const parsed = scope.userScopeExpression === undefined ? null : parseCondition(scope.userScopeExpression);
  const test = parsed?.ok === true ? compileExpression(parsed.test) : null;
  const inactive = scope.predefinedInactiveUsersScope?.inactiveDays;
  return (person) => {
    const groupIds = (groupsOf.get(person.id) ?? []).map(({ groupId }) => groupId);
    if (scope.excludedUserIds.includes(person.id)) return false;
    if (scope.userIds.length + scope.groupIds.length > 0) {
      const isNamed = scope.userIds.includes(person.id) || groupIds.some((id) => scope.groupIds.includes(id));
      if (!isNamed) return false;
    }
    if (scope.includeOnlyActiveUsers && person.status !== 'ACTIVE') return false;
    if (inactive !== undefined && now - (person.lastLoginAt ?? person.createdAt) < inactive * DAY) return false;
    if (test === null) return true;
    const facts = {
      profile: JSON.parse(person.profile) as Record<string, unknown>,
      profileAttributes: undefined,
      groups: new Set(groupIds),
      groupNames: new Set(groupIds.flatMap((id) => g.groups.get(id)?.name ?? [])),
      ...{ proofs: undefined, riskLevel: undefined, behaviorNames: undefined },
      ...{ deviceIsManaged: undefined, deviceIsRegistered: undefined },
    };
    return test(facts) !== 'no';
  };
};

const ofPerson = (g: Ground, person: Person) => ({
  subjectKind: 'user' as const,
  subjectId: person.id,
  subjectLabel: g.names(person.id) ?? person.login,
  profile: JSON.parse(person.profile) as Record<string, unknown>,
});
const known = (g: Ground, person: Person, resourceId: string) => ({
  lastSignInAt: person.lastLoginAt,
  subjectIsActive: person.status === 'ACTIVE',
  recordedSinceAt: g.recordedSinceAt,
  findings: g.findingsOf(person.id),
  requests: g.requestsOf(person.id, resourceId),
});

/** Roles that people hold by themselves. Those of a group are taken by taking the membership. */
const roleItems = (g: Ground, isIn: Is): Candidate[] =>
  g.assignments.flatMap((row): Candidate[] => {
    const person = row.principalKind === 'user' ? g.people.get(row.principalId) : undefined;
    if (person === undefined || !isIn(person)) return [];
    const use = g.useOf(person.id, g.permissionsOf(row));
    return [
      {
        kind: 'ROLE',
        ref: { assignmentId: row.id },
        ...ofPerson(g, person),
        resourceId: row.type === 'CUSTOM' ? row.roleId : row.type,
        resourceLabel: g.roleLabel(row),
        evidence: {
          grantedAt: row.createdAt,
          grantedBy: g.names(row.createdBy),
          how: 'Assigned to the person',
          lastUsedAt: use?.lastUsedAt ?? null,
          usedDays: use?.days ?? 0,
          ...known(g, person, row.type === 'CUSTOM' ? row.roleId : row.type),
          gives: [g.roleLabel(row)],
        },
        isOfPower: true,
        groupId: null,
      },
    ];
  });

/** Memberships: of the groups named, of all, or (null) of those that give an admin role. */
const membershipItems = (g: Ground, isIn: Is, isWanted: (groupId: string) => boolean): Candidate[] => {
  const byGroup = Map.groupBy(
    g.assignments.filter(({ principalKind }) => principalKind === 'group'),
    ({ principalId }) => principalId,
  );
  return g.memberships
    .toSorted((a, b) => (a.groupId + a.userId < b.groupId + b.userId ? -1 : 1))
    .flatMap((row): Candidate[] => {
      const [person, group] = [g.people.get(row.userId), g.groups.get(row.groupId)];
      if (person === undefined || group === undefined || group.type === 'BUILT_IN') return [];
      if (!isWanted(row.groupId) || !isIn(person)) return [];
      const held = byGroup.get(row.groupId) ?? [];
      const use = g.useOf(person.id, held.flatMap(g.permissionsOf));
      return [
        {
          kind: 'GROUP_MEMBERSHIP',
          ref: { groupId: row.groupId, userId: row.userId },
          ...ofPerson(g, person),
          resourceId: group.id,
          resourceLabel: group.name,
          evidence: {
            grantedAt: row.addedAt,
            grantedBy: g.names(row.addedBy),
            how: held.length === 0 ? 'Member of the group' : 'By membership of the group',
            lastUsedAt: held.length === 0 ? person.lastLoginAt : (use?.lastUsedAt ?? null),
            usedDays: held.length === 0 ? null : (use?.days ?? 0),
            ...known(g, person, group.id),
            gives: held.map(g.roleLabel),
          },
          isOfPower: held.length > 0,
          groupId: group.id,
        },
      ];
    });
};

/** What people have for a while and still have now. */
const grantItems = async (db: Transaction, g: Ground, isIn: Is, now: number): Promise<Candidate[]> => {
  const grants = await db.selectFrom('grants').selectAll().where(isActiveAt(now)).orderBy('id').execute();
  return grants.flatMap((row): Candidate[] => {
    const person = g.people.get(row.userId);
    if (person === undefined || !isIn(person)) return [];
    const held = g.assignments.filter(({ principalId }) => principalId === row.entitlementId);
    const use = g.useOf(person.id, held.flatMap(g.permissionsOf));
    return [
      {
        kind: 'GRANT',
        ref: { grantId: row.id },
        ...ofPerson(g, person),
        resourceId: row.entitlementId,
        resourceLabel: row.entitlementName,
        evidence: {
          grantedAt: row.createdAt,
          grantedBy: g.names(row.createdBy),
          how: `Until ${toIso(row.expiresAt).slice(0, 10)}${row.sourceKind === 'request' ? ', by a request' : ''}: ${row.reason}`,
          lastUsedAt: use?.lastUsedAt ?? null,
          usedDays: held.length === 0 ? null : (use?.days ?? 0),
          ...known(g, person, row.entitlementId),
          gives: held.map(g.roleLabel),
        },
        isOfPower: true,
        groupId: row.kind === 'group' ? row.entitlementId : null,
      },
    ];
  });
};

const tokenItems = async (db: Transaction, g: Ground, isIn: Is, now: number): Promise<Candidate[]> => {
  const tokens = await db
    .selectFrom('apiTokens')
    .selectAll()
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .orderBy('id')
    .execute();
  const uses = Map.groupBy(
    await db.selectFrom('tokenUses').selectAll().where('kind', '=', 'permission').orderBy('value').execute(),
    ({ tokenId }) => tokenId,
  );
  return tokens.flatMap((row): Candidate[] => {
    const person = g.people.get(row.userId);
    if (person === undefined || !isIn(person)) return [];
    return [
      {
        kind: 'API_TOKEN',
        ref: { tokenId: row.id },
        ...ofPerson(g, person),
        resourceId: row.id,
        resourceLabel: row.name,
        evidence: {
          grantedAt: row.createdAt,
          grantedBy: g.names(row.userId),
          how: `For: ${row.purpose}`,
          lastUsedAt: row.lastUsedAt,
          usedDays: null,
          ...known(g, person, row.id),
          recordedSinceAt: row.createdAt,
          gives: (uses.get(row.id) ?? []).map(({ value }) => value),
        },
        isOfPower: true,
        groupId: null,
      },
    ];
  });
};

const serviceAppItems = async (db: Transaction, g: Ground): Promise<Candidate[]> => {
  const apps = await db
    .selectFrom('apps')
    .selectAll()
    .where('name', '=', SERVICE_APP_NAME)
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute();
  const scopes = Map.groupBy(
    await db.selectFrom('appGrants').selectAll().orderBy('scopeId').execute(),
    ({ appId }) => appId,
  );
  return apps.map((row): Candidate => {
    const held = g.assignments.filter((one) => one.principalKind === 'client' && one.principalId === row.id);
    const granted = scopes.get(row.id) ?? [];
    const by = held[0]?.createdBy ?? granted[0]?.createdBy;
    return {
      kind: 'SERVICE_APP',
      ref: { appId: row.id },
      subjectKind: 'client',
      subjectId: row.id,
      subjectLabel: row.label,
      resourceId: row.id,
      resourceLabel: row.label,
      evidence: {
        grantedAt: row.createdAt,
        grantedBy: by === undefined ? null : g.names(by),
        how: 'A program with keys of its own',
        lastUsedAt: row.lastUsedAt,
        usedDays: null,
        lastSignInAt: row.lastUsedAt,
        subjectIsActive: true,
        recordedSinceAt: row.createdAt,
        findings: g.findingsOf(row.id),
        gives: [...held.map(g.roleLabel), ...granted.map(({ scopeId }) => scopeId)],
      },
      isOfPower: true,
      groupId: null,
      profile: {},
    };
  });
};

/** Each break-glass account as a whole: its role is nothing without its secret, its keys and its networks. */
const breakGlassItems = async (s: Services, db: Transaction, g: Ground, isIn: Is): Promise<Candidate[]> => {
  const accounts = await db
    .selectFrom('breakGlassAccounts')
    .selectAll()
    .orderBy('createdAt')
    .orderBy('userId')
    .execute();
  const found: Candidate[] = [];
  for (const account of accounts) {
    const person = g.people.get(account.userId);
    if (person === undefined || !isIn(person)) continue;
    const gives = g.assignments.filter(({ principalId }) => principalId === person.id).map(g.roleLabel);
    found.push({
      kind: 'BREAK_GLASS',
      ref: { accountId: person.id },
      ...ofPerson(g, person),
      resourceId: person.id,
      resourceLabel: gives[0] ?? labelOf('SUPER_ADMIN'),
      evidence: {
        grantedAt: account.createdAt,
        grantedBy: g.names(account.createdBy),
        how: 'Sealed: nobody’s in daily life',
        usedDays: null,
        ...known(g, person, person.id),
        recordedSinceAt: account.createdAt,
        gives,
        ...(await sealEvidence(s, db, account, person)),
      },
      isOfPower: true,
      groupId: null,
    });
  }
  return found;
};

/** All that a campaign asks about, in an order that is the same whenever nothing changed. */
export const gatherItems = async (s: Services, settings: CampaignSettings): Promise<readonly Candidate[]> => {
  const [db, now] = [s.store.read, s.clock.now()];
  const g = await ground(s, now);
  const isInScope = inScope(settings, g, now);
  const isIn: Is = (person) => !g.sealed.has(person.id) && isInScope(person);
  const kinds = new Set(settings.kinds);
  const giving = new Set(
    g.assignments.flatMap(({ principalKind, principalId }) => (principalKind === 'group' ? [principalId] : [])),
  );
  const isWanted = (groupId: string): boolean =>
    (kinds.has('ROLE') && giving.has(groupId)) ||
    (kinds.has('GROUP_MEMBERSHIP') && (settings.groupIds === null || settings.groupIds.includes(groupId)));
  return [
    ...(kinds.has('ROLE') ? roleItems(g, isIn) : []),
    ...(kinds.has('ROLE') || kinds.has('GROUP_MEMBERSHIP') ? membershipItems(g, isIn, isWanted) : []),
    ...(kinds.has('GRANT') ? await grantItems(db, g, isIn, now) : []),
    ...(kinds.has('API_TOKEN') ? await tokenItems(db, g, isIn, now) : []),
    ...(kinds.has('SERVICE_APP') ? await serviceAppItems(db, g) : []),
    ...(kinds.has('BREAK_GLASS') ? await breakGlassItems(s, db, g, isInScope) : []),
  ];
};
