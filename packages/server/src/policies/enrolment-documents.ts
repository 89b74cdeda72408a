/** Policies of enrolment as the wire writes them. What this server has not, and what would do nothing, is refused (decision 32). */
import { type AskedEnrolment, ENROLMENT_KEYS, SELF_ENROLMENTS } from '@sallyport/model/enrolment-policy';
import { parseIso } from '@sallyport/model/instant';
import { z } from 'zod';

const gracePeriod = z.strictObject({
  type: z.literal('BY_DATE_TIME', 'Only BY_DATE_TIME: how often somebody put it off is not counted.'),
  expiry: z
    .string()
    .max(64)
    .refine((text) => parseIso(text) !== null, 'must be an instant, such as 2026-12-24T18:30:45.000Z'),
});
const enroll = z
  .strictObject({
    self: z.enum(SELF_ENROLMENTS).nullish(),
    autoEnroll: z.null('Leave it out: nothing is enrolled by itself.').optional(),
    gracePeriod: gracePeriod.nullish(),
  })
  .refine(({ self, gracePeriod: grace }) => grace == null || self === 'REQUIRED', {
    path: ['gracePeriod'],
    error: 'Only of what is REQUIRED: there is nothing to put off.',
  });
const constraints = z.strictObject({
  aaguidGroups: z.array(z.string().trim().min(1).max(255)).max(50).nullish(),
});
const asked = z
  .strictObject({
    key: z.enum(
      [...ENROLMENT_KEYS, 'okta_email', 'phone_number'],
      `Of this server there are ${ENROLMENT_KEYS.join(', ')}.`,
    ),
    id: z.null('Leave it out: each authenticator of this server is named by its key.').optional(),
    enroll: enroll.nullish(),
    constraints: constraints.nullish(),
  })
  .refine(({ key, enroll: given }) => key !== 'okta_password' || (given?.self ?? 'OPTIONAL') === 'OPTIONAL', {
    path: ['enroll', 'self'],
    error:
      'Only OPTIONAL: nobody gives themselves a first password, and whether one counts is what policies of sessions and apps say.',
  })
  .refine(
    ({ key, enroll: given }) =>
      (key !== 'okta_email' && key !== 'phone_number') || (given?.self ?? 'NOT_ALLOWED') === 'NOT_ALLOWED',
    { path: ['enroll', 'self'], error: 'Only NOT_ALLOWED: mailboxes and phone numbers prove nobody here.' },
  )
  .refine(({ key, constraints: given }) => key === 'webauthn' || (given?.aaguidGroups ?? []).length === 0, {
    path: ['constraints'],
    error: 'Only of webauthn: other authenticators are of no model.',
  });

export const enrolmentSettingsSchema = z.strictObject({
  type: z
    .literal(
      'AUTHENTICATORS',
      'Only AUTHENTICATORS, with a list of them: settings of the form FACTORS are of older servers.',
    )
    .nullish(),
  authenticators: z
    .array(asked)
    .max(20)
    .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'An authenticator stands there twice.')
    .nullish(),
});
type Written = z.infer<typeof enrolmentSettingsSchema>;

/** All authenticators of this server: what the wire does not allow where it is not said is written out. */
export const wholeEnrolmentSettings = ({ authenticators }: Written) => ({
  type: 'AUTHENTICATORS' as const,
  authenticators: ENROLMENT_KEYS.map((key) => {
    const given = authenticators?.find((one) => one.key === key);
    const self = given?.enroll?.self ?? (key === 'okta_password' ? 'OPTIONAL' : 'NOT_ALLOWED');
    const grace = given?.enroll?.gracePeriod;
    const groups = given?.constraints?.aaguidGroups ?? [];
    return {
      key,
      enroll: { self, ...(grace == null ? {} : { gracePeriod: grace }) },
      ...(groups.length === 0 ? {} : { constraints: { aaguidGroups: groups } }),
    };
  }),
});

/** What stored settings ask. */
export const enrolmentsIn = (stored: string): readonly AskedEnrolment[] => {
  const { authenticators } = JSON.parse(stored) as Required<Written>;
  return (authenticators ?? []).flatMap(({ key, enroll: given, constraints: only }): AskedEnrolment[] => {
    if (key === 'okta_email' || key === 'phone_number') return [];
    const grace = given?.gracePeriod;
    return [
      {
        key,
        self: given?.self ?? 'NOT_ALLOWED',
        graceEndsAt: grace == null ? null : parseIso(grace.expiry),
        aaguidGroups: only?.aaguidGroups ?? [],
      },
    ];
  });
};

/** Names of groups of models that stored settings name. */
export const aaguidGroupsIn = (stored: string): readonly string[] =>
  enrolmentsIn(stored).flatMap(({ aaguidGroups }) => aaguidGroups);

export const enrolmentActions = z.strictObject({
  enroll: z.strictObject({ self: z.enum(['CHALLENGE', 'LOGIN', 'NEVER', 'NEVER_INCLUDING_RECOVERY']) }),
});
