/**
 * For every mutating route one request that would change something, made anew each time it is asked for. The crawls of
 * the route table send them; a route without a line here fails those tests.
 */
import { createHash } from 'node:crypto';
import type { RouteName } from '@sallyport/api/routes';
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { createSoftMaker } from '@sallyport/testkit/soft-maker';
import { createApiToken } from '../../packages/server/src/api-tokens/create-api-token.ts';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { registerSealedKey } from './break-glass.ts';
import { makeMachineKey, serviceAppBody } from './machine.ts';
import { makePageKey } from './page-key.ts';
import { Person, send } from './person.ts';
import { storePerson } from './stored-person.ts';
import { makeStrangers } from './strangers-request.ts';
import type { TestServer } from './test-server.ts';

export interface RouteExample {
  readonly path: string;
  readonly body?: unknown;
  /** Of a route that asks for it. */
  readonly headers?: Readonly<Record<string, string>>;
}
/** Whether the target shall hold, give or guard an administrator's power. */
export type Target = 'ordinary' | 'powerful';
type Make = (w: World, target: Target) => Promise<RouteExample | null>;

/** What examples are made with: an administrator who proves where it is asked. */
export interface World {
  readonly server: TestServer;
  readonly admin: Person;
  readonly fresh: () => number;
}

interface Made {
  readonly id: string;
}
const make = async (w: World, path: string, body?: unknown): Promise<Made> => {
  const reply = await w.admin.call('POST', path, body);
  if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${reply.text}`);
  return reply.body as unknown as Made;
};
const list = async <T>(w: World, path: string): Promise<T[]> => (await w.admin.get(path)).body as unknown as T[];

const profile = (n: number) => ({
  firstName: 'Lee',
  lastName: `Park ${n}`,
  email: `lee${n}@example.org`,
  login: `lee${n}@example.org`,
});
const PASSWORD = { credentials: { password: { value: 'correct horse battery staple' } } };
/** An active person without a password, unless it is said how the administrator makes them: to hash one takes long. */
const user = async (w: World, target: Target, query = '', more?: object): Promise<string> => {
  const id =
    query === '' && more === undefined
      ? await storePerson(w.server.services, { profile: profile(w.fresh()) })
      : (await make(w, `/api/v1/users${query}`, { profile: profile(w.fresh()), ...(more ?? PASSWORD) })).id;
  if (target === 'powerful') await make(w, `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' });
  return id;
};
const group = async (w: World, target: Target): Promise<string> => {
  const { id } = await make(w, '/api/v1/groups', { profile: { name: `group ${w.fresh()}` } });
  if (target === 'powerful') await make(w, `/api/v1/groups/${id}/roles`, { type: 'READ_ONLY_ADMIN' });
  return id;
};
const userType = (n: number) => ({ name: `type${n}`, displayName: `Type ${n}` });
const userTypePath = async (w: World, n = w.fresh()): Promise<string> =>
  `/api/v1/meta/types/user/${(await make(w, '/api/v1/meta/types/user', userType(n))).id}`;
const groupRuleBody = async (w: World) => ({
  type: 'group_rule',
  name: `rule ${w.fresh()}`,
  conditions: { expression: { value: 'user.city=="Oslo"', type: 'urn:okta:expression:1.0' } },
  actions: { assignUserToGroups: { groupIds: [await group(w, 'ordinary')] } },
});
const groupRulePath = async (w: World): Promise<string> =>
  `/api/v1/groups/rules/${(await make(w, '/api/v1/groups/rules', await groupRuleBody(w))).id}`;
/** A subscription that the verb changes. */
const unlike = async (w: World, holder: string, verb: 'subscribe' | 'unsubscribe'): Promise<string> => {
  const path = `/api/v1/${holder}/subscriptions/APP_IMPORT`;
  await w.admin.call('POST', `${path}/${verb === 'subscribe' ? 'unsubscribe' : 'subscribe'}`);
  return path;
};
const zoneBody = (n: number) => ({
  type: 'IP',
  name: `zone ${n}`,
  gateways: [{ type: 'CIDR', value: `203.0.113.${n % 250}/32` }],
});
const zone = async (w: World): Promise<string> => (await make(w, '/api/v1/zones', zoneBody(w.fresh()))).id;
const originBody = (n: number) => ({
  name: `origin ${n}`,
  origin: `https://app${n}.example.org`,
  scopes: [{ type: 'CORS' }],
});
const trustedOrigin = async (w: World): Promise<string> =>
  (await make(w, '/api/v1/trustedOrigins', originBody(w.fresh()))).id;
const authenticator = async (w: World, key: string): Promise<string> => {
  const found = (await list<Made & { key: string }>(w, '/api/v1/authenticators')).find((one) => one.key === key);
  return `/api/v1/authenticators/${found?.id}`;
};
const modelMaker = createSoftMaker();
const modelBody = (n: number) => ({
  aaguid: `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`,
  name: `Model ${n}`,
  attestationRootCertificates: [{ x5c: modelMaker.root.toString('base64') }],
});
const customModel = async (w: World): Promise<string> => {
  const models = `${await authenticator(w, 'webauthn')}/aaguids`;
  const body = modelBody(w.fresh());
  await make(w, models, body);
  return `${models}/${body.aaguid}`;
};
const apiToken = async (w: World): Promise<string> =>
  (
    await make(w, '/api/v1/api-tokens', {
      name: `token ${w.fresh()}`,
      purpose: 'test',
      network: { connection: 'ANYWHERE' },
    })
  ).id;
const appBody = (n: number) => ({
  name: 'sallyport_gateway',
  label: `app ${n}`,
  signOnMode: 'BOOKMARK',
  settings: { app: { externalUrl: `https://app${n}.example.org` } },
});
const app = async (w: World): Promise<string> => (await make(w, '/api/v1/apps', appBody(w.fresh()))).id;
const serviceApp = async (w: World): Promise<string> =>
  (await make(w, '/api/v1/apps', serviceAppBody(`machine ${w.fresh()}`))).id;
const appOf = (w: World, target: Target): Promise<string> => (target === 'ordinary' ? app(w) : serviceApp(w));
const assigned = async (w: World, target: Target): Promise<string> => {
  const path = `/api/v1/apps/${await appOf(w, target)}/users`;
  return `${path}/${(await make(w, path, { id: await user(w, 'ordinary') })).id}`;
};
const keysPath = async (w: World): Promise<string> => `/api/v1/apps/${await serviceApp(w)}/credentials/jwks`;
const keyPath = async (w: World): Promise<string> => {
  const path = await keysPath(w);
  return `${path}/${(await make(w, path, makeMachineKey().publicJwk)).id}`;
};
const ruleBody = (n: number) => ({
  name: `rule ${n}`,
  type: 'ACCESS_POLICY',
  conditions: {},
  actions: {
    appSignOn: {
      access: 'ALLOW',
      verificationMethod: {
        type: 'ASSURANCE',
        factorMode: '2FA',
        constraints: [
          {
            possession: {
              required: true,
              deviceBound: 'REQUIRED',
              phishingResistant: 'REQUIRED',
              userVerification: 'REQUIRED',
            },
          },
        ],
      },
    },
  },
});
const consoleAppId = async (w: World): Promise<string> =>
  (await list<Made>(w, `/api/v1/apps?filter=${encodeURIComponent('name eq "saasure"')}`))[0]?.id ?? '';
