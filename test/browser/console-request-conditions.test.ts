/** What can be asked for, set up in a real browser: made, turned on, moved, changed, stopped by what was deleted, deleted. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;
let groupId = '';

const make = async (path: string, body: unknown): Promise<string> => {
  const made = await console_.admin.call('POST', path, body);
  expect(made.status, made.text).toBeLessThan(300);
  return String(made.body['id']);
};
/** What somebody may ask for, by name. */
const askable = async (person: Person): Promise<readonly string[]> =>
  (
    (await person.get('/governance/api/v2/my/catalogs/default/entries')).body['data'] as unknown as { name: string }[]
  ).map(({ name }) => name);

beforeAll(async () => {
  console_ = await openConsole();
  const { admin } = console_;
  lee = await console_.person('lee@example.org', null);
  await console_.giveKey(admin);
  groupId = await make('/api/v1/groups', { profile: { name: 'Payroll operators' } });
  await make('/api/v1/groups', { profile: { name: 'Site reliability' } });
  await make('/api/v1/iam/governance/bundles', { name: 'Helpdesk', entitlements: [{ role: 'HELP_DESK_ADMIN' }] });
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

describe('what can be asked for', () => {
  it('is set up by the keyboard, off at first; what is missing cannot be sent', async () => {
    const { page } = console_;
    await console_.open('/request-conditions');
    await page.getByRole('heading', { name: 'Nothing can be asked for' }).waitFor();
    await console_.look('request-conditions-none');
    // It opens, and is typed into, before it is known whose yes there is to choose from.
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/sallyport/v1/request-sequences', async (route) => {
      await asked;
      await route.continue();
    });
    await console_.push('Let something be asked for…');
    const dialog = page.getByRole('dialog', { name: 'Let something be asked for' });
    await dialog.getByText('Loading whose yes there is to choose from…').waitFor({ state: 'attached' });
    await expect.poll(() => page.evaluate('document.activeElement?.labels?.[0]?.textContent')).toMatch(/^Name/);
    await page.keyboard.type('Helpdesk for SRE');
    answer();
    await dialog.getByLabel('Whose yes it takes').waitFor();
    await page.unroute('**/sallyport/v1/request-sequences');
    expect(await dialog.getByLabel(/^Name/).inputValue()).toBe('Helpdesk for SRE');
    await dialog.getByRole('button', { name: '+ Helpdesk' }).press('Enter');
    await dialog.getByRole('button', { name: '+ Site reliability' }).press('Enter');
    await dialog.getByText('2 of administrators.').or(dialog.getByText('one of administrators.')).waitFor();
    await dialog.getByLabel(/^At most(?!:)/).fill('soon');
    await dialog.getByText('A whole number above zero.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    // An admin role is asked for a time: that nothing is said of it is not to be chosen.
    expect(await dialog.getByLabel('For how long').locator('option').count()).toBe(2);
    await dialog.getByLabel(/^At most(?!:)/).fill('400');
    await dialog.getByLabel('At most: unit').selectOption('days');
    // What is refused anyway asks for no key.
    await dialog.getByLabel(/^At most(?!:)/).press('Enter');
    await dialog.getByText('must be an ISO 8601 duration between a minute and 365 days', { exact: false }).waitFor();
    await console_.look('request-condition-form');
    expect(await dialog.getByLabel(/^Name/).inputValue()).toBe('Helpdesk for SRE');
    await dialog.getByLabel(/^At most(?!:)/).fill('8');
    await dialog.getByLabel('At most: unit').selectOption('hours');
    await dialog.getByLabel(/^At most(?!:)/).press('Enter');
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /Helpdesk for SRE/ });
    await row.getByText('as asked for, 8 h at most').waitFor();
    await row.getByText('Site reliability').waitFor();
    await row.getByText('○ off').waitFor();
    await console_.push('Turn on Helpdesk for SRE');
    await console_.prove();
    await page.getByRole('button', { name: 'Turn off Helpdesk for SRE' }).waitFor();
    await row.getByText('● on').waitFor();
    // Only whoever may ask is offered it.
    expect(await askable(lee)).toEqual([]);
  });

  it('of one resource is moved, changed, and says how many requests are lost when it is deleted', async () => {
    const { page, admin } = console_;
    const path = `/governance/api/v2/resources/${groupId}/request-conditions`;
    const ids: string[] = [];
    for (const name of ['Payroll for all', 'Payroll at night'])
      ids.push(
        await make(path, {
          name,
          requesterSettings: { type: 'EVERYONE' },
          accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
          accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT1H' },
          approvalSequenceId: '5a11d0000000000000000001',
        }),
      );
    await console_.open('/request-conditions');
    expect(await page.getByRole('button', { name: 'Move Payroll for all up' }).isDisabled()).toBe(true);
    await console_.push('Move Payroll at night up');
    await console_.prove();
    await page
      .getByRole('row', { name: /Payroll at night/ })
      .getByText('1 of 2')
      .waitFor();
    await console_.push('Turn on Payroll for all');
    await console_.prove();
    await page.getByRole('button', { name: 'Turn off Payroll for all' }).waitFor();
    expect(await askable(lee)).toEqual(['Payroll operators']);
    const asked = await lee.call('POST', '/sallyport/v1/requests', {
      entitlement: { kind: 'group', id: groupId },
      reason: 'Close the month',
    });
    expect(asked.status, asked.text).toBe(201);
    await console_.push('Change Payroll for all…');
    const dialog = page.getByRole('dialog', { name: 'Change Payroll for all' });
    // What somebody else took from it meanwhile is not given back by an old form.
    const other = await admin.call('PATCH', `${path}/${ids[0]}`, { description: 'Only for the close of the month' });
    expect(other.status, other.text).toBe(200);
    await dialog.getByLabel('Whose yes it takes').selectOption('Two fellow admins');
    await dialog.getByRole('button', { name: 'Save' }).press('Enter');
    await dialog.getByText('Somebody else changed these settings since you read them.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await console_.settled();
    await console_.push('Change Payroll for all…');
    await expect.poll(() => dialog.getByLabel('What it is for').inputValue()).toBe('Only for the close of the month');
    await dialog.getByLabel('For how long').selectOption('none');
    await dialog.getByLabel('Whose yes it takes').selectOption('Two fellow admins');
    await dialog.getByRole('button', { name: 'Save' }).press('Enter');
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /Payroll for all/ });
    await row.getByText('365 d, as nothing shorter is said').waitFor();
    await row.getByText('1 request open').waitFor();
    await console_.look('request-conditions');
    await console_.push('Delete Payroll for all…');
    await page.getByText('It can no longer give anything: whoever asked must ask anew.', { exact: false }).waitFor();
    await console_.look('request-condition-delete');
    await console_.push('Delete', page.getByRole('dialog'));
    await console_.prove();
    await row.waitFor({ state: 'detached' });
    expect((await admin.get(`/sallyport/v1/requests/${String(asked.body['id'])}`)).body).toMatchObject({
      status: 'PENDING',
    });
  });

  it('says why it stopped, and is turned on again once it is mended', async () => {
    const { page, admin } = console_;
    const sequence = await make('/sallyport/v1/request-sequences', {
      name: 'For once',
      steps: [{ approvers: { by: 'admins' }, count: 1 }],
    });
    const path = `/governance/api/v2/resources/${groupId}/request-conditions`;
    await make(path, {
      name: 'Payroll mended',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      approvalSequenceId: sequence,
    });
    expect((await admin.call('DELETE', `/governance/api/v2/request-sequences/${sequence}`)).status).toBe(204);
    await console_.open('/request-conditions');
    const row = page.getByRole('row', { name: /Payroll mended/ });
    await row.getByText('Nobody is left to say yes: its sequence was deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Turn on Payroll mended' }).isDisabled()).toBe(true);
    await console_.look('request-condition-stopped');
    await console_.push('Change Payroll mended…');
    const dialog = page.getByRole('dialog', { name: 'Change Payroll mended' });
    await dialog.getByLabel('Whose yes it takes').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Whose yes it takes').selectOption('One approver');
    await dialog.getByRole('button', { name: 'Save' }).press('Enter');
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    await console_.push('Turn on Payroll mended');
    await console_.prove();
    await page.getByRole('button', { name: 'Turn off Payroll mended' }).waitFor();
  });

  it('is on nobody’s screen who may not set it up', async () => {
    const { page } = console_;
    await console_.as(await console_.person('rae@example.org', 'READ_ONLY_ADMIN'));
    await console_.open('/request-conditions');
    await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
    expect(await page.getByRole('link', { name: 'What can be asked for' }).count()).toBe(0);
  });
});
