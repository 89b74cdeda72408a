/** The screens of machines: made with a key from the browser, given scopes and a role, used, and stopped. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { Machine, type MachineKey, makeMachineKey } from '../harness/machine.ts';

let console_: TestConsole;
let machine: Machine;

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const users = (): Promise<number> => machine.call('GET', '/api/v1/users').then(({ status }) => status);

describe('service apps', () => {
  it('are created with a key that is shown once; anywhere needs its reason', async () => {
    const { page, press } = console_;
    await console_.open('/apps');
    await press('Create a service app…');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('deploy');
    await dialog.getByLabel('Its key').selectOption('paste');
    await dialog.getByLabel('Public keys').fill(JSON.stringify(makeMachineKey().privateJwk));
    await dialog.getByText('This holds a private key.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Create', exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Its key').selectOption('make');
    await dialog.getByLabel('Usable from').selectOption('ANYWHERE');
    expect(await dialog.getByRole('button', { name: 'Create', exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Why anywhere').fill('Its hosts have no fixed address');
    await dialog.getByLabel('A token works only with the key beside it (DPoP)').uncheck();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('service-app-form');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await console_.prove();
    const shown = page.getByRole('region', { name: 'private key' });
    await shown.waitFor();
    const privateJwk = JSON.parse((await shown.textContent()) ?? '') as Record<string, unknown>;
    expect(privateJwk['d']).toBeDefined();
    expect(await console_.axe()).toEqual([]);
    await press('I have put it away');
    await page.getByRole('heading', { name: 'deploy', level: 1 }).waitFor();
    expect(await shown.count()).toBe(0);
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const key: MachineKey = { alg: 'RS256', privateJwk, publicJwk: { kid: privateJwk['kid'] } };
    machine = new Machine(console_.server, id, key);
    expect((await machine.askToken('okta.users.read')).body).toMatchObject({ error: 'invalid_scope' });
  });

  it('may do nothing until they have a scope and a role, and show when they were used', async () => {
    const { page, press } = console_;
    await page.getByText('Its hosts have no fixed address').waitFor();
    await page.getByText('None: it may do nothing, whatever its roles.').waitFor();
    await press('Grant a scope…');
    await page.getByRole('dialog').getByLabel('Scope', { exact: true }).selectOption('okta.users.read');
    await page.getByRole('dialog').getByRole('button', { name: 'Grant it' }).click();
    await console_.prove();
    await page.getByRole('button', { name: 'Take away okta.users.read…' }).waitFor();
    await machine.authenticate('okta.users.read');
    expect(await users()).toBe(403);
    await press('Give a role…');
    await page.getByRole('dialog').getByLabel('Role', { exact: true }).selectOption('READ_ONLY_ADMIN');
    await page.getByRole('dialog').getByRole('button', { name: 'Give it' }).click();
    await console_.prove();
    await page.getByRole('button', { name: /^Take away Read-?only/i }).waitFor();
    expect(await users()).toBe(200);
    await page.reload();
    await page.getByText('from 192.0.2.77').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('service-app');
  });

  it('are kept to another network, and to fewer actions, after the difference was looked at', async () => {
    const { page, press } = console_;
    const zone = await console_.admin.call('POST', '/api/v1/zones', {
      type: 'IP',
      name: 'Build hosts',
      status: 'ACTIVE',
      gateways: [{ type: 'CIDR', value: '198.51.100.0/24' }],
    });
    expect(zone.status, zone.text).toBe(200);
    await page.getByRole('button', { name: 'Change…', exact: true }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Change deploy' });
    await dialog.getByLabel('Why anywhere').fill(' ');
    await dialog.getByLabel('Name').focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('People read this later: why anywhere?').waitFor();
    await dialog.getByLabel('Usable from').selectOption('ZONE');
    await press('Review…');
    await dialog.getByText('Choose at least one zone.').waitFor();
    await dialog.getByLabel('Find a zone').fill('build');
    const zones = dialog.getByRole('list', { name: 'Found: Network zones' });
    await expect.poll(() => zones.getByRole('button').count()).toBe(1);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Remove Build hosts' }).waitFor();
    await dialog.getByLabel('Find a protected action').fill('create a network zone');
    await dialog.getByRole('button', { name: '+ Create a network zone' }).press('Enter');
    await console_.settled();
    await console_.shots('service-app-change');
    expect(await console_.axe()).toEqual([]);
    await press('Review…');
    const changes = dialog.getByRole('table', { name: 'What saving changes' });
    expect(await changes.locator('tbody').textContent()).toBe(
      'Usable fromanywhere: Its hosts have no fixed addressBuild hostsDoes by itselfnothingCreate a network zone',
    );
    await dialog.getByText('at any hour without a person or a key').waitFor();
    await console_.shots('service-app-review');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByText('deploy is saved.').waitFor();
    await page.getByText('Build hosts').waitFor();
    // It comes from elsewhere: its token is worth nothing there from now on. Its keys stayed.
    expect(await users()).toBe(401);
    await press('Change…');
    await dialog.getByLabel('Usable from').selectOption('ANYWHERE');
    await dialog.getByLabel('Why anywhere').fill('Its hosts have no fixed address');
    await dialog.getByRole('button', { name: 'Remove Create a network zone' }).click();
    await press('Review…');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByText('no protected action; for each it asks in the inbox').waitFor();
    await machine.authenticate('okta.users.read');
    expect(await users()).toBe(200);
  });

  it('get a second key, lose the first, and are switched off', async () => {
    const { page, press } = console_;
    const second = makeMachineKey('ES256', 'second');
    await press('Add a key…');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Its key').selectOption('paste');
    await dialog.getByLabel('Public keys').fill(JSON.stringify({ keys: [second.publicJwk] }));
    await dialog.getByRole('button', { name: 'Add' }).click();
    await console_.prove();
    await page.getByRole('button', { name: 'Retire second…' }).waitFor();
    const first = String(machine.key.publicJwk['kid']);
    await page.getByRole('button', { name: `Retire ${first}…` }).click();
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
    await console_.prove();
    await page.getByRole('button', { name: `Let ${first} count again` }).waitFor();
    expect(await users()).toBe(401);
    const renewed = await machine.askToken('okta.users.read', { assertion: machine.assertion({}, {}, second) });
    machine.token = String(renewed.body['access_token']);
    expect(await users()).toBe(200);
    await press('Switch off…');
    await page.getByRole('dialog').getByText('Its tokens end at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await console_.prove();
    await page.getByText('switched off: it gets no token').waitFor();
    expect(await users()).toBe(401);
    await press('Delete…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'deploy' }).count()).toBe(0);
  });
});
