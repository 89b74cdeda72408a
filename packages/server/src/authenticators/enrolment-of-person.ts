import { type AskedEnrolment, ENROLMENT_KEY, usualEnrolment } from '@sallyport/model/enrolment-policy';
import type { Principal } from '@sallyport/model/principal';
import { allowsPerson } from '../policies/allows-person.ts';
import { policyOfPerson } from '../policies/policy-of-person.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { takesCodes } from './takes-codes.ts';

type Kind = Row<'factors'>['kind'];

/** What the policy of a person says of a kind of authenticator. Without any policy it may be, as before there was one. */
export const enrolmentOfPerson = async (
  s: Services,
  db: Transaction,
  userId: string,
  kind: Kind,
): Promise<AskedEnrolment> => {
  const key = ENROLMENT_KEY[kind];
  const policy = await policyOfPerson(s, db, s.policies.enrolments(), userId);
  return policy?.authenticators.find((asked) => asked.key === key) ?? usualEnrolment(key);
};

/**
 * The kinds that somebody must have, has not, and could set up from here, with when that is due at the latest. A kind that
 * the organisation has switched off is asked of nobody.
 */
export const missingEnrolments = async (
  s: Services,
  principal: Principal,
  user: Row<'users'>,
): Promise<readonly { readonly kind: Kind; readonly dueAt: number | null }[]> => {
  const policy = await policyOfPerson(s, s.store.read, s.policies.enrolments(), user.id);
  const required = (['webauthn', 'totp'] as const).flatMap((kind) => {
    const asked = policy?.authenticators.find(({ key, self }) => key === ENROLMENT_KEY[kind] && self === 'REQUIRED');
    return asked === undefined || (kind === 'totp' && !takesCodes(s)) ? [] : [{ kind, dueAt: asked.graceEndsAt }];
  });
  if (required.length === 0 || user.serviceAccountAt !== null) return [];
  const rows = await s.store.read
    .selectFrom('factors')
    .select('kind')
    .where('userId', '=', user.id)
    .where('status', '=', 'ACTIVE')
    .execute();
  const missing = required.filter(({ kind }) => !rows.some((row) => row.kind === kind));
  return missing.length > 0 && (await allowsPerson(s, principal, user, s.policies.enrolments())) ? missing : [];
};
