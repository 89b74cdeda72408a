/** Somebody asks for access and reads whose yes it takes; somebody else reads what it is, and says yes with their key. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { makeStrangers } from '../harness/strangers-request.ts';

let console_: TestConsole;
let groupId = '';

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
  const activated = await admin.call('POST', `${conditions}/${String(made.body['id'])}/activate`);
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
    // Longer than may be asked for: the preview says so, and what was typed stays.
    await dialog.getByLabel('For how long').selectOption('P7D');
    await dialog.getByText('It is longer than what may be asked for.', { exact: false }).waitFor();
    await dialog.getByLabel('For how long').selectOption('PT2H');
    await dialog.getByText('One of administrators:').waitFor();
    expect(await dialog.getByLabel('Why').inputValue()).toBe('Rotate the certificate');
    await console_.settled();
    await console_.shots('request-form');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('heading', { name: 'Payroll operators, for 2 h', level: 1 }).waitFor();
    await page.getByText('You asked for this. Nobody approves what they asked for themselves.').first().waitFor();
    expect(await page.getByRole('button', { name: 'Approve with your key…' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Ask the approvers once more' }).click();
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('taken back', { exact: false }).first().waitFor();
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
    await page.getByRole('link', { name: 'Payroll operators, for 1 h' }).waitFor();
    await console_.settled();
    await console_.shots('requests');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('link', { name: 'Payroll operators, for 1 h' }).click();
    await page.getByText('CHG-4411').waitFor();
    await console_.settled();
    await console_.shots('request');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: 'Approve with your key…' }).click();
    await console_.proofDialog.getByText('Approve “Payroll operators, for 1 h” for lee@example.org').waitFor();
    await console_.prove();
    await page.getByText('It was decided before.').waitFor();
    expect((await admin.get(`/sallyport/v1/requests/${first}`)).body).toMatchObject({
      status: 'APPROVED',
      grant: { status: 'GRANTED' },
    });
    const second = await ask('kim@example.org');
    await console_.open(`/requests/${second}`);
    await page.getByRole('button', { name: 'Deny…' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('Use the read-only role');
    await page.getByRole('dialog').getByRole('button', { name: 'Deny' }).click();
    await page.getByText('“Use the read-only role”', { exact: false }).waitFor();
  });
});