const policy = async (w: World, target: Target): Promise<string> => {
  if (target === 'ordinary') {
    const { _links } = (await w.admin.get(`/api/v1/apps/${await app(w)}`)).body as unknown as {
      _links: { accessPolicy: { href: string } };
    };
    return new URL(_links.accessPolicy.href).pathname.split('/').at(-1) ?? '';
  }
  const { _links } = (await w.admin.get(`/api/v1/apps/${await consoleAppId(w)}`)).body as unknown as {
    _links: { accessPolicy: { href: string } };
  };
  return new URL(_links.accessPolicy.href).pathname.split('/').at(-1) ?? '';
};
const rule = async (w: World, target: Target): Promise<string> => {
  const rules = `/api/v1/policies/${await policy(w, target)}/rules`;
  return `${rules}/${(await make(w, rules, ruleBody(w.fresh()))).id}`;
};
const draftRule = (n: number) => {
  const { name, conditions, actions } = ruleBody(n);
  return { name, conditions, actions };
};
const draft = async (w: World, target: Target): Promise<string> => {
  const drafts = `/sallyport/v1/policies/${await policy(w, target)}/drafts`;
  return `${drafts}/${(await make(w, drafts, { rules: [draftRule(w.fresh())] })).id}`;
};
/** It passes, so that it keeps nothing else from being published. */
const testBody = (n: number, target: Target) => ({
  name: `test ${n}`,
  facts: { authenticators: 'password' },
  expected: target === 'powerful' ? 'step_up' : 'deny',
});
const policyTest = async (w: World, target: Target): Promise<string> => {
  const tests = `/sallyport/v1/policies/${await policy(w, target)}/tests`;
  return `${tests}/${(await make(w, tests, testBody(w.fresh(), target))).id}`;
};
/** A policy of its own: one that no app is judged by, or one that decides who gets a session. */
const ownPolicy = async (w: World, target: Target): Promise<string> =>
  `/api/v1/policies/${(await make(w, '/api/v1/policies', policyBody(w.fresh(), target))).id}`;
const policyBody = (n: number, target: Target) => ({
  type: target === 'ordinary' ? 'ACCESS_POLICY' : 'OKTA_SIGN_ON',
  name: `policy ${n}`,
});
const exemptZone = async (w: World): Promise<string> =>
  (await list<{ id: string; name: string }>(w, '/api/v1/zones?limit=200')).find(
    ({ name }) => name === 'DefaultExemptIpZone',
  )?.id ?? '';
