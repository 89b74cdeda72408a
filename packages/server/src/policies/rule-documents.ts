/** Rules as the wire writes them, and what they mean for a judgement. What would have no effect is refused, not kept. */
import { parseCondition } from '@sallyport/decide/policies/parse-condition';
import { invalid } from '@sallyport/model/errors';
import {
  OPERATING_SYSTEMS,
  PLATFORM_TYPES,
  type PolicyType,
  type RuleConditions,
  type Selection,
} from '@sallyport/model/policy';
import type { PolicyExpression } from '@sallyport/model/policy-expression';
import type { Assurance } from '@sallyport/model/verdict';
import { z } from 'zod';
import { assuranceOfMethod, verificationMethod } from './assurance-documents.ts';
import { secondsOf } from './durations.ts';
import { enrolmentActions } from './enrolment-documents.ts';
import { passwordActions } from './password-documents.ts';
import { readDocument } from './read-document.ts';

const ids = z.array(z.string().max(64)).max(500).nullish();
const selection = z.strictObject({ include: ids, exclude: ids }).nullish();

const network = z
  .strictObject({ connection: z.enum(['ANYWHERE', 'ZONE']), include: ids, exclude: ids })
  // Nothing named would let everybody pass, or nobody: neither is what somebody meant who wrote ZONE.
  .refine(
    ({ connection, include, exclude }) =>
      connection === 'ANYWHERE' || (include ?? []).length > 0 || (exclude ?? []).length > 0,
    'ZONE needs at least one zone in include or exclude.',
  )
  .nullish();
const riskScore = z.strictObject({ level: z.enum(['ANY', 'LOW', 'MEDIUM', 'HIGH']) }).nullish();
const device = z
  .strictObject({
    registered: z.boolean().nullish(),
    managed: z.boolean().nullish(),
    assurance: z.strictObject({ include: ids }).nullish(),
  })
  .refine(({ registered, managed }) => managed !== true || registered === true, 'managed needs registered: true.')
  .nullish();
const platform = z
  .strictObject({
    include: z
      .array(
        z.strictObject({
          type: z.enum([...PLATFORM_TYPES, 'ANY']).nullish(),
          os: z
            .strictObject({
              type: z.enum([...OPERATING_SYSTEMS, 'ANY']).nullish(),
              expression: z.literal('', 'A pattern of the user agent is not supported; leave it out.').nullish(),
            })
            .nullish(),
        }),
      )
      .max(30)
      .nullish(),
  })
  .nullish();

/** Conditions that are not listed would be ignored silently, and a rule would apply to more than its author meant: strict. */
const accessConditions = z.strictObject({
  people: z.strictObject({ users: selection, groups: selection }).nullish(),
  network,
  device,
  platform,
  riskScore,
  userType: selection,
  elCondition: z.strictObject({ condition: z.string().max(4000) }).nullish(),
});
const signOnConditions = z.strictObject({
  people: z.strictObject({ users: selection, groups: selection }).nullish(),
  network,
  riskScore,
  risk: z.strictObject({ behaviors: ids }).nullish(),
  authContext: z
    .strictObject({ authType: z.literal('ANY', 'Only ANY: people sign in to this server in one way.') })
    .nullish(),
  identityProvider: z
    .strictObject({
      provider: z.enum(['ANY', 'OKTA'], 'Only ANY or OKTA: there are no other identity providers.'),
      idpIds: z.array(z.never()).nullish(),
    })
    .nullish(),
});
/** Of what holds for people wherever they are a rule says only who does it themselves, and from where. */
const personConditions = z.strictObject({
  people: z.strictObject({ users: selection, groups: selection }).nullish(),
  network,
});
type AccessConditions = z.infer<typeof accessConditions>;
type SignOnConditions = z.infer<typeof signOnConditions>;
export type StoredConditions = AccessConditions & Omit<SignOnConditions, 'people'>;

const accessActions = z.strictObject({
  appSignOn: z.strictObject({
    access: z.enum(['ALLOW', 'DENY']),
    verificationMethod: verificationMethod.nullish(),
    keepMeSignedIn: z
      .strictObject({
        postAuth: z.literal('NOT_ALLOWED', 'Only NOT_ALLOWED: no sign-in outlives its session.').nullish(),
        postAuthPromptFrequency: z.string().max(64).nullish(),
      })
      .nullish(),
  }),
});
const signOnActions = z.strictObject({
  signon: z.strictObject({
    access: z.enum(['ALLOW', 'DENY']),
    requireFactor: z.boolean().nullish(),
    primaryFactor: z.enum(['PASSWORD_IDP', 'PASSWORD_IDP_ANY_FACTOR']).nullish(),
    factorPromptMode: z.literal('ALWAYS', 'Only ALWAYS: a factor is asked at every sign-in.').nullish(),
    factorLifetime: z.literal(0, 'Only 0: no factor is remembered after its sign-in.').nullish(),
    rememberDeviceByDefault: z.literal(false, 'Only false: no device is remembered.').nullish(),
    session: z
      .strictObject({
        maxSessionIdleMinutes: z
          .int()
          .min(1)
          .max(90 * 1440)
          .nullish(),
        maxSessionLifetimeMinutes: z
          .int()
          .min(0)
          .max(90 * 1440)
          .nullish(),
        usePersistentCookie: z.literal(false, 'Only false: the cookie ends with the browser.').nullish(),
      })
      .nullish(),
  }),
});
export type StoredActions = Partial<z.infer<typeof accessActions>> &
  Partial<z.infer<typeof signOnActions>> &
  Partial<z.infer<typeof passwordActions>> &
  Partial<z.infer<typeof enrolmentActions>>;

