/** Somebody who is away lends their vote in a real browser, reads what became of it, and gets it back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let bo: Person;
let del: Person;
let lee: Person;
let boId = '';
let groupId = '';

const idOf = async (person: Person): Promise<string> => String((await person.get('/api/v1/users/me')).body['id']);

beforeAll(async () => {
  console_ = await openConsole({
    // Nobody listens there: what is to be sent stays in the outbox, where it is read.
    env: { SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:9', SALLYPORT_MAIL_FROM: 'sallyport@example.org' },
  });
  const { admin } = console_;
  bo = await console_.person('bo@example.org', 'HELP_DESK_ADMIN');
  del = await console_.person('del@example.org', 'REPORT_ADMIN');
  lee = await console_.person('lee@example.org', null);
  boId = await idOf(bo);
  await console_.giveKey(admin);
  await console_.giveKey(bo);
  const made = await admin.call('POST', '/sallyport/v1/request-sequences', {
    name: 'Bo',
    steps: [
      {
        approvers: { by: 'people', ids: [boId] },
        count: 1,
        escalateAfter: 'PT4H',
        escalateTo: { by: 'super-admins' },
      },
    ],
  });
  ({ groupId } = await makeAskableGroup(admin, String(made.body['id'])));
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

/** As `<input type="datetime-local">` has it, days ahead. */
const ahead = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19);

const ask = async (): Promise<string> => {
  const asked = await lee.call('POST', '/sallyport/v1/requests', {
    entitlement: { kind: 'group', id: groupId },
    duration: 'PT2H',
    reason: 'Rotate the certificate',
  });
  expect(asked.status, asked.text).toBe(201);
  return String(asked.body['id']);
};

const mails = async (): Promise<readonly { to: string; subject: string; text: string }[]> =>
  (
    await console_.server.services.store.read
      .selectFrom('outbox')
      .select('payload')
      .where('sink', '=', 'mail')
      .orderBy('createdAt')
      .execute()
  )
    .map(({ payload }) => JSON.parse(payload) as { to: string; subject: string; text: string })
    .filter(({ subject }) => subject.includes('in the stead of'));