const otherSession = async (w: World): Promise<string> => {
  const again = new Person(w.server.url, w.admin.login, w.admin.address, w.admin.key);
  await again.signIn();
  return ((await again.get('/api/v1/sessions/me')).body as unknown as Made).id;
};
const queryBody = (w: World) => ({
  name: `query ${w.fresh()}`,
  isShared: false,
  search: { filter: 'eventType eq "zone.create"' },
});
/** What a token asks for that was not allowed it by name. */
const askedByToken = async (w: World): Promise<{ id: string; challenge: string }> => {
  const { services, url } = w.server;
  const me = (await w.admin.get('/api/v1/users/me')).body as unknown as Made;
  const made = await createApiToken(services, hostPrincipal(services.random), {
    name: `asks ${w.fresh()}`,
    ownerId: me.id,
    purpose: 'test',
    ttlSeconds: 3600,
    network: { connection: 'ANYWHERE' },
    protectedActions: [],
  });
  const headers = { Authorization: `SSWS ${made.token}`, 'X-Forwarded-For': w.admin.address };
  const modes = { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' };
  const reply = await send(url, 'PUT', '/sallyport/v1/session-binding', headers, modes);
  const { approvalId } = reply.body['sallyport'] as { approvalId: string };
  const { challenge } = (await w.admin.get(`/sallyport/v1/approvals/${approvalId}`)).body as unknown as {
    challenge: string;
  };
  return { id: approvalId, challenge };
};
const ONE_APPROVER = '5a11d0000000000000000001';
const RESOURCES = '/governance/api/v2/resources';
const conditionBody = (w: World) => ({
  name: `condition ${w.fresh()}`,
  requesterSettings: { type: 'EVERYONE' },
  accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
  accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT1H' },
  approvalSequenceId: ONE_APPROVER,
});
const newConditionPath = async (w: World): Promise<string> =>
  `${RESOURCES}/${await group(w, 'ordinary')}/request-conditions`;
const condition = async (w: World): Promise<string> => {
  const path = await newConditionPath(w);
  return `${path}/${(await make(w, path, conditionBody(w))).id}`;
};
const activeCondition = async (w: World): Promise<string> => {
  const path = await condition(w);
  await make(w, `${path}/activate`);
  return path;
};
/** A group that everybody may ask for. */
const requestable = async (w: World): Promise<string> => (await activeCondition(w)).split('/')[5] ?? '';
const WHY = [{ id: 'REASON', value: 'to test' }];
const entryOf = (groupId: string): string => `cen${groupId.slice(3)}`;
const accessRequest = async (w: World): Promise<string> => {
  const { id } = await make(w, '/sallyport/v1/requests', {
    entitlement: { kind: 'group', id: await requestable(w) },
    reason: 'to test',
  });
  return `/sallyport/v1/requests/${id}`;
};
/** A request of somebody whom the administrator did not make. */
const othersRequest = async (w: World): Promise<{ readonly path: string; readonly digest: string }> => {
  const path = await accessRequest(w);
  return { path, digest: await makeStrangers(w.server, path.split('/').at(-1) ?? '') };
};
const taskOf = async (w: World, path: string): Promise<string> => {
  const { read } = w.server.services.store;
  const tasks = read.selectFrom('requestTasks').select('id').where('requestId', '=', idIn(path));
  return (await tasks.executeTakeFirstOrThrow()).id;
};
const personWithKey = (w: World): Promise<string> =>
  storePerson(w.server.services, { keyBy: 'import', roleBy: 'import' });
const appointment = async (w: World) => ({
  delegates: {
    appointments: [
      {
        delegate: { type: 'OKTA_USER', externalId: await personWithKey(w) },
        endTime: new Date(w.server.clock.now() + 3_600_000).toISOString(),
      },
    ],
  },
});
const sequenceBody = (n: number) => ({ name: `sequence ${n}`, steps: [{ approvers: { by: 'manager' }, count: 1 }] });
const SEQUENCES = '/sallyport/v1/request-sequences';
const sequence = async (w: World): Promise<string> => (await make(w, SEQUENCES, sequenceBody(w.fresh()))).id;
const exportBody = (w: World) => {
  const now = w.server.clock.now();
  return { format: 'jsonl', since: new Date(now - 60_000).toISOString(), until: new Date(now).toISOString() };
};
const only =
  (makeOne: (w: World) => Promise<RouteExample>): Make =>
  async (w, target) =>
    target === 'ordinary' ? makeOne(w) : null;
const onUser =
  (rest: string, prepare?: (w: World, id: string) => Promise<unknown>, query = '', more?: object): Make =>
  async (w, target) => {
    const id = await user(w, target, query, more);
    await prepare?.(w, id);
    return { path: `/api/v1/users/${id}${rest}` };
  };
const glassBody = (n: number) => ({
  login: `glass${n}@example.org`,
  name: `Glass ${n}`,
  networks: { primary: ['198.51.100.0/28'] },
});
const glass = async (w: World): Promise<string> =>
  `/sallyport/v1/break-glass/${(await make(w, '/sallyport/v1/break-glass', glassBody(w.fresh()))).id}`;
/** RFC 6761 §6.4: a name that never resolves. */
const webhookBody = (n: number) => ({ name: `hook ${n}`, url: 'https://hooks.invalid/alarms' });
const webhook = async (w: World): Promise<string> =>
  `/sallyport/v1/webhooks/${(await make(w, '/sallyport/v1/webhooks', webhookBody(w.fresh()))).id}`;
/** A key of the administrator's own that waits to be registered. */
const enrolment = (w: World): Promise<Made> =>
  make(w, '/api/v1/users/me/factors', { factorType: 'webauthn', provider: 'FIDO' });
/** Something to reset: a key that is enrolled, as far as the store knows. */
const keyFor = (w: World, userId: string): Promise<unknown> =>
  w.server.services.store.transaction(async (tx) => {
    const row = await tx.selectFrom('factors').selectAll().where('status', '=', 'ACTIVE').executeTakeFirstOrThrow();
    const n = w.fresh();
    await tx
      .insertInto('factors')
      .values({ ...row, id: `fwf${String(n).padStart(17, '0')}`, userId, credentialId: `credential-${n}` })
      .execute();
  });
const lifecycle = (verb: string) => (w: World, id: string) =>
  w.admin.call('POST', `/api/v1/users/${id}/lifecycle/${verb}`);

const ROLE_BODY = (n: number) => ({
  label: `role ${n}`,
  description: 'test',
  permissions: ['okta.users.read', 'okta.groups.read'],
});
const roleDraft = (n: number) => ({
  label: `role ${n}`,
  description: 'test',
  permissions: [{ permission: 'okta.users.read', condition: { kind: 'include', attributes: ['city'] } }],
});
const customRole = async (w: World): Promise<string> =>
  `/api/v1/iam/roles/${(await make(w, '/api/v1/iam/roles', ROLE_BODY(w.fresh()))).id}`;
const BUNDLES = '/api/v1/iam/governance/bundles';
const bundleBody = (n: number, role = 'READ_ONLY_ADMIN') => ({
  name: `bundle ${n}`,
  description: 'test',
  entitlements: [{ role }],
});
const bundle = async (w: World): Promise<string> => `${BUNDLES}/${(await make(w, BUNDLES, bundleBody(w.fresh()))).id}`;
/** Something that the administrator has for a while. */
const ownGrant = async (w: World): Promise<string> => {
  const { services: s } = w.server;
  const { id } = (await w.admin.get('/api/v1/users/me')).body as unknown as Made;
  const bundleId = (await make(w, BUNDLES, bundleBody(w.fresh()))).id;
  const now = s.clock.now();
  const row = await s.store.transaction((tx) =>
    createGrant(s, tx, 'system', {
      userId: id,
      entitlement: { kind: 'bundle', id: bundleId },
      startsAt: now,
      expiresAt: now + 600_000,
      source: { kind: 'request', id: 'test' },
      reason: 'test',
    }),
  );
  return row.id;
};
const setBody = (n: number) => ({ label: `set ${n}`, description: 'test', resources: ['/api/v1/users'] });
const resourceSet = async (w: World): Promise<string> =>
  `/api/v1/iam/resource-sets/${(await make(w, '/api/v1/iam/resource-sets', setBody(w.fresh()))).id}`;
const idIn = (path: string): string => path.split('/').at(-1) ?? '';
/** A role that somebody holds over a resource set. */
const binding = async (w: World): Promise<string> => {
  const [set, role] = [await resourceSet(w), idIn(await customRole(w))];
  await make(w, `${set}/bindings`, { role, members: [`/api/v1/users/${await user(w, 'ordinary')}`] });
  return `${set}/bindings/${role}`;
};
/** A role that somebody holds, with some of its targets. */
const narrowed =
  (kind: 'user' | 'group' | 'client', type: string, held: (w: World) => Promise<readonly string[]>, rest: Find): Make =>
  async (w, target) => {
    if (target === 'powerful') return null;
    const holders = {
      user: async () => `/api/v1/users/${await user(w, 'ordinary')}`,
      group: async () => `/api/v1/groups/${await group(w, 'ordinary')}`,
      client: async () => `/oauth2/v1/clients/${await serviceApp(w)}`,
    };
    const path = `${await holders[kind]()}/roles`;
    const targets = `${path}/${(await make(w, path, { type })).id}/targets`;
    const paths = await held(w);
    for (const one of paths) await w.admin.call('PUT', `${targets}/${one}`);
    return { path: `${targets}/${paths[0] ?? (await rest(w))}` };
  };
type Find = (w: World) => Promise<string>;
const none = async (): Promise<readonly string[]> => [];
const aGroup = async (w: World): Promise<string> => `groups/${await group(w, 'ordinary')}`;
const KIND_OF_APP = 'catalog/apps/sallyport_gateway';
const anApp = async (w: World): Promise<string> => `${KIND_OF_APP}/${await app(w)}`;
const aKindOfApp = async (w: World): Promise<string> => {
  await app(w);
  return KIND_OF_APP;
};
/** Two, since the last one stays. */
const two = (find: Find) => async (w: World) => [await find(w), await find(w)];
const twoKinds = async (w: World) => [await aKindOfApp(w), 'catalog/apps/saasure'];
const resource = async (w: World): Promise<string> => {
  const set = await resourceSet(w);
  const { resources } = (await w.admin.get(`${set}/resources`)).body as unknown as { resources: Made[] };
  return `${set}/resources/${resources[0]?.id ?? ''}`;
};

/** A membership of somebody whom the administrator did not make: only of such a one are they asked. */
const campaignBody = async (w: World) => {
  const { services } = w.server;
  const me = ((await w.admin.get('/api/v1/users/me')).body as unknown as Made).id;
  const groupId = await group(w, 'ordinary');
  const n = w.fresh();
  const userId = `00u${String(n).padStart(17, 'r')}`;
  await services.store.transaction(async (tx) => {
    const row = await tx.selectFrom('users').selectAll().where('id', '=', me).executeTakeFirstOrThrow();
    const login = `reviewed${n}@example.org`;
    const text = { login, loginFolded: login, profile: JSON.stringify({ login, email: login }) };
    await tx
      .insertInto('users')
      .values({ ...row, ...text, id: userId, createdBy: 'host', createdAt: 0 })
      .execute();
    await tx.insertInto('groupMembers').values({ groupId, userId, addedAt: 0, addedBy: 'host' }).execute();
  });
  return {
    name: `review ${n}`,
    scheduleSettings: { type: 'ONE_OFF', startDate: '2099-01-01T00:00:00Z', durationInDays: 7, timeZone: 'UTC' },
    resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: groupId, resourceType: 'GROUP' }] },
    reviewerSettings: { type: 'USER', reviewerId: me },
    remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
  };
};
const CAMPAIGNS = '/governance/api/v1/campaigns';
const campaign = async (w: World): Promise<string> => (await make(w, CAMPAIGNS, await campaignBody(w))).id;
/** One that runs, and its item. */
const review = async (w: World): Promise<{ id: string; itemId: string }> => {
  const id = await campaign(w);
  await w.admin.call('POST', `${CAMPAIGNS}/${id}/launch`);
  const [item] = await list<Made>(w, `/sallyport/v1/campaigns/${id}/items`);
  return { id, itemId: item?.id ?? '' };
};

/** Routes that need no session: what they do is earned by the call itself. */
export const OPEN_ROUTES: readonly RouteName[] = [
  'setup.claim',
  'setup.enrolKey',
  'setup.activateKey',
  'setup.finish',
  'signIn.start',
  'signIn.verifyFactor',
  'signIn.cancel',
  'sessions.create',
  'mySessions.prove',
  'cliSessions.open',
  'passwords.choose',
  'signIn.changePassword',
  'oauth.token',
  'oauth.revoke',
  'oauth.introspect',
];

/** Super admin can be asked for, and is taken from nobody. */
const NOBODY_YET = { people: [], sequenceId: '5a11d0000000000000000002', maximumDuration: 'PT4H' };