/** What a rule says to those whom it matches. Whoever is asked at a sign-in may enrol from there; `NEVER` is no. */
export const accessOf = ({ appSignOn, signon, passwordChange, enroll }: StoredActions): 'ALLOW' | 'DENY' => {
  if (enroll !== undefined) return enroll.self === 'CHALLENGE' || enroll.self === 'LOGIN' ? 'ALLOW' : 'DENY';
  return appSignOn?.access ?? signon?.access ?? passwordChange?.access ?? 'DENY';
};

/** One that names nothing asks for nothing: clients write back the empty lists that they read. */
const toSelection = (
  given: { include?: string[] | null | undefined; exclude?: string[] | null | undefined } | null | undefined,
): Selection | null => {
  const { include, exclude } = { include: given?.include ?? [], exclude: given?.exclude ?? [] };
  return include.length + exclude.length === 0 ? null : { include, exclude };
};

/** An empty one asks for nothing. One that cannot be read was refused before it was stored, and holds for nobody. */
const expressionOf = ({ elCondition }: StoredConditions): PolicyExpression | null => {
  const text = elCondition?.condition.trim() ?? '';
  if (text === '') return null;
  const read = parseCondition(text);
  return read.ok ? read.test : { kind: 'always', value: false };
};

/** What the stored conditions ask of the facts. */
export const conditionsOf = (stored: StoredConditions): RuleConditions => {
  const { people, network: from, device: on, riskScore: risk, platform: where } = stored;
  const users = toSelection(people?.users);
  const groups = toSelection(people?.groups);
  const userTypes = toSelection(stored.userType);
  const zones = from?.connection === 'ZONE' ? toSelection(from) : null;
  const assurances = toSelection(on?.assurance);
  const behaviors = stored.risk?.behaviors ?? [];
  const expression = expressionOf(stored);
  const platforms = (where?.include ?? []).map(({ type, os }) => ({ type: type ?? 'ANY', os: os?.type ?? 'ANY' }));
  return {
    ...(users === null ? {} : { users }),
    ...(groups === null ? {} : { groups }),
    ...(userTypes === null ? {} : { userTypes }),
    ...(zones === null ? {} : { zones }),
    ...(on?.registered == null ? {} : { deviceIsRegistered: on.registered }),
    ...(on?.managed == null ? {} : { deviceIsManaged: on.managed }),
    ...(assurances === null ? {} : { deviceAssurances: assurances }),
    ...(platforms.length === 0 ? {} : { platforms }),
    ...(risk == null || risk.level === 'ANY' ? {} : { riskLevel: risk.level }),
    ...(expression === null ? {} : { expression }),
    ...(behaviors.length === 0 ? {} : { behaviors: { include: behaviors, exclude: [] } }),
  };
};

const NOBODY_CAN = 'No authenticator of this server could ever satisfy it; the rule would let nobody in.';

/** What the stored actions ask of the authenticators; null when nothing here could satisfy it. */
export const assuranceOf = ({ appSignOn, signon }: StoredActions): Assurance | null => {
  const asked = assuranceOfMethod(appSignOn?.verificationMethod);
  if (asked === null || signon === undefined) return asked;
  return {
    ...asked,
    factors: signon.requireFactor === true ? 2 : 1,
    ...(signon.primaryFactor === 'PASSWORD_IDP' ? { isPasswordRequired: true } : {}),
  };
};

/** How long an app session that the rule opened may rest; null where the rule does not say. */
export const inactivityOf = ({ appSignOn }: StoredActions): number | null => {
  const period = appSignOn?.verificationMethod?.inactivityPeriod;
  return period == null ? null : secondsOf(period);
};

const SCHEMAS = {
  ACCESS_POLICY: { conditions: accessConditions, actions: accessActions },
  OKTA_SIGN_ON: { conditions: signOnConditions, actions: signOnActions },
  PASSWORD: { conditions: personConditions, actions: passwordActions },
  MFA_ENROLL: { conditions: personConditions, actions: enrolmentActions },
} as const;

/** A rule's documents, checked; E0000001 names the part that is not understood. */
export const readDocuments = (
  type: PolicyType,
  conditions: unknown,
  actions: unknown,
): { readonly conditions: StoredConditions; readonly actions: StoredActions } => {
  const schemas = SCHEMAS[type];
  const documents = {
    conditions: readDocument<StoredConditions>(schemas.conditions, conditions, 'conditions'),
    actions: readDocument<StoredActions>(schemas.actions, actions, 'actions'),
  };
  const condition = documents.conditions.elCondition?.condition.trim() ?? '';
  const read = condition === '' ? null : parseCondition(condition);
  if (read?.ok === false) throw invalid('conditions.elCondition.condition', read.message);
  if (assuranceOf(documents.actions) === null) throw invalid('actions.appSignOn.verificationMethod', NOBODY_CAN);
  if (inactivityOf(documents.actions) === 0)
    throw invalid('actions.appSignOn.verificationMethod.inactivityPeriod', 'must be longer than nothing');
  return documents;
};
