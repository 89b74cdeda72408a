/** Drafts of policies, their tests and versions, and the change that waits to be confirmed, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;
let policy = '';
let consolePolicy = '';

const policyOf = async (isWanted: (app: { name: string; label: string }) => boolean): Promise<string> => {
  const apps = (await console_.admin.get('/api/v1/apps')).body as unknown as {
    name: string;
    label: string;
    _links: { accessPolicy?: { href: string } };
  }[];
  return apps.find(isWanted)?._links.accessPolicy?.href.split('/').at(-1) ?? '';
};
beforeAll(async () => {
  console_ = await openConsole();
  const { admin } = console_;
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  await console_.giveKey(admin);
  const made = await admin.call('POST', '/api/v1/apps', {
    name: 'sallyport_gateway',
    label: 'Grafana',
    signOnMode: 'BOOKMARK',
    settings: { app: { externalUrl: 'https://grafana.example.org' } },
  });
  expect(made.status, made.text).toBe(200);
  const group = await admin.call('POST', '/api/v1/groups', { profile: { name: 'Operators' } });
  expect(group.status, group.text).toBe(200);
  policy = await policyOf(({ label }) => label === 'Grafana');
  consolePolicy = await policyOf(({ name }) => name === 'saasure');
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const rulesIn = async (policyId: string): Promise<readonly string[]> => {
  const { body } = await console_.admin.get(`/api/v1/policies/${policyId}/rules`);
  return (body as unknown as { name: string }[]).map(({ name }) => name);
};
/** Adds a rule to the draft that is open, for the group. */
const addRule = async (name: string): Promise<void> => {
  const { page } = console_;
  await console_.push('New rule…');
  const dialog = page.getByRole('dialog', { name: 'New rule' });
  await dialog.getByLabel('Name of the rule').fill(name);
  await dialog.getByLabel('Find a group').fill('Ope');
  await dialog.getByRole('button', { name: '+ Operators' }).press('Enter');
  await dialog.getByLabel('Name of the rule').focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('It is saved in the draft, and counts once the draft is published.').waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  // A dialog that closes gives the focus back to what opened it.
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: new RegExp(`\\d\\. ${name}`) }).waitFor();
};