export const ROUTE_EXAMPLES: Readonly<Partial<Record<RouteName, Make>>> = {
  'setupProgress.mark': only(async () => ({ path: '/sallyport/v1/setup/progress/network', body: { state: 'done' } })),
  'setupProgress.testCheckpoint': only(async () => ({ path: '/sallyport/v1/setup/checkpoint-test' })),
  'setupProgress.finish': only(async () => ({ path: '/sallyport/v1/setup/progress/finish' })),
  'zeroStanding.apply': only(async () => ({ path: '/sallyport/v1/zero-standing', body: NOBODY_YET })),
  'enrolmentCodes.create': async (w, target) => ({
    path: `/sallyport/v1/users/${await user(w, target)}/enrolment-codes`,
  }),
  'sessions.endMe': only(async () => ({ path: '/api/v1/sessions/me' })),
  'sessions.refreshMe': only(async () => ({ path: '/api/v1/sessions/me/lifecycle/refresh' })),
  'sessions.end': only(async (w) => ({ path: `/api/v1/sessions/${await otherSession(w)}` })),
  'sessions.refresh': only(async (w) => ({ path: `/api/v1/sessions/${await otherSession(w)}/lifecycle/refresh` })),
  'sessions.clearUser': onUser('/sessions'),
  'mySessions.end': only(async (w) => ({ path: `/sallyport/v1/me/sessions/${await otherSession(w)}` })),
  'mySessions.endOthers': only(async () => ({ path: '/sallyport/v1/me/sessions/revoke-others' })),
  'mySessions.acknowledge': only(async (w) => ({
    path: `/sallyport/v1/me/sessions/${await otherSession(w)}/acknowledge`,
    body: { answer: 'me' },
  })),
  'mySessions.registerKey': only(async () => ({
    path: '/sallyport/v1/me/sessions/current/key',
    body: { publicKey: makePageKey().publicKey },
  })),
  'cliSessions.authorize': only(async () => ({
    path: '/sallyport/v1/cli/authorizations',
    body: {
      redirectUri: 'http://127.0.0.1:5555/callback',
      state: 'BCDFGHJKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      codeChallenge: createHash('sha256').update('v').digest('base64url'),
      codeChallengeMethod: 'S256',
    },
  })),
  'sessionBinding.put': only(async (w) => ({
    path: '/sallyport/v1/session-binding',
    body: { asnBinding: 'ENFORCED', ipBinding: w.fresh() % 2 === 0 ? 'MONITOR' : 'DISABLED' },
  })),
  'adminConsoleSettings.put': only(async (w) => ({
    path: '/api/v1/first-party-app-settings/admin-console',
    body: { sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 700 + (w.fresh() % 20) },
  })),
  'savedQueries.create': only(async (w) => ({
    path: '/sallyport/v1/logs/saved',
    body: queryBody(w),
  })),
  'savedQueries.replace': only(async (w) => {
    const body = queryBody(w);
    return { path: `/sallyport/v1/logs/saved/${(await make(w, '/sallyport/v1/logs/saved', body)).id}`, body };
  }),
  'savedQueries.delete': only(async (w) => {
    const body = queryBody(w);
    return { path: `/sallyport/v1/logs/saved/${(await make(w, '/sallyport/v1/logs/saved', body)).id}` };
  }),
  'logExports.start': only(async (w) => ({ path: '/sallyport/v1/logs/exports', body: exportBody(w) })),
  'logExports.delete': only(async (w) => {
    const { id } = await make(w, '/sallyport/v1/logs/exports', exportBody(w));
    return { path: `/sallyport/v1/logs/exports/${id}` };
  }),
  'userFactors.enrol': async (w, target) => ({
    path: `/api/v1/users/${target === 'powerful' ? 'me' : await user(w, target)}/factors`,
    body: { factorType: 'webauthn', provider: 'FIDO' },
  }),
  'userFactors.activate': only(async (w) => ({
    path: `/api/v1/users/me/factors/${(await enrolment(w)).id}/lifecycle/activate`,
    body: { attestation: 'AAAA', clientData: 'AAAA' },
  })),
  'userFactors.remove': only(async (w) => ({
    path: `/api/v1/users/me/factors/${(await enrolment(w)).id}`,
  })),
  'userFactors.rename': only(async (w) => ({
    path: `/sallyport/v1/users/me/factors/${(await enrolment(w)).id}`,
    body: { name: `key ${w.fresh()}` },
  })),
  'userFactors.reset': onUser('/lifecycle/reset_factors', keyFor),
  'passwords.expire': onUser('/lifecycle/expire_password', undefined, '', PASSWORD),
  'passwords.expireWithTemporary': onUser('/lifecycle/expire_password_with_temp_password', undefined, '', PASSWORD),
  'passwords.reset': onUser('/lifecycle/reset_password?sendEmail=false', undefined, '', PASSWORD),
  'passwords.change': only(async () => ({
    path: '/api/v1/users/me/credentials/change_password',
    body: { oldPassword: { value: 'a guess' }, newPassword: { value: 'correct horse battery staple' } },
  })),
  'users.create': only(async (w) => ({ path: '/api/v1/users', body: { profile: profile(w.fresh()) } })),
  'userImports.create': only(async (w) => ({
    path: '/sallyport/v1/user-imports',
    body: { csv: `email,firstName\nrow${w.fresh()}@example.org,Row\n` },
  })),
  'users.update': async (w, target) => ({
    path: `/api/v1/users/${await user(w, target)}`,
    body: { profile: { lastName: 'Changed' } },
  }),
  'users.replace': async (w, target) => ({
    path: `/api/v1/users/${await user(w, target)}`,
    body: { profile: profile(w.fresh()) },
  }),
  'users.delete': onUser('', lifecycle('deactivate')),
  'users.activate': onUser('/lifecycle/activate', undefined, '?activate=false'),
  'users.reactivate': async (w, target) => ({
    path: `/api/v1/users/${await user(w, target, '', {})}/lifecycle/reactivate`,
  }),
  'users.deactivate': onUser('/lifecycle/deactivate'),
  'serviceAccounts.mark': async (w, target) => ({
    path: `/sallyport/v1/users/${await user(w, target)}/service-account`,
    body: { isServiceAccount: true },
  }),
  'serviceAccounts.createToken': only(async (w) => {
    const id = await user(w, 'ordinary');
    await w.admin.call('PUT', `/sallyport/v1/users/${id}/service-account`, { isServiceAccount: true });
    return {
      path: `/sallyport/v1/users/${id}/service-account/api-tokens`,
      body: { name: `token ${w.fresh()}`, purpose: 'test', network: { connection: 'LOOPBACK' } },
    };
  }),
  'breakGlass.create': only(async (w) => ({ path: '/sallyport/v1/break-glass', body: glassBody(w.fresh()) })),
  'breakGlass.giveReason': only(async () => ({
    path: '/sallyport/v1/break-glass-in-use/reason',
    body: { reason: 'the identity provider is down' },
  })),
  'breakGlass.update': only(async (w) => ({
    path: await glass(w),
    body: { networks: { primary: ['198.51.100.0/24'] } },
  })),
  'breakGlass.delete': only(async (w) => ({ path: await glass(w) })),
  'breakGlass.seal': only(async (w) => ({ path: `${await glass(w)}/seal` })),
  'breakGlass.enrolKey': only(async (w) => ({ path: `${await glass(w)}/keys`, body: { name: 'Safe' } })),
  'breakGlass.activateKey': only(async (w) => {
    const keys = `${await glass(w)}/keys`;
    const { id } = await make(w, keys, { name: 'Safe' });
    return { path: `${keys}/${id}/activate`, body: { attestation: 'AAAA', clientData: 'AAAA' } };
  }),
  'breakGlass.removeKey': only(async (w) => {
    const path = await glass(w);
    const reply = await registerSealedKey(w.admin, path.split('/').at(-1) ?? '', 'Safe', createSoftAuthenticator());
    return { path: `${path}/keys/${String(reply.body['id'])}` };
  }),
  'breakGlass.drill': only(async (w) => ({ path: `${await glass(w)}/drill` })),
  'breakGlass.testAlarm': only(async (w) => ({ path: `${await glass(w)}/test-alarm` })),
  'breakGlass.review': only(async (w) => {
    const path = await glass(w);
    const userId = path.split('/').at(-1) ?? '';
    const row = {
      id: `bgu${w.fresh()}`,
      userId,
      kind: 'USE' as const,
      firstAt: 1,
      lastAt: 1,
      openings: 1,
      refusals: 0,
      sessionId: null,
      address: null,
      reason: null,
      alarmedStep: null,
      alarmedAt: null,
      announcedBy: null,
      closedAt: null,
    };
    await w.server.services.store.transaction((tx) => tx.insertInto('breakGlassUses').values(row).execute());
    return { path: `${path}/uses/${row.id}/review`, body: { note: 'We looked at each of its events.' } };
  }),
  'webhooks.create': only(async (w) => ({ path: '/sallyport/v1/webhooks', body: webhookBody(w.fresh()) })),
  'webhooks.update': only(async (w) => ({ path: await webhook(w), body: webhookBody(w.fresh()) })),
  'webhooks.rotate': only(async (w) => ({ path: `${await webhook(w)}/rotate`, body: { overlapHours: 1 } })),
  'webhooks.delete': only(async (w) => ({ path: await webhook(w) })),
  'webhooks.test': only(async (w) => ({ path: `${await webhook(w)}/test` })),
  'users.suspend': onUser('/lifecycle/suspend'),
  'users.unsuspend': onUser('/lifecycle/unsuspend', lifecycle('suspend')),
  'users.unlock': onUser('/lifecycle/unlock', (w, id) =>
    w.server.services.store.transaction((tx) =>
      tx.updateTable('users').set({ passwordLockedAt: w.server.clock.now() }).where('id', '=', id).execute(),
    ),
  ),
  'userSchemas.update': only(async (w) => ({
    path: '/api/v1/meta/schemas/user/default',
    body: { definitions: { custom: { properties: { [`badge${w.fresh()}`]: { title: 'Badge', type: 'string' } } } } },
  })),
  'groupSchema.update': only(async (w) => ({
    path: '/api/v1/meta/schemas/group/default',
    body: { definitions: { custom: { properties: { [`room${w.fresh()}`]: { title: 'Room', type: 'string' } } } } },
  })),
  'userTypes.create': only(async (w) => ({ path: '/api/v1/meta/types/user', body: userType(w.fresh()) })),
  'userTypes.update': only(async (w) => ({ path: await userTypePath(w), body: { displayName: 'Renamed' } })),
  'userTypes.replace': only(async (w) => {
    const n = w.fresh();
    const path = await userTypePath(w, n);
    return { path, body: { ...userType(n), displayName: 'Replaced' } };
  }),
  'userTypes.delete': only(async (w) => ({ path: await userTypePath(w) })),
  'groups.create': only(async (w) => ({ path: '/api/v1/groups', body: { profile: { name: `group ${w.fresh()}` } } })),
  'groups.replace': async (w, target) => ({
    path: `/api/v1/groups/${await group(w, target)}`,
    body: { profile: { name: `group ${w.fresh()}` } },
  }),
  'groups.addOwner': async (w, target) => ({
    path: `/api/v1/groups/${await group(w, target)}/owners`,
    body: { id: await user(w, 'ordinary'), type: 'USER' },
  }),
  'groups.removeOwner': async (w, target) => {
    const path = `/api/v1/groups/${await group(w, target)}/owners`;
    const owner = { id: await user(w, 'ordinary'), type: 'USER' };
    await make(w, path, owner);
    return { path: `${path}/${owner.id}` };
  },
  'groupRules.create': only(async (w) => ({ path: '/api/v1/groups/rules', body: await groupRuleBody(w) })),
  'groupRules.replace': only(async (w) => ({ path: await groupRulePath(w), body: await groupRuleBody(w) })),
  'groupRules.delete': only(async (w) => ({ path: await groupRulePath(w) })),
  'groupRules.activate': only(async (w) => ({ path: `${await groupRulePath(w)}/lifecycle/activate` })),
  'groupRules.deactivate': only(async (w) => {
    const path = await groupRulePath(w);
    await w.admin.call('POST', `${path}/lifecycle/activate`);
    return { path: `${path}/lifecycle/deactivate` };
  }),
  'groups.delete': async (w, target) => ({ path: `/api/v1/groups/${await group(w, target)}` }),
  'groups.addMember': async (w, target) => ({
    path: `/api/v1/groups/${await group(w, target)}/users/${await user(w, 'ordinary')}`,
  }),
  'groups.removeMember': async (w, target) => {
    const path = `/api/v1/groups/${await group(w, target)}/users/${await user(w, 'ordinary')}`;
    await w.admin.call('PUT', path);
    return { path };
  },
  'userRoles.assign': only(async (w) => ({
    path: `/api/v1/users/${await user(w, 'ordinary')}/roles`,
    body: { type: 'READ_ONLY_ADMIN' },
  })),
  'userRoles.unassign': only(async (w) => {
    const path = `/api/v1/users/${await user(w, 'ordinary')}/roles`;
    return { path: `${path}/${(await make(w, path, { type: 'READ_ONLY_ADMIN' })).id}` };
  }),
  'groupRoles.assign': only(async (w) => ({
    path: `/api/v1/groups/${await group(w, 'ordinary')}/roles`,
    body: { type: 'READ_ONLY_ADMIN' },
  })),
  'groupRoles.unassign': only(async (w) => {
    const path = `/api/v1/groups/${await group(w, 'ordinary')}/roles`;
    return { path: `${path}/${(await make(w, path, { type: 'READ_ONLY_ADMIN' })).id}` };
  }),
  'customRoles.create': only(async (w) => ({ path: '/api/v1/iam/roles', body: ROLE_BODY(w.fresh()) })),
  'customRoles.replace': only(async (w) => ({
    path: await customRole(w),
    body: { label: `renamed ${w.fresh()}`, description: 'test' },
  })),
  'customRoles.delete': only(async (w) => ({ path: await customRole(w) })),
  'roles.create': only(async (w) => ({ path: '/sallyport/v1/roles', body: roleDraft(w.fresh()) })),
  'roles.put': only(async (w) => ({
    path: `/sallyport/v1/roles/${idIn(await customRole(w))}`,
    body: roleDraft(w.fresh()),
  })),
  'rolePermissions.add': only(async (w) => ({ path: `${await customRole(w)}/permissions/okta.apps.read` })),
  'rolePermissions.replace': only(async (w) => ({
    path: `${await customRole(w)}/permissions/okta.users.read`,
    body: { conditions: { include: { 'okta:ResourceAttribute/User/Profile': ['city'] } } },
  })),
  'rolePermissions.remove': only(async (w) => ({ path: `${await customRole(w)}/permissions/okta.groups.read` })),
  'bundles.create': only(async (w) => ({ path: BUNDLES, body: bundleBody(w.fresh()) })),
  'bundles.replace': only(async (w) => ({ path: await bundle(w), body: bundleBody(w.fresh(), 'APP_ADMIN') })),
  'bundles.delete': only(async (w) => ({ path: await bundle(w) })),
  'grants.end': only(async (w) => ({ path: `/sallyport/v1/grants/${await ownGrant(w)}/end` })),
  'resourceSets.create': only(async (w) => ({ path: '/api/v1/iam/resource-sets', body: setBody(w.fresh()) })),
  'resourceSets.replace': only(async (w) => ({
    path: await resourceSet(w),
    body: { label: `renamed ${w.fresh()}`, description: 'test' },
  })),
  'resourceSets.delete': only(async (w) => ({ path: await resourceSet(w) })),
  'resources.addAll': only(async (w) => ({
    path: `${await resourceSet(w)}/resources`,
    body: { additions: ['/api/v1/groups'] },
  })),
  'resources.add': only(async (w) => ({
    path: `${await resourceSet(w)}/resources`,
    body: { resourceOrnOrUrl: '/api/v1/groups' },
  })),
  'resources.replace': only(async (w) => ({
    path: await resource(w),
    body: { conditions: { Exclude: { 'okta:ORN': [`/api/v1/groups/${await group(w, 'ordinary')}/users`] } } },
  })),
  'resources.remove': only(async (w) => ({ path: await resource(w) })),
  'bindings.create': only(async (w) => ({
    path: `${await resourceSet(w)}/bindings`,
    body: { role: idIn(await customRole(w)), members: [`/api/v1/users/${await user(w, 'ordinary')}`] },
  })),
  'bindings.delete': only(async (w) => ({ path: await binding(w) })),
  'bindingMembers.add': only(async (w) => ({
    path: `${await binding(w)}/members`,
    body: { additions: [`/api/v1/users/${await user(w, 'ordinary')}`] },
  })),
  'bindingMembers.remove': only(async (w) => {
    const path = `${await binding(w)}/members`;
    const { members } = (await w.admin.get(path)).body as unknown as { members: Made[] };
    return { path: `${path}/${members[0]?.id ?? ''}` };
  }),
  'userRoleTargets.addGroup': narrowed('user', 'HELP_DESK_ADMIN', none, aGroup),
  'userRoleTargets.removeGroup': narrowed('user', 'HELP_DESK_ADMIN', two(aGroup), aGroup),
  'userRoleTargets.allApps': narrowed('user', 'APP_ADMIN', none, async () => 'catalog/apps'),
  'userRoleTargets.addAppName': narrowed('user', 'APP_ADMIN', none, aKindOfApp),
  'userRoleTargets.removeAppName': narrowed('user', 'APP_ADMIN', twoKinds, aKindOfApp),
  'userRoleTargets.addApp': narrowed('user', 'APP_ADMIN', none, anApp),
  'userRoleTargets.removeApp': narrowed('user', 'APP_ADMIN', two(anApp), anApp),
  'groupRoleTargets.addGroup': narrowed('group', 'HELP_DESK_ADMIN', none, aGroup),
  'groupRoleTargets.removeGroup': narrowed('group', 'HELP_DESK_ADMIN', two(aGroup), aGroup),
  'groupRoleTargets.addAppName': narrowed('group', 'APP_ADMIN', none, aKindOfApp),
  'groupRoleTargets.removeAppName': narrowed('group', 'APP_ADMIN', twoKinds, aKindOfApp),
  'groupRoleTargets.addApp': narrowed('group', 'APP_ADMIN', none, anApp),
  'groupRoleTargets.removeApp': narrowed('group', 'APP_ADMIN', two(anApp), anApp),
  'clientRoleTargets.addGroup': narrowed('client', 'HELP_DESK_ADMIN', none, aGroup),
  'clientRoleTargets.removeGroup': narrowed('client', 'HELP_DESK_ADMIN', two(aGroup), aGroup),
  'clientRoleTargets.addAppName': narrowed('client', 'APP_ADMIN', none, aKindOfApp),
  'clientRoleTargets.removeAppName': narrowed('client', 'APP_ADMIN', twoKinds, aKindOfApp),
  'clientRoleTargets.addApp': narrowed('client', 'APP_ADMIN', none, anApp),
  'clientRoleTargets.removeApp': narrowed('client', 'APP_ADMIN', two(anApp), anApp),
  'apiTokens.create': only(async (w) => ({
    path: '/api/v1/api-tokens',
    body: { name: `token ${w.fresh()}`, purpose: 'test', network: { connection: 'ANYWHERE' } },
  })),
  'apiTokens.revokeCurrent': only(async () => ({ path: '/api/v1/api-tokens/current' })),
  'apiTokens.update': only(async (w) => ({
    path: `/api/v1/api-tokens/${await apiToken(w)}`,
    body: { name: 'renamed' },
  })),
  'apiTokens.rotate': only(async (w) => ({
    path: `/sallyport/v1/api-tokens/${await apiToken(w)}/rotate`,
    body: { overlapHours: 1 },
  })),
  'apiTokens.endOldSecret': only(async (w) => {
    const id = await apiToken(w);
    await make(w, `/sallyport/v1/api-tokens/${id}/rotate`, { overlapHours: 1 });
    return { path: `/sallyport/v1/api-tokens/${id}/old-secret` };
  }),
  'apiTokens.revoke': only(async (w) => ({ path: `/api/v1/api-tokens/${await apiToken(w)}` })),
  ...Object.fromEntries(
    (['subscribe', 'unsubscribe'] as const).flatMap((verb) => [
      [
        `roleSubscriptions.${verb}`,
        only(async (w) => ({ path: `${await unlike(w, 'roles/ORG_ADMIN', verb)}/${verb}` })),
      ],
      [`userSubscriptions.${verb}`, only(async (w) => ({ path: `${await unlike(w, 'users/me', verb)}/${verb}` }))],
    ]),
  ),
  'org.update': only(async (w) => ({ path: '/api/v1/org', body: { city: `city ${w.fresh()}` } })),
  'org.replace': only(async (w) => ({ path: '/api/v1/org', body: { companyName: `Org ${w.fresh()}` } })),
  'orgContacts.replace': only(async (w) => ({
    path: '/api/v1/org/contacts/TECHNICAL',
    body: { userId: await user(w, 'ordinary') },
  })),
  'orgPreferences.hideFooter': only(async (w) => {
    await w.admin.call('POST', '/api/v1/org/preferences/showEndUserFooter');
    return { path: '/api/v1/org/preferences/hideEndUserFooter' };
  }),
  'orgPreferences.showFooter': only(async (w) => {
    await w.admin.call('POST', '/api/v1/org/preferences/hideEndUserFooter');
    return { path: '/api/v1/org/preferences/showEndUserFooter' };
  }),
  'trustedOrigins.create': only(async (w) => ({ path: '/api/v1/trustedOrigins', body: originBody(w.fresh()) })),
  'trustedOrigins.replace': only(async (w) => ({
    path: `/api/v1/trustedOrigins/${await trustedOrigin(w)}`,
    body: originBody(w.fresh()),
  })),
  'trustedOrigins.delete': only(async (w) => ({ path: `/api/v1/trustedOrigins/${await trustedOrigin(w)}` })),
  'trustedOrigins.activate': only(async (w) => ({
    path: `/api/v1/trustedOrigins/${await trustedOrigin(w)}/lifecycle/activate`,
  })),
  'trustedOrigins.deactivate': only(async (w) => ({
    path: `/api/v1/trustedOrigins/${await trustedOrigin(w)}/lifecycle/deactivate`,
  })),
  'authenticators.replace': only(async (w) => ({
    path: await authenticator(w, 'webauthn'),
    body: { name: `Keys ${w.fresh()}` },
  })),
  'authenticators.activate': only(async (w) => {
    const path = `${await authenticator(w, 'google_otp')}/lifecycle`;
    await w.admin.call('POST', `${path}/deactivate`);
    return { path: `${path}/activate` };
  }),
  'authenticators.deactivate': only(async (w) => {
    const path = `${await authenticator(w, 'google_otp')}/lifecycle`;
    await w.admin.call('POST', `${path}/activate`);
    return { path: `${path}/deactivate` };
  }),
  'authenticators.activateMethod': only(async (w) => {
    const path = `${await authenticator(w, 'google_otp')}/methods/otp/lifecycle`;
    await w.admin.call('POST', `${path}/deactivate`);
    return { path: `${path}/activate` };
  }),
  'authenticators.deactivateMethod': only(async (w) => {
    const path = `${await authenticator(w, 'google_otp')}/methods/otp/lifecycle`;
    await w.admin.call('POST', `${path}/activate`);
    return { path: `${path}/deactivate` };
  }),
  'authenticators.replaceMethod': only(async (w) => ({
    path: `${await authenticator(w, 'webauthn')}/methods/webauthn`,
    body: { settings: { allowSyncablePasskeys: w.fresh() % 2 === 0 } },
  })),
  'aaguids.create': only(async (w) => ({
    path: `${await authenticator(w, 'webauthn')}/aaguids`,
    body: modelBody(w.fresh()),
  })),
  'aaguids.replace': only(async (w) => ({ path: await customModel(w), body: modelBody(w.fresh()) })),
  'aaguids.update': only(async (w) => ({ path: await customModel(w), body: { name: `Model ${w.fresh()}` } })),
  'aaguids.delete': only(async (w) => ({ path: await customModel(w) })),
  'zones.create': only(async (w) => ({ path: '/api/v1/zones', body: zoneBody(w.fresh()) })),
  'zones.replace': async (w, target) =>
    target === 'ordinary'
      ? { path: `/api/v1/zones/${await zone(w)}`, body: zoneBody(w.fresh()) }
      : {
          path: `/api/v1/zones/${await exemptZone(w)}`,
          body: { ...zoneBody(w.fresh()), name: 'DefaultExemptIpZone', useAsExemptList: true },
        },
  'zones.delete': only(async (w) => ({ path: `/api/v1/zones/${await zone(w)}` })),
  'zones.activate': only(async (w) => {
    const path = `/api/v1/zones/${await zone(w)}/lifecycle`;
    await w.admin.call('POST', `${path}/deactivate`);
    return { path: `${path}/activate` };
  }),
  'zones.deactivate': only(async (w) => ({ path: `/api/v1/zones/${await zone(w)}/lifecycle/deactivate` })),
  'policies.create': only(async (w) => ({ path: '/api/v1/policies', body: policyBody(w.fresh(), 'ordinary') })),
  'policies.clone': only(async (w) => ({ path: `${await ownPolicy(w, 'ordinary')}/clone` })),
  'policies.replace': async (w, target) => ({
    path: await ownPolicy(w, target),
    body: policyBody(w.fresh(), target),
  }),
  'policies.delete': async (w, target) => ({ path: await ownPolicy(w, target) }),
  'policies.activate': async (w, target) => {
    const path = await ownPolicy(w, target);
    await w.admin.call('POST', `${path}/lifecycle/deactivate`);
    return { path: `${path}/lifecycle/activate` };
  },
  'policies.deactivate': async (w, target) => ({ path: `${await ownPolicy(w, target)}/lifecycle/deactivate` }),
  'policyMappings.create': async (w, target) =>
    target === 'ordinary'
      ? { path: `${await ownPolicy(w, target)}/mappings`, body: { resourceId: await app(w), resourceType: 'APP' } }
      : {
          path: `/api/v1/policies/${await policy(w, target)}/mappings`,
          body: { resourceId: await app(w), resourceType: 'APP' },
        },
  'policyConfirmation.confirm': async (w) => {
    await make(w, `/api/v1/policies/${await policy(w, 'powerful')}/rules`, ruleBody(w.fresh()));
    w.server.clock.advance(1);
    await w.admin.signIn();
    return { path: '/sallyport/v1/policies/confirmation', body: {} };
  },
  'policyConfirmation.takeBack': async (w) => {
    await make(w, `/api/v1/policies/${await policy(w, 'powerful')}/rules`, ruleBody(w.fresh()));
    return { path: '/sallyport/v1/policies/confirmation' };
  },
  'policyHistory.rollBack': async (w, target) => {
    const id = await policy(w, target);
    await make(w, `/api/v1/policies/${id}/rules`, ruleBody(w.fresh()));
    const [, before] = await list<{ version: number }>(w, `/sallyport/v1/policies/${id}/history`);
    return { path: `/sallyport/v1/policies/${id}/rollback`, body: { version: before?.version } };
  },
  'policyDrafts.create': async (w, target) => ({
    path: `/sallyport/v1/policies/${await policy(w, target)}/drafts`,
    body: {},
  }),
  'policyDrafts.replace': async (w, target) => ({
    path: await draft(w, target),
    body: { rules: [draftRule(w.fresh())] },
  }),
  'policyDrafts.discard': async (w, target) => ({ path: await draft(w, target) }),
  'policyDrafts.rebase': async (w, target) => ({ path: `${await draft(w, target)}/rebase`, body: {} }),
  'policyDrafts.publish': async (w, target) => {
    const path = await draft(w, target);
    const { headers } = await w.admin.get(path);
    return { path: `${path}/publish`, body: {}, headers: { 'If-Match': String(headers['etag']) } };
  },
  'policyTests.create': async (w, target) => ({
    path: `/sallyport/v1/policies/${await policy(w, target)}/tests`,
    body: testBody(w.fresh(), target),
  }),
  'policyTests.replace': async (w, target) => ({
    path: await policyTest(w, target),
    body: testBody(w.fresh(), target),
  }),
  'policyTests.delete': async (w, target) => ({ path: await policyTest(w, target) }),
  'policyRules.create': async (w, target) => ({
    path: `/api/v1/policies/${await policy(w, target)}/rules`,
    body: ruleBody(w.fresh()),
  }),
  'policyRules.replace': async (w, target) => ({ path: await rule(w, target), body: ruleBody(w.fresh()) }),
  'policyRules.delete': async (w, target) => ({ path: await rule(w, target) }),
  'policyRules.activate': async (w, target) => {
    const path = await rule(w, target);
    await w.admin.call('POST', `${path}/lifecycle/deactivate`);
    return { path: `${path}/lifecycle/activate` };
  },
  'policyRules.deactivate': async (w, target) => ({ path: `${await rule(w, target)}/lifecycle/deactivate` }),
  'apps.create': async (w, target) => ({
    path: '/api/v1/apps',
    body: target === 'ordinary' ? appBody(w.fresh()) : serviceAppBody(`machine ${w.fresh()}`),
  }),
  'apps.replace': async (w, target) => {
    const n = w.fresh();
    if (target === 'powerful')
      return { path: `/api/v1/apps/${await serviceApp(w)}`, body: serviceAppBody(`renamed ${n}`) };
    const { id } = await make(w, '/api/v1/apps', appBody(n));
    return { path: `/api/v1/apps/${id}`, body: { ...appBody(n), label: 'renamed' } };
  },
  'apps.delete': async (w, target) => {
    const path = `/api/v1/apps/${await appOf(w, target)}`;
    await w.admin.call('POST', `${path}/lifecycle/deactivate`);
    return { path };
  },
  'apps.activate': async (w, target) => {
    const path = `/api/v1/apps/${await appOf(w, target)}/lifecycle`;
    await w.admin.call('POST', `${path}/deactivate`);
    return { path: `${path}/activate` };
  },
  'apps.assignPolicy': async (w, target) => {
    if (target === 'ordinary')
      return { path: `/api/v1/apps/${await app(w)}/policies/${idIn(await ownPolicy(w, target))}` };
    const { id } = await make(w, `/api/v1/policies/${await policy(w, target)}/clone`);
    return { path: `/api/v1/apps/${await consoleAppId(w)}/policies/${id}` };
  },
  'apps.deactivate': async (w, target) => ({ path: `/api/v1/apps/${await appOf(w, target)}/lifecycle/deactivate` }),
  'appUsers.assign': async (w, target) => ({
    path: `/api/v1/apps/${await appOf(w, target)}/users`,
    body: { id: await user(w, 'ordinary') },
  }),
  'appUsers.update': async (w, target) => ({ path: await assigned(w, target), body: { profile: { n: w.fresh() } } }),
  'appUsers.unassign': async (w, target) => ({ path: await assigned(w, target) }),
  'appGroups.assign': async (w, target) => ({
    path: `/api/v1/apps/${await appOf(w, target)}/groups/${await group(w, 'ordinary')}`,
    body: {},
  }),
  'appGroups.unassign': async (w, target) => {
    const path = `/api/v1/apps/${await appOf(w, target)}/groups/${await group(w, 'ordinary')}`;
    await w.admin.call('PUT', path, {});
    return { path };
  },
  'appKeys.add': only(async (w) => ({ path: await keysPath(w), body: makeMachineKey().publicJwk })),
  'appKeys.activate': only(async (w) => {
    const path = await keyPath(w);
    await w.admin.call('POST', `${path}/lifecycle/deactivate`);
    return { path: `${path}/lifecycle/activate` };
  }),
  'appKeys.deactivate': only(async (w) => ({ path: `${await keyPath(w)}/lifecycle/deactivate` })),
  'appKeys.delete': only(async (w) => {
    const path = await keyPath(w);
    await w.admin.call('POST', `${path}/lifecycle/deactivate`);
    return { path };
  }),
  'appGrants.create': only(async (w) => ({
    path: `/api/v1/apps/${await serviceApp(w)}/grants`,
    body: { scopeId: 'okta.users.read' },
  })),
  'appGrants.revoke': only(async (w) => {
    const path = `/api/v1/apps/${await serviceApp(w)}/grants`;
    return { path: `${path}/${(await make(w, path, { scopeId: 'okta.users.read' })).id}` };
  }),
  'clientRoles.assign': only(async (w) => ({
    path: `/oauth2/v1/clients/${await serviceApp(w)}/roles`,
    body: { type: 'READ_ONLY_ADMIN' },
  })),
  'clientRoles.unassign': only(async (w) => {
    const path = `/oauth2/v1/clients/${await serviceApp(w)}/roles`;
    return { path: `${path}/${(await make(w, path, { type: 'READ_ONLY_ADMIN' })).id}` };
  }),
  'features.update': only(async (w) => {
    const features = await list<{ id: string; name: string; status: string }>(w, '/api/v1/features');
    const ip = features.find(({ name }) => name.startsWith('IP binding'));
    return { path: `/api/v1/features/${ip?.id}/${ip?.status === 'ENABLED' ? 'disable' : 'enable'}` };
  }),
  'protectedActions.put': only(async (w) => ({
    path: '/sallyport/v1/protected-actions',
    body: {
      actions: {
        'app.delete': {
          isOn: true,
          maxAgeMinutes: w.fresh() % 2 === 0 ? 1 : 5,
          authenticator: 'DEVICE_BOUND',
          needsApproval: false,
        },
      },
    },
  })),
  'myActions.notMe': only(async (w) => {
    await zone(w);
    const { actions } = (await w.admin.get('/sallyport/v1/me/actions')).body as unknown as { actions: Made[] };
    return { path: `/sallyport/v1/me/actions/${actions[0]?.id}/not-me` };
  }),
  'proofs.open': only(async (w) => ({
    path: '/sallyport/v1/proofs',
    body: {
      requests: [
        {
          method: 'DELETE',
          path: `/api/v1/zones/${await zone(w)}`,
        },
      ],
    },
  })),
  'proofs.give': only(async (w) => {
    const asked = await w.admin.callOnce('DELETE', `/api/v1/zones/${await zone(w)}`);
    const { proofUrl } = asked.body['sallyport'] as { proofUrl: string };
    const wrong = { clientData: 'AAAA', authenticatorData: 'AAAA', signatureData: 'AAAA', credentialId: 'AAAA' };
    return { path: proofUrl, body: wrong };
  }),
  'proofs.cancel': only(async (w) => {
    const asked = await w.admin.callOnce('DELETE', `/api/v1/zones/${await zone(w)}`);
    return { path: (asked.body['sallyport'] as { proofUrl: string }).proofUrl };
  }),
  'campaigns.create': only(async (w) => ({ path: CAMPAIGNS, body: await campaignBody(w) })),
  'campaigns.delete': only(async (w) => ({ path: `${CAMPAIGNS}/${await campaign(w)}` })),
  'campaigns.launch': only(async (w) => ({ path: `${CAMPAIGNS}/${await campaign(w)}/launch` })),
  'campaigns.end': only(async (w) => ({ path: `${CAMPAIGNS}/${(await review(w)).id}/end` })),
  'campaigns.reassign': only(async (w) => {
    const { id, itemId } = await review(w);
    const { id: reviewerId } = (await w.admin.get('/api/v1/users/me')).body as unknown as Made;
    return {
      path: `${CAMPAIGNS}/${id}/reviews/reassign`,
      body: { reviewerId, reviewIds: [itemId], note: 'knows them' },
    };
  }),
  'reviews.bulkDecide': only(async (w) => ({
    path: `/governance/api/v1/my/campaigns/${(await review(w)).id}/reviews/bulk-decisions`,
    body: { criteria: { type: 'GOVERNANCE_ANALYZER' }, reviewDecision: 'APPROVE' },
  })),
  'reviewCampaigns.decide': only(async (w) => {
    const { id, itemId } = await review(w);
    return {
      path: `/sallyport/v1/campaigns/${id}/decisions`,
      body: { decisions: [{ reviewId: itemId, decision: 'APPROVE' }] },
    };
  }),
  'reviews.restore': only(async (w) => {
    const { id, itemId } = await review(w);
    await w.admin.call('POST', `/sallyport/v1/campaigns/${id}/decisions`, {
      decisions: [{ reviewId: itemId, decision: 'REVOKE' }],
    });
    return { path: `/sallyport/v1/reviews/${itemId}/restore` };
  }),
  'requestConditions.create': only(async (w) => ({ path: await newConditionPath(w), body: conditionBody(w) })),
  'requestConditions.update': only(async (w) => ({ path: await condition(w), body: { name: `renamed ${w.fresh()}` } })),
  'requestConditions.delete': only(async (w) => ({ path: await condition(w) })),
  'requestConditions.activate': only(async (w) => ({ path: `${await condition(w)}/activate` })),
  'requestConditions.deactivate': only(async (w) => ({ path: `${await activeCondition(w)}/deactivate` })),
  'requestSequences.create': only(async (w) => ({ path: SEQUENCES, body: sequenceBody(w.fresh()) })),
  'requestSequences.replace': only(async (w) => ({
    path: `${SEQUENCES}/${await sequence(w)}`,
    body: sequenceBody(w.fresh()),
  })),
  'requestSequences.delete': only(async (w) => ({ path: `/governance/api/v2/request-sequences/${await sequence(w)}` })),
  'governanceRequests.create': only(async (w) => {
    const { id } = (await w.admin.get('/api/v1/users/me')).body as unknown as Made;
    return {
      path: '/governance/api/v2/requests',
      body: {
        requested: { type: 'CATALOG_ENTRY', entryId: entryOf(await requestable(w)) },
        requestedFor: { type: 'OKTA_USER', externalId: id },
        requesterFieldValues: WHY,
      },
    };
  }),
  'governanceRequests.addMessage': only(async (w) => ({
    path: `/governance/api/v2/requests/${(await accessRequest(w)).split('/').at(-1)}/messages`,
    body: { message: 'it is urgent' },
  })),
  'myCatalog.request': only(async (w) => ({
    path: `/governance/api/v2/my/catalogs/default/entries/${entryOf(await requestable(w))}/requests`,
    body: { requesterFieldValues: WHY },
  })),
  'requests.create': only(async (w) => ({
    path: '/sallyport/v1/requests',
    body: { entitlement: { kind: 'group', id: await requestable(w) }, reason: 'to test' },
  })),
  'requests.approve': only(async (w) => {
    const { path, digest } = await othersRequest(w);
    return { path: `${path}/approve`, body: { digest } };
  }),
  'requests.deny': only(async (w) => ({ path: `${(await othersRequest(w)).path}/deny`, body: { comment: 'not now' } })),
  'requests.cancel': only(async (w) => ({ path: `${await accessRequest(w)}/cancel` })),
  'requests.nudge': only(async (w) => ({ path: `${await accessRequest(w)}/nudge` })),
  'requests.reassign': only(async (w) => ({
    path: `${(await othersRequest(w)).path}/reassign`,
    body: { assignees: [await personWithKey(w)], step: 0 },
  })),
  'myTasks.resolve': only(async (w) => {
    const { path, digest } = await othersRequest(w);
    return {
      path: `/governance/api/v2/my/tasks/${await taskOf(w, path)}/resolve`,
      body: { value: 'APPROVED', digest },
    };
  }),
  'tasks.update': only(async (w) => ({
    path: `/governance/api/v2/tasks/${await taskOf(w, (await othersRequest(w)).path)}`,
    body: { assignees: [{ externalId: await personWithKey(w), type: 'OKTA_USER' }] },
  })),
  'governanceSettings.updateMine': only(async (w) => ({
    path: '/governance/api/v1/my/settings',
    body: await appointment(w),
  })),
  'governanceSettings.updateFor': only(async (w) => ({
    path: `/governance/api/v1/principal-settings/${await personWithKey(w)}`,
    body: await appointment(w),
  })),
  'approvals.approve': only(async (w) => {
    const { id, challenge } = await askedByToken(w);
    return { path: `/sallyport/v1/approvals/${id}/approve`, body: { challenge } };
  }),
  'approvals.deny': only(async (w) => ({
    path: `/sallyport/v1/approvals/${(await askedByToken(w)).id}/deny`,
    body: { reason: 'not now' },
  })),
};
