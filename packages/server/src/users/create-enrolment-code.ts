import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { isMachine, type Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { enrolmentOfPerson } from '../authenticators/enrolment-of-person.ts';
import { isBreakGlass } from '../break-glass/store.ts';
import { assertSuperAdmin, refuse } from '../roles/guard-user.ts';
import { isAdmin } from '../roles/is-admin.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { createSetupCode, SETUP_CODE_SECONDS, setupLink, whyNoKey } from '../setup/setup-code.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { findUser } from './store.ts';

/**
 * `POST /sallyport/v1/users/{id}/enrolment-codes`: the link with which somebody enrols their first key. By a super admin
 * in a session only: whoever holds the link becomes that person. For an account that a key opens there is none, or one
 * admin could quietly add a key of their own to another's account. Errors: E0000006, E0000038.
 */
export const createEnrolmentCode = async (s: Services, principal: Principal, idOrLogin: string) => {
  assertSuperAdmin(principal);
  if (isMachine(principal))
    throw new ApiError('E0000006', { causes: ['A link is made by a person in a session, not by a machine.'] });
  const now = s.clock.now();
  const { code, user } = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const found = await findUser(tx, idOrLogin);
    if (await isBreakGlass(tx, found.id)) throw refuse(['break-glass-own-routes']);
    const whyNot = whyNoKey(found);
    if (whyNot !== null) throw new ApiError('E0000038', { causes: [whyNot] });
    const { self } = await enrolmentOfPerson(s, tx, found.id, 'webauthn');
    if (self === 'NOT_ALLOWED' && !(await isAdmin(tx, found.id)))
      throw new ApiError('E0000038', { causes: [sentenceOf('enrolment-not-allowed')] });
    const key = await tx
      .selectFrom('factors')
      .select('id')
      .where('userId', '=', found.id)
      .where('status', '=', 'ACTIVE')
      .executeTakeFirst();
    // An account that cannot be signed in to is nobody's to take.
    if (key !== undefined && found.status === 'ACTIVE')
      throw new ApiError('E0000038', {
        causes: ['This person has an authenticator already, and adds further keys by themselves.'],
      });
    const made = await createSetupCode(s, tx, 'enrol', found.id);
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.enrolment_code.create',
      target: [userAsActor(found)],
    });
    return { code: made, user: found };
  });
  return {
    userId: user.id,
    login: user.login,
    link: setupLink(s.config.publicUrl.origin, code),
    expiresAt: toIso(now + SETUP_CODE_SECONDS * 1000),
  };
};
