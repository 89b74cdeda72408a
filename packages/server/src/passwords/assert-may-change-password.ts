import { passwordChangeableAt } from '@sallyport/decide/authenticators/judge-password-times';
import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { allowsPerson } from '../policies/allows-person.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { settingsOfPerson } from './settings-of-person.ts';

/**
 * May somebody change their own password, from where this request comes? The first rule of the policies of passwords that
 * matches says it; an unknown address matches none that allows. A refusal is an event. Whoever signs in as a service account
 * for a while leaves none behind. Errors: E0000014, E0000038.
 */
export const assertMayChangePassword = async (s: Services, principal: Principal, user: Row<'users'>): Promise<void> => {
  if (user.serviceAccountAt !== null) throw new ApiError('E0000038', { causes: [sentenceOf('service-account')] });
  if (await allowsPerson(s, principal, user, s.policies.passwords())) return;
  await s.store.transaction((tx) =>
    recordEvent(s, tx, principal, {
      eventType: 'user.account.update_password',
      actor: userAsActor(user),
      target: [userAsActor(user)],
      outcome: { result: 'FAILURE', reason: 'password-change-not-allowed' },
    }),
  );
  throw new ApiError('E0000014', {
    causes: [sentenceOf('password-change-not-allowed')],
    detail: 'password-change-not-allowed',
  });
};

/** E0000014 where the policy of a person asks them to keep a password for a while. One that is expired may always go. */
export const assertOldEnough = async (s: Services, user: Row<'users'>): Promise<void> => {
  const { age } = await settingsOfPerson(s, s.store.read, user.id);
  const at = passwordChangeableAt(user.passwordChangedAt ?? user.createdAt, age);
  if (user.passwordState === null && s.clock.now() < at)
    throw new ApiError('E0000014', {
      causes: [`This password is too new to be changed. It can be from ${toIso(at)} on.`],
    });
};
