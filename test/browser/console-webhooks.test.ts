/** Webhooks in a real browser: the secret is shown once, a test says what came of it, and a new secret overlaps the old. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../harness/webhook-receiver.ts';

let console_: TestConsole;
let receiver: WebhookReceiver;
let status = 204;

beforeAll(async () => {
  receiver = await startWebhookReceiver({ answer: () => status });
  // The receiver is in this machine, where no message goes unless the operator says so.
  console_ = await openConsole({ env: { SALLYPORT_KEY_SET_RANGES: '127.0.0.1/32' } });
  await console_.giveKey(console_.admin);
});
afterAll(async () => {
  await console_.stop();
  await receiver.stop();
});
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

describe('webhooks', () => {
  it('are made with a secret that is shown once, and tested; a refusal stands at its field', async () => {
    const { page } = console_;
    await console_.open('/webhooks');
    await page.getByRole('heading', { name: 'Nobody is told' }).waitFor();
    await console_.look('webhooks-none');
    await console_.push('New webhook…');
    const dialog = page.getByRole('dialog', { name: 'New webhook' });
    await dialog.getByLabel(/^Name/).fill('Pager');
    await dialog.getByLabel(/^Address/).fill('ftp://pager.example.com');
    await console_.push('Create', dialog);
    await dialog.locator('.mantine-TextInput-error').waitFor();
    await console_.look('webhook-refused');
    await dialog.getByLabel(/^Address/).fill(receiver.url);
    const create = dialog.getByRole('button', { name: 'Create', exact: true });
    await dialog.getByRole('checkbox', { name: 'alarms of break-glass accounts' }).press('Space');
    await dialog.getByText('Choose at least one', { exact: false }).waitFor();
    expect(await create.isDisabled()).toBe(true);
    for (const name of ['alarms of break-glass accounts', 'requests that are decided', 'reviews that end'])
      await dialog.getByRole('checkbox', { name }).press('Space');
    await console_.look('webhook-types');
    await console_.push('Create', dialog);
    await console_.prove();
    const secret = page.getByRole('dialog', { name: 'The secret of Pager' });
    await secret.getByText(/^whsec_/).waitFor();
    const text = (await secret.getByText(/^whsec_/).textContent()) ?? '';
    // A slip does not lose it.
    await page.keyboard.press('Escape');
    await secret.getByText(/^whsec_/).waitFor();
    await console_.look('webhook-secret');
    await console_.push('I have put it away', secret);
    await secret.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(text);
    await page.reload();
    await console_.push('Test now: Pager');
    await page.getByText('The test has arrived: Pager answered that it has it.').waitFor();
    // The outbox sends at least once: what is sent twice has one id.
    expect(new Set(receiver.hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await page.getByText('alarms of break-glass accounts, and 2 more').waitFor();
    status = 500;
    await console_.push('Test now: Pager');
    await page.getByText(/^The test has not arrived at Pager.* It is tried again\.$/).waitFor();
    await page.getByText('1 waiting').waitFor();
    status = 204;
    await console_.look('webhooks');
  });

  it('get a new secret beside the old one, are paused, changed and deleted', async () => {
    const { page, admin } = console_;
    await console_.open('/webhooks');
    await console_.push('New secret for Pager…');
    const rotate = page.getByRole('dialog', { name: 'A new secret for Pager' });
    await rotate.getByLabel('How long messages are signed with the old secret, too').selectOption('1');
    await console_.push('Make a new secret', rotate);
    await console_.prove();
    const secret = page.getByRole('dialog', { name: 'The secret of Pager' });
    await secret.getByText('messages are signed with the old one, too.', { exact: false }).waitFor();
    await console_.push('I have put it away', secret);
    await page.getByText('the one before ends', { exact: false }).waitFor();
    await console_.push('Pause Pager');
    await console_.prove();
    await page.getByRole('button', { name: 'Resume Pager' }).waitFor();
    await console_.push('Change Pager…');
    const dialog = page.getByRole('dialog', { name: 'Change Pager' });
    await dialog.getByLabel(/^Name/).fill('On call');
    await console_.push('Save', dialog);
    await console_.prove();
    // A change of its name does not wake it.
    await page.getByRole('button', { name: 'Resume On call' }).waitFor();
    expect((await admin.get('/sallyport/v1/webhooks')).body).toMatchObject([{ name: 'On call', status: 'INACTIVE' }]);
    await console_.push('Delete On call…');
    await console_.look('webhook-delete');
    await console_.push('Delete', page.getByRole('dialog'));
    await console_.prove();
    await page.getByRole('heading', { name: 'Nobody is told' }).waitFor();
  });

  it('are on nobody’s screen but a super admin’s', async () => {
    const { page } = console_;
    await console_.as(await console_.person('rae@example.org', 'READ_ONLY_ADMIN'));
    await console_.open('/webhooks');
    await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
    expect(await page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0);
  });
});
