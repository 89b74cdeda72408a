/** Bundles of admin roles in a real browser: made over targets and resource sets, changed, deleted with what ends by it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;

const make = async (path: string, body: unknown): Promise<string> => {
  const made = await console_.admin.call('POST', path, body);
  expect(made.status, made.text).toBeLessThan(300);
  return String(made.body['id']);
};
interface Listed {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly unknown[];
  readonly openGrants: number;
  readonly offeredBy: unknown;
}
const list = async (person: Person = console_.admin): Promise<readonly Listed[]> =>
  (await person.get('/sallyport/v1/bundles')).body as unknown as Listed[];

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', null);
  await console_.giveKey(console_.admin);
  await make('/api/v1/groups', { profile: { name: 'Payroll operators' } });
  const role = await make('/api/v1/iam/roles', {
    label: 'Key helper',
    description: 'Resets keys',
    permissions: ['okta.users.read'],
  });
  expect(role).not.toBe('');
  for (const label of ['Berlin', 'Lisbon'])
    await make('/api/v1/iam/resource-sets', {
      label,
      description: label,
      resources: [`${console_.server.url}/api/v1/users`],
    });
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

describe('bundles of admin roles', () => {
  it('are made of roles over targets and resource sets; one that is narrowed to nothing cannot be saved', async () => {
    const { page } = console_;
    await console_.open('/bundles');
    await page.getByRole('heading', { name: 'No bundles yet' }).waitFor();
    await console_.look('bundles-none');
    await console_.push('New bundle…');
    const dialog = page.getByRole('dialog', { name: 'New bundle' });
    await dialog.getByLabel(/^Name/).fill('Tier 1');
    const first = dialog.getByRole('group', { name: 'Role 1', exact: true });
    await first.getByLabel('Role', { exact: true }).selectOption('HELP_DESK_ADMIN');
    await first.getByLabel('Over', { exact: true }).selectOption('some');
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await first.getByRole('button', { name: '+ Payroll operators' }).press('Enter');
    await console_.push('Another role', dialog);
    const second = dialog.getByRole('group', { name: 'Role 2', exact: true });
    await second.getByLabel('Role', { exact: true }).selectOption({ label: 'Key helper (custom)' });
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    for (const name of ['Berlin', 'Lisbon']) await second.getByRole('button', { name: `+ ${name}` }).press('Enter');
    await console_.look('bundle-form');
    await console_.push('Create', dialog);
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /Tier 1/ });
    for (const words of [
      'Help Desk Administrator, for Payroll operators',
      'Key helper, over Berlin',
      'Key helper, over Lisbon',
      'nobody',
      'nothing: it cannot be asked for',
    ])
      await row.getByText(words).waitFor();
    await console_.push('New bundle…');
    await dialog.getByLabel(/^Name/).fill('tier 1');
    await first.getByLabel('Role', { exact: true }).selectOption('REPORT_ADMIN');
    await console_.push('Create', dialog);
    await dialog
      .locator('.mantine-TextInput-error')
      .getByText('An object with this field already exists', { exact: false })
      .waitFor();
    await console_.look('bundle-refused');
    await dialog.getByRole('button', { name: 'Cancel' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
  });

  it('are changed without losing what they hold, and say whom a deletion takes them from and what it stops', async () => {
    const { page, admin } = console_;
    const { services: s } = console_.server;
    const [bundle] = await list();
    const apps = (await admin.get('/api/v1/apps?filter=name eq "saasure"')).body as unknown as { id: string }[];
    await make(`/governance/api/v2/resources/${apps[0]?.id}/request-conditions`, {
      name: 'Tier 1 for all',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: bundle?.id }] },
      accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT1H' },
      approvalSequenceId: '5a11d0000000000000000002',
    });
    const leeId = String((await lee.get('/api/v1/users/me')).body['id']);
    await s.store.transaction((tx) =>
      createGrant(s, tx, 'system', {
        userId: leeId,
        entitlement: { kind: 'bundle', id: bundle?.id ?? '' },
        startsAt: s.clock.now(),
        expiresAt: s.clock.now() + 3_600_000,
        source: { kind: 'request', id: 'req1' },
        reason: 'INC-7',
      }),
    );
    expect((await lee.signIn()).status).toBe(200);
    expect((await lee.get('/api/v1/users')).status).toBe(200);
    await console_.open('/bundles');
    await page.getByRole('link', { name: 'one person' }).waitFor();
    await page.getByRole('link', { name: 'Tier 1 for all' }).waitFor();
    await console_.push('Change Tier 1…');
    const dialog = page.getByRole('dialog', { name: 'Change Tier 1' });
    await dialog
      .getByText('One person has it for a while, or will. What you change counts for them at once.', { exact: false })
      .waitFor();
    await dialog.getByRole('button', { name: 'Remove Berlin' }).press('Enter');
    await dialog.getByLabel(/^Name/).fill('Tier one');
    await console_.push('Save', dialog);
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    expect(await list()).toMatchObject([
      {
        name: 'Tier one',
        openGrants: 1,
        roles: [
          { role: { id: 'HELP_DESK_ADMIN' }, targets: [{ name: 'Payroll operators' }] },
          { role: { label: 'Key helper' }, resourceSet: { label: 'Lisbon' }, targets: null },
        ],
        offeredBy: [{ name: 'Tier 1 for all', status: 'INACTIVE' }],
      },
    ]);
    await console_.look('bundles');
    await console_.push('Delete Tier one…');
    const confirm = page.getByRole('dialog', { name: 'Delete Tier one?' });
    await confirm.getByText('It ends one grant at once.', { exact: false }).waitFor();
    await confirm.getByText('Tier 1 for all', { exact: false }).waitFor();
    await console_.look('bundle-delete');
    await console_.push('Delete', confirm);
    await console_.prove();
    await page.getByRole('heading', { name: 'No bundles yet' }).waitFor();
    expect((await lee.get('/api/v1/users')).status).toBe(403);
  });

  it('are read, and no more, by whoever sees who holds roles; by what they are asked for is not theirs to see', async () => {
    const { page } = console_;
    await make('/api/v1/iam/governance/bundles', { name: 'Tier 0', entitlements: [{ role: 'ORG_ADMIN' }] });
    const rae = await console_.person('rae@example.org', 'READ_ONLY_ADMIN');
    expect(await list(rae)).toMatchObject([{ name: 'Tier 0', offeredBy: null }]);
    await console_.as(rae);
    await console_.open('/bundles');
    await page.getByText('Organization Administrator, over everything').waitFor();
    expect(await page.getByRole('button', { name: /bundle…|Change|Delete/ }).count()).toBe(0);
    expect(await page.getByRole('columnheader', { name: 'Asked for by' }).count()).toBe(0);
    expect((await lee.get('/sallyport/v1/bundles')).status).toBe(403);
  });
});
