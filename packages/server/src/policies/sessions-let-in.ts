import { evaluatePolicies, evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { type JudgedSignIn, wouldAdmit } from '@sallyport/decide/policies/judge-confirmation';
import { forApps } from '../gateway/authorize-app.ts';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { type AdmittingState, toAdmittingPolicies } from './admitting-policies.ts';
import { toPolicy } from './policy-index.ts';

/**
 * The newest judgement of the policy of an app on a session, as it was made. Apps behind the gateway are judged within the
 * same session, later and elsewhere.
 */
const newestJudgement = async (
  db: Transaction,
  appId: string,
  sessionId: string,
  since: number,
): Promise<JudgedSignIn | null> => {
  const row = await db
    .selectFrom('events')
    .innerJoin('verdicts', 'verdicts.eventUuid', 'events.uuid')
    .select('verdicts.input')
    .where('events.eventType', '=', 'policy.evaluate_sign_on')
    .where('events.externalSessionId', '=', sessionId)
    .where('events.publishedAt', '>=', since)
    .where('verdicts.judgement', '=', 'evaluate-policy')
    .where('events.body', 'like', `%"${appId}"%`)
    .orderBy('events.publishedAt', 'desc')
    .orderBy('events.seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { facts, now } = JSON.parse(row.input) as JudgedSignIn;
  return { facts, now };
};

/** The newest sign-in of a session that the console's policy judged since an instant, as it was judged. */
export const newestSignIn = async (db: Transaction, sessionId: string, since: number): Promise<JudgedSignIn | null> => {
  const console_ = await db.selectFrom('apps').select('id').where('name', '=', 'saasure').executeTakeFirst();
  return newestJudgement(db, console_?.id ?? '', sessionId, since);
};

/**
 * Sessions that were opened, or went on with a new sign-in, while the change counted, and that what counts again would not
 * have let in. Of whoever never entered the console no facts are kept: unknown is not yes, where the policies of all
 * sessions were among what changed.
 */
const signInsLetIn = async (
  tx: Transaction,
  startedAt: number,
  base: AdmittingState,
  isGlobalChanged: boolean,
): Promise<readonly Row<'sessions'>[]> => {
  const policies = toAdmittingPolicies(base);
  const starts = tx
    .selectFrom('events')
    .select('externalSessionId')
    .where('eventType', '=', 'user.session.start')
    // A command line that was refused names the session of its browser.
    .where('outcomeResult', '=', 'SUCCESS')
    .where('publishedAt', '>=', startedAt);
  const sessions = await tx
    .selectFrom('sessions')
    .selectAll()
    .where('parentId', 'is', null)
    .where('endedAt', 'is', null)
    .where('id', 'in', starts)
    .execute();
  const wrongly: Row<'sessions'>[] = [];
  for (const session of sessions) {
    const console_ = await tx
      .selectFrom('sessions')
      .innerJoin('apps', 'apps.id', 'sessions.appId')
      .select('sessions.id')
      .where('sessions.parentId', '=', session.id)
      .where('sessions.endedAt', 'is', null)
      .where('apps.name', '=', 'saasure')
      .executeTakeFirst();
    const signIn = await newestSignIn(tx, session.id, startedAt);
    const isRight =
      signIn === null
        ? console_ === undefined && !isGlobalChanged
        : console_ === undefined
          ? evaluatePolicies(signIn.facts, policies.global, signIn.now).verdict.kind === 'allow'
          : wouldAdmit(signIn, policies);
    if (!isRight) wrongly.push(session);
  }
  return wrongly;
};

/**
 * Sessions of apps that share a policy with the console, opened while the change counted, that the policy which counts again
 * would not have opened. Codes on their way to such an app are spent: what they carry was judged by the change.
 */
const appSessionsLetIn = async (
  tx: Transaction,
  startedAt: number,
  now: number,
  base: AdmittingState,
): Promise<readonly Row<'sessions'>[]> => {
  const shared = new Map(
    base.policies.map(({ policy, rules }) => [policy.id, forApps(toPolicy(policy, rules, true))] as const),
  );
  const apps = await tx
    .selectFrom('apps')
    .select(['id', 'policyId'])
    .where('isSystem', '=', 0)
    .where('policyId', 'in', [...shared.keys(), ''])
    .execute();
  const appIds = [...apps.map(({ id }) => id), ''];
  await tx
    .updateTable('gatewayCodes')
    .set({ usedAt: now })
    .where('usedAt', 'is', null)
    .where('appId', 'in', appIds)
    .execute();
  const sessions = await tx
    .selectFrom('sessions')
    .selectAll()
    .where('appId', 'in', appIds)
    .where('endedAt', 'is', null)
    .where('createdAt', '>=', startedAt)
    .orderBy('id')
    .execute();
  const wrongly: Row<'sessions'>[] = [];
  for (const session of sessions) {
    const appId = session.appId ?? '';
    const policy = shared.get(apps.find(({ id }) => id === appId)?.policyId ?? '');
    // It may have been judged before the change, and opened by its code since.
    const judged = await newestJudgement(tx, appId, session.parentId ?? '', 0);
    const isRight =
      policy !== undefined &&
      judged !== null &&
      evaluatePolicy(judged.facts, policy, judged.now).verdict.kind === 'allow';
    if (!isRight) wrongly.push(session);
  }
  return wrongly;
};

/** Whoever only the change let in, by whichever door: what ends when it does. */
export const sessionsLetIn = async (
  tx: Transaction,
  startedAt: number,
  now: number,
  base: AdmittingState,
  isGlobalChanged: boolean,
): Promise<readonly Row<'sessions'>[]> => [
  ...(await signInsLetIn(tx, startedAt, base, isGlobalChanged)),
  ...(await appSessionsLetIn(tx, startedAt, now, base)),
];
