/** A machine asks, a human reads and decides in a real browser, and the machine goes on or reads why not. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { makeMachine } from '../harness/machine.ts';
import { type Reply, send } from '../harness/person.ts';
import { storePerson } from '../harness/stored-person.ts';
import { storeRequest } from '../harness/stored-request.ts';

let console_: TestConsole;
let secret = '';

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
  const made = await console_.admin.call('POST', '/api/v1/api-tokens', {
    name: 'hr-sync',
    purpose: 'creates people from the HR system',
    network: { connection: 'ANYWHERE' },
  });
  secret = String(made.body['token']);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const machine = (method: string, path: string, body?: unknown, proof?: string): Promise<Reply> =>
  send(
    console_.server.url,
    method,
    path,
    { Authorization: `SSWS ${secret}`, ...(proof === undefined ? {} : { 'Sallyport-Proof': proof }) },
    body,
  );
const person = (name: string) => ({
  profile: { firstName: name, lastName: 'Park', login: `${name}@example.org`, email: `${name}@example.org` },
});
const ask = async (name: string) => {
  const refused = await machine('POST', '/api/v1/users', person(name));
  return refused.body['sallyport'] as unknown as { kind: string; approvalId: string; proofUrl: string };
};

/** Somebody lends Ana their vote on what Bo asks for Nel, and a review asks her about the roles of both. */
const fillInbox = async (): Promise<void> => {
  const { admin } = console_;
  const { services: s } = console_.server;
  const anaId = String((await admin.get('/api/v1/users/me')).body['id']);
  const store = (firstName: string, lastName: string, more: Partial<Parameters<typeof storePerson>[1]> = {}) =>
    storePerson(s, { login: `${firstName.toLowerCase()}@example.org`, profile: { firstName, lastName }, ...more });
  const chi = await store('Chi', 'Ito', { roleBy: 'import' });
  const [bo, nel] = [await store('Bo', 'Ode', { roleBy: 'import' }), await store('Nel', 'Abe')];
  const group = await admin.call('POST', '/api/v1/groups', { profile: { name: 'wanted' } });
  const steps = [{ approvers: { by: 'people', ids: [chi] }, count: 1 }];
  const asked = { requesterId: bo, beneficiaryId: nel, groupId: String(group.body['id']), steps, conditionId: 'rco1' };
  await storeRequest(s, asked);
  const now = s.clock.now();
  const away = { delegatorId: chi, delegateId: anaId, startsAt: now, endsAt: now + 86_400_000, note: null };
  await s.store.transaction(async (tx) => {
    await tx
      .insertInto('delegations')
      .values({ id: 'del1', ...away, createdAt: now, createdBy: chi })
      .execute();
  });
  const campaign = await admin.call('POST', '/governance/api/v1/campaigns', {
    name: 'Half-yearly: admin roles',
    scheduleSettings: {
      type: 'ONE_OFF',
      startDate: '2099-01-01T09:00:00Z',
      durationInDays: 7,
      timeZone: 'Europe/Oslo',
    },
    reviewerSettings: { type: 'USER', reviewerId: anaId },
    remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
    sallyport: { kinds: ['ROLE'] },
  });
  const launched = await admin.call('POST', `/governance/api/v1/campaigns/${String(campaign.body['id'])}/launch`);
  expect(launched.status, `${campaign.text} ${launched.text}`).toBe(202);
};

