import { policyFor } from '@sallyport/decide/policies/policy-for';
import { DEFAULT_PASSWORD_SETTINGS, type PasswordSettings } from '@sallyport/model/password-policy';
import { policyOfPerson } from '../policies/policy-of-person.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';

/** What holds for the password of somebody in these groups. Without any policy it is what holds for everybody. */
export const settingsForGroups = (s: Services, groupIds: readonly string[]): PasswordSettings =>
  policyFor(s.policies.passwords(), groupIds)?.settings ?? DEFAULT_PASSWORD_SETTINGS;

/** What holds for the password of a person. */
export const settingsOfPerson = async (s: Services, db: Transaction, userId: string): Promise<PasswordSettings> =>
  (await policyOfPerson(s, db, s.policies.passwords(), userId))?.settings ?? DEFAULT_PASSWORD_SETTINGS;
