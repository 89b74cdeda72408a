/** The machine's way in with the real Node client: a private key in place of a secret, as Bearer and as DPoP. With RSA, for its proofs are RS256 whatever the key. */
import { Client, OpenIdConnectApplication } from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MachineKey, makeMachineKey, serviceAppBody } from '../harness/machine.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';
import { all, connect, OWNER, setUpOrg } from './okta-client.ts';

const WALL_CLOCK = { now: () => Date.now(), advance() {} };
const SCOPES = ['okta.users.read', 'okta.apps.read', 'okta.apps.manage'];

describe.each(ENGINES)('the Node client as a service app on %s', (engine) => {
  let server: TestServer;
  let admin: Client;
  /** A service app made with the client itself, as its manual shows. */
  const make = async (key: MachineKey, isDpopBound: boolean): Promise<string> => {
    const body = serviceAppBody(`node-sdk: ${key.publicJwk['kid']}`, {
      jwks: { keys: [key.publicJwk] },
      dpop_bound_access_tokens: isDpopBound,
    });
    const app = await admin.applicationApi.createApplication({ application: body as never });
    expect(app).toBeInstanceOf(OpenIdConnectApplication);
    const appId = app.id ?? '';
    for (const scopeId of SCOPES)
      await admin.applicationApi.grantConsentToScope({
        appId,
        oAuth2ScopeConsentGrant: { issuer: server.url, scopeId },
      });
    await admin.roleAssignmentApi.assignRoleToClient({
      clientId: appId,
      assignRoleRequest: { type: 'SUPER_ADMIN' },
    });
    return appId;
  };
  const machine = (clientId: string, key: MachineKey): Client =>
    new Client({
      orgUrl: server.url,
      authorizationMode: 'PrivateKey',
      clientId,
      scopes: SCOPES,
      privateKey: JSON.stringify(key.privateJwk),
      keyId: String(key.publicJwk['kid']),
    });

  beforeAll(async () => {
    server = await startTestServer({ engine, env: {}, clock: WALL_CLOCK });
    await setUpOrg(server);
    admin = await connect(server);
  });
  afterAll(() => server.stop());

  it.each([
    ['RS256 as Bearer', 'RS256', false],
    ['RS256 as DPoP', 'RS256', true],
  ] as const)('signs with %s', async (_, alg, isDpopBound) => {
    const key = makeMachineKey(alg);
    const id = await make(key, isDpopBound);
    const client = machine(id, key);
    expect((await all(await client.userApi.listUsers())).map(({ profile }) => profile?.login)).toContain(OWNER);
    const own = await client.applicationApi.getApplication({ appId: id });
    expect(own.id).toBe(id);
    // Paging, and a second call with the token that the client keeps.
    expect((await all(await client.applicationApi.listApplications({ limit: 1 }))).length).toBeGreaterThan(1);
    const grants = await all(await client.applicationApi.listScopeConsentGrants({ appId: id }));
    expect(grants.map(({ scopeId }) => scopeId).toSorted()).toEqual([...SCOPES].toSorted());
    const roles = await all(await admin.roleAssignmentApi.listRolesForClient({ clientId: id }));
    expect(roles).toHaveLength(1);
    // Switched off: the client throws its token away, tries once more, and is refused.
    await admin.applicationApi.deactivateApplication({ appId: id });
    await expect(client.userApi.listUsers().then(all)).rejects.toThrow();
    await admin.applicationApi.deleteApplication({ appId: id });
  });

  it('makes, reads, replaces, switches and deletes bookmarks with the client', async () => {
    const made = await admin.applicationApi.createApplication({
      application: {
        name: 'bookmark',
        label: 'node-sdk: bookmark',
        signOnMode: 'BOOKMARK',
        settings: { app: { requestIntegration: false, url: 'https://example.org/bookmark' } },
      } as never,
    });
    const appId = made.id ?? '';
    made.label = 'node-sdk: renamed';
    const renamed = await admin.applicationApi.replaceApplication({ appId, application: made });
    expect(renamed.label).toBe('node-sdk: renamed');
    await admin.applicationApi.deactivateApplication({ appId });
    expect((await admin.applicationApi.getApplication({ appId })).status).toBe('INACTIVE');
    await admin.applicationApi.deleteApplication({ appId });
    await expect(admin.applicationApi.getApplication({ appId })).rejects.toThrow();
  });
});