describe('a vote of somebody who is away', () => {
  it('is lent to whoever could decide, and to nobody else; both are mailed where it stands', async () => {
    const { page } = console_;
    await console_.as(bo);
    await console_.open('/me/access');
    await page.getByText('Nobody decides in your stead.').waitFor();
    await console_.push('Name somebody…');
    const dialog = page.getByRole('dialog', { name: 'Who decides in your stead' });
    const choose = async (login: string): Promise<void> => {
      await dialog.getByLabel('Find a person').fill(login);
      await console_.push(`+ ${login}`, dialog);
    };
    await choose('lee@example.org');
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Ends').fill(ahead(-1));
    await dialog.getByLabel('Note').fill('On leave');
    await console_.push('Save', dialog);
    await dialog.getByText('is nobody who could decide', { exact: false }).first().waitFor();
    await console_.look('delegate-refused');
    await console_.push('Remove lee@example.org', dialog);
    // Nobody is offered themself.
    await dialog.getByLabel('Find a person').fill('bo@');
    await dialog.getByText('No other person is found by “bo@”.').waitFor();
    await choose('del@example.org');
    await console_.push('Save', dialog);
    await dialog.getByText('must lie ahead, and after the beginning').first().waitFor();
    await dialog.getByLabel('Ends').fill(ahead(2));
    await console_.push('Save', dialog);
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('“On leave”').waitFor();
    await console_.look('while-away');
    expect((await bo.get('/sallyport/v1/me/delegation')).body).toMatchObject({
      given: { delegate: { login: 'del@example.org' }, isActive: true, note: 'On leave' },
    });
    const [toBo, toDel] = (await mails()).toSorted((a, b) => a.to.localeCompare(b.to));
    expect(toBo?.text).toContain('It can be ended here:');
    expect(toDel?.text).not.toContain('ended');
    const link = /^http\S+\/\S+$/m.exec(toDel?.text ?? '')?.[0] ?? '';
    await console_.as(del);
    await console_.open(new URL(link).pathname);
    await page.getByRole('heading', { name: 'Whom you decide for' }).waitFor();
    await page.getByText('bo Example, until', { exact: false }).waitFor();
    await console_.look('while-away-of-others');
  });

  it('is named by its login by whoever may not look people up, and refused there', async () => {
    const { page } = console_;
    await console_.as(del);
    await console_.open('/me/access');
    await console_.push('Name somebody…');
    const dialog = page.getByRole('dialog', { name: 'Who decides in your stead' });
    await dialog.getByLabel('Ends').fill(ahead(1));
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Who decides').fill('nobody@example.org');
    await console_.push('Save', dialog);
    await dialog.getByText('is nobody who could decide', { exact: false }).first().waitFor();
    await console_.look('delegate-by-login');
    await console_.push('Cancel', dialog);
    await dialog.waitFor({ state: 'detached' });
  });

  it('is told as such to whoever gives it, and in what happened', async () => {
    const { page, admin } = console_;
    const id = await ask();
    await console_.as(del);
    await console_.open(`/requests/${id}`);
    await page.getByText('You decide in the stead of bo Example: it is their one vote that you give.').waitFor();
    await page.getByText('1 more of: bo Example, del Example (in the stead of bo Example).').waitFor();
    await page.getByText('on super admins may say yes, too.', { exact: false }).waitFor();
    await console_.look('request-in-stead');
    const { digest } = (await del.get(`/sallyport/v1/requests/${id}`)).body as unknown as { digest: string };
    const approved = await del.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
    expect(approved.body, approved.text).toMatchObject({ status: 'APPROVED' });
    await console_.as(admin);
    await console_.open(`/requests/${id}`);
    await page.getByText('It was given.').waitFor();
    expect(await page.locator('.sp-moments').getByText('del Example (in the stead of bo Example)').count()).toBe(1);
    // By then it could not pass on any more.
    expect(await page.getByText('it passed on', { exact: false }).count()).toBe(0);
    // It is given back, to be asked for again.
    const [grant] = (await lee.get('/sallyport/v1/grants')).body as unknown as { id: string }[];
    expect((await lee.call('POST', `/sallyport/v1/grants/${grant?.id}/end`)).status).toBe(200);
  });

  it('waits so long, then others may give theirs, too', async () => {
    const { page, server } = console_;
    const id = await ask();
    await server.services.store.transaction((tx) =>
      tx
        .updateTable('requests')
        .set({ createdAt: Date.now() - 5 * 3_600_000 })
        .where('id', '=', id)
        .execute(),
    );
    await console_.open(`/requests/${id}`);
    await page.getByText('Nobody had answered: it passed on to super admins.').waitFor();
    await page.getByText('super admins may say yes, too.', { exact: false }).waitFor();
    await console_.look('request-passed-on');
  });

  it('is settled for them by a super admin, on their page', async () => {
    const { page, admin } = console_;
    await console_.as(admin);
    await console_.open(`/people/${boId}`);
    await page.getByText('“On leave”').waitFor();
    await console_.look('while-they-are-away');
    await console_.push('End it…');
    const end = page.getByRole('dialog', {
      name: 'Shall del@example.org no longer decide in bo Example’s stead?',
    });
    await end.waitFor();
    await console_.look('delegate-end');
    await console_.push('End it', end);
    await console_.prove();
    await end.waitFor({ state: 'detached' });
    await page.getByText('Nobody decides in bo Example’s stead.').waitFor();
    await console_.push('Name somebody…');
    const dialog = page.getByRole('dialog', { name: 'Who decides in the stead of bo Example' });
    await dialog.getByLabel('Find a person').fill('del@example.org');
    await console_.push('+ del@example.org', dialog);
    await dialog.getByLabel('From when').selectOption('time');
    await dialog.getByLabel('Ends').fill(ahead(3));
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Begins').fill(ahead(1));
    await console_.push('Save', dialog);
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('not yet', { exact: false }).waitFor();
    expect((await bo.get('/sallyport/v1/me/delegation')).body).toMatchObject({
      given: { delegate: { login: 'del@example.org' }, isActive: false, namedBy: { login: 'ana@example.org' } },
    });
    // Whoever lent it ends it, whoever named somebody; what is settled stands in the form as it is.
    await console_.as(bo);
    await console_.open('/me/access');
    await page.getByText('not yet', { exact: false }).waitFor();
    await console_.push('Change…');
    const change = page.getByRole('dialog', { name: 'Who decides in your stead' });
    await change.getByRole('button', { name: 'Remove del@example.org' }).waitFor();
    expect(await change.getByLabel('From when').inputValue()).toBe('time');
    await console_.push('Cancel', change);
    await change.waitFor({ state: 'detached' });
    await console_.push('End it…');
    await console_.push('End it', page.getByRole('dialog'));
    await console_.prove();
    await page.getByText('Nobody decides in your stead.').waitFor();
    expect((await bo.get('/sallyport/v1/me/delegation')).body).toMatchObject({ given: null });
  });
});