describe('a draft', () => {
  it('is written without a key, counts for nothing, and is published whole after a last look', async () => {
    const { page } = console_;
    const before = await rulesIn(policy);
    await console_.open(`/policies/${policy}?tab=draft`);
    await page.getByRole('heading', { name: 'Nobody is drafting a change' }).waitFor();
    await console_.look('drafts-none');
    await console_.push('New draft');
    await page.getByText('They say the same.').waitFor();
    await addRule('Operators');
    await addRule('Night');
    await console_.push('Move Night up');
    await page
      .getByRole('heading', { name: '1. Night' })
      .or(page.getByRole('heading', { name: '2. Night' }))
      .waitFor();
    expect(await rulesIn(policy)).toEqual(before);
    await page.getByText('New rule “Night”').waitFor();
    // What is saved whole is not all changed: the rule that was there says what it said.
    expect(await page.getByRole('list', { name: 'Differences' }).getByRole('listitem').count()).toBe(2);
    await console_.look('draft');
    await page.reload();
    await page.getByText('New rule “Night”').waitFor();
    await console_.push('Publish…');
    const dialog = page.getByRole('dialog', { name: /^Publish/ });
    await dialog.getByRole('region', { name: 'What changes' }).getByText('New rule “Operators”').waitFor();
    await dialog.getByRole('region', { name: 'On the sign-ins of the last days' }).getByText('Nobody came').waitFor();
    await dialog.getByText('The policy has no tests.').waitFor();
    await dialog.getByLabel('Why').fill('The night shift');
    await console_.look('draft-publish');
    await dialog.getByRole('button', { name: 'Publish' }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    const versions = page.getByRole('table', { name: 'Versions' });
    await versions.getByText('The night shift').waitFor();
    // What was only saved along with them was not changed, and nothing says that it was.
    await page
      .getByRole('table', { name: 'What happened to the policy' })
      .getByText('Policy rule added')
      .first()
      .waitFor();
    expect(await page.getByText('Policy rule updated').count()).toBe(0);
    await console_.look('policy-versions');
    const after = await rulesIn(policy);
    expect(after).toHaveLength(before.length + 2);
    expect(after).toEqual(expect.arrayContaining(['Night', 'Operators']));
  });

  it('says that what counts moved on under it, and is brought up to date', async () => {
    const { page } = console_;
    await console_.open(`/policies/${policy}?tab=draft`);
    await console_.push('New draft');
    await addRule('Guests');
    const renamed = await console_.admin.call('PUT', `/api/v1/policies/${policy}`, {
      type: 'ACCESS_POLICY',
      name: 'Grafana by night',
    });
    expect(renamed.status, renamed.text).toBe(200);
    await page.reload();
    await page.getByText('The policy was changed since this draft was begun').waitFor();
    expect(await page.getByRole('button', { name: 'Publish…' }).isDisabled()).toBe(true);
    await console_.look('draft-behind');
    await console_.push('Bring it up to date');
    await page.getByText('The policy was changed since this draft was begun').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByRole('button', { name: 'Publish…' }).isEnabled()).toBe(true);
    await console_.push('Discard the draft…');
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('table', { name: 'Versions' }).waitFor();
  });

  it('is kept from being published by a test that What if was asked for', async () => {
    const { page } = console_;
    await console_.open(`/policies/${policy}?tab=tests`);
    await page.getByRole('link', { name: 'Make one in What if' }).click();
    await page.getByLabel('Signed in with').selectOption('password');
    await page.getByRole('button', { name: 'Judge' }).click();
    await page.getByRole('heading', { name: 'Verdict' }).waitFor();
    await console_.push('Save as a test…');
    let dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Strangers stay out');
    await console_.look('what-if-save-test');
    await page.keyboard.press('Enter');
    await console_.prove();
    await console_.open(`/policies/${policy}?tab=tests`);
    await console_.push('Run them now');
    await page.getByRole('list', { name: 'Results of the tests' }).getByText('Passes').waitFor();
    await console_.look('policy-tests');
    await console_.open(`/policies/${policy}?tab=draft`);
    await console_.push('New draft');
    await console_.push('New rule…');
    dialog = page.getByRole('dialog', { name: 'New rule' });
    await dialog.getByLabel('Name of the rule').fill('Whoever');
    await dialog.getByLabel('Who', { exact: true }).selectOption('everyone');
    await dialog.getByLabel('With what proof').selectOption('one');
    await dialog.getByLabel('How long ago it was proved, at most').selectOption('');
    await dialog.getByLabel('Read as number').selectOption('1');
    await dialog.getByLabel('Name of the rule').focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: '1. Whoever' }).waitFor();
    await console_.push('Publish…');
    dialog = page.getByRole('dialog', { name: /^Publish/ });
    await dialog.getByRole('heading', { name: 'It would be refused' }).waitFor();
    await dialog.getByText('The test “Strangers stay out” fails').first().waitFor();
    expect(await dialog.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
    console_.faults.splice(0);
    await console_.look('draft-publish-refused');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('shows others what is drafted, and offers them nothing', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open(`/policies/${policy}?tab=draft`);
    await page.getByRole('table', { name: 'Drafts' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: '1. Whoever' }).waitFor();
    await console_.settled();
    expect(await page.getByRole('button', { name: /New|Publish|Discard|Move|Delete|Change/ }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Differences' }).click();
    await page.getByRole('list', { name: 'Differences' }).getByText('New rule “Whoever”').waitFor();
    await console_.look('policy-diff');
  });
});

describe('an earlier version', () => {
  it('counts again after a last look at what that changes', async () => {
    const { page } = console_;
    await console_.open(`/policies/${policy}?tab=history`);
    await console_.push('Roll back to version 1…');
    const dialog = page.getByRole('dialog', { name: 'Roll back to version 1' });
    await dialog.getByRole('region', { name: 'What changes' }).getByText('“Operators” is gone.').waitFor();
    await console_.look('policy-roll-back');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await console_.prove();
    await expect.poll(() => rulesIn(policy)).not.toContain('Operators');
  });
});

describe('a change of how administrators come in', () => {
  it('is said on every screen until a fresh session confirms it', async () => {
    const { page } = console_;
    await console_.open(`/policies/${consolePolicy}?tab=draft`);
    await console_.push('New draft');
    await addRule('Operators too');
    await console_.push('Publish…');
    const dialog = page.getByRole('dialog', { name: /^Publish/ });
    await dialog.getByText('ends by itself after five minutes').waitFor();
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await console_.prove();
    const banner = page.getByRole('region', { name: /This policy change ends in/ });
    await banner.getByText('Sign in again first').waitFor();
    await banner.getByText(/^[0-4]:\d\d$/).waitFor();
    await console_.open('/zones');
    await banner.getByRole('link', { name: 'Sign in again' }).waitFor();
    await console_.look('policy-waits');
    expect(await banner.getByRole('button', { name: 'Confirm the change' }).count()).toBe(0);
    await console_.as(lee);
    await console_.open('/zones');
    await console_.settled();
    expect(await banner.count()).toBe(0);
    await console_.admin.signIn();
    await console_.as(console_.admin);
    await console_.open('/zones');
    await banner.getByText('you can confirm it').waitFor();
    await console_.look('policy-can-confirm');
    await console_.push('Confirm the change');
    await console_.prove();
    await banner.waitFor({ state: 'detached' });
    const { body } = await console_.admin.get('/sallyport/v1/policies/confirmation');
    expect(body['change']).toMatchObject({ state: 'CONFIRMED' });
    expect(await rulesIn(consolePolicy)).toContain('Operators too');
  });

  it('is taken back at once', async () => {
    const { page } = console_;
    await console_.open(`/policies/${consolePolicy}`);
    await console_.push('Delete Operators too…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    const banner = page.getByRole('region', { name: /This policy change ends in/ });
    await banner.waitFor();
    expect(await rulesIn(consolePolicy)).not.toContain('Operators too');
    await console_.push('Take it back…');
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
    await console_.prove();
    await banner.waitFor({ state: 'detached' });
    expect(await rulesIn(consolePolicy)).toContain('Operators too');
    await page.getByRole('heading', { name: /Operators too/ }).waitFor();
  });
});
