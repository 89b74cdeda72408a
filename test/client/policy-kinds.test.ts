/** Policies for people by the client that people's scripts use, and every answer held against the published description. */
import { readFileSync } from 'node:fs';
import { type Client, OktaApiError } from '@okta/okta-sdk-nodejs';
import { Ajv } from 'ajv';
import * as addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';
import { all, connect, makeToken, setUpOrg } from './okta-client.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default.default(ajv);
ajv.addSchema(JSON.parse(readFileSync(new URL('openapi-extract.json', import.meta.url), 'utf8')) as object, 'okta');
/** The description knows no null; the service it describes sends null for what is not set. */
const complaints = (schema: string, answer: unknown): string[] => {
  const validate = ajv.getSchema(`okta#/$defs/${schema}`);
  if (validate === undefined) throw new Error(`no schema ${schema}`);
  const text = JSON.stringify(answer, (_, value: unknown) => (value === null ? undefined : value));
  if (validate(JSON.parse(text)) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${schema}${instancePath} ${message}`);
};
const refusal = async (call: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OktaApiError);
  return error;
};

/** As scripts write them, with each member that the client has a place for and this server has too. */
const KINDS = [
  {
    type: 'PASSWORD',
    policySchema: 'PasswordPolicy',
    ruleSchema: 'PasswordPolicyRule',
    conditions: { authProvider: { provider: 'OKTA' } },
    settings: {
      password: {
        complexity: {
          minLength: 16,
          minLowerCase: 1,
          minUpperCase: 1,
          minNumber: 1,
          minSymbol: 0,
          excludeUsername: true,
          dictionary: { common: { exclude: true } },
          excludeAttributes: ['firstName', 'lastName'],
        },
        age: { maxAgeDays: 90, expireWarnDays: 5, minAgeMinutes: 10, historyCount: 4 },
        lockout: {
          maxAttempts: 5,
          autoUnlockMinutes: 15,
          showLockoutFailures: false,
          userLockoutNotificationChannels: [],
        },
      },
      recovery: {
        factors: {
          okta_email: { status: 'INACTIVE', properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } },
          recovery_question: { status: 'INACTIVE', properties: { complexity: { minLength: 4 } } },
        },
      },
      delegation: { options: { skipUnlock: false } },
    },
    actions: {
      passwordChange: { access: 'ALLOW' },
      selfServicePasswordReset: { access: 'DENY' },
      selfServiceUnlock: { access: 'DENY' },
    },
    otherActions: {
      passwordChange: { access: 'DENY' },
      selfServicePasswordReset: { access: 'DENY' },
      selfServiceUnlock: { access: 'DENY' },
    },
  },
  {
    type: 'MFA_ENROLL',
    policySchema: 'AuthenticatorEnrollmentPolicy',
    ruleSchema: 'AuthenticatorEnrollmentPolicyRule',
    conditions: {},
    settings: {
      type: 'AUTHENTICATORS',
      authenticators: [
        { key: 'okta_password', enroll: { self: 'OPTIONAL' } },
        {
          key: 'webauthn',
          enroll: { self: 'REQUIRED', gracePeriod: { type: 'BY_DATE_TIME', expiry: '2027-01-01T18:30:45.000Z' } },
        },
        { key: 'google_otp', enroll: { self: 'NOT_ALLOWED' } },
      ],
    },
    actions: { enroll: { self: 'CHALLENGE' } },
    otherActions: { enroll: { self: 'NEVER' } },
  },
] as const;

describe.each(ENGINES)('the Node client on %s', (engine) => {
  let server: TestServer;
  let client: Client;
  let ownerId: string;
  let token: string;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine, env: {}, clock: { now: () => Date.now(), advance() {} } });
    ownerId = await setUpOrg(server);
    client = await connect(server);
    token = await makeToken(server);
  });
  afterAll(() => server.stop());
  const idOf = (item: { id?: string } | undefined): string => String(item?.id);
  /** What the client would not show: the bytes that it read. */
  const raw = async (path: string): Promise<unknown> =>
    (await send(server.url, 'GET', path, { Authorization: `SSWS ${token}` })).body;

  it.each(KINDS)('$type: create, read, list, replace, switch, order and delete, with rules', async (kind) => {
    const { policyApi } = client;
    const { type, policySchema, ruleSchema } = kind;
    const [standard, ...none] = await all(await policyApi.listPolicies({ type }));
    expect([standard?.system, standard?.constructor.name, none]).toEqual([true, policySchema, []]);

    const group = await client.groupApi.createGroup({ group: { profile: { name: `kinds: group ${made++}` } } });
    const conditions = { ...kind.conditions, people: { groups: { include: [idOf(group)] } } };
    const body = { type, name: `kinds: ${made++}`, description: 'of the client', priority: 1, conditions };
    const created = await policyApi.createPolicy({
      policy: { ...body, settings: kind.settings } as never,
      activate: false,
    });
    expect(created).toMatchObject({ type, priority: 1, status: 'INACTIVE', system: false });
    expect(created.constructor.name).toBe(policySchema);
    const policyId = idOf(created);
    const path = `/api/v1/policies/${policyId}`;
    const shown = (await raw(path)) as Record<string, unknown>;
    expect(complaints(policySchema, shown)).toEqual([]);
    // What was written is what is read.
    expect(shown).toMatchObject({ conditions, settings: kind.settings });
    expect(await policyApi.activatePolicy({ policyId })).toBeUndefined();
    expect(await policyApi.getPolicy({ policyId })).toMatchObject({ status: 'ACTIVE' });

    const rule = {
      type,
      name: `kinds: rule ${made++}`,
      conditions: { people: { users: { exclude: [ownerId] } }, network: { connection: 'ANYWHERE' } },
      actions: kind.actions,
    };
    const added = await policyApi.createPolicyRule({ policyId, policyRule: rule as never });
    expect(added.constructor.name).toBe(ruleSchema);
    const ruleId = idOf(added);
    const shownRule = (await raw(`${path}/rules/${ruleId}`)) as Record<string, unknown>;
    expect(complaints(ruleSchema, shownRule)).toEqual([]);
    expect(shownRule).toMatchObject({ conditions: rule.conditions, actions: kind.actions });
    const policyRule = { ...rule, actions: kind.otherActions } as never;
    await policyApi.replacePolicyRule({ policyId, ruleId, policyRule });
    expect(await raw(`${path}/rules/${ruleId}`)).toMatchObject({ actions: kind.otherActions });
    expect(await policyApi.deactivatePolicyRule({ policyId, ruleId })).toBeUndefined();
    expect((await policyApi.getPolicyRule({ policyId, ruleId })).status).toBe('INACTIVE');
    expect(await policyApi.activatePolicyRule({ policyId, ruleId })).toBeUndefined();
    expect(await all(await policyApi.listPolicyRules({ policyId }))).toHaveLength(1);
    expect(await policyApi.getPolicy({ policyId, expand: 'rules' })).toMatchObject({ id: policyId });

    const renamed = { ...body, name: `${body.name}, renamed`, priority: 2 };
    expect(await policyApi.replacePolicy({ policyId, policy: renamed as never })).toMatchObject({ name: renamed.name });
    // Settings that are not said stay.
    expect(await raw(path)).toMatchObject({ settings: kind.settings });
    const order = await all(await policyApi.listPolicies({ type }));
    expect(order.map(({ system }) => system)).toEqual([false, true]);
    for (const one of (await raw(`/api/v1/policies?type=${type}`)) as unknown[])
      expect(complaints(policySchema, one)).toEqual([]);
    for (const one of (await raw(`/api/v1/policies/${idOf(standard)}/rules`)) as unknown[])
      expect(complaints(ruleSchema, one)).toEqual([]);

    const own = { policyId: idOf(standard) };
    for (const ask of ['deletePolicy', 'deactivatePolicy'] as const)
      expect(await refusal(policyApi[ask](own))).toMatchObject({ status: 403, errorCode: 'E0000111' });
    await policyApi.deletePolicyRule({ policyId, ruleId });
    expect(await refusal(policyApi.getPolicyRule({ policyId, ruleId }))).toMatchObject({ status: 404 });
    expect(await policyApi.deactivatePolicy({ policyId })).toBeUndefined();
    await policyApi.deletePolicy({ policyId });
    expect(await refusal(policyApi.getPolicy({ policyId }))).toMatchObject({ status: 404 });
  });

  it('would find an answer that is none of the description', () => {
    expect(complaints('PasswordPolicy', { settings: { password: { age: { maxAgeDays: 'many' } } } })).not.toEqual([]);
  });
});