describe('the inbox', () => {
  it('leads from the count in the header to a yes with the key, and the machine goes on', async () => {
    const { page } = console_;
    await console_.open('/approvals');
    await page.getByText('Nothing waits for you').waitFor();
    await console_.look('inbox-empty');
    await fillInbox();
    const asked = await ask('lee');
    expect(asked.kind).toBe('approval_required');
    // What came meanwhile is counted once the window is looked at again, and the list that is open follows.
    await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
    await page.getByRole('link', { name: 'Create a person' }).waitFor();
    await console_.open('/');
    // All kinds in one list, by when they are due: the action in minutes, the request today, the review in days.
    await page.getByRole('navigation').getByRole('link', { name: 'Inbox 3 waiting for you' }).waitFor();
    await page.getByRole('banner').getByRole('link', { name: '3 waiting for you', exact: true }).click();
    await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
    const inbox = page.getByRole('table', { name: 'What waits for you' });
    await inbox.getByRole('link', { name: 'Create a person' }).waitFor();
    expect(await inbox.getByRole('row').getByRole('link').allTextContents()).toEqual([
      'Create a person',
      'wanted, for 1 h, for nel@example.org, asked by bo@example.org',
      'Half-yearly: admin roles',
    ]);
    await inbox.getByText('token hr-sync of').waitFor();
    await inbox.getByText('Bo Ode for Nel Abe').waitFor();
    await inbox.getByText('you decide in the stead of Chi Ito').waitFor();
    await inbox.getByText('review of access, 2 answers of yours').waitFor();
    await console_.settled();
    await console_.shots('inbox');
    expect(await console_.axe()).toEqual([]);
    // By keyboard: from row to row, and into one and back.
    await inbox.getByRole('row').nth(1).focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'wanted, for 1 h', level: 1 }).waitFor();
    await page.goBack();
    await inbox.getByRole('link', { name: 'Create a person' }).click();
    await page.getByText('creates people from the HR system').waitFor();
    await page.locator('pre').getByText('lee@example.org').waitFor();
    await console_.settled();
    await console_.shots('approval');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: 'Approve with your key…' }).click();
    await console_.proofDialog.getByText('asked by the token hr-sync of ana@example.org').waitFor();
    await console_.prove();
    await page.getByText('approved, not done yet').waitFor();
    const { proof } = (await machine('GET', asked.proofUrl)).body as unknown as { proof: string };
    expect((await machine('POST', '/api/v1/users', person('lee'), proof)).status).toBe(200);
    await page.getByText('approved and done').waitFor();
  });

  it('says why it cannot be read, and reads it once it can', async () => {
    const { page } = console_;
    const path = '**/sallyport/v1/me/inbox**';
    const inbox = page.getByRole('table', { name: 'What waits for you' });
    for (const [status, heading, sentence] of [
      [500, 'Couldn’t load what waits for you', 'It is broken.'],
      [0, 'Couldn’t load what waits for you', 'The server does not answer. Check the connection and try again.'],
      [
        403,
        'You may not see this',
        'Couldn’t load what waits for you. It needs a role that a super administrator can assign you.',
      ],
    ] as const) {
      await page.route(path, (route) =>
        status === 0 ? route.abort() : route.fulfill({ status, json: { errorSummary: 'It is broken.' } }),
      );
      await console_.open('/approvals');
      await page.getByRole('heading', { name: heading, level: 2 }).waitFor();
      await page.getByText(sentence).waitFor();
      // An inbox that is not known is not an empty one.
      expect(await page.getByText('Nothing waits for you').count()).toBe(0);
      if (status !== 0) await console_.look(`inbox-${status}`);
      await page.unroute(path);
      if (status === 403) await page.reload();
      else await console_.push('Try again');
      await inbox.getByRole('link', { name: 'Half-yearly: admin roles' }).waitFor();
    }
    // What was read before stays, and the other lists have their own sentence.
    await page.getByLabel('Show').selectOption('past');
    await page.getByRole('table', { name: 'Approvals' }).waitFor();
    await page.getByLabel('Show').selectOption('open');
    await page.getByText('No action waits for anybody').waitFor();
  });

  it('says which service app asks, and lets it do this one thing', async () => {
    const { page, server, admin } = console_;
    const app = await makeMachine(server, admin, {
      label: 'Onboarding',
      scopes: ['okta.users.manage'],
      roles: ['USER_ADMIN'],
    });
    await app.authenticate('okta.users.manage');
    const asked = (await app.call('POST', '/api/v1/users', person('noa'))).body['sallyport'] as {
      approvalId: string;
      proofUrl: string;
    };
    await console_.open(`/approvals/${asked.approvalId}`);
    await page.locator('pre').getByText('noa@example.org').waitFor();
    await console_.settled();
    await console_.shots('approval-of-service-app');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: 'Approve with your key…' }).click();
    await console_.proofDialog.getByText('asked by the service app Onboarding').waitFor();
    await console_.prove();
    await page.getByText('approved, not done yet').waitFor();
    const { proof } = (await app.call('GET', asked.proofUrl)).body as unknown as { proof: string };
    const headers = { 'Sallyport-Proof': proof };
    expect((await app.call('POST', '/api/v1/users', person('another'), headers)).status).toBe(403);
    expect((await app.call('POST', '/api/v1/users', person('noa'), headers)).status).toBe(200);
    expect((await app.call('POST', '/api/v1/users', person('noa'), headers)).status).toBe(403);
    await page.getByText('approved and done').waitFor();
  });

  it('says no with a reason that the machine reads', async () => {
    const { page } = console_;
    const asked = await ask('kim');
    await console_.open(`/approvals/${asked.approvalId}`);
    await page.getByRole('button', { name: 'Deny…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('Kim starts in June');
    expect(await console_.axe()).toEqual([]);
    // Whatever comes back, or nothing: what was typed stays, and the same click goes on.
    const path = `**/sallyport/v1/approvals/${asked.approvalId}**`;
    for (const [status, sentence] of [
      [500, 'It is broken. Nothing was changed.'],
      [0, 'Whether anything was changed is not known: look before you do it again.'],
    ] as const) {
      // The page behind is read anew every few seconds, and is not there either.
      await page.route(path, (route) =>
        status === 0 ? route.abort() : route.fulfill({ status, json: { errorSummary: 'It is broken.' } }),
      );
      await console_.push('Deny', dialog);
      await dialog.getByText(sentence).waitFor();
      expect(await dialog.getByLabel('Why').inputValue()).toBe('Kim starts in June');
      await page.unroute(path);
    }
    await console_.look('approval-not-denied');
    await console_.push('Deny', dialog);
    await page.getByText('“Kim starts in June”').waitFor();
    expect((await machine('GET', asked.proofUrl)).body).toMatchObject({
      status: 'DENIED',
      decisionReason: 'Kim starts in June',
    });
    await page.getByText('It was decided before.').waitFor();
  });

  it('cancelled in the dialog decides nothing; a machine that took it back leaves no button', async () => {
    const { page } = console_;
    const asked = await ask('bea');
    await console_.open(`/approvals/${asked.approvalId}`);
    await page.getByRole('button', { name: 'Approve with your key…' }).click();
    await console_.proofDialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await machine('GET', asked.proofUrl)).body).toMatchObject({ status: 'WAITING' });
    await machine('DELETE', asked.proofUrl);
    await page.getByText('taken back').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Approve with your key…' }).count()).toBe(0);
  });
});

