/** The management slice, driven over HTTP by the client that people's scripts use: @okta/okta-sdk-nodejs. */
import {
  AccessPolicy,
  type Client,
  DynamicNetworkZone,
  EnhancedDynamicNetworkZone,
  IPNetworkZone,
  OktaApiError,
} from '@okta/okta-sdk-nodejs';
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { createSoftMaker } from '@sallyport/testkit/soft-maker';
import { totpAt } from '@sallyport/testkit/soft-totp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { markServiceAccount } from '../../packages/server/src/service-accounts/mark-service-account.ts';
import { makeMachineKey, serviceAppBody } from '../harness/machine.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';
import { all, connect, makeToken, OWNER, setUpOrg } from './okta-client.ts';

const AAGUID = 'cb69481e-8ff7-4039-93ec-0a2729111111';
const PASSWORD = 'Correct-Horse-7-Battery';
const WALL_CLOCK = { now: () => Date.now(), advance() {} };
type Failure = { status: number; errorCode: string; errorId: string };

/** The error the client makes of a refusal; a call that succeeds fails the test. */
const refusal = async (call: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OktaApiError);
  return error as Failure;
};
const idOf = (item: { id?: string } | undefined): string => {
  expect(item?.id).toMatch(/^\w{20}$/);
  return item?.id ?? '';
};

