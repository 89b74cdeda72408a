/**
 * The four steps to zero standing privilege, by three people with three browsers and three keys: small roles for the day, super
 * admin by asking, two others who say yes, and an end by the clock. Its pictures stand in docs/zero-standing-privilege.md;
 * `npm run screenshots -- --docs` takes them anew.
 */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGlass } from '../harness/break-glass.ts';
import { openBrowser, type TestBrowser } from '../harness/browser.ts';
import { openConsole, registerKeyIn, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

const DAY = 86_400_000;
/** Behind the clock of the browsers until the accounts are old enough; then ahead of it by what passes. */
let offset = -32 * DAY;
let console_: TestConsole;
let ana: Page;
const others: TestBrowser[] = [];
let bo: Page;
let chi: Page;

const name = async (person: Person, firstName: string, lastName: string): Promise<void> => {
  const { body } = await person.get('/api/v1/users/me');
  const renamed = await console_.admin.call('POST', `/api/v1/users/${String(body['id'])}`, {
    profile: { firstName, lastName },
  });
  expect(renamed.status, renamed.text).toBe(200);
};
const signIn = async (page: Page, login: string): Promise<void> => {
  await page.goto(`${console_.server.url}/sign-in`);
  await page.getByLabel('Your login').fill(login);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
};
const open = async (page: Page, path: string): Promise<void> => {
  await page.goto(console_.server.url + path);
  await page.locator('h1').first().waitFor();
};
const proofOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Prove that it is you' });
const prove = async (page: Page, words: string): Promise<void> => {
  const dialog = proofOf(page);
  await dialog.getByText(words).waitFor();
  await dialog.getByRole('button', { name: 'Use your key' }).click();
  await dialog.waitFor({ state: 'detached' });
};
/** For the documentation: what is seen without scrolling. */
const picture = async (page: Page, file: string): Promise<void> => {
  const folder = process.env['STORY_PICTURES'];
  if (folder === undefined) return;
  await page.setViewportSize({ width: 1080, height: 640 });
  await page.screenshot({ path: join(folder, `zero-${file}.png`), animations: 'disabled' });
  await page.setViewportSize({ width: 1440, height: 900 });
};

beforeAll(async () => {
  console_ = await openConsole({ clock: { now: () => Date.now() + offset, advance() {} } });
  const { admin, server } = console_;
  await name(admin, 'Ana', 'Berg');
  await console_.giveKey(admin, 'further');
  for (const [login, first, last] of [
    ['bo@example.org', 'Bo', 'Lind'],
    ['chi@example.org', 'Chi', 'Okafor'],
  ] as const) {
    const person = await console_.person(login, 'SUPER_ADMIN');
    await name(person, first, last);
    const browser = await openBrowser();
    others.push(browser);
    await browser.page.emulateMedia({ reducedMotion: 'reduce' });
    await browser.plugInKey();
    await registerKeyIn(browser.page, server, person, 'only');
  }
  await makeGlass(admin);
  // What Ana did with the key of her pocket is done; from here she has the one of her browser.
  await server.services.store.transaction((tx) =>
    tx
      .deleteFrom('factors')
      .where('userId', '=', (e) => e.selectFrom('users').select('id').where('loginFolded', '=', 'ana@example.org'))
      .where('transports', 'is', null)
      .execute(),
  );
  [ana, bo, chi] = [console_.page, ...others.map(({ page }) => page)] as [Page, Page, Page];
  offset = 0;
});
afterAll(async () => {
  for (const browser of others) await browser.close();
  await console_.stop();
});

describe('the way to zero standing privilege', () => {
  it('begins in the set-up: what changes for whom is shown first, and one touch of the key does it', async () => {
    await console_.leave();
    await signIn(ana, 'ana@example.org');
    await ana
      .locator('[data-kind=super-admin-standing]')
      .getByText('3 people hold super admin all the time')
      .first()
      .waitFor();
    await open(ana, '/setup/continue?step=zero-standing');
    for (const who of ['Ana Berg (you)', 'Bo Lind', 'Chi Okafor']) await ana.getByLabel(who).check();
    await ana.getByLabel('Role for the day of ana@example.org').selectOption('HELP_DESK_ADMIN');
    const row = ana.getByRole('row', { name: /^Ana Berg/ }).last();
    await row.getByText('Help Desk Administrator', { exact: true }).waitFor();
    await row.getByText('Bo Lind, Chi Okafor').waitFor();
    await ana.getByText('Nobody would hold super admin all the time.').waitFor();
    await console_.look('zero-standing-plan');
    await picture(ana, '1-plan');
    await ana.getByRole('button', { name: 'Take super admin from 3 people' }).click();
    await prove(ana, 'Make super admin something that is asked for');
    await ana.getByText('From now on you ask for it.').waitFor();
    await ana.getByRole('heading', { name: 'My access', level: 1 }).waitFor();
  });

  it('lets her ask for two hours, with a reason, and tells whose yes it takes', async () => {
    await open(ana, '/requests');
    await ana.getByRole('button', { name: 'Ask for access…' }).click();
    const dialog = ana.getByRole('dialog', { name: 'Ask for access' });
    await dialog.getByLabel('For how long').selectOption('PT2H');
    await dialog.getByLabel('Why').fill('Plan the review of the quarter');
    await dialog.getByText('2 of administrators:').waitFor();
    await dialog.getByText(/2 more of: (Bo Lind, Chi Okafor|Chi Okafor, Bo Lind)\./).waitFor();
    await picture(ana, '2-ask');
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await ana.getByRole('heading', { name: 'Super admin for a while, for 2 h', level: 1 }).waitFor();
  });

  it('takes two fellow administrators, each with their own key', async () => {
    for (const [page, login] of [
      [bo, 'bo@example.org'],
      [chi, 'chi@example.org'],
    ] as const) {
      await page.context().clearCookies();
      await signIn(page, login);
      await open(page, '/requests');
      await page.getByRole('link', { name: 'Super admin for a while, for 2 h' }).click();
      await page.getByText('Plan the review of the quarter').waitFor();
      if (page === bo) await picture(page, '3-approve');
      await page.getByRole('button', { name: 'Approve with your key…' }).click();
      await prove(page, 'Approve “Super admin for a while, for 2 h” for ana@example.org');
      await page.getByRole('button', { name: 'Approve with your key…' }).waitFor({ state: 'detached' });
    }
  });

  it('lets her act while it lasts: she plans the review', async () => {
    await open(ana, '/reviews');
    await ana.getByRole('banner').getByText('Super admin for a while').waitFor();
    await ana.getByRole('button', { name: 'Plan a review…' }).click();
    const dialog = ana.getByRole('dialog', { name: 'Plan a review' });
    await dialog.getByLabel('Find a person').fill('bo');
    await dialog.getByRole('button', { name: '+ bo@example.org' }).click();
    await dialog.getByRole('button', { name: 'Plan it' }).click();
    await prove(ana, 'Create a review of access');
    await ana.getByText('“Administrator review” is planned').waitFor();
    await picture(ana, '4-act');
  });

  it('ends by the clock: what she does next is refused, with the reason, and what she typed is still there', async () => {
    await open(ana, '/groups');
    await ana.getByRole('button', { name: /New group/ }).click();
    const dialog = ana.getByRole('dialog');
    await dialog.getByLabel('Name').fill('On call in March');
    // Two hours of work: nobody is idle for longer than a session lasts.
    for (let minutes = 0; minutes < 121; minutes += 11) {
      offset += 11 * 60_000;
      const reply = await ana.request.get(`${console_.server.url}/api/v1/users/me`);
      expect(reply.status()).toBe(200);
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('No role of the principal holds the permission.').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('On call in March');
    await picture(ana, '5-refused');
    // What the browser itself writes about it.
    for (const fault of console_.faults.splice(0)) expect(fault).toContain('403');
    const standing = await console_.server.services.store.read
      .selectFrom('roleAssignments')
      .innerJoin('users', 'users.id', 'roleAssignments.principalId')
      .select('users.login')
      .where('roleAssignments.type', '=', 'SUPER_ADMIN')
      .execute();
    expect(standing.map(({ login }) => login)).toEqual(['glass@example.org']);
  });

  it('is reviewed: another one reads who holds what, how it was come by, and says so with a key', async () => {
    await bo.context().clearCookies();
    await signIn(bo, 'bo@example.org');
    await open(bo, '/reviews');
    await bo.getByRole('link', { name: 'Administrator review' }).click();
    const row = (who: RegExp) => bo.getByRole('row', { name: who });
    await row(/Ana Berg/).waitFor();
    await picture(bo, '6-review');
    await row(/Ana Berg/).focus();
    await bo.keyboard.press('a');
    await row(/Chi Okafor/).focus();
    await bo.keyboard.press('a');
    await bo.getByLabel('Why, for all that have no reason of their own').fill('small, and used');
    await bo.getByRole('button', { name: 'Submit 2' }).click();
    await prove(bo, 'Submit decisions in the review Administrator review');
    await bo.getByText('2 decisions count.').waitFor();
    await row(/Ana Berg/)
      .getByText('kept')
      .waitFor();
  });
});
