import type { ApprovalAsk, Approver } from '@sallyport/decide/protected-actions/judge-approval';
import { judgeApproval } from '@sallyport/decide/protected-actions/judge-approval';
import { wholePermissions } from '@sallyport/decide/roles/authorize';
import { notFound } from '@sallyport/model/errors';
import { isCaller, type Principal } from '@sallyport/model/principal';
import type { Rights } from '@sallyport/model/rights';
import type { Permission } from '@sallyport/model/roles';
import { breakGlassIds, isBreakGlass } from '../break-glass/store.ts';
import { superAdminVoices } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import { targetOfProof } from '../protected-actions/present-proof.ts';
import { proofById, storedProof } from '../protected-actions/store.ts';
import { isAdmin } from '../roles/is-admin.ts';
import { rightsOf } from '../roles/standing-rights.ts';
import { isOfServiceAccount } from '../service-accounts/is-of-service-account.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { rightsToApprove } from './approver-rights.ts';
import { tiedToAsker } from './ties.ts';

export type Ask = Row<'actionProofs'>;

/** An ask that a human decides; one that waits for its own key first is nobody's yet. */
export const findAsk = async (db: Transaction, id: string): Promise<Ask> => {
  const row = await proofById(db, id);
  if (row === undefined || row.needsApproval === 0 || (row.needsKey === 1 && row.provedAt === null))
    throw notFound(id, 'Approval');
  return row;
};

const isAskerLive = async (db: Transaction, row: Ask, now: number): Promise<boolean> => {
  if (row.requesterKind === 'service-app') {
    const app = await db.selectFrom('apps').select('status').where('id', '=', row.requesterId).executeTakeFirst();
    return app?.status === 'ACTIVE';
  }
  const owner = await db.selectFrom('users').select('status').where('id', '=', row.userId).executeTakeFirst();
  if (owner?.status !== 'ACTIVE') return false;
  if (row.requesterKind === 'token') {
    const token = await db
      .selectFrom('apiTokens')
      .select(['revokedAt', 'expiresAt'])
      .where('id', '=', row.requesterId)
      .executeTakeFirst();
    return token !== undefined && token.revokedAt === null && now < token.expiresAt;
  }
  const session = await db
    .selectFrom('sessions')
    .select(['endedAt', 'endsAt'])
    .where('id', '=', row.requesterId)
    .executeTakeFirst();
  return session !== undefined && session.endedAt === null && now < session.endsAt;
};

/** The target holds, or gives, an admin role: when it was asked, or by now. */
const isOfPower = async (db: Transaction, row: Ask): Promise<boolean> => {
  const target = targetOfProof(row);
  if (target === null || (target.type !== 'User' && target.type !== 'UserGroup')) return false;
  return target.hasPower || (target.type === 'User' && (await isAdmin(db, target.id)));
};

/** What the judgement reads of an ask. */
export const askFacts = async (s: Services, db: Transaction, row: Ask): Promise<ApprovalAsk> => ({
  ...storedProof(row),
  subjectId: row.userId,
  permission: row.permission as Permission | null,
  isOfPower: await isOfPower(db, row),
  needsSecondPerson: row.needsSecondPerson === 1,
  isAskerLive: await isAskerLive(db, row, s.clock.now()),
});

const powerOf = (rights: Rights): Approver['held'] => ({ roles: rights.roles, permissions: wholePermissions(rights) });

/** The principal as an approver, with the rights that `approverRights` tells of. */
export const approverOf = async (
  db: Transaction,
  principal: Principal,
  rights: Rights,
  /** Is it tied to whoever asked? */
  isTied: (userId: string) => boolean,
): Promise<Approver> => {
  const userId = principal.kind === 'session' ? principal.userId : null;
  return {
    kind: principal.kind,
    userId,
    hasConsole: principal.kind === 'session' && principal.hasConsole && !(await isOfServiceAccount(db, principal)),
    ...powerOf(rights),
    held: isCaller(principal) ? powerOf(principal) : powerOf(rightsOf([])),
    isTied: userId !== null && isTied(userId),
    isBreakGlass: userId !== null && (await isBreakGlass(db, userId)),
  };
};

export interface Eligible {
  readonly id: string;
  readonly login: string;
  readonly profile: string;
}
const CANDIDATES_MAX = 500;

/** Whoever could approve an ask were they signed in: active people, with a key that stays on its device, and judged as they will be. */
export const eligibleApprovers = async (s: Services, db: Transaction, row: Ask): Promise<readonly Eligible[]> => {
  const now = s.clock.now();
  const [ask, tied] = [await askFacts(s, db, row), await tiedToAsker(db, row, now)];
  const voices = new Set(await superAdminVoices(s, db, 'in-time'));
  const holders = db
    .selectFrom('roleAssignments')
    .leftJoin('groupMembers', (join) => join.onRef('groupMembers.groupId', '=', 'roleAssignments.principalId'))
    .select((e) => e.fn.coalesce('groupMembers.userId', 'roleAssignments.principalId').as('userId'));
  const people = await db
    .selectFrom('users')
    .innerJoin('factors', 'factors.userId', 'users.id')
    .select(['users.id', 'users.login', 'users.profile'])
    .distinct()
    .where('users.status', '=', 'ACTIVE')
    .where('users.serviceAccountAt', 'is', null)
    .where('factors.kind', '=', 'webauthn')
    .where('factors.status', '=', 'ACTIVE')
    .where('factors.isBackupEligible', '=', 0)
    .where((e) => e.or([e('users.id', 'in', holders), e('users.id', 'in', ['', ...voices])]))
    .orderBy('users.id')
    .limit(CANDIDATES_MAX)
    .execute();
  const sealed = await breakGlassIds(db);
  const able: Eligible[] = [];
  // One after the other: a transaction has one connection.
  for (const person of people) {
    const rights = await rightsToApprove(db, person.id, voices);
    const approver: Approver = {
      kind: 'session',
      userId: person.id,
      hasConsole: true,
      ...powerOf(rights),
      held: powerOf(rights),
      isTied: tied.has(person.id),
      isBreakGlass: sealed.has(person.id),
    };
    if (judgeApproval({ decision: 'approve', ask, approver, now }).kind === 'allow') able.push(person);
  }
  return able;
};
