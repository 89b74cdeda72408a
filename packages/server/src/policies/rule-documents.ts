/** Rules as the wire writes them, and what they mean for a judgement. */
import { invalid } from '@sallyport/model/errors';
import type { RuleConditions, Selection } from '@sallyport/model/policy';
import type { Assurance } from '@sallyport/model/verdict';
import { z } from 'zod';

const ids = z.array(z.string().max(64)).max(500).nullish();
const selection = z.looseObject({ include: ids, exclude: ids }).nullish();
const REQUIREMENT = z.enum(['REQUIRED', 'OPTIONAL']).nullish();
const duration = z
  .string()
  .regex(/^P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/)
  .nullish();

/** Conditions that are not listed would be ignored silently, and a rule would apply to more than its author meant: strict. */
export const storedConditions = z.strictObject({
  people: z.strictObject({ users: selection, groups: selection }).nullish(),
  network: z.strictObject({ connection: z.enum(['ANYWHERE', 'ZONE']), include: ids, exclude: ids }).nullish(),
  device: z.strictObject({ registered: z.boolean().nullish(), managed: z.boolean().nullish() }).nullish(),
  riskScore: z.strictObject({ level: z.enum(['ANY', 'LOW', 'MEDIUM', 'HIGH']) }).nullish(),
  authContext: z.strictObject({ authType: z.literal('ANY') }).nullish(),
  userType: selection,
});
export type StoredConditions = z.infer<typeof storedConditions>;

const possession = z.looseObject({
  deviceBound: REQUIREMENT,
  hardwareProtection: REQUIREMENT,
  phishingResistant: REQUIREMENT,
  userPresence: REQUIREMENT,
  userVerification: REQUIREMENT,
  required: z.boolean().nullish(),
});
const verificationMethod = z.looseObject({
  type: z.literal('ASSURANCE'),
  factorMode: z.enum(['1FA', '2FA']),
  reauthenticateIn: duration,
  inactivityPeriod: duration,
  constraints: z
    .array(z.looseObject({ possession: possession.nullish() }))
    .max(10)
    .nullish(),
});

export const storedActions = z.looseObject({
  appSignOn: z
    .looseObject({ access: z.enum(['ALLOW', 'DENY']), verificationMethod: verificationMethod.nullish() })
    .nullish(),
  signon: z
    .looseObject({
      access: z.enum(['ALLOW', 'DENY']),
      requireFactor: z.boolean().nullish(),
      session: z
        .looseObject({
          maxSessionIdleMinutes: z.int().min(1).nullish(),
          maxSessionLifetimeMinutes: z.int().min(0).nullish(),
          usePersistentCookie: z.boolean().nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export type StoredActions = z.infer<typeof storedActions>;

const toSelection = (
  given: { include?: string[] | null | undefined; exclude?: string[] | null | undefined } | null | undefined,
): Selection | null => (given == null ? null : { include: given.include ?? [], exclude: given.exclude ?? [] });

/** What the stored conditions ask of the facts. */
export const conditionsOf = ({ people, network, device, riskScore }: StoredConditions): RuleConditions => {
  const users = toSelection(people?.users);
  const groups = toSelection(people?.groups);
  const zones = network?.connection === 'ZONE' ? toSelection(network) : null;
  return {
    ...(users === null ? {} : { users }),
    ...(groups === null ? {} : { groups }),
    ...(zones === null ? {} : { zones }),
    ...(device?.registered == null ? {} : { deviceIsRegistered: device.registered }),
    ...(device?.managed == null ? {} : { deviceIsManaged: device.managed }),
    ...(riskScore == null || riskScore.level === 'ANY' ? {} : { riskLevel: riskScore.level }),
  };
};

/** Seconds of an ISO 8601 duration of days, hours, minutes and seconds. */
export const secondsOf = (text: string): number => {
  const [, days, hours, minutes, seconds] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
};

/** What the stored actions ask of the authenticators. Several constraints are alternatives on the wire; here all must hold, which is never weaker. */
export const assuranceOf = ({ appSignOn, signon }: StoredActions): Assurance => {
  const method = appSignOn?.verificationMethod;
  const possessions = (method?.constraints ?? [])
    .map((constraint) => constraint.possession)
    .filter((item) => item != null);
  const asks = (key: 'deviceBound' | 'hardwareProtection' | 'phishingResistant' | 'userVerification'): boolean =>
    possessions.some((item) => item[key] === 'REQUIRED');
  return {
    factors: method?.factorMode === '2FA' || signon?.requireFactor === true ? 2 : 1,
    isPossessionRequired: possessions.some((item) => item.required !== false),
    isPhishingResistantRequired: asks('phishingResistant'),
    isDeviceBoundRequired: asks('deviceBound') || asks('hardwareProtection'),
    isUserVerificationRequired: asks('userVerification'),
    maxAgeSeconds: method?.reauthenticateIn == null ? null : secondsOf(method.reauthenticateIn),
  };
};

/** A rule's documents, checked; E0000001 names the part that is not understood. */
export const readDocuments = (
  conditions: unknown,
  actions: unknown,
): { conditions: StoredConditions; actions: StoredActions } => {
  const read = <T>(schema: z.ZodType<T>, value: unknown, field: string): T => {
    const result = schema.safeParse(value ?? {});
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw invalid([field, ...(issue?.path ?? []).map(String)].join('.'), issue?.message ?? 'is not understood');
  };
  return {
    conditions: read(storedConditions, conditions, 'conditions'),
    actions: read(storedActions, actions, 'actions'),
  };
};
