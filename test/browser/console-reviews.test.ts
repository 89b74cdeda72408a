/** A review in the console: planned, answered by keyboard with one touch of the key, and what it took given back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;

/** When those came whom nobody here made: so long ago that it is said by its day. */
const HIRED = Date.now() - 500 * 86_400_000;

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
  // Administrators whom nobody here made: only about such are people asked.
  await console_.server.services.store.transaction(async (tx) => {
    const row = await tx.selectFrom('users').selectAll().executeTakeFirstOrThrow();
    for (const [i, firstName] of ['Lee', 'Kim', 'Sam'].entries()) {
      const login = `${firstName.toLowerCase()}@example.org`;
      const id = `00u${String(i).padStart(17, 'q')}`;
      const profile = JSON.stringify({ login, email: login, firstName, lastName: 'Park' });
      const more = { id, login, loginFolded: login, profile, createdBy: 'host', createdAt: HIRED, lastLoginAt: null };
      await tx
        .insertInto('users')
        .values({ ...row, ...more })
        .execute();
      await tx
        .insertInto('roleAssignments')
        .values({
          ...{
            id: `ra1${String(i).padStart(17, 'q')}`,
            type: 'HELP_DESK_ADMIN',
            principalKind: 'user',
            principalId: id,
          },
          ...{
            roleId: '',
            resourceSetId: '',
            scope: 'EVERYTHING',
            createdAt: HIRED + i,
            lastUpdatedAt: HIRED,
            createdBy: 'host',
          },
        })
        .execute();
    }
  });
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const holders = async (): Promise<string[]> =>
  (
    await console_.server.services.store.read
      .selectFrom('roleAssignments')
      .select('principalId')
      .where('type', '=', 'HELP_DESK_ADMIN')
      .orderBy('createdAt')
      .execute()
  ).map(({ principalId }) => principalId.replace(/^00uq*/, ''));

