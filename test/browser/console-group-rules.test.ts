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

const look = async (name: string): Promise<void> => {
  // What is asked for anew is dimmed until it is there.
  await console_.settled();
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};

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
    await look('people-none');
    await page.getByRole('button', { name: 'Remove filter status: suspended' }).click();
    await expect.poll(() => rows.count()).toBe(2);
    await page.reload();
    await expect.poll(() => rows.count()).toBe(2);
    await look('people');
  });
});

describe('group rules', () => {
  it('are made after a look at whom they would add, and turned on and off', async () => {
    const { page, press } = console_;
    await console_.open('/group-rules');
    await page.getByRole('heading', { name: 'No rules yet' }).waitFor();
    await look('group-rules-none');
    await press('New rule…');
    const dialog = page.getByRole('dialog', { name: 'New group rule' });
    await dialog.getByLabel(/^Name/).fill('Ops people');
    await dialog.getByLabel(/^When/).fill('user.department = "Ops"');
    await dialog.getByRole('button', { name: '+ Pager' }).click();
    await dialog.getByRole('button', { name: 'Whom would it add?' }).click();
    await dialog.getByText('The expression cannot be read at').waitFor();
    await look('group-rule-error');
    await dialog.getByLabel(/^When/).fill('user.department=="Ops"');
    await dialog.getByRole('button', { name: 'Whom would it add?' }).click();
    await dialog.getByText(/It would add 2 people \(2 of \d match\)/).waitFor();
    await look('group-rule-preview');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await console_.prove();
    await page.getByRole('button', { name: 'Turn on Ops people' }).click();
    await console_.prove();
    await page.getByRole('button', { name: 'Turn off Ops people' }).waitFor();
    await look('group-rules');
    const groups = (await console_.admin.get('/api/v1/groups?q=Pager')).body as unknown as { id: string }[];
    const members = async () =>
      ((await console_.admin.get(`/api/v1/groups/${groups[0]?.id}/users`)).body as unknown as unknown[]).length;
    await expect.poll(members, { timeout: 20_000 }).toBe(2);
  });
});
