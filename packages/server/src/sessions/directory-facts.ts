import type { AskedOfPeople } from '@sallyport/decide/policies/judge-expression';
import type { Fact, Facts } from '@sallyport/model/facts';
import type { Instant } from '@sallyport/model/instant';
import { maintenanceAt, membershipsAt } from '../grants/active-grants.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';

/** What the directory knows of a person, of that what policies ask: of the profile no more than expressions name. */
export const directoryFacts = async (
  db: Transaction,
  user: Pick<Row<'users'>, 'id' | 'typeId' | 'profile'>,
  { attributes, groupNames }: AskedOfPeople,
  now: Instant,
): Promise<Pick<Facts, 'userTypeId' | 'groupIds' | 'groupNames' | 'profile' | 'profileAttributes'>> => {
  const fact = <T>(value: T): Fact<T> => ({ value, source: 'directory', observedAt: now, expiresAt: null });
  const groups = await db
    .selectFrom(membershipsAt(db, now).as('memberships'))
    .innerJoin('groups', 'groups.id', 'memberships.groupId')
    .select(['groups.id', 'groups.name'])
    .where('memberships.userId', '=', user.id)
    .execute();
  const profile = JSON.parse(user.profile) as Record<string, unknown>;
  const asked = attributes.filter((name) => Object.hasOwn(profile, name));
  return {
    userTypeId: fact(user.typeId),
    groupIds: fact(groups.map(({ id }) => id)),
    ...(groupNames.length > 0 ? { groupNames: fact(groups.map(({ name }) => name)) } : {}),
    ...(attributes.length === 0
      ? {}
      : {
          profile: fact(Object.fromEntries(asked.map((name) => [name, profile[name]]))),
          profileAttributes: fact(attributes),
        }),
  };
};

/** Whether nobody signs in as it; and, while a grant lets somebody, that, until it ends. */
export const serviceAccountFacts = async (
  db: Transaction,
  user: Pick<Row<'users'>, 'id' | 'serviceAccountAt'>,
  now: Instant,
): Promise<Pick<Facts, 'isServiceAccount' | 'maintenance'>> => {
  const isServiceAccount = user.serviceAccountAt !== null;
  const grant = isServiceAccount ? await maintenanceAt(db, user.id, now) : null;
  const fact = <T>(value: T, expiresAt: Instant | null): Fact<T> => ({
    value,
    source: 'directory',
    observedAt: now,
    expiresAt,
  });
  return {
    isServiceAccount: fact(isServiceAccount, null),
    ...(grant === null ? {} : { maintenance: fact({ grantId: grant.id }, grant.powerEndsAt) }),
  };
};