describe('the page behind a notice by mail', () => {
  it('says what was done, and ends every session of whoever says that it was not them', async () => {
    const { page, admin, server } = console_;
    const { actions } = (await admin.get('/sallyport/v1/me/actions')).body as unknown as {
      actions: { id: string; words: string }[];
    };
    // Also without a mail: one's own sessions and what was done in them stand on one page.
    await page.goto(`${server.url}/me/sessions`);
    const done = page.getByRole('region', { name: 'Done with your account lately' });
    await done
      .getByRole('listitem')
      .nth(actions.length - 1)
      .waitFor();
    await done.getByText('Chrome on Linux').first().waitFor();
    await console_.shots('my-actions');
    expect(await console_.axe()).toEqual([]);
    await done
      .getByRole('link', { name: /^That wasn’t me…/ })
      .first()
      .click();
    await page.waitForURL(`${server.url}/me/actions/${actions[0]?.id}`);
    await page.getByText(actions[0]?.words ?? '', { exact: true }).waitFor();
    await page.getByText('127.0.0.1').waitFor();
    await console_.shots('my-action');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: 'That wasn’t me…' }).click();
    await page.getByRole('button', { name: 'End all my sessions' }).click();
    await page.waitForURL(`${server.url}/ended?reason=not-me`);
    expect((await admin.get('/sallyport/v1/me')).status).toBe(401);
  });
});
