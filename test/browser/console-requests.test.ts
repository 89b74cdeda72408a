/** Somebody asks for access and reads whose yes it takes; somebody else reads what it is, and says yes with their key. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGrant } from '../../packages/server/src/grants/create-grant.ts';
import { publishGrant } from '../../packages/server/src/grants/end-grant.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { storePerson } from '../harness/stored-person.ts';
import { makeStrangers } from '../harness/strangers-request.ts';

let console_: TestConsole;
let groupId = '';
let conditionPath = '';

beforeAll(async () => {
  console_ = await openConsole();
  const { admin } = console_;
  await console_.giveKey(admin);
  groupId = String((await admin.call('POST', '/api/v1/groups', { profile: { name: 'Payroll operators' } })).body['id']);
  const conditions = `/governance/api/v2/resources/${groupId}/request-conditions`;
  const made = await admin.call('POST', conditions, {
    name: 'Payroll for a day',
    requesterSettings: { type: 'EVERYONE' },
    accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
    accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT8H' },
    approvalSequenceId: '5a11d0000000000000000001',
  });
  conditionPath = `${conditions}/${String(made.body['id'])}`;
  const activated = await admin.call('POST', `${conditionPath}/activate`);
  expect(activated.status, activated.text).toBe(200);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('access requests', () => {
  it('are asked for with a live preview of whose yes it takes, and taken back', async () => {
    const { page } = console_;
    await console_.open('/requests');
    await page.getByText('Nothing waits for you').waitFor();
    await page.getByRole('button', { name: 'Ask for access…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ask for access' });
    await dialog.getByText('One of administrators:').waitFor();
    await dialog.getByText('Step 1 needs one person, and nobody can say yes to it now.').waitFor();
    await dialog.getByText('Nobody approves what they asked for themselves.').waitFor();
    await dialog.getByLabel('Why').fill('Rotate the certificate');
    // No longer than may be asked for can be chosen; a beginning that passed is refused at its field, and what was typed stays.
    const lengths = await dialog.getByLabel('For how long').locator('option').allTextContents();
    expect(lengths).toEqual(['30 minutes', '1 hour', '2 hours', '4 hours', '8 h, the longest']);
    await dialog.getByLabel('For how long').selectOption('PT2H');
    await dialog.getByLabel('From when').selectOption('time');
    await dialog.getByLabel('Begins').fill('2020-02-02T02:02');
    const begins = dialog.locator('.mantine-TextInput-root', { has: page.getByLabel('Begins') });
    await begins.getByText('must lie ahead', { exact: false }).waitFor();
    await dialog.getByLabel('From when').selectOption('approval');
    await dialog.getByText('One of administrators:').waitFor();
    expect(await dialog.getByLabel('Why').inputValue()).toBe('Rotate the certificate');
    await console_.look('request-form');
    // A ticket that is needed from this moment on is asked for where it is typed, and nothing else is asked for anew.
    const needsTicket = async (ticket: string): Promise<void> => {
      const changed = await console_.admin.call('PATCH', conditionPath, { sallyport: { ticket } });
      expect(changed.status, changed.text).toBe(200);
    };
    await needsTicket('REQUIRED');
    await console_.push('Ask', dialog);
    const ticket = dialog.locator('.mantine-TextInput-root', { has: page.getByLabel('Ticket') });
    await ticket.getByText('A ticket is needed', { exact: false }).waitFor();
    expect(await dialog.getByLabel('Why').inputValue()).toBe('Rotate the certificate');
    expect(await dialog.getByLabel('For how long').inputValue()).toBe('PT2H');
    await console_.look('request-ticket');
    await dialog.getByLabel('Ticket').fill('CHG-1');
    await console_.push('Ask', dialog);
    await page.getByRole('heading', { name: 'Payroll operators, for 2 h', level: 1 }).waitFor();
    await page.getByText('CHG-1').waitFor();
    await page.getByText('You asked for this. Nobody approves what they asked for themselves.').first().waitFor();
    await page.getByText('Can say yes now: nobody.', { exact: false }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve with your key…' }).count()).toBe(0);
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await page.keyboard.press('c');
    await page.keyboard.type('Before the end of the month, please');
    await console_.push('Say it');
    await page.getByText('“Before the end of the month, please”', { exact: false }).waitFor();
    await console_.look('request-own');
    await page.getByRole('button', { name: 'Ask the approvers once more' }).click();
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('taken back', { exact: false }).first().waitFor();
    // Whoever opens the dialog now is told at once.
    await console_.open('/requests');
    await console_.push('Ask for access…');
    await dialog.getByText('without one this is not asked for', { exact: false }).waitFor();
    await dialog.getByLabel('Why').fill('Rotate the certificate');
    expect(await dialog.getByRole('button', { name: 'Ask', exact: true }).isDisabled()).toBe(true);
    await console_.look('request-needs-ticket');
    await console_.push('Cancel', dialog);
    await dialog.waitFor({ state: 'detached' });
    await needsTicket('OPTIONAL');
  });

  it('are approved with the key over what is shown, and denied with a reason', async () => {
    const { page, server, admin } = console_;
    const ask = async (login: string): Promise<string> => {
      const made = await admin.call('POST', '/sallyport/v1/requests', {
        entitlement: { kind: 'group', id: groupId },
        duration: 'PT1H',
        reason: 'Close the month',
        ticket: 'CHG-4411',
      });
      await makeStrangers(server, String(made.body['id']), login);
      return String(made.body['id']);
    };
    const first = await ask('lee@example.org');
    await console_.open('/requests');
    await page
      .getByRole('link', { name: 'Payroll operators, for 1 h, asked by lee@example.org', exact: true })
      .waitFor();
    await console_.settled();
    await console_.shots('requests');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('link', { name: 'Payroll operators, for 1 h, asked by lee@example.org', exact: true }).click();
    await page.getByText('CHG-4411').waitFor();
    await page.getByText('It gives no admin role.', { exact: false }).waitFor();
    await page.getByText('The only request in 90 days.').waitFor();
    await page.getByText('sallyport request approve', { exact: false }).waitFor();
    await console_.look('request');
    // By keyboard: the key opens what asks for the proof, and decides nothing by itself.
    await page.getByRole('heading', { level: 1 }).focus();
    // The second key of a sequence is none of the page.
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Administrators', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Approve with your key…' }).waitFor();
    // What is said with a yes is signed with it, told below, and in the log.
    const remark = page.getByLabel('What you say with your yes, if anything');
    await remark.fill('Ask Bea for the calendar');
    await page.getByRole('heading', { name: 'Decide', exact: true }).click();
    await page.keyboard.press('a');
    await console_.proofDialog.getByText('Approve “Payroll operators, for 1 h” for lee@example.org').waitFor();
    await console_.proofDialog.getByRole('button', { name: 'Cancel' }).click();
    await console_.proofDialog.waitFor({ state: 'detached' });
    expect(await remark.inputValue()).toBe('Ask Bea for the calendar');
    await console_.push('Approve with your key…');
    await console_.prove();
    await page.getByText('It was decided before.').waitFor();
    await page.locator('.sp-moments').getByText('“Ask Bea for the calendar”', { exact: false }).waitFor();
    expect((await admin.get(`/sallyport/v1/requests/${first}`)).body).toMatchObject({
      status: 'APPROVED',
      decisions: [{ kind: 'approve', comment: 'Ask Bea for the calendar' }],
      grant: { status: 'GRANTED' },
    });
    const log = await admin.get(
      '/api/v1/logs?filter=eventType eq "access.request.resolve"&sortOrder=DESCENDING&limit=1',
    );
    expect(log.body).toMatchObject([
      { debugContext: { debugData: { access_request_id: first, decision_comment: 'Ask Bea for the calendar' } } },
    ]);
    const second = await ask('kim@example.org');
    // Given to somebody else: nothing to say yes to any more, and still to say no to.
    const eve = await storePerson(server.services, { login: 'eve@example.org', keyBy: 'import', roleBy: 'import' });
    const given = await admin.call('POST', `/sallyport/v1/requests/${second}/reassign`, { assignees: [eve], step: 0 });
    expect(given.status, given.text).toBe(200);
    await console_.open(`/requests/${second}`);
    await page.getByText('gave it to eve', { exact: false }).waitFor();
    await page.getByText('A super admin gave this step to others. You can still say no.').first().waitFor();
    expect(await page.getByRole('button', { name: 'Approve with your key…' }).count()).toBe(0);
    await console_.look('request-reassigned');
    await page.getByRole('button', { name: 'Deny…' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('Use the read-only role');
    await page.getByRole('dialog').getByRole('button', { name: 'Deny' }).click();
    await page.getByText('“Use the read-only role”', { exact: false }).first().waitFor();
    expect(await page.locator('.sp-moments').getByText('Use the read-only role', { exact: false }).count()).toBe(1);
  });

  it('tell what they would give, what less there is to ask for, and begin no more once they are taken back', async () => {
    const { page, server, admin } = console_;
    const bundle = async (name: string, role: string): Promise<string> => {
      const made = await admin.call('POST', '/api/v1/iam/governance/bundles', { name, entitlements: [{ role }] });
      expect(made.status, made.text).toBe(200);
      return String(made.body['id']);
    };
    const wide = await bundle('Whole organisation', 'ORG_ADMIN');
    const narrow = await bundle('Readers', 'READ_ONLY_ADMIN');
    const apps = (await admin.get('/api/v1/apps?q=saasure')).body as unknown as { id: string }[];
    const conditions = `/governance/api/v2/resources/${apps[0]?.id}/request-conditions`;
    const made = await admin.call('POST', conditions, {
      name: 'Roles for a day',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: wide }, { id: narrow }] },
      accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT4H' },
      approvalSequenceId: '5a11d0000000000000000001',
    });
    expect(made.status, made.text).toBe(201);
    expect((await admin.call('POST', `${conditions}/${String(made.body['id'])}/activate`)).status).toBe(200);
    const pat = await console_.person('pat@example.org', null);
    const asked = await pat.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'bundle', id: wide },
      duration: 'PT2H',
      startsAt: new Date(server.clock.now() + 3_600_000).toISOString(),
      reason: 'Move the apps',
    });
    expect(asked.status, asked.text).toBe(201);
    const id = String(asked.body['id']);
    await makeStrangers(server, id, 'nel@example.org');
    // Whoever holds no admin role, and may ask for one, begins with what they have.
    await console_.as(pat);
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'My access', level: 1 }).waitFor();
    await console_.leave();
    await console_.as(console_.admin);
    await console_.open(`/requests/${id}`);
    await page.getByText(/^\+\d+ permissions$/).waitFor();
    await page.getByText(/^Readers, \d+ permissions?/).waitFor();
    await console_.look('request-of-power');
    await console_.push('Suggest Readers instead…');
    const deny = page.getByRole('dialog', { name: 'Deny “Whole organisation, for 2 h, asked by nel@example.org”?' });
    expect(await deny.getByLabel('Why').inputValue()).toContain('“Readers”');
    await console_.push('Cancel', deny);
    await deny.waitFor({ state: 'detached' });
    await console_.push('Approve with your key…');
    await console_.prove();
    await page.getByText('It was approved, and begins at its time.').waitFor();
    await console_.push('Take it back');
    await page.getByText('It was taken back.').waitFor();
    expect((await admin.get(`/sallyport/v1/requests/${id}`)).body).toMatchObject({ status: 'CANCELED', grant: null });
  });

  it('for more time are reached from what runs, with what it is about filled in', async () => {
    const { page, server, admin } = console_;
    const { services: s, clock } = server;
    const userId = String((await admin.get('/api/v1/users/me')).body['id']);
    const give = async (id: string, hours: number): Promise<string> => {
      const row = await s.store.transaction((tx) =>
        createGrant(s, tx, 'system', {
          userId,
          entitlement: { kind: 'group', id },
          ...{ startsAt: clock.now(), expiresAt: clock.now() + hours * 3_600_000 },
          ...{ source: { kind: 'request', id: 'req1' }, reason: 'Close the month' },
        }),
      );
      publishGrant(s, row);
      return row.id;
    };
    const payroll = await give(groupId, 2);
    const other = await admin.call('POST', '/api/v1/groups', { profile: { name: 'On call' } });
    await give(String(other.body['id']), 5);
    const stream = page.waitForResponse('**/sallyport/v1/me/events');
    await console_.open('/me/access');
    await stream;
    const table = page.getByRole('table', { name: 'What I have for a while' });
    await table.getByRole('link', { name: 'Extend: Payroll operators…' }).waitFor();
    await console_.look('my-access-extend');
    // Nothing lets anybody ask for this one: it was given by hand.
    await table.getByRole('link', { name: 'Extend: On call…' }).click();
    await page.getByText('More time of On call is not yours to ask for').waitFor();
    await page.getByRole('banner').getByRole('link', { name: 'Extend: Payroll operators…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ask for more time' });
    await dialog.getByText(/runs until .* and then until/).waitFor();
    await dialog.getByText('One of administrators:').waitFor();
    expect(await dialog.getByLabel('From when').count()).toBe(0);
    await dialog.getByLabel('How much longer').selectOption('PT1H');
    await dialog.getByLabel('Why').fill('The import runs longer');
    await console_.settled();
    await console_.shots('request-more-time');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('heading', { name: 'Payroll operators, 1 h longer', level: 1 }).waitFor();
    await page.getByText('when it ends by itself, until', { exact: false }).waitFor();
    await console_.look('request-of-more-time');
    const open = (await admin.get('/sallyport/v1/requests?show=mine&status=OPEN')).body as unknown as { id: string }[];
    expect(open).toMatchObject([{ words: 'Payroll operators, 1 h longer', extends: { id: payroll } }]);

    // Somebody else answers, and says yes. Who asked sees both by themself; what they are typing stays.
    const id = open[0]?.id ?? '';
    const bo = await console_.person('bo@example.org', 'HELP_DESK_ADMIN');
    const boId = String((await bo.get('/api/v1/users/me')).body['id']);
    // Ana made the account long ago.
    await s.store.transaction(async (tx) => {
      await tx.updateTable('users').set({ createdAt: 0 }).where('id', '=', boId).execute();
      await tx.updateTable('roleAssignments').set({ createdAt: 0 }).where('principalId', '=', boId).execute();
      await tx.updateTable('factors').set({ createdAt: 0 }).where('userId', '=', boId).execute();
      await tx.updateTable('ties').set({ at: 0 }).where('ofId', '=', boId).execute();
    });
    const field = page.getByLabel('Say something');
    await field.fill('Thank you');
    // From here on nobody touches the page.
    await page.evaluate('{ const now = performance.now.bind(performance); performance.now = () => now() + 60_000 }');
    const { id: session } = (await admin.get('/api/v1/sessions/me')).body as unknown as { id: string };
    const idleEndsAt = s.sessions.deadlinesOf(session)?.idleEndsAt;
    const asked: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(`${server.url}/sallyport/v1/`))
        asked.push(request.headers()['x-sallyport-background']);
    });
    const said = await bo.call('POST', `/governance/api/v2/requests/${id}/messages`, { message: 'One hour is enough' });
    expect(said.status, said.text).toBeLessThan(300);
    await page.getByText('“One hour is enough”').waitFor();
    const { digest } = (await bo.get(`/sallyport/v1/requests/${id}`)).body as unknown as { digest: string };
    const yes = await bo.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest });
    expect(yes.body, yes.text).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    await page.getByText('It was given.').waitFor();
    expect(await field.inputValue()).toBe('Thank you');
    expect(new Set(asked)).toEqual(new Set(['1']));
    expect(s.sessions.deadlinesOf(session)?.idleEndsAt).toBe(idleEndsAt);
  });
});