describe('a review', () => {
  it('is planned from a preset, and begins', async () => {
    const { page } = console_;
    await console_.open('/reviews');
    await page.getByText('No review was planned yet').waitFor();
    await page.getByRole('button', { name: 'Plan a review…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Plan a review' });
    await dialog.getByLabel('Find a person').fill('ana');
    await dialog.getByRole('button', { name: '+ ana@example.org' }).click();
    await console_.settled();
    await console_.shots('review-form');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Plan it' }).click();
    await console_.prove();
    await page.getByText('“Administrator review” is planned').waitFor();
    await page.getByRole('link', { name: 'Administrator review' }).click();
    // Its time is now: it begins by itself.
    await page.getByRole('row', { name: /Lee Park/ }).waitFor();
  });

  it('asks managers, owners or members of a group, and a second person after them', async () => {
    const { page, server } = console_;
    const { id } = await server.services.store.read
      .selectFrom('users')
      .select('id')
      .where('login', '=', 'sam@example.org')
      .executeTakeFirstOrThrow();
    const support = await console_.admin.call('POST', '/api/v1/groups', { profile: { name: 'Support' } });
    expect(support.status, support.text).toBe(200);
    await page.getByRole('link', { name: 'All reviews' }).click();
    await page.getByRole('button', { name: 'Plan a review…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Plan a review' });
    await dialog.getByLabel('What is asked about').selectOption({ label: 'Groups: who is in which' });
    const alone = dialog.getByRole('group', { name: 'In these groups alone; with none chosen, in any' });
    await alone.getByLabel('Find a group').fill('Sup');
    await alone.getByRole('button', { name: '+ Support' }).click();
    await dialog.getByLabel('Find a person').fill('ana');
    await dialog.getByRole('button', { name: '+ ana@example.org' }).click();
    // Whoever was named stays, as who is asked where nobody is found.
    await dialog.getByLabel('Who answers').selectOption({ label: 'the manager of whoever has it' });
    const instead = dialog.getByRole('group', { name: 'Who is asked where there is no manager' });
    await instead.getByText('ana@example.org').waitFor();
    await dialog.getByLabel('What they keep is looked at by another person, too').check();
    expect(await dialog.getByRole('button', { name: 'Plan it' }).isDisabled()).toBe(true);
    const after = dialog.getByRole('group', { name: 'Who looks at it after them' });
    await after.getByLabel('Find a person').fill('sam');
    await after.getByRole('button', { name: '+ sam@example.org' }).click();
    await console_.settled();
    await console_.shots('review-form-two-levels');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Plan it' }).click();
    await console_.prove();
    await page.getByText('“Memberships of groups” is planned').waitFor();
    await dialog.waitFor({ state: 'detached' });
    const { settings } = await server.services.store.read
      .selectFrom('campaigns')
      .select('settings')
      .where('name', '=', 'Memberships of groups')
      .executeTakeFirstOrThrow();
    const [ana] = await server.services.store.read
      .selectFrom('users')
      .select('id')
      .where('login', '=', 'ana@example.org')
      .execute();
    expect(JSON.parse(settings)).toMatchObject({
      kinds: ['GROUP_MEMBERSHIP'],
      resourceSettings: { targetResources: [{ resourceId: support.body['id'] }] },
      reviewerSettings: {
        type: 'MULTI_LEVEL',
        reviewerLevels: [
          {
            type: 'REVIEWER_EXPRESSION',
            reviewerScopeExpression: 'user.profile.managerId',
            fallBackReviewerId: ana?.id,
          },
          { type: 'USER', reviewerId: id },
        ],
      },
    });
    await page.getByRole('link', { name: 'Administrator review' }).click();
    await page.getByRole('row', { name: /Lee Park/ }).waitFor();
  });

  it('is answered by keyboard: drafts outlive a reload, and count with one touch of the key', async () => {
    const { page } = console_;
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
    await row('Lee Park').focus();
    await page.keyboard.press('a');
    await page.keyboard.press('j');
    await page.keyboard.press('r');
    await page.keyboard.press('n');
    await page.keyboard.type('left the team');
    await row('Sam Park').focus();
    // On the way to another screen no key decides.
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.goBack();
    await page.getByRole('heading', { name: 'Administrator review', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Submit 2' }).waitFor();
    await page.getByText('1 has no reason yet.').waitFor();
    await page.getByLabel('Why, for all that have no reason of their own').fill('in use');
    await page.getByText('1 to revoke, 1 to keep. Decisions are final.').waitFor();
    await console_.settled();
    await console_.shots('review');
    expect(await console_.axe()).toEqual([]);
    expect(await holders()).toEqual(['0', '1', '2']);
    await page.getByRole('button', { name: 'Submit 2' }).click();
    await console_.prove();
    await page.getByText('2 decisions count.').waitFor();
    expect(await holders()).toEqual(['0', '2']);
    await row('Kim Park').getByText('revoked, taken').waitFor();
    await row('Lee Park').getByText('kept').waitFor();
  });

  it('gives back what it took', async () => {
    const { page } = console_;
    await page.getByLabel('Show').selectOption('taken');
    await page.getByRole('button', { name: 'Give back Help Desk Administrator to Kim Park…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give it back' }).click();
    await console_.prove();
    await page
      .getByRole('row', { name: /Kim Park/ })
      .getByText('given back')
      .waitFor();
    await console_.settled();
    await console_.shots('review-taken');
    expect(await console_.axe()).toEqual([]);
    expect(await holders()).toEqual(['0', '1', '2']);
  });

  it('of a break-glass account shows its seal, takes nothing, and leaves what is to be done on its page', async () => {
    const { page } = console_;
    const id = `00u${'g'.repeat(17)}`;
    const login = 'glass@example.org';
    await console_.server.services.store.transaction(async (tx) => {
      const row = await tx.selectFrom('users').selectAll().executeTakeFirstOrThrow();
      const profile = JSON.stringify({ login, email: login, firstName: 'Glass', lastName: '(break-glass)' });
      const more = { id, login, loginFolded: login, profile, createdBy: 'host', createdAt: HIRED, lastLoginAt: null };
      await tx
        .insertInto('users')
        .values({ ...row, ...more })
        .execute();
      await tx
        .insertInto('breakGlassAccounts')
        .values({
          ...{ userId: id, secretHash: '-', sharesCount: null, sharesNeeded: null, unsealedAt: null, remindedAt: null },
          networks: JSON.stringify({ primary: ['198.51.100.0/24'], secondary: ['2001:db8:1::/48'], tertiary: [] }),
          ...{ sealedAt: Date.now() - 100 * 86_400_000, sealedBy: 'host', createdAt: HIRED, createdBy: 'host' },
          ...{ lastDrillAt: null, drillUntilAt: null, drillBy: null },
        })
        .execute();
    });
    await console_.open('/reviews');
    await page.getByRole('button', { name: 'Plan a review…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Plan a review' });
    await dialog.getByLabel('What is asked about').selectOption('breakGlass');
    await dialog.getByText('About break-glass accounts only super admins decide.').waitFor();
    await dialog.getByLabel('Find a person').fill('ana');
    await dialog.getByRole('button', { name: '+ ana@example.org' }).click();
    await console_.settled();
    await console_.shots('review-form-break-glass');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Plan it' }).click();
    await console_.prove();
    await page.getByText('“Break-glass accounts” is planned').waitFor();
    await page.getByRole('link', { name: 'Break-glass accounts', exact: true }).click();
    const row = page.getByRole('row', { name: /Glass/ });
    await row.getByText('198.51.100.0/24, 2001:db8:1::/48').waitFor();
    await row.getByText('no drill yet, one is due').waitFor();
    await row.getByText('it is to be sealed anew, or retired').waitFor();
    expect(await page.getByRole('button', { name: /in use/ }).count()).toBe(0);
    await row.focus();
    await page.keyboard.press('r');
    await page.getByLabel('Why, for all that have no reason of their own').fill('its keepers have left');
    await console_.settled();
    await console_.shots('review-break-glass');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: 'Submit 1' }).click();
    await console_.prove();
    await row.getByText('to be done by hand').waitFor();
    await console_.open(`/break-glass/${id}`);
    await page.getByText('A review said no to it: give it a new secret, or retire it.').waitFor();
    await console_.settled();
    await console_.shots('break-glass-revoked');
    expect(await console_.axe()).toEqual([]);
  });
});
