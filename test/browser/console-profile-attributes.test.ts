/** What profiles hold, in a real browser: attributes are added, changed and taken out; of people and of groups. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;

beforeAll(async () => {
  console_ = await openConsole();
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const customOf = async (of: string): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> => {
  const { body } = await console_.admin.get(`/api/v1/meta/schemas/${of}`);
  return (body as unknown as { definitions: { custom: { properties: Record<string, Record<string, unknown>> } } })
    .definitions.custom.properties;
};

describe('attributes of people', () => {
  it('are reached from the people, added, changed and taken out by the keyboard', async () => {
    const { page } = console_;
    await console_.open('/people');
    await page.getByRole('link', { name: 'What profiles hold' }).click();
    await page.getByRole('heading', { name: 'Profiles of people hold nothing else yet' }).waitFor();
    await console_.look('attributes-none');
    await console_.push('New attribute…');
    let dialog = page.getByRole('dialog', { name: 'New attribute' });
    await dialog.getByLabel('Name').fill('login');
    await dialog.getByText('There is an attribute of this name.').waitFor();
    await dialog.getByLabel('Name').fill('badge');
    await dialog.getByLabel('Title').fill('Badge');
    await dialog.getByLabel('At most so many characters').fill('12');
    await dialog.getByLabel('Unique').focus();
    await page.keyboard.press('Space');
    await console_.look('attribute-form');
    await dialog.getByLabel('Title').focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    const row = page.getByRole('table', { name: 'Added attributes' }).getByRole('row', { name: /Badge/ });
    await row.getByText('text, at most 12 characters').waitFor();
    expect((await customOf('user/default'))['badge']).toMatchObject({ unique: 'UNIQUE_VALIDATED', maxLength: 12 });
    await console_.look('attributes');
    await console_.push('Change Badge…');
    dialog = page.getByRole('dialog', { name: 'Change Badge' });
    await dialog.getByLabel('On their own profile people').selectOption('READ_WRITE');
    await dialog.getByLabel('Title').focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await row.getByText('see and change it').waitFor();
    expect((await customOf('user/default'))['badge']).toMatchObject({
      unique: 'UNIQUE_VALIDATED',
      maxLength: 12,
      permissions: [{ principal: 'SELF', action: 'READ_WRITE' }],
    });
    await console_.push('Take out Badge…');
    dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Take out' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type badge to confirm').fill('badge');
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('heading', { name: 'Profiles of people hold nothing else yet' }).waitFor();
  });

  it('say why they cannot be saved, and keep what was typed', async () => {
    const { page } = console_;
    for (const login of ['ana@example.org', 'bob@example.org'])
      await console_.admin.call('POST', '/api/v1/users?activate=false', {
        profile: { login, email: login, firstName: 'Same', lastName: 'Same' },
      });
    await console_.open('/profile-attributes');
    await console_.push('New attribute…');
    const dialog = page.getByRole('dialog', { name: 'New attribute' });
    await dialog.getByLabel('Name').fill('room');
    await dialog.getByLabel('Title').fill('Room');
    await page.route('**/meta/schemas/user/default', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 400,
            json: { errorSummary: 'Api validation failed', errorCauses: [{ errorSummary: 'room: no' }] },
          })
        : route.continue(),
    );
    await page.keyboard.press('Enter');
    await dialog.getByText('room: no').waitFor();
    await page.unroute('**/meta/schemas/user/default');
    expect(await dialog.getByLabel('Name').inputValue()).toBe('room');
    expect(console_.faults.splice(0).length).toBeLessThan(2);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

describe('attributes of groups', () => {
  it('are never unique; whoever is no super admin reads them', async () => {
    const { page } = console_;
    await console_.open('/profile-attributes?of=groups');
    await console_.push('New attribute…');
    const dialog = page.getByRole('dialog', { name: 'New attribute' });
    expect(await dialog.getByLabel('Unique').count()).toBe(0);
    await dialog.getByLabel('Name').fill('site');
    await dialog.getByLabel('Title').fill('Site');
    await dialog.getByLabel('One of').fill('Berlin\nOslo');
    await dialog.getByLabel('Title').focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByText('text, one of Berlin, Oslo').waitFor();
    expect((await customOf('group/default'))['site']).toMatchObject({ enum: ['Berlin', 'Oslo'] });
    await console_.as(lee);
    await console_.open('/profile-attributes?of=groups');
    await page.getByText('text, one of Berlin, Oslo').waitFor();
    expect(await page.getByRole('button', { name: /New|Change|Take out/ }).count()).toBe(0);
    await console_.look('attributes-read-only');
  });
});
