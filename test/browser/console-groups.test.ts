/** Groups in a real browser: the list, and the page of one with its members, owners, roles and rules. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let [ops, desk] = ['', ''];
let lee: Person;

const made = async (path: string, body: unknown): Promise<string> => {
  const reply = await console_.admin.call('POST', path, body);
  expect(reply.status, reply.text).toBeLessThan(300);
  return String(reply.body['id']);
};

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  await console_.giveKey(console_.admin);
  const ids = new Map<string, string>();
  for (const [name, department] of [
    ['Olu', 'Ops'],
    ['Oda', 'Ops'],
    ['Pat', 'Sales'],
    ['Zoe', 'Sales'],
  ] as const) {
    const login = `${name.toLowerCase()}@example.org`;
    const profile = { login, email: login, firstName: name, lastName: 'Test', department };
    ids.set(name, await made('/api/v1/users', { profile }));
  }
  ops = await made('/api/v1/groups', { profile: { name: 'Ops', description: 'Keeps it running at night.' } });
  desk = await made('/api/v1/groups', { profile: { name: 'Desk' } });
  await made(`/api/v1/groups/${desk}/roles`, { type: 'HELP_DESK_ADMIN' });
  const put = await console_.admin.call('PUT', `/api/v1/groups/${ops}/users/${ids.get('Pat')}`);
  expect(put.status, put.text).toBe(204);
  const rule = await made('/api/v1/groups/rules', {
    type: 'group_rule',
    name: 'Ops people',
    conditions: { expression: { value: 'user.department=="Ops"', type: 'urn:okta:expression:1.0' } },
    actions: { assignUserToGroups: { groupIds: [ops] } },
  });
  expect((await console_.admin.call('POST', `/api/v1/groups/rules/${rule}/lifecycle/activate`)).status).toBe(204);
  await vi.waitFor(
    async () => {
      const detail = await console_.admin.get(`/sallyport/v1/groups/${ops}`);
      expect(detail.body['members']).toBe(3);
    },
    { timeout: 20_000 },
  );
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const table = (name: string) => console_.page.getByRole('table', { name });

describe('groups', () => {
  it('are found while one types, opened by the keyboard, and made', async () => {
    const { page, press } = console_;
    await console_.open('/groups');
    await table('Groups')
      .getByRole('row', { name: /Everyone/ })
      .waitFor();
    const row = table('Groups').getByRole('row', { name: /Ops/ });
    expect(await row.getByRole('cell').nth(1).textContent()).toBe('3');
    await console_.look('groups');
    await page.keyboard.press('/');
    await page.keyboard.type('o');
    await expect.poll(() => table('Groups').locator('tbody tr').count()).toBe(1);
    await page.getByLabel('Name begins with').fill('nothing');
    await page.getByRole('heading', { name: 'No groups match' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await press('New group…');
    const dialog = page.getByRole('dialog', { name: 'New group' });
    await dialog.getByLabel('Name').fill('Desk');
    await page.keyboard.press('Enter');
    await dialog.getByText('An object with this field already exists').waitFor();
    await console_.look('group-form-refused');
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Desk');
    await dialog.getByLabel('Name').fill('Night shift');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Night shift', level: 1 }).waitFor();
    await page.getByText('Nobody whom you may see.').waitFor();
    await console_.open('/groups?q=ops');
    await table('Groups').locator('tbody tr').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Ops', level: 1 }).waitFor();
  });

  it('tell of each member why they are in it; one is added and taken out by the keyboard', async () => {
    const { page } = console_;
    await console_.open(`/groups/${ops}`);
    const members = table('Members of Ops');
    const olu = members.getByRole('row', { name: /Olu Test/ });
    await olu.getByText('by the rule Ops people').waitFor();
    await olu.getByText('stays while the rule fits').waitFor();
    await members
      .getByRole('row', { name: /Pat Test/ })
      .getByText(`by ${console_.admin.login}`)
      .waitFor();
    await table('Rules that fill Ops').getByText('user.department=="Ops"').waitFor();
    await console_.look('group');
    await page.getByRole('button', { name: 'Add somebody…' }).focus();
    await page.keyboard.press('Enter');
    let dialog = page.getByRole('dialog', { name: 'Add somebody to Ops' });
    await dialog.getByLabel('Find a person').focus();
    await page.keyboard.type('zoe');
    await dialog.getByRole('button', { name: '+ zoe@example.org' }).waitFor();
    await expect.poll(() => dialog.getByRole('list', { name: 'Found: Person' }).getByRole('button').count()).toBe(1);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Remove zoe@example.org' }).waitFor();
    await console_.look('group-member-add');
    await dialog.getByRole('button', { name: 'Add', exact: true }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByText('zoe@example.org is in Ops.').waitFor();
    await page.getByLabel('Name, login or address begins with').fill('zoe');
    await expect.poll(() => members.locator('tbody tr').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('q')).toBe('zoe');
    await members.getByRole('button', { name: 'Take out Zoe Test…' }).focus();
    await page.keyboard.press('Enter');
    dialog = page.getByRole('dialog', { name: 'Take Zoe Test out of Ops?' });
    await dialog.getByText('They lose what the group gives them').waitFor();
    await dialog.getByRole('button', { name: 'Take out' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('heading', { name: 'No members match' }).waitFor();
    await console_.look('group-members-none');
  });

  it('have owners, people or groups', async () => {
    const { page, press } = console_;
    await console_.open(`/groups/${ops}`);
    await press('Name an owner…');
    let dialog = page.getByRole('dialog', { name: 'Name an owner of Ops' });
    await dialog.getByLabel('Who').selectOption('GROUP');
    await dialog.getByLabel('Find a group').fill('ops');
    const found = dialog.getByRole('list', { name: 'Found: Group' });
    await expect.poll(() => found.getByRole('button').count()).toBe(1);
    await dialog.getByRole('button', { name: '+ Ops' }).press('Enter');
    await dialog.getByRole('button', { name: 'Name them' }).click();
    await dialog.getByText('a group does not own itself').waitFor();
    await console_.look('group-owner-refused');
    await dialog.getByRole('button', { name: 'Remove Ops' }).click();
    await dialog.getByLabel('Find a group').fill('desk');
    await dialog.getByRole('button', { name: '+ Desk' }).press('Enter');
    await dialog.getByRole('button', { name: 'Name them' }).click();
    const owners = table('Owners of Ops');
    await owners.getByRole('link', { name: 'Desk' }).waitFor();
    await owners.getByRole('button', { name: 'Remove the owner Desk…' }).click();
    dialog = page.getByRole('dialog', { name: 'Desk no owner any more?' });
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Desk is no owner of Ops any more.').waitFor();
  });

  it('hold roles, and say so where somebody is added or the group is deleted', async () => {
    const { page, press } = console_;
    await console_.open(`/groups/${desk}`);
    await page.getByText('yes, to everybody in it').waitFor();
    await table('Roles of Desk').getByText('Help Desk Administrator').waitFor();
    await console_.look('group-with-role');
    await press('Add somebody…');
    await page.getByText('they hold it from their next click on').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    // What the organisation keeps of a group beside name and description stays as it is.
    await made('/api/v1/meta/schemas/group/default', {
      definitions: { custom: { properties: { pager: { title: 'Pager', type: 'string' } } } },
    });
    const profile = { name: 'Desk', pager: '0800' };
    expect((await console_.admin.call('PUT', `/api/v1/groups/${desk}`, { profile })).status).toBe(200);
    await press('Change…');
    let dialog = page.getByRole('dialog', { name: 'Change Desk' });
    await dialog.getByLabel('Name').fill('Front desk');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Front desk', level: 1 }).waitFor();
    const saved = await console_.admin.get(`/api/v1/groups/${desk}`);
    expect(saved.body['profile']).toMatchObject({ name: 'Front desk', pager: '0800' });
    await press('Delete the group…');
    dialog = page.getByRole('dialog', { name: 'Delete Front desk?' });
    await dialog.getByText('That is an admin role.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type Front desk to confirm').fill('Front desk');
    await console_.look('group-delete');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Groups', level: 1 }).waitFor();
    await table('Groups').getByRole('link', { name: 'Ops' }).waitFor();
    expect(await table('Groups').getByRole('link', { name: 'Front desk' }).count()).toBe(0);
  });

  it('show nothing to press to somebody who only reads, and why a built-in one stays as it is', async () => {
    const { page } = console_;
    const [everyone] = (await console_.admin.get('/api/v1/groups?filter=type eq "BUILT_IN"')).body as unknown as {
      id: string;
    }[];
    await console_.open(`/groups/${everyone?.id}`);
    await page.getByText('You cannot change it: A built-in group cannot be changed.').waitFor();
    expect(await page.getByRole('button', { name: /Add somebody|Take out|Delete|Change/ }).count()).toBe(0);
    await console_.as(lee);
    await console_.open(`/groups/${ops}`);
    await table('Members of Ops').getByText('Pat Test').waitFor();
    expect(await page.getByRole('button', { name: /Add somebody|Take out|Name an owner|Delete|Change/ }).count()).toBe(
      0,
    );
    await console_.look('group-read-only');
  });
});
