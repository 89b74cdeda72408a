/** Roles, resource sets and who holds what, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;
let support = '';

const made = async (path: string, body: unknown): Promise<string> => {
  const reply = await console_.admin.call('POST', path, body);
  expect(reply.status, reply.text).toBeLessThan(300);
  return String(reply.body['id']);
};

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  support = await made('/api/v1/groups', { profile: { name: 'Support team' } });
  await made('/api/v1/users', {
    profile: { login: 'max@example.org', email: 'max@example.org', firstName: 'Max', lastName: 'Moss' },
  });
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

describe('roles and resource sets', () => {
  it('a resource set is made and filled by searching', async () => {
    const { page, press } = console_;
    await console_.open('/resource-sets');
    await page.getByRole('heading', { name: 'No resource set yet' }).waitFor();
    await console_.look('resource-sets-empty');
    await press('New resource set…');
    let dialog = page.getByRole('dialog', { name: 'New resource set' });
    await dialog.getByLabel('Name').fill('Support');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Support', level: 1 }).waitFor();
    await press('Add…');
    dialog = page.getByRole('dialog', { name: 'Add to Support' });
    await dialog.getByLabel('Find a group').fill('supp');
    await dialog.getByRole('button', { name: '+ Support team' }).press('Enter');
    await console_.look('resource-set-add');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await console_.prove();
    await page.getByText('People in Support team').waitFor();
    await page.getByText('Added.').waitFor();
  });

  it('a role is made of words, shows its difference before it is saved, and keeps what was typed when refused', async () => {
    const { page, press } = console_;
    await console_.open('/roles');
    await page.getByRole('link', { name: 'Super Administrator' }).waitFor();
    await console_.look('roles');
    await press('New role…');
    const dialog = page.getByRole('dialog', { name: 'New role' });
    await dialog.getByLabel('Name', { exact: true }).fill('Super Administrator');
    await dialog.getByRole('button', { name: 'Review…' }).click();
    await dialog.getByText('A role needs at least one permission.').waitFor();
    await dialog.getByLabel('Find a permission').fill('passwords');
    await dialog.getByRole('checkbox', { name: 'Reset passwords' }).check();
    await dialog.getByLabel('Find a permission').fill('see people');
    await dialog.getByRole('checkbox', { name: 'See people and their profiles' }).check();
    await dialog.getByLabel('“See people and their profiles” reaches').selectOption('include');
    await dialog.getByRole('button', { name: 'Review…' }).click();
    await dialog.getByText('Name at least one').waitFor();
    await console_.look('role-form');
    await dialog.getByLabel('Attributes, with commas between').fill('firstName, lastName');
    await dialog.getByRole('button', { name: 'Review…' }).click();
    await dialog.getByText('yes, only firstName, lastName').waitFor();
    await dialog.getByText('Reset passwords: whoever holds it').waitFor();
    await console_.look('role-review');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A standard role is called that').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('Front desk');
    expect(await dialog.getByRole('checkbox', { name: 'Reset passwords' }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Review…' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Front desk', level: 1 }).waitFor();
    await page.getByText('Create roles and decide who holds them').waitFor();
    await console_.look('role');
  });

  it('is given over a resource set to a person who is found by name, and taken again', async () => {
    const { page, press } = console_;
    await console_.open('/roles');
    await page.getByRole('link', { name: 'Front desk' }).click();
    await press('Give it to…');
    let dialog = page.getByRole('dialog', { name: 'Give Front desk' });
    await dialog.getByLabel('Find a person').fill('max');
    await dialog.getByRole('button', { name: '+ max@example.org' }).press('Enter');
    expect(await dialog.getByRole('button', { name: 'Give it' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Over the resource set').selectOption({ label: 'Support' });
    await console_.look('role-give');
    await dialog.getByRole('button', { name: 'Give it' }).click();
    await console_.prove();
    const holders = page.getByRole('table', { name: 'Holders of Front desk' });
    await holders.getByRole('link', { name: 'max@example.org' }).click();
    await page.getByRole('heading', { name: 'Power and proof' }).waitFor();
    const roles = page.getByRole('table', { name: 'Roles of Max Moss' });
    await roles.getByText('Support').waitFor();
    await console_.look('admin-roles');
    await roles.getByRole('button', { name: 'Take away Front desk…' }).click();
    dialog = page.getByRole('dialog', { name: 'Take Front desk from max@example.org?' });
    await dialog.getByText('It is held over Support.').waitFor();
    await dialog.getByRole('button', { name: 'Take away' }).click();
    await console_.prove();
    await page.getByText('does not hold Front desk any more').waitFor();
  });

  it('a standard role is narrowed from its first moment, and its last target stays', async () => {
    const { page, press } = console_;
    const { id } = (await console_.admin.get('/api/v1/users/lee@example.org')).body as unknown as { id: string };
    await console_.open(`/admins/${id}`);
    await press('Give a role…');
    let dialog = page.getByRole('dialog', { name: /^Give lee/ });
    await dialog.getByLabel('Role').selectOption('HELP_DESK_ADMIN');
    await dialog.getByLabel('Over').selectOption('some');
    await dialog.getByLabel('Find a group').fill('supp');
    await dialog.getByRole('button', { name: '+ Support team' }).press('Enter');
    await dialog.getByRole('button', { name: 'Give it' }).click();
    await console_.prove();
    const roles = page.getByRole('table', { name: /^Roles of lee/ });
    const line = roles.getByRole('row', { name: /Help Desk/ });
    await line.getByText('Support team').waitFor();
    await line.getByRole('button', { name: 'Narrow Help Desk Administrator…' }).click();
    dialog = page.getByRole('dialog', { name: /^What Help Desk Administrator/ });
    await dialog.getByRole('button', { name: 'Remove Support team' }).click();
    await dialog.getByText('The last target cannot be removed').waitFor();
    await console_.look('role-last-target');
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    const held = await console_.admin.get(`/sallyport/v1/groups/${support}/roles`);
    expect(held.body).toEqual([]);
  });

  it('two roles are compared in the address, and a standard one is duplicated without what custom roles never hold', async () => {
    const { page, press } = console_;
    await console_.open('/roles/HELP_DESK_ADMIN');
    await page.getByLabel('With the role').selectOption({ label: 'Front desk' });
    await page.getByRole('table', { name: 'Help Desk Administrator and Front desk' }).waitFor();
    await page.waitForURL(/[?&]with=/);
    await console_.look('role-compare');
    await press('Duplicate…');
    const dialog = page.getByRole('dialog', { name: 'New role' });
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('Help Desk Administrator (copy)');
    expect(await dialog.getByRole('checkbox', { name: 'Reset passwords' }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
  });

  it('says who can do what to whom, and drafts a role of what somebody uses', async () => {
    const { page, press } = console_;
    await console_.open('/access');
    await page.getByLabel('Do what').selectOption('okta.users.credentials.resetPassword');
    await page.getByLabel('Find a person').first().fill('max');
    const found = page.getByRole('list', { name: 'Found: To which person' }).getByRole('button');
    await expect.poll(() => found.allTextContents()).toEqual(['+ max@example.org']);
    await found.press('Enter');
    const who = page.getByRole('table', { name: 'Who can: Reset passwords' });
    await who.getByText('Super Administrator').waitFor();
    await page.waitForURL(/resource=/);
    const { id } = (await console_.admin.get('/api/v1/users/lee@example.org')).body as unknown as { id: string };
    expect((await lee.get('/api/v1/zones')).status).toBe(200);
    await console_.server.services.permissionUse.flush();
    await console_.open(`/access?user=${id}`);
    const what = page.getByRole('table', { name: 'What lee@example.org can do' });
    await what
      .getByRole('row', { name: /See network zones/ })
      .getByText('on one day')
      .waitFor();
    await page.getByText('too short to judge by').waitFor();
    await console_.look('access');
    await press('Draft this role…');
    const dialog = page.getByRole('dialog', { name: 'New role' });
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('As used by lee@example.org');
    expect(await dialog.getByRole('checkbox', { name: 'See network zones' }).isChecked()).toBe(true);
    expect(await dialog.getByRole('checkbox', { name: 'Create, change and delete network zones' }).isChecked()).toBe(
      false,
    );
    await page.keyboard.press('Escape');
    await console_.open('/admins');
    await page.getByText(/people hold power all the time/).waitFor();
    await console_.look('standing');
  });

  it('a reader reads all of it and is offered nothing', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open('/roles');
    await page.getByRole('link', { name: 'Front desk' }).click();
    await page.getByRole('heading', { name: 'What it never can' }).waitFor();
    for (const name of ['Edit…', 'Give it to…', 'Delete the role…', 'Duplicate…'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    await console_.open('/resource-sets');
    await page.getByRole('link', { name: 'Support' }).click();
    await page.getByText('People in Support team').waitFor();
    for (const name of ['Add…', 'Rename…', 'Delete the set…'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
  });
});
