/** The list of people and the group rules in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
  const { admin } = console_;
  for (const [name, department] of [
    ['Olu', 'Ops'],
    ['Oda', 'Ops'],
    ['Pat', 'Sales'],
  ] as const) {
    const login = `${name.toLowerCase()}@example.org`;
    const profile = { login, email: login, firstName: name, lastName: 'Test', department };
    expect((await admin.call('POST', '/api/v1/users', { profile })).status).toBe(200);
  }
  expect((await admin.call('POST', '/api/v1/groups', { profile: { name: 'Pager' } })).status).toBe(200);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('people', () => {
  it('are found while one types; what was asked for stands in the address', async () => {
    const { page } = console_;
    await console_.open('/people');
    const rows = page.locator('.sp-table tbody tr');
    await rows.nth(3).waitFor();
    await page.getByLabel('Name, login or address begins with').fill('o');
    await expect.poll(() => rows.count()).toBe(2);
    expect(new URL(page.url()).searchParams.get('q')).toBe('o');
    await page.getByLabel('Status').selectOption('SUSPENDED');
    await page.getByRole('heading', { name: 'No people match' }).waitFor();
    await console_.look('people-none');
    await page.getByRole('button', { name: 'Remove filter status: suspended' }).click();
    await expect.poll(() => rows.count()).toBe(2);
    await page.reload();
    await expect.poll(() => rows.count()).toBe(2);
    await console_.look('people');
  });
});

describe('group rules', () => {
  it('are made after a look at whom they would add, and turned on and off', async () => {
    const { page, press } = console_;
    await console_.open('/group-rules');
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor();
    await console_.look('group-rules-none');
    await press('New rule…');
    const dialog = page.getByRole('dialog', { name: 'New group rule' });
    await dialog.getByLabel(/^Name/).fill('Ops people');
    await dialog.getByLabel(/^When/).fill('user.department = "Ops"');
    await dialog.getByRole('button', { name: '+ Pager' }).press('Enter');
    await dialog.getByRole('button', { name: 'Whom would it add?' }).click();
    await dialog.getByText('The expression cannot be read at').waitFor();
    await console_.look('group-rule-error');
    await dialog.getByLabel(/^When/).fill('user.department=="Ops"');
    await dialog.getByRole('button', { name: 'Whom would it add?' }).click();
    await dialog.getByText(/It would add 2 people \(2 of \d match\)/).waitFor();
    await console_.look('group-rule-preview');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await console_.prove();
    await page.getByRole('button', { name: 'Turn on Ops people' }).click();
    await console_.prove();
    await page.getByRole('button', { name: 'Turn off Ops people' }).waitFor();
    await console_.look('group-rules');
    const groups = (await console_.admin.get('/api/v1/groups?q=Pager')).body as unknown as { id: string }[];
    const members = async () =>
      ((await console_.admin.get(`/api/v1/groups/${groups[0]?.id}/users`)).body as unknown as unknown[]).length;
    await expect.poll(members, { timeout: 20_000 }).toBe(2);
  });

  it('are changed and deleted by the keyboard once they are off; nothing typed is lost when refused', async () => {
    const { page } = console_;
    const rules = page.getByRole('table', { name: 'Group rules' });
    await console_.open('/group-rules');
    await rules.getByText('to change or delete it').waitFor();
    await console_.push('Turn off Ops people');
    await console_.prove();
    await console_.push('Change Ops people…');
    const dialog = page.getByRole('dialog', { name: 'Change Ops people' });
    await dialog.getByRole('button', { name: 'Remove Pager' }).waitFor();
    await dialog.getByLabel(/^When/).fill('user.department="Ops"');
    await dialog.getByLabel('Find a person').fill('olu');
    const found = dialog.getByRole('list', { name: 'Found: People it never adds' });
    await expect.poll(() => found.getByRole('button').count()).toBe(1);
    await dialog.getByRole('button', { name: '+ olu@example.org' }).press('Enter');
    await console_.push('Save', dialog);
    await dialog.getByText('The expression cannot be read at').waitFor();
    await console_.look('group-rule-change-refused');
    await dialog.getByRole('button', { name: 'Remove olu@example.org' }).waitFor();
    await dialog.getByLabel(/^When/).fill('user.department=="Ops" or user.department=="Sales"');
    await dialog.getByText('The rule was not saved').waitFor({ state: 'detached' });
    await console_.push('Whom would it add?', dialog);
    await dialog.getByText('It would add 1 person (2 of').waitFor();
    await console_.look('group-rule-change');
    await console_.push('Save', dialog);
    await console_.prove();
    await rules.getByText('user.department=="Sales"').waitFor();
    await console_.push('Turn on Ops people');
    await console_.prove();
    const [{ id: groupId } = { id: '' }] = (await console_.admin.get('/api/v1/groups?q=Pager')).body as unknown as {
      id: string;
    }[];
    const logins = async () =>
      (
        (await console_.admin.get(`/api/v1/groups/${groupId}/users`)).body as unknown as {
          profile: { login: string };
        }[]
      )
        .map(({ profile }) => profile.login)
        .toSorted();
    // Olu is never added, and so goes; Pat of Sales comes.
    await expect.poll(logins, { timeout: 20_000 }).toEqual(['oda@example.org', 'pat@example.org']);
    await console_.push('Turn off Ops people');
    await console_.prove();
    await console_.push('Delete Ops people…');
    const deletion = page.getByRole('dialog', { name: 'Delete Ops people?' });
    await deletion.getByLabel('Take out whom it put in, too').focus();
    await page.keyboard.press('Space');
    await console_.look('group-rule-delete');
    await console_.push('Delete', deletion);
    await console_.prove();
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor();
    expect(await logins()).toEqual([]);
  });
});
