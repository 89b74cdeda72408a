import { evaluatePolicies, evaluatePolicy } from '@sallyport/decide/policies/evaluate-policy';
import { judgeConsolePolicy } from '@sallyport/decide/policies/judge-console-policy';
import { askedOfPeople } from '@sallyport/decide/policies/judge-expression';
import { ApiError } from '@sallyport/model/errors';
import type { Fact, FactorProof } from '@sallyport/model/facts';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Transaction } from '../ports/store.ts';
import { refuse, superAdminsAbleToSignIn } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { directoryFacts } from '../sessions/directory-facts.ts';
import { readGlobalPolicies, readPolicy } from './policy-index.ts';

const consolePolicyId = async (tx: Transaction): Promise<string | null> =>
  (await tx.selectFrom('apps').select('policyId').where('name', '=', 'saasure').executeTakeFirst())?.policyId ?? null;

/** The best that a person can prove today with what they have enrolled. */
const bestProofs = async (tx: Transaction, userId: string, now: number): Promise<readonly FactorProof[]> => {
  const keys = await tx
    .selectFrom('factors')
    .select(['id', 'isBackupEligible', 'isHardwareProtected'])
    .where('userId', '=', userId)
    .where('kind', '=', 'webauthn')
    .where('status', '=', 'ACTIVE')
    .execute();
  const user = await tx.selectFrom('users').select('passwordHash').where('id', '=', userId).executeTakeFirst();
  const proofs = keys.map(
    (key): FactorProof => ({
      factorId: key.id,
      kind: 'webauthn',
      isPhishingResistant: true,
      isDeviceBound: key.isBackupEligible === 0,
      isUserVerified: true,
      isHardwareProtected: key.isHardwareProtected === 1 && key.isBackupEligible === 0,
      provedAt: now,
    }),
  );
  const password: FactorProof = {
    factorId: 'password',
    kind: 'password',
    isPhishingResistant: false,
    isDeviceBound: false,
    isUserVerified: false,
    provedAt: now,
  };
  return user?.passwordHash == null ? proofs : [...proofs, password];
};

/** Could a super admin who can sign in now open the console, with what they have, from the address of this request? */
const isConsoleOpen = async (s: Services, tx: Transaction, principal: Principal): Promise<boolean> => {
  const policyId = await consolePolicyId(tx);
  if (policyId === null) return false;
  const console_ = await readPolicy(tx, policyId);
  const global = await readGlobalPolicies(tx);
  const now = s.clock.now();
  const fact = <T>(value: T): Fact<T> => ({ value, source: 'what if', observedAt: now, expiresAt: null });
  const { client, userAgent } = principal.request;
  const zones = s.zones.idsOf(client);
  const rules = [console_, ...global].flatMap((policy) => policy.rules);
  const asked = askedOfPeople(rules.flatMap(({ conditions }) => conditions.expression ?? []));
  for (const userId of await superAdminsAbleToSignIn(tx)) {
    const user = await tx
      .selectFrom('users')
      .select(['id', 'typeId', 'profile'])
      .where('id', '=', userId)
      .executeTakeFirstOrThrow();
    const facts = {
      userId: fact(userId),
      ...(await directoryFacts(tx, user, asked, now)),
      holdsAdminRole: fact(true),
      userAgent: fact(userAgent),
      proofs: fact(await bestProofs(tx, userId, now)),
      ...(client.kind === 'known' ? { zoneIds: fact(zones.in), unknownZoneIds: fact(zones.unknown) } : {}),
    };
    const verdicts = [evaluatePolicies(facts, global, now), evaluatePolicy(facts, console_, now)];
    if (verdicts.every(({ verdict }) => verdict.kind === 'allow')) return true;
  }
  return false;
};

/**
 * Runs a change of policies, of whatever kind, and refuses it, undone with its transaction, when one factor would open the
 * Admin Console after it, or when it shuts out the last super admin able to sign in (design §4.13).
 */
export const keepingConsoleGuarded = async <T>(
  s: Services,
  tx: Transaction,
  principal: Principal,
  change: () => Promise<T>,
): Promise<T> => {
  const wasOpen = await isConsoleOpen(s, tx, principal);
  const result = await change();
  const policyId = await consolePolicyId(tx);
  if (policyId === null) return result;
  const { verdict } = judgeConsolePolicy(await readPolicy(tx, policyId));
  if (verdict.kind === 'deny')
    throw new ApiError('E0000001', {
      args: ['verificationMethod.factorMode'],
      causes: verdict.reasons.map(sentenceOf),
      detail: verdict.reasons.join(' '),
    });
  if (wasOpen && !(await isConsoleOpen(s, tx, principal))) throw refuse(['last-super-admin']);
  return result;
};