describe.each(ENGINES)('the Node client on %s', (engine) => {
  let server: TestServer;
  let client: Client;
  let ownerId: string;
  let made = 0;
  /** A user of this test's own. */
  const newUser = async (password?: string, activate = true) => {
    const login = `person${made++}@example.org`;
    return client.userApi.createUser({
      activate,
      body: {
        profile: { firstName: 'Per', lastName: 'Son', email: login, login },
        ...(password === undefined ? {} : { credentials: { password: { value: password } } }),
      },
    });
  };
  const newGroup = async () =>
    client.groupApi.createGroup({ group: { profile: { name: `node-sdk: group ${made++}` } } });

  beforeAll(async () => {
    server = await startTestServer({ engine, env: {}, clock: WALL_CLOCK });
    ownerId = await setUpOrg(server);
    client = await connect(server);
  });
  afterAll(() => server.stop());

  describe('users', () => {
    it('creates with and without a password, and staged', async () => {
      expect((await newUser(PASSWORD)).status).toBe('ACTIVE');
      expect((await newUser()).status).toBe('PROVISIONED');
      expect((await newUser(undefined, false)).status).toBe('STAGED');
    });

    it('finds service accounts by the field that it does not know, and changes them like others', async () => {
      const host = hostPrincipal(server.services.random);
      const robot = await newUser();
      await newUser();
      const [userId, login] = [idOf(robot), robot.profile?.login ?? ''];
      await markServiceAccount(server.services, host, userId, { isServiceAccount: true });
      const search = 'sallyport.serviceAccountSince pr';
      const found = async () => (await all(await client.userApi.listUsers({ search }))).map(({ id }) => id);
      expect(await found()).toEqual([userId]);
      await client.userApi.updateUser({ userId, user: { profile: { department: 'Machines' } } });
      const read = await client.userApi.getUser({ userId: login });
      expect([read.status, read.profile?.department]).toEqual([robot.status, 'Machines']);
      await client.userApi.replaceUser({ userId, user: { profile: { ...read.profile } } });
      expect(await found()).toEqual([userId]);
      await markServiceAccount(server.services, host, userId, { isServiceAccount: false });
      expect(await found()).toEqual([]);
    });

    it('refuses a short password, and a login that is taken', async () => {
      expect(await refusal(newUser('short'))).toMatchObject({ status: 403, errorCode: 'E0000080' });
      const profile = { firstName: 'A', lastName: 'B', email: OWNER, login: OWNER };
      expect(await refusal(client.userApi.createUser({ body: { profile } }))).toMatchObject({ errorCode: 'E0000001' });
    });

    it('gets by id and by login', async () => {
      const user = await newUser();
      expect((await client.userApi.getUser({ userId: idOf(user) })).profile?.login).toBe(user.profile?.login);
      expect((await client.userApi.getUser({ userId: user.profile?.login ?? '' })).id).toBe(user.id);
      expect(await refusal(client.userApi.getUser({ userId: 'nobody@example.org' }))).toMatchObject({
        status: 404,
        errorCode: 'E0000007',
      });
    });

    it('an update keeps what it does not name, a replacement does not; the cache of the client sees both', async () => {
      const user = await newUser();
      const userId = idOf(user);
      await client.userApi.getUser({ userId });
      await client.userApi.updateUser({ userId, user: { profile: { nickName: 'Pete' } } });
      expect((await client.userApi.getUser({ userId })).profile).toMatchObject({ nickName: 'Pete', firstName: 'Per' });
      const { login, email } = user.profile ?? {};
      await client.userApi.replaceUser({
        userId,
        user: { profile: { firstName: 'Petra', lastName: 'Son', login, email } as never },
      });
      const replaced = (await client.userApi.getUser({ userId })).profile;
      expect(replaced).toMatchObject({ firstName: 'Petra' });
      expect(replaced?.nickName ?? null).toBeNull();
    });

    it('walks the lifecycle, and is deleted by the second delete', async () => {
      const userId = idOf(await newUser(PASSWORD, false));
      const status = async () => (await client.userApi.getUser({ userId })).status;
      await client.userApi.activateUser({ userId, sendEmail: false });
      expect(await status()).toBe('ACTIVE');
      await client.userApi.suspendUser({ userId });
      expect(await status()).toBe('SUSPENDED');
      await client.userApi.unsuspendUser({ userId });
      expect(await status()).toBe('ACTIVE');
      await client.userApi.deactivateUser({ userId });
      expect(await status()).toBe('DEPROVISIONED');
      await client.userApi.activateUser({ userId, sendEmail: false });
      expect(await client.userApi.deleteUser({ userId })).toBeUndefined();
      expect(await status()).toBe('DEPROVISIONED');
      await client.userApi.deleteUser({ userId });
      expect(await refusal(client.userApi.getUser({ userId }))).toMatchObject({ status: 404 });
    });

    it('enrols a key and a code app, lists, removes and resets them', async () => {
      const user = await newUser(PASSWORD);
      const userId = idOf(user);
      const key = createSoftAuthenticator();
      const begun = await client.userFactorApi.enrollFactor({
        userId,
        body: { factorType: 'webauthn', provider: 'FIDO' } as never,
      });
      const factorId = idOf(begun);
      expect(begun.status).toBe('PENDING_ACTIVATION');
      const { challenge = '' } = (begun._embedded?.['activation'] ?? {}) as { challenge?: string };
      const registered = key.register({ challenge, rpId: 'localhost', origin: server.url, userId });
      const { attestation, clientData, credentialId } = registered;
      await client.userFactorApi.activateFactor({ userId, factorId, body: { attestation, clientData } as never });
      const [factor] = await all(await client.userFactorApi.listFactors({ userId }));
      expect(factor).toMatchObject({ id: factorId, status: 'ACTIVE', profile: { credentialId } });
      expect((await client.userFactorApi.getFactor({ userId, factorId })).status).toBe('ACTIVE');
      const kinds = await all(await client.userFactorApi.listSupportedFactors({ userId }));
      expect(kinds.map(({ factorType, status }) => [factorType, status])).toEqual([
        ['webauthn', 'ACTIVE'],
        ['token:software:totp', 'NOT_SETUP'],
      ]);
      await client.userFactorApi.unenrollFactor({ userId, factorId });
      expect(await all(await client.userFactorApi.listFactors({ userId }))).toEqual([]);

      const app = await client.userFactorApi.enrollFactor({
        userId,
        body: { factorType: 'token:software:totp', provider: 'GOOGLE' } as never,
      });
      const { sharedSecret = '' } = (app._embedded?.['activation'] ?? {}) as { sharedSecret?: string };
      const passCode = totpAt(sharedSecret, Date.now());
      await client.userFactorApi.activateFactor({ userId, factorId: idOf(app), body: { passCode } as never });
      await client.userApi.resetFactors({ userId });
      expect(await all(await client.userFactorApi.listFactors({ userId }))).toEqual([]);
    });

    it('expires and resets a password, and does not pretend to send mail', async () => {
      const user = await newUser(PASSWORD);
      const userId = idOf(user);
      expect((await client.userApi.expirePassword({ userId })).status).toBe('PASSWORD_EXPIRED');
      // The client's type of the answer knows no password; that there is one is held elsewhere.
      await client.userApi.expirePasswordAndGetTemporaryPassword({ userId });
      const { resetPasswordUrl } = await client.userApi.generateResetPasswordToken({ userId, sendEmail: false });
      expect(resetPasswordUrl).toContain(`${server.url}/reset-password#code=`);
      expect(await refusal(client.userApi.generateResetPasswordToken({ userId, sendEmail: true }))).toMatchObject({
        errorCode: 'E0000001',
      });
    });

    it('does not unlock one who is not locked', async () => {
      const userId = idOf(await newUser(PASSWORD));
      expect(await refusal(client.userApi.unlockUser({ userId }))).toMatchObject({
        status: 403,
        errorCode: 'E0000032',
      });
    });

    it('finds by search, by filter and by the start of a name', async () => {
      const login = (await newUser()).profile?.login ?? '';
      for (const input of [
        { search: `profile.login eq "${login}"` },
        { filter: `profile.login eq "${login}"` },
        { q: login },
      ])
        expect((await all(await client.userApi.listUsers(input))).map((user) => user.profile?.login)).toEqual([login]);
    });

    it('orders a search, and goes on from page to page in that order', async () => {
      const logins = [await newUser(), await newUser(), await newUser()].map((user) => user.profile?.login ?? '');
      const search = logins.map((login) => `profile.login eq "${login}"`).join(' or ');
      const found = await client.userApi.listUsers({ search, sortBy: 'profile.login', sortOrder: 'desc', limit: 1 });
      expect((await all(found)).map((user) => user.profile?.login)).toEqual(logins.toSorted().toReversed());
      expect(await refusal(client.userApi.listUsers({ search: 'login eq' }).then(all))).toMatchObject({
        status: 400,
        errorCode: 'E0000031',
      });
    });

    it('keeps custom attributes by the schema, and types beside the default one', async () => {
      const { schemaApi, userTypeApi } = client;
      const schemaId = 'default';
      const attribute = { title: 'Age', type: 'number', description: 'In years' };
      const changed = await schemaApi.updateUserProfile({
        schemaId,
        userSchema: {
          definitions: { custom: { id: '#custom', type: 'object', properties: { age: attribute } } },
        } as never,
      });
      expect(changed.definitions?.custom?.properties?.['age']).toMatchObject(attribute);
      const login = `aged${made++}@example.org`;
      const profile = { firstName: 'Per', lastName: 'Son', email: login, login, age: 33 };
      const user = await client.userApi.createUser({ body: { profile } as never, activate: false });
      const byLogin = await client.userApi.getUser({ userId: login });
      expect((byLogin.profile as unknown as { age: number }).age).toBe(33);
      expect(
        await refusal(client.userApi.updateUser({ userId: idOf(user), user: { profile: { age: 'old' } as never } })),
      ).toMatchObject({ status: 400, errorCode: 'E0000001' });
      const type = await userTypeApi.createUserType({ userType: { name: `kind${made++}`, displayName: 'Kind' } });
      const typed = await client.userApi.createUser({
        body: { profile: { ...profile, login: `x${login}` }, type: { id: idOf(type) } } as never,
      });
      expect(typed.type?.id).toBe(type.id);
      await client.userApi.replaceUser({
        userId: idOf(typed),
        user: { profile: { ...profile, login: `x${login}` }, type: { id: 'oty0000000000000defa' } } as never,
      });
      await userTypeApi.deleteUserType({ typeId: idOf(type) });
      expect((await all(await userTypeApi.listUserTypes())).map(({ name }) => name)).toEqual(['user']);
    });

    it('lists page by page, each user once', async () => {
      await newUser();
      await newUser();
      const paged = (await all(await client.userApi.listUsers({ limit: 1 }))).map(idOf);
      expect(paged.length).toBeGreaterThan(2);
      expect(new Set(paged).size).toBe(paged.length);
      expect(paged).toContain(ownerId);
      expect([...paged].sort()).toEqual((await all(await client.userApi.listUsers())).map(idOf).sort());
    });
  });

  describe('groups', () => {
    it('creates, finds, replaces and deletes', async () => {
      const group = await newGroup();
      const groupId = idOf(group);
      const name = (group.profile as { name: string }).name;
      expect((await all(await client.groupApi.listGroups({ q: name }))).map(idOf)).toEqual([groupId]);
      expect((await client.groupApi.getGroup({ groupId })).profile).toMatchObject({ name });
      await client.groupApi.replaceGroup({
        groupId,
        group: { profile: { name: `${name}, renamed`, description: 'd' } },
      });
      expect((await client.groupApi.getGroup({ groupId })).profile).toMatchObject({
        name: `${name}, renamed`,
        description: 'd',
      });
      await client.groupApi.deleteGroup({ groupId });
      expect(await refusal(client.groupApi.getGroup({ groupId }))).toMatchObject({ errorCode: 'E0000007' });
    });

    it('has members, page by page, and the members know it', async () => {
      const groupId = idOf(await newGroup());
      const [first, second] = [idOf(await newUser()), idOf(await newUser())];
      await client.groupApi.assignUserToGroup({ groupId, userId: first });
      await client.groupApi.assignUserToGroup({ groupId, userId: second });
      const members = async () => (await all(await client.groupApi.listGroupUsers({ groupId, limit: 1 }))).map(idOf);
      expect((await members()).sort()).toEqual([first, second].sort());
      expect((await all(await client.userApi.listUserGroups({ userId: first }))).map(idOf)).toContain(groupId);
      await client.groupApi.unassignUserFromGroup({ groupId, userId: first });
      expect(await members()).toEqual([second]);
    });
  });

  describe('group rules and owners', () => {
    it('a rule lives through create, list, replace, activate, deactivate and delete, and fills its group', async () => {
      const { groupApi } = client;
      const groupId = idOf(await newGroup());
      const rule = (value: string) => ({
        type: 'group_rule' as const,
        name: `node-sdk: rule ${made++}`,
        conditions: {
          people: { users: { exclude: [] }, groups: { exclude: [] } },
          expression: { value, type: 'urn:okta:expression:1.0' },
        },
        actions: { assignUserToGroups: { groupIds: [groupId] } },
      });
      const user = await newUser();
      await client.userApi.updateUser({ userId: idOf(user), user: { profile: { department: 'rules' } } });
      const created = await groupApi.createGroupRule({ groupRule: rule('user.department=="nothing"') as never });
      const ruleId = created.id ?? '';
      expect(created).toMatchObject({ status: 'INACTIVE', type: 'group_rule' });
      expect((await all(await groupApi.listGroupRules({ limit: 1 }))).map(({ id }) => id)).toContain(ruleId);
      const replaced = await groupApi.replaceGroupRule({
        ruleId,
        groupRule: rule('user.department=="rules"') as never,
      });
      expect(replaced.conditions?.expression?.value).toBe('user.department=="rules"');
      await groupApi.activateGroupRule({ ruleId });
      const members = async () => (await all(await groupApi.listGroupUsers({ groupId }))).map(idOf);
      await expect.poll(members, { timeout: 20_000 }).toEqual([user.id]);
      expect((await groupApi.getGroupRule({ ruleId })).status).toBe('ACTIVE');
      await groupApi.deactivateGroupRule({ ruleId });
      await groupApi.deleteGroupRule({ ruleId, removeUsers: true });
      expect(await members()).toEqual([]);
      expect(await refusal(groupApi.getGroupRule({ ruleId }))).toMatchObject({ status: 404, errorCode: 'E0000007' });
      expect(
        await refusal(groupApi.createGroupRule({ groupRule: rule('user.department.length == 3') as never })),
      ).toMatchObject({ status: 400, errorCode: 'E0000001' });
    });

    it('owners are added, listed and removed', async () => {
      const { groupApi: owners } = client;
      const groupId = idOf(await newGroup());
      const personId = idOf(await newUser());
      const owner = { id: personId, type: 'USER' as const };
      expect(await owners.assignGroupOwner({ groupId, GroupOwner: owner })).toMatchObject(owner);
      expect((await all(await owners.listGroupOwners({ groupId }))).map(({ id }) => id)).toEqual([personId]);
      await owners.deleteGroupOwner({ groupId, ownerId: personId });
      expect(await all(await owners.listGroupOwners({ groupId }))).toEqual([]);
    });
  });

  // What a profile of a group holds beyond its name the client of today neither sends nor reads; its schema it does.
  it('the schema of groups: shown, changed, and emptied again', async () => {
    const contact = { title: 'Contact', type: 'string', maxLength: 20 };
    const update = (groupContact: typeof contact | null) =>
      client.schemaApi.updateGroupSchema({
        GroupSchema: { definitions: { custom: { properties: { groupContact } } } } as never,
      });
    const custom = async () => (await client.schemaApi.getGroupSchema()).definitions?.custom?.properties;
    expect((await update(contact)).definitions?.custom?.properties?.['groupContact']).toMatchObject({ maxLength: 20 });
    expect(await custom()).toMatchObject({ groupContact: { title: 'Contact' } });
    expect(await refusal(update({ ...contact, type: 'boolean' }))).toMatchObject({ errorCode: 'E0000001' });
    await update(null);
    expect(await custom()).toEqual({});
  });

  it('a unique attribute of people is said to be, and refused to a second person', async () => {
    const property = { title: 'Badge', type: 'string', unique: true };
    const schema = await client.schemaApi.updateUserProfile({
      schemaId: 'default',
      userSchema: { definitions: { custom: { properties: { sdkBadge: property } } } } as never,
    });
    expect(schema.definitions?.custom?.properties?.['sdkBadge']?.unique).toBe('UNIQUE_VALIDATED');
    const withBadge = (sdkBadge: string) => {
      const login = `person${made++}@example.org`;
      return client.userApi.createUser({ body: { profile: { login, email: login, sdkBadge } as never } });
    };
    await withBadge('7');
    expect(await refusal(withBadge('7'))).toMatchObject({ status: 400, errorCode: 'E0000001' });
    await withBadge('8');
  });

  describe('roles', () => {
    it('assigns to a user once, lists, and takes away', async () => {
      const userId = idOf(await newUser());
      const assign = () =>
        client.roleAssignmentApi.assignRoleToUser({ userId, assignRoleRequest: { type: 'READ_ONLY_ADMIN' } });
      const role = (await assign()) as { id?: string; type?: string };
      expect(role.type).toBe('READ_ONLY_ADMIN');
      expect(await refusal(assign())).toMatchObject({ status: 409, errorCode: 'E0000090' });
      const held = async () =>
        (await all(await client.roleAssignmentApi.listAssignedRolesForUser({ userId }))) as object[];
      expect(await held()).toMatchObject([{ id: role.id, type: 'READ_ONLY_ADMIN', status: 'ACTIVE' }]);
      const roleId = idOf(role);
      expect(await client.roleAssignmentApi.getUserAssignedRole({ userId, roleId })).toMatchObject({
        id: role.id,
      });
      await client.roleAssignmentApi.unassignRoleFromUser({ userId, roleId });
      expect(await held()).toEqual([]);
    });

    it('assigns to a group once, lists, and takes away', async () => {
      const groupId = idOf(await newGroup());
      const assign = () =>
        client.roleAssignmentApi.assignRoleToGroup({ groupId, assignRoleRequest: { type: 'USER_ADMIN' } });
      await assign();
      expect(await refusal(assign())).toMatchObject({ status: 409, errorCode: 'E0000090' });
      const held = async () =>
        (await all(await client.roleAssignmentApi.listGroupAssignedRoles({ groupId }))) as { id?: string }[];
      const roles = await held();
      expect(roles).toMatchObject([{ type: 'USER_ADMIN', assignmentType: 'GROUP' }]);
      await client.roleAssignmentApi.unassignRoleFromGroup({ groupId, roleId: idOf(roles[0]) });
      expect(await held()).toEqual([]);
    });
  });

  describe('custom roles', () => {
    const newRole = (permissions: readonly string[] = ['okta.users.read', 'okta.groups.read']) =>
      client.customRoleApi.createRole({
        instance: {
          label: `node-sdk: role ${made++}`,
          description: 'd',
          permissions: [...permissions] as never,
        },
      });
    const newSet = (...resources: string[]) =>
      client.resourceSetApi.createResourceSet({
        instance: { label: `node-sdk: set ${made++}`, description: 'd', resources },
      });
    const urlOf = (path: string): string => `${server.url}/api/v1${path}`;

    it('live through create, get by id and label, replace, list and delete', async () => {
      const role = await newRole();
      const roleIdOrLabel = idOf(role);
      expect((await client.customRoleApi.getRole({ roleIdOrLabel: role.label ?? '' })).id).toBe(role.id);
      const label = `${role.label}, renamed`;
      await client.customRoleApi.replaceRole({ roleIdOrLabel, instance: { label, description: 'other' } });
      // The client's cache sees it.
      expect(await client.customRoleApi.getRole({ roleIdOrLabel })).toMatchObject({ label, description: 'other' });
      expect((await client.customRoleApi.listRoles({})).roles?.map(({ id }) => id)).toContain(role.id);
      expect(await client.customRoleApi.deleteRole({ roleIdOrLabel })).toBeUndefined();
      expect(await refusal(client.customRoleApi.getRole({ roleIdOrLabel }))).toMatchObject({ status: 404 });
    });

    it('their permissions are added, given conditions, listed and taken', async () => {
      const roleIdOrLabel = idOf(await newRole(['okta.groups.read']));
      const permissionType = 'okta.users.read';
      const only = { 'okta:ResourceAttribute/User/Profile': ['city'] };
      const of = { roleIdOrLabel, permissionType };
      await client.customRoleApi.createRolePermission({
        ...of,
        instance: { conditions: { include: only } } as never,
      });
      expect(await client.customRoleApi.getRolePermission(of)).toMatchObject({
        label: permissionType,
        conditions: { include: only },
      });
      await client.customRoleApi.replaceRolePermission({
        ...of,
        instance: { conditions: { exclude: only } } as never,
      });
      const list = async () => (await client.customRoleApi.listRolePermissions({ roleIdOrLabel })).permissions ?? [];
      expect(await list()).toMatchObject([
        { label: 'okta.groups.read' },
        { label: permissionType, conditions: { exclude: only } },
      ]);
      await client.customRoleApi.deleteRolePermission(of);
      expect((await list()).map(({ label }) => label)).toEqual(['okta.groups.read']);
      expect(
        await refusal(
          client.customRoleApi.createRolePermission({ roleIdOrLabel, permissionType: 'okta.roles.manage' }),
        ),
      ).toMatchObject({ status: 400, errorCode: 'E0000001' });
    });

    it('resource sets: made, filled, shown, emptied and deleted', async () => {
      const set = await newSet(urlOf('/users'));
      const resourceSetId = idOf(set);
      const group = idOf(await newGroup());
      await client.resourceSetApi.addResourceSetResources({
        resourceSetId,
        instance: { additions: [urlOf(`/groups/${group}`)] },
      });
      const resources = async () =>
        (await client.resourceSetApi.listResourceSetResources({ resourceSetId })).resources ?? [];
      const held = await resources();
      expect(held.map(({ orn }) => orn?.split(':').slice(4).join(':')).toSorted()).toEqual([
        `groups:${group}`,
        'users',
      ]);
      for (const { id } of held)
        await client.resourceSetApi.deleteResourceSetResource({ resourceSetId, resourceId: id ?? '' });
      expect(await resources()).toEqual([]);
      const label = `${set.label}, renamed`;
      await client.resourceSetApi.replaceResourceSet({ resourceSetId, instance: { label, description: 'other' } });
      expect((await client.resourceSetApi.getResourceSet({ resourceSetId })).label).toBe(label);
      const sets = (await client.resourceSetApi.listResourceSets({}))['resource_sets' as never] as unknown;
      expect(JSON.stringify(sets ?? (await client.resourceSetApi.listResourceSets({})))).toContain(resourceSetId);
      await client.resourceSetApi.deleteResourceSet({ resourceSetId });
      expect(await refusal(client.resourceSetApi.getResourceSet({ resourceSetId }))).toMatchObject({ status: 404 });
    });

    it('a resource is added but for some, and what is left out is replaced', async () => {
      const resourceSetId = idOf(await newSet(urlOf('/users')));
      const { id: orgId } = await client.orgSettingApi.getOrgSettings();
      const added = await client.resourceSetApi.addResourceSetResource({
        resourceSetId,
        instance: { resourceOrnOrUrl: urlOf('/groups'), conditions: { Exclude: { okta_ORN: [] } } },
      });
      expect(added.orn).toBe(`orn:okta:directory:${orgId}:groups`);
      expect(added.conditions?.Exclude?.okta_ORN).toEqual([]);
      const but = [`orn:oktapreview:directory:${orgId}:groups:${idOf(await newGroup())}`];
      const replaced = await client.resourceSetApi.replaceResourceSetResource({
        resourceSetId,
        resourceId: added.id ?? '',
        resourceSetResourcePutRequest: { conditions: { Exclude: { okta_ORN: but } } },
      });
      expect(replaced.conditions?.Exclude?.okta_ORN).toEqual(but.map((orn) => orn.replace('oktapreview', 'okta')));
    });

    it('one resource set is in every organisation, and nobody changes it', async () => {
      const resourceSetId = 'WORKFLOWS_IAM_POLICY';
      const set = await client.resourceSetApi.getResourceSet({ resourceSetId });
      expect(set).toMatchObject({ id: resourceSetId, label: 'Workflows Resource Set' });
      expect(set._links?.resources).toBeDefined();
      const changes = [
        () => client.resourceSetApi.deleteResourceSet({ resourceSetId }),
        () =>
          client.resourceSetApi.replaceResourceSet({ resourceSetId, instance: { label: 'Mine', description: 'd' } }),
        () =>
          client.resourceSetApi.addResourceSetResources({ resourceSetId, instance: { additions: [urlOf('/users')] } }),
      ];
      for (const change of changes) expect(await refusal(change())).toMatchObject({ status: 404 });
    });

    it('are bound to a resource set, and their members come and go', async () => {
      const [resourceSetId, role] = [idOf(await newSet(urlOf('/users'))), idOf(await newRole())];
      const [first, second] = [idOf(await newUser()), idOf(await newUser())];
      const bound = { resourceSetId, roleIdOrLabel: role };
      await client.resourceSetApi.createResourceSetBinding({
        resourceSetId,
        instance: { role, members: [urlOf(`/users/${first}`)] },
      });
      await client.resourceSetApi.addMembersToBinding({
        ...bound,
        instance: { additions: [urlOf(`/users/${second}`)] },
      });
      expect((await client.resourceSetApi.listBindings({ resourceSetId })).roles?.map(({ id }) => id)).toEqual([role]);
      expect((await client.resourceSetApi.getBinding(bound)).id).toBe(role);
      const members = async () => (await client.resourceSetApi.listMembersOfBinding(bound)).members ?? [];
      const ids = (await members()).map(({ id }) => id ?? '');
      expect(ids).toHaveLength(2);
      expect((await client.resourceSetApi.getMemberOfBinding({ ...bound, memberId: ids[0] ?? '' })).id).toBe(ids[0]);
      await client.resourceSetApi.unassignMemberFromBinding({ ...bound, memberId: ids[0] ?? '' });
      expect((await members()).map(({ id }) => id)).toEqual([ids[1]]);
      await client.resourceSetApi.deleteBinding(bound);
      expect(await refusal(client.resourceSetApi.getBinding(bound))).toMatchObject({ status: 404 });
      for (const userId of [first, second])
        expect(await all(await client.roleAssignmentApi.listAssignedRolesForUser({ userId }))).toEqual([]);
    });

    it('are held by people and groups over a resource set, and everybody who holds a role is listed once', async () => {
      const [set, role] = [idOf(await newSet(urlOf('/users'))), idOf(await newRole())];
      const [userId, groupId] = [idOf(await newUser()), idOf(await newGroup())];
      // The client leaves `role` and `resource-set` out of an assignment's body: bindings are its way to custom roles.
      const assignRoleRequest = { type: 'CUSTOM', role, 'resource-set': set } as never;
      expect(await refusal(client.roleAssignmentApi.assignRoleToUser({ userId, assignRoleRequest }))).toMatchObject({
        status: 400,
        errorCode: 'E0000001',
      });
      await client.resourceSetApi.createResourceSetBinding({
        resourceSetId: set,
        instance: { role, members: [urlOf(`/users/${userId}`), urlOf(`/groups/${groupId}`)] },
      });
      const [given] = (await all(await client.roleAssignmentApi.listAssignedRolesForUser({ userId }))) as {
        id?: string;
      }[];
      expect(given).toMatchObject({ type: 'CUSTOM', status: 'ACTIVE', assignmentType: 'USER' });
      expect(await all(await client.roleAssignmentApi.listGroupAssignedRoles({ groupId }))).toMatchObject([
        { type: 'CUSTOM', assignmentType: 'GROUP' },
      ]);
      const assignees: string[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await client.roleAssignmentApi.listUsersWithRoleAssignments({
          limit: 1,
          ...(after === undefined ? {} : { after }),
        });
        assignees.push(...(page.value ?? []).map(({ id }) => id ?? ''));
        const next = (page._links as { next?: { href?: string } } | undefined)?.next?.href;
        after = next === undefined ? undefined : (new URL(next).searchParams.get('after') ?? undefined);
        more = after !== undefined;
      }
      expect(assignees).toEqual(expect.arrayContaining([userId, ownerId]));
      expect(new Set(assignees).size).toBe(assignees.length);
      await client.roleAssignmentApi.unassignRoleFromUser({ userId, roleId: given?.id ?? '' });
      expect(await all(await client.roleAssignmentApi.listAssignedRolesForUser({ userId }))).toEqual([]);
    });

    it('a help desk role is narrowed to groups, and the last one stays', async () => {
      const userId = idOf(await newUser());
      const [groupId, other] = [idOf(await newGroup()), idOf(await newGroup())];
      const given = (await client.roleAssignmentApi.assignRoleToUser({
        userId,
        assignRoleRequest: { type: 'HELP_DESK_ADMIN' },
      })) as { id?: string };
      const of = { userId, roleId: given.id ?? '' };
      await client.roleTargetApi.assignGroupTargetToUserRole({ ...of, groupId });
      await client.roleTargetApi.assignGroupTargetToUserRole({ ...of, groupId: other });
      const targets = async () =>
        (await all(await client.roleTargetApi.listGroupTargetsForRole(of))).map(({ id }) => id ?? '').toSorted();
      expect(await targets()).toEqual([groupId, other].toSorted());
      await client.roleTargetApi.unassignGroupTargetFromUserAdminRole({ ...of, groupId: other });
      expect(
        await refusal(client.roleTargetApi.unassignGroupTargetFromUserAdminRole({ ...of, groupId })),
      ).toMatchObject({
        status: 400,
        errorCode: 'E0000001',
      });
      expect(await targets()).toEqual([groupId]);
    });

    it('an app role of a group is narrowed to a kind of app, and the last one stays', async () => {
      const groupId = idOf(await newGroup());
      await client.roleAssignmentApi.assignRoleToGroup({ groupId, assignRoleRequest: { type: 'APP_ADMIN' } });
      const [role] = (await all(await client.roleAssignmentApi.listGroupAssignedRoles({ groupId }))) as {
        id?: string;
      }[];
      const of = { groupId, roleId: role?.id ?? '', appName: 'saasure' };
      await client.roleTargetApi.assignAppTargetToAdminRoleForGroup(of);
      const { appName: _, ...assigned } = of;
      expect(
        await all(await client.roleTargetApi.listApplicationTargetsForApplicationAdministratorRoleForGroup(assigned)),
      ).toMatchObject([{ name: 'saasure' }]);
      expect(await refusal(client.roleTargetApi.unassignAppTargetToAdminRoleForGroup(of))).toMatchObject({
        status: 400,
      });
    });
  });

  it('roles of service apps are narrowed to groups and apps, and the last target stays', async () => {
    const application = serviceAppBody(`node-sdk: machine ${made++}`, { jwks: { keys: [makeMachineKey().publicJwk] } });
    const clientId = idOf(await client.applicationApi.createApplication({ application: application as never }));
    const give = async (type: 'HELP_DESK_ADMIN' | 'APP_ADMIN') => {
      const given = await client.roleAssignmentApi.assignRoleToClient({ clientId, assignRoleRequest: { type } });
      return { clientId, roleAssignmentId: (given as { id?: string }).id ?? '' };
    };
    const targets = client.roleTargetApi;
    const desk = await give('HELP_DESK_ADMIN');
    const [groupId, other] = [idOf(await newGroup()), idOf(await newGroup())];
    await targets.assignGroupTargetRoleForClient({ ...desk, groupId });
    await targets.assignGroupTargetRoleForClient({ ...desk, groupId: other });
    await targets.removeGroupTargetRoleFromClient({ ...desk, groupId: other });
    const groups = await all(await targets.listGroupTargetRoleForClient(desk));
    expect(groups.map(({ id }) => id)).toEqual([groupId]);
    expect(await refusal(targets.removeGroupTargetRoleFromClient({ ...desk, groupId }))).toMatchObject({ status: 400 });
    const nobodys = targets.assignGroupTargetRoleForClient({ ...desk, groupId: '00gNoSuchGroup00000x' });
    expect(await refusal(nobodys)).toMatchObject({ status: 404 });
    const wrongKind = targets.assignAppTargetRoleToClient({ ...desk, appName: 'saasure' });
    expect(await refusal(wrongKind)).toMatchObject({ status: 400, errorCode: 'E0000091' });

    const ofApps = await give('APP_ADMIN');
    await targets.assignAppTargetRoleToClient({ ...ofApps, appName: 'saasure' });
    const appName = 'oidc_client';
    await targets.assignAppTargetInstanceRoleForClient({ ...ofApps, appName, appId: clientId });
    expect(await all(await targets.listAppTargetRoleToClient(ofApps))).toMatchObject([
      { name: 'saasure' },
      { id: clientId },
    ]);
    await targets.removeAppTargetRoleFromClient({ ...ofApps, appName: 'saasure' });
    const last = targets.removeAppTargetInstanceRoleForClient({ ...ofApps, appName, appId: clientId });
    expect(await refusal(last)).toMatchObject({ status: 400 });
    await client.applicationApi.deactivateApplication({ appId: clientId });
    await client.applicationApi.deleteApplication({ appId: clientId });
  });

  it('authenticators: the kinds that clients look for, and a phone that cannot be activated, with the reason', async () => {
    const kinds = await all(await client.authenticatorApi.listAuthenticators());
    const types = kinds.map(({ type }) => type ?? '');
    for (const type of ['email', 'app', 'password', 'phone']) expect(types).toContain(type);
    const phone = kinds.find(({ type }) => type === 'phone');
    const authenticatorId = idOf(phone);
    expect(phone?.status).toBe('INACTIVE');
    expect(await refusal(client.authenticatorApi.activateAuthenticator({ authenticatorId }))).toMatchObject({
      status: 501,
      errorCode: 'E0000060',
    });
    expect((await client.authenticatorApi.deactivateAuthenticator({ authenticatorId })).status).toBe('INACTIVE');
  });

  it('what is asked of keys, and models of one’s own, live through get, replace, create, patch and delete', async () => {
    const api = client.authenticatorApi;
    const keys = (await all(await api.listAuthenticators())).find(({ key }) => key === 'webauthn');
    const authenticatorId = idOf(keys);
    const method = { authenticatorId, methodType: 'webauthn' } as const;
    const read = await api.getAuthenticatorMethod(method);
    const settings = { attachment: 'ROAMING', allowSyncablePasskeys: false };
    const body = { type: 'webauthn', settings } as never;
    const replaced = await api.replaceAuthenticatorMethod({ ...method, authenticatorMethodBase: body });
    expect(replaced).toMatchObject({ type: 'webauthn', status: 'ACTIVE', settings: { ...settings } });
    const list = { type: 'webauthn', settings: { aaguidGroups: [{ name: 'Ours', aaguids: [AAGUID] }] } } as never;
    expect(await refusal(api.replaceAuthenticatorMethod({ ...method, authenticatorMethodBase: list }))).toMatchObject({
      status: 400,
      errorCode: 'E0000001',
    });
    const x5c = createSoftMaker().root.toString('base64');
    const created = await api.createCustomAAGUID({
      authenticatorId,
      customAAGUIDCreateRequestObject: { aaguid: AAGUID, attestationRootCertificates: [{ x5c }] as never },
    });
    expect(created).toMatchObject({ aaguid: AAGUID, name: AAGUID, attestationRootCertificates: [{ x5c }] });
    const one = { authenticatorId, aaguid: AAGUID };
    // The client's own type of the list is an object without fields; the wire's is the list.
    await api.listAllCustomAAGUIDs({ authenticatorId });
    const named = await api.updateCustomAAGUID({ ...one, customAAGUIDUpdateRequestObject: { name: 'Our key' } });
    expect([named.name, (await api.getCustomAAGUID(one)).name]).toEqual(['Our key', 'Our key']);
    const whole = { attestationRootCertificates: [{ x5c }] as never };
    await api.replaceCustomAAGUID({ ...one, customAAGUIDUpdateRequestObject: whole });
    const attested = { type: 'webauthn', settings: { certBasedAttestationValidation: true } } as never;
    await api.replaceAuthenticatorMethod({ ...method, authenticatorMethodBase: attested });
    await api.replaceAuthenticatorMethod({ ...method, authenticatorMethodBase: list });
    expect(await refusal(api.deleteCustomAAGUID(one))).toMatchObject({ status: 400, errorCode: 'E0000209' });
    await api.replaceAuthenticatorMethod({ ...method, authenticatorMethodBase: read });
    await api.deleteCustomAAGUID(one);
    expect(await refusal(api.getCustomAAGUID(one))).toMatchObject({ status: 404, errorCode: 'E0000007' });
    expect(await refusal(api.deactivateAuthenticator({ authenticatorId }))).toMatchObject({ errorCode: 'E0000219' });
    const codes = (await all(await api.listAuthenticators())).find(({ key }) => key === 'google_otp');
    const off = await api.deactivateAuthenticatorMethod({ authenticatorId: idOf(codes), methodType: 'otp' });
    expect(off.status).toBe('INACTIVE');
    expect((await api.activateAuthenticator({ authenticatorId: idOf(codes) })).status).toBe('ACTIVE');
    const renamed = await api.replaceAuthenticator({
      authenticatorId,
      authenticator: { ...keys, name: 'Keys' } as never,
    });
    expect(renamed.name).toBe('Keys');
  });

  describe('network zones', () => {
    it('live through create, replace, deactivate, activate and delete as IPNetworkZone', async () => {
      const zones = client.networkZoneApi;
      const gateways = [{ type: 'CIDR' as const, value: '192.0.2.0/24' }];
      const zone = await zones.createNetworkZone({
        zone: { type: 'IP', name: `node-sdk: zone ${made++}`, gateways } as IPNetworkZone,
      });
      const zoneId = idOf(zone);
      expect(zone).toBeInstanceOf(IPNetworkZone);
      expect(await zones.getNetworkZone({ zoneId })).toMatchObject({ name: zone.name, gateways, status: 'ACTIVE' });
      expect((await all(await zones.listNetworkZones({ limit: 1 }))).map(idOf)).toContain(zoneId);
      const proxies = [{ type: 'RANGE' as const, value: '198.51.100.1-198.51.100.9' }];
      const replaced = await zones.replaceNetworkZone({
        zoneId,
        zone: { type: 'IP', name: `${zone.name}, replaced`, gateways, proxies } as IPNetworkZone,
      });
      expect(replaced).toMatchObject({ proxies });
      expect((await zones.deactivateNetworkZone({ zoneId })).status).toBe('INACTIVE');
      expect((await zones.getNetworkZone({ zoneId })).status).toBe('INACTIVE');
      expect((await zones.activateNetworkZone({ zoneId })).status).toBe('ACTIVE');
      expect(await zones.deleteNetworkZone({ zoneId })).toBeUndefined();
      expect(await refusal(zones.getNetworkZone({ zoneId }))).toMatchObject({ status: 404, errorCode: 'E0000007' });
    });

    it('live as DynamicNetworkZone and EnhancedDynamicNetworkZone, too', async () => {
      const zones = client.networkZoneApi;
      const dynamic = await zones.createNetworkZone({
        zone: {
          type: 'DYNAMIC',
          name: `node-sdk: zone ${made++}`,
          asns: ['64500', '64501'],
          locations: [{ country: 'AF', region: 'AF-BGL' }],
          proxyType: 'Tor',
        } as unknown as DynamicNetworkZone,
      });
      expect(dynamic).toBeInstanceOf(DynamicNetworkZone);
      const enhanced = await zones.createNetworkZone({
        zone: {
          type: 'DYNAMIC_V2',
          name: `node-sdk: zone ${made++}`,
          usage: 'BLOCKLIST',
          locations: { exclude: [{ country: 'US' }] },
          ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: ['NORD_VPN'] },
        } as unknown as EnhancedDynamicNetworkZone,
      });
      expect(enhanced).toBeInstanceOf(EnhancedDynamicNetworkZone);
      const replaced = await zones.replaceNetworkZone({
        zoneId: idOf(enhanced),
        zone: {
          type: 'DYNAMIC_V2',
          name: enhanced.name,
          asns: { include: ['64500'] },
        } as unknown as EnhancedDynamicNetworkZone,
      });
      // The client itself makes objects of the lists of dynamic zones.
      expect(replaced).toMatchObject({ usage: 'POLICY', asns: { include: { 0: '64500' } } });
      for (const zone of [dynamic, replaced]) {
        expect((await all(await zones.listNetworkZones({ limit: 1 }))).map(idOf)).toContain(idOf(zone));
        expect((await zones.deactivateNetworkZone({ zoneId: idOf(zone) })).status).toBe('INACTIVE');
        expect(await zones.deleteNetworkZone({ zoneId: idOf(zone) })).toBeUndefined();
      }
      expect(
        await refusal(
          zones.createNetworkZone({
            zone: { type: 'DYNAMIC', name: 'nothing', asns: [] } as unknown as DynamicNetworkZone,
          }),
        ),
      ).toMatchObject({ status: 400, errorCode: 'E0000001' });
    });

    it('the exempt zone changes only with useAsExemptList', async () => {
      const zones = client.networkZoneApi;
      const exempt = (await all(await zones.listNetworkZones())).find((zone) => zone.name === 'DefaultExemptIpZone');
      const zoneId = idOf(exempt);
      const zone = {
        type: 'IP',
        name: 'DefaultExemptIpZone',
        usage: 'POLICY',
        status: 'ACTIVE',
        gateways: [{ type: 'CIDR', value: '192.0.2.7/32' }],
      } as IPNetworkZone;
      expect(await refusal(zones.replaceNetworkZone({ zoneId, zone }))).toMatchObject({ errorCode: 'E0000001' });
      const replaced = await zones.replaceNetworkZone({
        zoneId,
        zone: { ...zone, useAsExemptList: true } as IPNetworkZone,
      });
      expect(replaced).toMatchObject({ system: true, gateways: zone.gateways });
      expect(await refusal(zones.deactivateNetworkZone({ zoneId }))).toMatchObject({ errorCode: 'E0000111' });
    });
  });

  describe('policies', () => {
    it('an access policy shows its rules, which live through create, replace, switch and delete', async () => {
      const { policyApi } = client;
      const policy = (await all(await policyApi.listPolicies({ type: 'ACCESS_POLICY' })))[0];
      expect(policy).toBeInstanceOf(AccessPolicy);
      const policyId = idOf(policy);
      // The client's own class keeps of what is embedded the type only; the rules are looked at in openapi.test.ts.
      expect(await policyApi.getPolicy({ policyId, expand: 'rules' })).toMatchObject({
        id: policyId,
        _embedded: { resourceType: 'APP' },
      });

      const rule = {
        type: 'ACCESS_POLICY',
        name: `node-sdk: rule ${made++}`,
        conditions: { people: { users: { include: [idOf(await newUser())] } } },
        actions: {
          appSignOn: {
            access: 'ALLOW',
            verificationMethod: { type: 'ASSURANCE', factorMode: '2FA', reauthenticateIn: 'PT2H' },
          },
        },
      };
      const created = await policyApi.createPolicyRule({ policyId, policyRule: rule as never });
      expect(created.constructor.name).toBe('AccessPolicyRule');
      const ruleId = idOf(created);
      const status = async () => (await policyApi.getPolicyRule({ policyId, ruleId })).status;
      const replaced = await policyApi.replacePolicyRule({
        policyId,
        ruleId,
        policyRule: { ...rule, name: `${rule.name}, replaced` } as never,
      });
      expect(replaced.name).toBe(`${rule.name}, replaced`);
      expect(await policyApi.deactivatePolicyRule({ policyId, ruleId })).toBeUndefined();
      expect(await status()).toBe('INACTIVE');
      expect(await policyApi.activatePolicyRule({ policyId, ruleId })).toBeUndefined();
      expect(await status()).toBe('ACTIVE');
      await policyApi.deletePolicyRule({ policyId, ruleId });
      expect(await refusal(policyApi.getPolicyRule({ policyId, ruleId }))).toMatchObject({ status: 404 });
    });

    it('policies of both types: create, replace, switch, clone, map, order and delete', async () => {
      const { policyApi } = client;
      const group = await client.groupApi.createGroup({ group: { profile: { name: `node-sdk: group ${made++}` } } });
      const body = {
        type: 'OKTA_SIGN_ON',
        name: `node-sdk: sessions ${made++}`,
        description: 'of the client',
        priority: 1,
        conditions: { people: { groups: { include: [idOf(group)] } } },
      };
      const signOn = await policyApi.createPolicy({ policy: body as never, activate: false });
      expect(signOn).toMatchObject({ type: 'OKTA_SIGN_ON', priority: 1, status: 'INACTIVE', system: false });
      expect(signOn.constructor.name).toBe('OktaSignOnPolicy');
      const policyId = idOf(signOn);
      expect(await policyApi.activatePolicy({ policyId })).toBeUndefined();
      expect((await policyApi.getPolicy({ policyId })).status).toBe('ACTIVE');
      const policyRule = {
        type: 'SIGN_ON',
        name: 'kept out',
        conditions: { network: { connection: 'ANYWHERE' }, authContext: { authType: 'ANY' } },
        actions: { signon: { access: 'DENY' } },
      };
      const rule = await policyApi.createPolicyRule({ policyId, policyRule: policyRule as never });
      expect(rule.constructor.name).toBe('OktaSignOnPolicyRule');
      const policy = { ...body, name: `${body.name}, renamed`, priority: 2 };
      expect(await policyApi.replacePolicy({ policyId, policy: policy as never })).toMatchObject({ name: policy.name });
      const order = await all(await policyApi.listPolicies({ type: 'OKTA_SIGN_ON' }));
      expect(order.at(-1)).toMatchObject({ system: true });
      expect(await policyApi.deactivatePolicy({ policyId })).toBeUndefined();
      await policyApi.deletePolicy({ policyId });
      expect(await refusal(policyApi.getPolicy({ policyId }))).toMatchObject({ status: 404 });

      const access = { type: 'ACCESS_POLICY', name: `node-sdk: app ${made++}` };
      const first = await policyApi.createPolicy({ policy: access as never });
      expect(first).toBeInstanceOf(AccessPolicy);
      const copy = await policyApi.clonePolicy({ policyId: idOf(first) });
      expect(copy.name).toBe(`[cloned] ${access.name}`);
      expect(await all(await policyApi.listPolicyRules({ policyId: idOf(copy) }))).toHaveLength(1);
      expect(await all(await policyApi.listPolicyMappings({ policyId: idOf(first) }))).toEqual([]);
      for (const id of [idOf(first), idOf(copy)]) await policyApi.deletePolicy({ policyId: id });
    });

    it('simulates: which rule of the console’s policy would decide for somebody without a role', async () => {
      const { policyApi } = client;
      const apps = await all(await client.applicationApi.listApplications({}));
      const console_ = apps.find((app) => (app as { name?: string }).name === 'saasure');
      const [answer, ...others] = await policyApi.createPolicySimulation({
        expand: 'EVALUATED,RULE',
        simulatePolicy: [
          {
            appInstance: idOf(console_),
            policyTypes: ['ACCESS_POLICY'],
            policyContext: { user: { id: idOf(await newUser()) }, groups: { ids: [] }, ip: '198.51.100.10' },
          },
        ] as never,
      });
      expect(others).toEqual([]);
      expect(answer).toMatchObject({ status: 'MATCH', policyType: ['ACCESS_POLICY'], undefined: { policies: [] } });
      expect(answer?.result?.policies?.[0]?.rules?.[0]).toMatchObject({ status: 'MATCH' });
      expect(
        await refusal(
          policyApi.createPolicySimulation({
            simulatePolicy: [{ appInstance: 'nothing', policyContext: {} }] as never,
          }),
        ),
      ).toMatchObject({ status: 404 });
    });

    it('keeps the catch-all, and knows the global session policy', async () => {
      const { policyApi } = client;
      const [signOn] = await all(await policyApi.listPolicies({ type: 'OKTA_SIGN_ON' }));
      expect(signOn?.type).toBe('OKTA_SIGN_ON');
      const [access] = await all(await policyApi.listPolicies({ type: 'ACCESS_POLICY' }));
      const policyId = idOf(access);
      const catchAll = (await all(await policyApi.listPolicyRules({ policyId }))).find((rule) => rule.system === true);
      expect(await refusal(policyApi.deletePolicyRule({ policyId, ruleId: idOf(catchAll) }))).toMatchObject({
        errorCode: 'E0000111',
      });
    });
  });

  it('applications: the two built-in ones, each with its access policy', async () => {
    const apps = await all(await client.applicationApi.listApplications({ limit: 1 }));
    for (const name of ['saasure', 'okta_enduser']) {
      const listed = apps.find((app) => (app as { name?: string }).name === name);
      const app = await client.applicationApi.getApplication({ appId: idOf(listed) });
      expect(app).toMatchObject({ id: listed?.id, name, status: 'ACTIVE' });
      const policyId = app._links?.accessPolicy?.href?.split('/').at(-1) ?? '';
      expect((await client.policyApi.getPolicy({ policyId })).type).toBe('ACCESS_POLICY');
    }
  });

  it('settings of the organisation: shown, changed, replaced; contacts and the footer', async () => {
    const api = client.orgSettingApi;
    const { companyName = '' } = await api.getOrgSettings();
    const changed = await api.updateOrgSettings({ OrgSetting: { city: 'Oslo', website: 'www.example.org' } });
    expect(changed).toMatchObject({ companyName, city: 'Oslo', website: 'www.example.org' });
    expect(await api.updateOrgSettings({ OrgSetting: { country: 'Norway' } })).toMatchObject({ city: 'Oslo' });
    const replaced = await api.replaceOrgSettings({
      OrgSetting: { companyName, supportPhoneNumber: '+47 22 00 00 00' },
    });
    expect(replaced).toMatchObject({ companyName, city: null, supportPhoneNumber: '+47 22 00 00 00' });
    expect((await api.getOrgSettings()).supportPhoneNumber).toBe('+47 22 00 00 00');

    const types = await all(await api.getOrgContactTypes());
    expect(types.map(({ contactType }) => contactType)).toEqual(['BILLING', 'TECHNICAL']);
    expect(await refusal(api.getOrgContactUser({ contactType: 'TECHNICAL' }))).toMatchObject({ status: 404 });
    const contact = { contactType: 'TECHNICAL' as const, orgContactUser: { userId: ownerId } };
    expect((await api.replaceOrgContactUser(contact)).userId).toBe(ownerId);
    expect((await api.getOrgContactUser({ contactType: 'TECHNICAL' })).userId).toBe(ownerId);
    const nobody = api.replaceOrgContactUser({ ...contact, orgContactUser: { userId: '00uNobodyAtAll00000x' } });
    expect(await refusal(nobody)).toMatchObject({ status: 404, errorCode: 'E0000007' });

    expect((await api.getOrgPreferences()).showEndUserFooter).toBe(true);
    expect((await api.updateOrgHideOktaUIFooter()).showEndUserFooter).toBe(false);
    expect((await api.updateOrgShowOktaUIFooter()).showEndUserFooter).toBe(true);
  });

  it('subscriptions of a role and of oneself: listed, shown, switched; nobody else’s', async () => {
    const api = client.subscriptionApi;
    const notificationType = 'OKTA_UPDATE' as const;
    const ofRole = { roleTypeOrRoleId: 'ORG_ADMIN' as never, notificationType };
    expect(await all(await api.listRoleSubscriptions(ofRole))).not.toEqual([]);
    const roleStatus = async () => (await api.listRoleSubscriptionsByNotificationType(ofRole)).status;
    expect(await api.subscribeRoleSubscriptionByNotificationType(ofRole)).toBeUndefined();
    expect(await roleStatus()).toBe('subscribed');
    expect(await api.unsubscribeRoleSubscriptionByNotificationType(ofRole)).toBeUndefined();
    expect(await roleStatus()).toBe('unsubscribed');

    const own = { userId: ownerId, notificationType };
    expect(await all(await api.listUserSubscriptions(own))).not.toEqual([]);
    const ownStatus = async () => (await api.listUserSubscriptionsByNotificationType(own)).status;
    expect(await api.subscribeUserSubscriptionByNotificationType(own)).toBeUndefined();
    expect(await ownStatus()).toBe('subscribed');
    expect(await api.unsubscribeUserSubscriptionByNotificationType(own)).toBeUndefined();
    expect(await ownStatus()).toBe('unsubscribed');
    const another = { userId: idOf(await newUser()), notificationType };
    expect(await refusal(api.subscribeUserSubscriptionByNotificationType(another))).toMatchObject({
      status: 403,
      errorCode: 'E0000006',
    });
  });

  it('an app is assigned another policy, and its own again', async () => {
    const apps = await all(await client.applicationApi.listApplications());
    const appId = idOf(apps.find((app) => (app as { name?: string }).name === 'okta_enduser'));
    const policyOf = async () =>
      (await client.applicationApi.getApplication({ appId }))._links?.accessPolicy?.href?.split('/').at(-1) ?? '';
    const own = await policyOf();
    const copy = idOf(await client.policyApi.clonePolicy({ policyId: own }));
    expect(await client.applicationApi.assignApplicationPolicy({ appId, policyId: copy })).toBeUndefined();
    expect(await policyOf()).toBe(copy);
    const none = client.applicationApi.assignApplicationPolicy({ appId, policyId: 'rstNoSuchPolicy0000x' });
    expect(await refusal(none)).toMatchObject({ status: 404, errorCode: 'E0000007' });
    await client.applicationApi.assignApplicationPolicy({ appId, policyId: own });
    expect(await policyOf()).toBe(own);
  });

  it('features: listed, shown, switched on and off', async () => {
    const { featureApi } = client;
    const feature = (await all(await featureApi.listFeatures())).find((item) => item.name?.startsWith('IP binding'));
    const featureId = idOf(feature);
    const status = async () => (await featureApi.getFeature({ featureId })).status;
    const before = await status();
    const [there, back] = before === 'ENABLED' ? (['DISABLE', 'ENABLE'] as const) : (['ENABLE', 'DISABLE'] as const);
    const switched = await featureApi.updateFeatureLifecycle({ featureId, lifecycle: there });
    expect(switched.status).not.toBe(before);
    expect(await status()).toBe(switched.status);
    await featureApi.updateFeatureLifecycle({ featureId, lifecycle: back });
    expect(await status()).toBe(before);
  });

  it('API tokens: listed and shown without their secret, and one revokes itself', async () => {
    const token = await makeToken(server);
    const other = await connect(server);
    const tokens = await all(await client.apiTokenApi.listApiTokens());
    expect(JSON.stringify(tokens)).not.toContain(token);
    const shown = await client.apiTokenApi.getApiToken({ apiTokenId: idOf(tokens[0]) });
    expect(shown).toMatchObject({ id: tokens[0]?.id, name: tokens[0]?.name });
    const third = await connect(server);
    const last = (await all(await client.apiTokenApi.listApiTokens())).find(
      ({ id }) => !tokens.some((known) => known.id === id),
    );
    await client.apiTokenApi.revokeApiToken({ apiTokenId: idOf(last) });
    expect(await refusal(third.userApi.getUser({ userId: ownerId }))).toMatchObject({ status: 401 });
    await other.apiTokenApi.revokeCurrentApiToken();
    expect(await refusal(other.userApi.getUser({ userId: ownerId }))).toMatchObject({
      status: 401,
      errorCode: 'E0000011',
    });
    expect((await client.userApi.getUser({ userId: ownerId })).id).toBe(ownerId);
  });

  it('system log: filtered, page by page, each event once', async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const until = new Date(Date.now() + 1000).toISOString();
    const filter = 'eventType eq "user.lifecycle.create"';
    await newUser();
    const created = await newUser();
    const window = { since, until: new Date(Date.now() + 1000).toISOString(), filter };
    const whole = await all(await client.systemLogApi.listLogEvents({ ...window, limit: 1000 }));
    const paged = await all(await client.systemLogApi.listLogEvents({ ...window, limit: 1 }));
    expect(paged.map((event) => event.uuid)).toEqual(whole.map((event) => event.uuid));
    expect(new Set(paged.map((event) => event.uuid)).size).toBe(paged.length);
    expect(paged.length).toBeGreaterThan(1);
    expect(paged.map((event) => event.target?.[0]?.id)).toContain(created.id);
    expect(paged[0]?.published).toBeInstanceOf(Date);
    expect(
      await refusal(client.systemLogApi.listLogEvents({ since, until, filter: 'nonsense eq "x"' }).then(all)),
    ).toMatchObject({ status: 400, errorCode: 'E0000053' });
  });

  it('system log: a poll goes on where it stood, with what is new and nothing else', async () => {
    const filter = 'eventType eq "group.lifecycle.create"';
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const poll = await client.systemLogApi.listLogEvents({ since, filter, limit: 1000 });
    const page = async () => (await poll.getNextPage()) as { uuid?: string; target?: { id?: string }[] }[];
    await newGroup();
    const first = await page();
    expect(first.length).toBeGreaterThan(0);
    expect(await page()).toEqual([]);
    const group = await newGroup();
    expect((await page()).map((event) => event.target?.[0]?.id)).toEqual([group.id]);
  });

  describe('sessions', () => {
    const signIn = async (login: string) => {
      const reply = await fetch(`${server.url}/api/v1/authn`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify({ username: login, password: PASSWORD }),
      });
      const { sessionToken } = (await reply.json()) as { sessionToken: string };
      return client.sessionApi.createSession({ createSessionRequest: { sessionToken } });
    };

    it('begin with a session token, are shown, refreshed and closed', async () => {
      const user = await newUser(PASSWORD);
      const session = await signIn(user.profile?.login ?? '');
      const sessionId = session.id ?? '';
      expect(session).toMatchObject({ userId: user.id, status: 'ACTIVE' });
      const shown = await client.sessionApi.getSession({ sessionId });
      expect(shown).toMatchObject({ userId: user.id, login: user.profile?.login });
      const refreshed = await client.sessionApi.refreshSession({ sessionId });
      expect(refreshed.expiresAt?.getTime()).toBeGreaterThanOrEqual(shown.expiresAt?.getTime() ?? Infinity);
      await client.sessionApi.revokeSession({ sessionId });
      expect(await refusal(client.sessionApi.getSession({ sessionId }))).toMatchObject({
        status: 404,
        errorCode: 'E0000007',
      });
    });

    it('all of a user end at once', async () => {
      const user = await newUser(PASSWORD);
      const sessions = [await signIn(user.profile?.login ?? ''), await signIn(user.profile?.login ?? '')];
      await client.userApi.revokeUserSessions({ userId: idOf(user), oauthTokens: false });
      for (const { id } of sessions)
        expect(await refusal(client.sessionApi.getSession({ sessionId: id ?? '' }))).toMatchObject({ status: 404 });
    });

    it('an API token has no session of its own, whatever cookie it comes with', async () => {
      const user = await newUser(PASSWORD);
      const { id } = await signIn(user.profile?.login ?? '');
      // With a cache of its own: every session's self link is /sessions/me, as there, and the client caches by it.
      const { sessionApi } = await connect(server);
      for (const cookie of [`sid=${id}`, 'sid=nothing'])
        expect(await refusal(sessionApi.getCurrentSession({ cookie }))).toMatchObject({
          status: 404,
          errorCode: 'E0000007',
        });
    });
  });

  it('admin console settings: shown, replaced, and kept within their bounds', async () => {
    const { oktaApplicationSettingsApi: settings } = client;
    const appName = 'admin-console';
    const before = await settings.getFirstPartyAppSettings({ appName });
    expect(before.sessionIdleTimeoutMinutes).toBeTypeOf('number');
    const next = { sessionIdleTimeoutMinutes: 30, sessionMaxLifetimeMinutes: 480 };
    expect(await settings.replaceFirstPartyAppSettings({ appName, adminConsoleSettings: next })).toMatchObject(next);
    expect(await settings.getFirstPartyAppSettings({ appName })).toMatchObject(next);
    const wrong = { ...next, sessionIdleTimeoutMinutes: 481 };
    expect(
      await refusal(settings.replaceFirstPartyAppSettings({ appName, adminConsoleSettings: wrong })),
    ).toMatchObject({ status: 400, errorCode: 'E0000001' });
  });
});
