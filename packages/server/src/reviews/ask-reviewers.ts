import { type ChosenReviewers, chooseReviewers } from '@sallyport/decide/reviews/choose-reviewers';
import { GROUP_REVIEWERS_MAX, type ReviewerLevel } from '@sallyport/model/review';
import { createTies } from '../approvals/ties.ts';
import { superAdminVoices } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { isEligible } from '../requests/is-eligible.ts';
import type { Services } from '../services.ts';
import type { Candidate } from './gather-items.ts';
import { type AskedReviewers, type CampaignSettings, isOfSeal, levelsOf } from './store.ts';

/** `user.profile.managerId`, or another attribute that names a person by id or login. */
export const REVIEWER_EXPRESSION = /^\s*user\.profile\.([A-Za-z][A-Za-z0-9_]{0,127})\s*$/;

/** Some of a list, by lot: with more than ten nobody feels asked. */
const drawn = (s: Services, ids: readonly string[]): readonly string[] => {
  const left = [...ids];
  const chosen: string[] = [];
  while (left.length > 0 && chosen.length < GROUP_REVIEWERS_MAX)
    chosen.push(...left.splice(s.random.bytes(4).readUInt32BE() % left.length, 1));
  return chosen.toSorted();
};

/**
 * May somebody be asked about a break-glass account: a super admin, or, where nobody stands with all power, one who asks for
 * power when they need it? Whether they have it is asked when they decide.
 */
export const isFitForSeals = async (
  s: Services,
  db: Transaction,
  userId: string,
  superAdmins?: readonly string[],
): Promise<boolean> =>
  (superAdmins ?? (await superAdminVoices(s, db, 'in-time'))).includes(userId) || isEligible(db, userId);

export interface AskedOfItem extends ChosenReviewers {
  readonly level: ReviewerLevel;
}

/** Finds whom to ask about each item, at each level; made once for a launch. */
export const createAsker = async (s: Services, settings: CampaignSettings) => {
  const [db, now] = [s.store.read, s.clock.now()];
  const superAdmins = await superAdminVoices(s, db, 'in-time');
  const tiesOf = createTies(db, now);
  const able = new Map<string, string | null>();
  /** The id of somebody who can be asked at all: an active person. */
  const person = async (idOrLogin: string): Promise<string | null> => {
    const before = able.get(idOrLogin);
    if (before !== undefined) return before;
    const row = await db
      .selectFrom('users')
      .select(['id'])
      .where((e) => e.or([e('id', '=', idOrLogin), e('loginFolded', '=', idOrLogin.toLowerCase())]))
      .where('status', '=', 'ACTIVE')
      .where('serviceAccountAt', 'is', null)
      .where('id', 'not in', (e) => e.selectFrom('breakGlassAccounts').select('userId'))
      .executeTakeFirst();
    able.set(idOrLogin, row?.id ?? null);
    return row?.id ?? null;
  };
  const people = async (ids: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const id of ids) {
      const one = await person(id);
      if (one !== null) found.push(one);
    }
    return found;
  };
  const members = new Map<string, readonly string[]>();
  const membersOf = async (groupId: string): Promise<readonly string[]> => {
    const before = members.get(groupId);
    if (before !== undefined) return before;
    const rows = await db.selectFrom('groupMembers').select('userId').where('groupId', '=', groupId).execute();
    const found = await people(rows.map(({ userId }) => userId).toSorted());
    members.set(groupId, found);
    return found;
  };
  const owners = new Map<string, readonly string[]>();
  const ownersOf = async (groupId: string): Promise<readonly string[]> => {
    const before = owners.get(groupId);
    if (before !== undefined) return before;
    const rows = await db.selectFrom('groupOwners').selectAll().where('groupId', '=', groupId).execute();
    const found: string[] = [];
    for (const { ownerId, kind } of rows)
      found.push(...(kind === 'USER' ? await people([ownerId]) : await membersOf(ownerId)));
    const drawnOwners = drawn(s, [...new Set(found)]);
    owners.set(groupId, drawnOwners);
    return drawnOwners;
  };
  const groups = new Map<string, readonly string[]>();
  const named = async (asked: AskedReviewers, item: Candidate): Promise<readonly string[]> => {
    if (asked.type === 'USER') return people([asked.reviewerId ?? '']);
    if (asked.type === 'RESOURCE_OWNER') return item.groupId === null ? [] : ownersOf(item.groupId);
    if (asked.type === 'GROUP') {
      const id = asked.reviewerGroupId ?? '';
      const before = groups.get(id) ?? drawn(s, await membersOf(id));
      groups.set(id, before);
      return before;
    }
    const [, attribute = ''] = REVIEWER_EXPRESSION.exec(asked.reviewerScopeExpression ?? '') ?? [];
    const value = Object.hasOwn(item.profile, attribute) ? item.profile[attribute] : null;
    return typeof value === 'string' && value !== '' ? people([value]) : [];
  };
  const fallbackOf = async (asked: AskedReviewers): Promise<string | null> =>
    asked.fallBackReviewerId === undefined ? null : person(asked.fallBackReviewerId);

  return async (item: Candidate, isOwnAllowed: boolean): Promise<readonly AskedOfItem[]> => {
    const asked: AskedOfItem[] = [];
    for (const [index, level] of levelsOf(settings).entries()) {
      const [chosen, fallback] = [await named(level, item), await fallbackOf(level)];
      const excluded = new Set<string>();
      for (const id of new Set([...chosen, ...(fallback === null ? [] : [fallback]), ...superAdmins])) {
        const isOwn = id === item.subjectId;
        const ties = isOwn
          ? new Set<string>()
          : await tiesOf(item.subjectKind, item.subjectKind === 'client' ? item.subjectId : id);
        const isTied = ties.has(item.subjectKind === 'client' ? id : item.subjectId);
        const isUnfit = isOfSeal(item) && !(await isFitForSeals(s, db, id, superAdmins));
        if ((isOwn && !isOwnAllowed) || isTied || isUnfit) excluded.add(id);
      }
      // Whoever alone decides the first level does not decide the second, nor does anybody tied to them.
      const [first, ...others] = asked[0]?.ids ?? [];
      if (first !== undefined && others.length === 0)
        for (const id of [first, ...(await tiesOf('user', first))]) excluded.add(id);
      const ids = chooseReviewers({ chosen, fallback, superAdmins, isExcluded: (id) => excluded.has(id) });
      asked.push({ ...ids, level: index === 0 ? 'FIRST' : 'SECOND' });
    }
    return asked;
  };
};
