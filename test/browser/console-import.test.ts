/** People from a CSV file, in a real browser: seen first, then made, with one touch of the key. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;
beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const look = async (name: string): Promise<void> => {
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};
const logins = async (): Promise<string[]> =>
  ((await console_.admin.get('/api/v1/users?limit=200')).body as unknown as { profile: { login: string } }[]).map(
    ({ profile }) => profile.login,
  );

describe('importing people', () => {
  it('shows what is wrong with which line, keeps the text, and creates nobody', async () => {
    const { page, press } = console_;
    await console_.open('/import-people');
    await look('import-people');
    const csv = `email,firstName\nnew@example.org,New\nnot an address,X\n${console_.admin.login},Ana`;
    await page.getByLabel('Or paste it here').fill(csv);
    await press('Preview');
    await page.getByRole('cell', { name: 'has an account already' }).waitFor();
    await page.getByText('3 rows: 1 to create, 1 there already, 2 wrong.').waitFor();
    expect(await page.getByRole('button', { name: /^Create / }).count()).toBe(0);
    await look('import-people-wrong');
    expect(await page.getByLabel('Or paste it here').inputValue()).toBe(csv);
    // The preview is of what stands there: another text needs another.
    await page.getByLabel('Or paste it here').fill('email\n');
    await page.getByRole('heading', { name: 'Preview' }).waitFor({ state: 'detached' });
    await press('Preview');
    await page.getByText('0 rows: 0 to create.').waitFor();
    expect(await logins()).not.toContain('new@example.org');
  });

  it('makes them from a file with one proof, and says how many', async () => {
    const { page, press } = console_;
    await console_.open('/import-people');
    const rows = Array.from({ length: 1200 }, (_, i) => `file${i}@example.org,First ${i},Last ${i}`);
    await page.setInputFiles('input[type=file]', {
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`email,firstName,lastName\n${rows.join('\n')}\n${console_.admin.login},Ana,Again\n`),
    });
    await page.getByText('people.csv', { exact: true }).waitFor();
    await page.getByLabel('Leave out who has an account already').check();
    await press('Preview');
    await page.getByText('1201 rows: 1200 to create, 1 there already.').waitFor();
    await page.getByText('And 1190 more.').waitFor();
    await look('import-people-preview');
    await press('Create 1200 people');
    // The next slice asks as soon as this one is made: the dialog may never be seen to be away.
    await console_.proofDialog.getByRole('button', { name: 'Use your key' }).click();
    await page.getByText('1000 of 1201 rows: 1000 people were created.').waitFor();
    await console_.prove();
    await page.getByText('Done: 1200 people were created, 1 left out.').waitFor();
    await look('import-people-done');
    expect(await page.getByRole('button', { name: /^(?:Create|Go on)/ }).count()).toBe(0);
    const found = await console_.admin.get('/api/v1/users?q=file1199');
    expect(found.body).toHaveLength(1);
  });

  it('cancelled in the dialog creates nobody, and goes on when it is asked again', async () => {
    const { page, press } = console_;
    await console_.open('/import-people');
    await page.getByLabel('Or paste it here').fill('email\nlater@example.org');
    await press('Preview');
    await press('Create 1 person');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. Nothing was changed.').waitFor();
    expect(await logins()).not.toContain('later@example.org');
    await press('Create 1 person');
    await console_.prove();
    await page.getByText('Done: 1 person was created.').waitFor();
  });
});
