/** What stands in a policy beside its rules, as the wire writes it: who it is for, and settings. */
import type { PolicyType } from '@sallyport/model/policy';
import { z } from 'zod';
import { enrolmentSettingsSchema, wholeEnrolmentSettings } from './enrolment-documents.ts';
import { passwordConditions, passwordSettingsSchema, wholePasswordSettings } from './password-documents.ts';
import { readDocument } from './read-document.ts';

const groups = z.strictObject({ include: z.array(z.string().max(64)).max(500).nullish() });
const forGroups = z.strictObject({ people: z.strictObject({ groups: groups.nullish() }).nullish() });
const nothing = (sentence: string) => z.strictObject({}, sentence);

const SCHEMAS = {
  ACCESS_POLICY: {
    conditions: nothing('An app policy is for everybody who opens the app; its rules have conditions.'),
    settings: nothing('An app policy has no settings.'),
  },
  OKTA_SIGN_ON: { conditions: forGroups, settings: nothing('A global session policy has no settings.') },
  PASSWORD: {
    conditions: passwordConditions,
    settings: passwordSettingsSchema.transform(wholePasswordSettings),
  },
  MFA_ENROLL: { conditions: forGroups, settings: enrolmentSettingsSchema.transform(wholeEnrolmentSettings) },
} as const;

export type StoredPolicyConditions = z.infer<typeof forGroups>;

/** A policy's documents, checked; E0000001 names the part that is not understood. */
export const readPolicyDocuments = (type: PolicyType, conditions: unknown, settings: unknown) => ({
  conditions: readDocument<StoredPolicyConditions>(SCHEMAS[type].conditions, conditions, 'conditions'),
  settings: readDocument<Readonly<Record<string, unknown>>>(SCHEMAS[type].settings, settings, 'settings'),
});
