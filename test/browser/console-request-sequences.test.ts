/** Whose yes it takes, set up in a real browser; what the server says of a step stands at that step. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAskableGroup, ONE_APPROVER } from '../harness/askable-group.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;

beforeAll(async () => {
  console_ = await openConsole();
  await console_.person('lee@example.org', null);
  await console_.giveKey(console_.admin);
  await makeAskableGroup(console_.admin);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const steps = async (name: string): Promise<unknown> =>
  (
    (await console_.admin.get('/sallyport/v1/request-sequences')).body as unknown as { name: string; steps: unknown }[]
  ).find((one) => one.name === name)?.steps;

describe('sequences of approvals', () => {
  it('are made step by step; a step that asks for more people than there are is refused at its number', async () => {
    const { page } = console_;
    await console_.open('/request-sequences');
    const first = page.getByRole('row', { name: /One approver/ });
    await first.getByText('Payroll operators for a while').waitFor();
    await page
      .getByRole('row', { name: /Two fellow admins/ })
      .getByText('only 1 could now')
      .waitFor();
    expect(await page.getByRole('button', { name: 'Delete One approver…' }).isDisabled()).toBe(true);
    await console_.look('request-sequences');
    await console_.push('New sequence…');
    const dialog = page.getByRole('dialog', { name: 'New sequence' });
    await dialog.getByLabel(/^Name/).fill('Manager, then Ana');
    await dialog.getByRole('group', { name: 'Step 1' }).getByLabel('Who says yes').selectOption('manager');
    // Nobody has two managers.
    expect(await dialog.getByLabel('How many different people').count()).toBe(0);
    await console_.push('Then another step', dialog);
    const second = dialog.getByRole('group', { name: 'Step 2', exact: true });
    await second.getByLabel('Who says yes').selectOption('people');
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await second.getByRole('button', { name: '+ ana@example.org' }).press('Enter');
    await second.getByLabel('How many different people').selectOption('2');
    await console_.push('Create', dialog);
    await second.getByText('it needs 2 people, and only 1 of those named could approve now').waitFor();
    await console_.look('request-sequence-refused');
    expect(await dialog.getByLabel(/^Name/).inputValue()).toBe('Manager, then Ana');
    await second.getByLabel('How many different people').selectOption('1');
    await dialog.getByLabel(/^Decide within(?!:)/).fill('4');
    await dialog.getByLabel('Decide within: unit').selectOption('hours');
    // Whom it passes on to is told in time, or it is refused at its length.
    await second.getByLabel('If nobody answers').selectOption('passes');
    await second.getByLabel('Who may say yes, too').selectOption('people');
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await second.getByLabel('Who may say yes, too').selectOption('super-admins');
    await console_.push('Create', dialog);
    await second.getByText('shorter than the whole time to decide', { exact: false }).waitFor();
    await console_.look('request-sequence-passes-on');
    await second.getByLabel(/^Passes on after(?!:)/).fill('90');
    await second.getByLabel('Passes on after: unit').selectOption('minutes');
    await console_.push('Create', dialog);
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /Manager, then Ana/ });
    await row.getByText('the manager of whom it is for').waitFor();
    await row.getByText('4 hours').waitFor();
    await row.getByText('after 90 minutes also super admins').waitFor();
    expect(await steps('Manager, then Ana')).toMatchObject([
      { approvers: { by: 'manager' }, count: 1 },
      { approvers: { by: 'people' }, count: 1, escalateAfter: 'PT90M', escalateTo: { by: 'super-admins' } },
    ]);
  });

  it('are changed with the names of whom they name, and deleted where nothing names them', async () => {
    const { page } = console_;
    await console_.open('/request-sequences');
    await console_.push('Change Manager, then Ana…');
    const dialog = page.getByRole('dialog', { name: 'Change Manager, then Ana' });
    await dialog.getByRole('button', { name: 'Remove ana@example.org' }).waitFor();
    await console_.push('Remove step 1', dialog);
    // What is left is the step of Ana, not an empty one.
    await dialog
      .getByRole('group', { name: 'Step 1', exact: true })
      .getByRole('button', { name: 'Remove ana@example.org' })
      .waitFor();
    await dialog.getByLabel(/^Name/).fill('Ana alone');
    await console_.push('Save', dialog);
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    expect(await steps('Ana alone')).toMatchObject([
      { approvers: { by: 'people' }, count: 1, escalateAfter: 'PT90M', escalateTo: { by: 'super-admins' } },
    ]);
    await console_.push('Delete Ana alone…');
    await console_.look('request-sequence-delete');
    await console_.push('Delete', page.getByRole('dialog'));
    await console_.prove();
    await page.getByRole('row', { name: /Ana alone/ }).waitFor({ state: 'detached' });
    expect(await steps('Ana alone')).toBeUndefined();
    expect((await console_.admin.get(`/sallyport/v1/request-sequences/${ONE_APPROVER}`)).status).toBe(200);
  });
});
