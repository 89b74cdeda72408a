/** Policies as objects, their rules and their order, by the keyboard, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;
let appAdmin: Person;
let consolePolicy = '';

beforeAll(async () => {
  console_ = await openConsole();
  const { admin } = console_;
  lee = await console_.person('lee@example.org', 'READ_ONLY_ADMIN');
  appAdmin = await console_.person('apps@example.org', 'APP_ADMIN');
  await console_.giveKey(admin);
  const made = await admin.call('POST', '/api/v1/apps', {
    name: 'sallyport_gateway',
    label: 'Grafana',
    signOnMode: 'BOOKMARK',
    settings: { app: { externalUrl: 'https://grafana.example.org' } },
  });
  expect(made.status, made.text).toBe(200);
  await admin.call('POST', '/api/v1/groups', { profile: { name: 'Operators' } });
  const apps = (await admin.get('/api/v1/apps')).body as unknown as {
    name: string;
    _links: { accessPolicy?: { href: string } };
  }[];
  consolePolicy =
    apps
      .find(({ name }) => name === 'saasure')
      ?._links.accessPolicy?.href.split('/')
      .at(-1) ?? '';
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

const policyIn = async (name: string): Promise<{ id: string; priority: number; status: string }> => {
  for (const type of ['ACCESS_POLICY', 'OKTA_SIGN_ON']) {
    const { body } = await console_.admin.get(`/api/v1/policies?type=${type}`);
    const found = (body as unknown as { id: string; name: string; priority: number; status: string }[]).find(
      (policy) => policy.name === name,
    );
    if (found !== undefined) return found;
  }
  throw new Error(`no policy ${name}`);
};
const rulesIn = async (policyId: string): Promise<readonly string[]> => {
  const { body } = await console_.admin.get(`/api/v1/policies/${policyId}/rules`);
  return (body as unknown as { name: string }[]).map(({ name }) => name);
};

describe('a policy of apps', () => {
  it('is made, and leaving what was typed asks first', async () => {
    const { page } = console_;
    await console_.open('/policies');
    await page.getByRole('table', { name: 'Apps' }).getByRole('link', { name: 'Grafana' }).first().waitFor();
    await console_.look('policies');
    await console_.push('New policy…');
    const dialog = page.getByRole('dialog', { name: 'New policy' });
    await dialog.getByLabel('It decides').selectOption('ACCESS_POLICY');
    await dialog.getByLabel('Name').fill('Night');
    await page.keyboard.press('Escape');
    await dialog.getByText('What you typed is not saved.').waitFor();
    await console_.look('policy-new');
    await dialog.getByRole('button', { name: 'Keep editing' }).click();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Night');
    await dialog.getByLabel('What it is for').fill('Whoever is on duty');
    await dialog.getByLabel('Name').focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('heading', { name: 'Night', level: 1 }).waitFor();
    await page.getByText('Nobody comes in: no rule that allows can ever decide.').waitFor();
    await page.getByText('always the last').waitFor();
    await console_.look('policy-empty');
  });

  it('is given rules, which the form judges while one types, and their order is changed by the keyboard', async () => {
    const { page } = console_;
    const { id } = await policyIn('Night');
    await console_.open(`/policies/${id}`);
    for (const name of ['Guests', 'Operators']) {
      await console_.push('New rule…');
      const dialog = page.getByRole('dialog', { name: 'New rule' });
      await dialog.getByLabel('Name of the rule').fill(name);
      await dialog.getByLabel('Who', { exact: true }).selectOption(name === 'Guests' ? 'everyone' : 'groups');
      if (name === 'Guests') {
        await dialog.getByLabel('With what proof').selectOption('one');
        const leads = dialog.getByRole('region', { name: 'What it leads to' });
        await leads.getByText('“Guests” lets people in with a single factor.').waitFor();
        await dialog.getByLabel('On which device').selectOption('managed');
        await dialog.getByText('Not known until signals arrive.').waitFor();
        await console_.look('rule-form-live');
        await dialog.getByLabel('On which device').selectOption('any');
        // What the server would refuse is said before it is tried.
        await dialog.getByLabel('And only if').fill('user.profile.');
        await leads.getByRole('heading', { name: 'It would be refused' }).waitFor();
        console_.faults.splice(0);
        await dialog.getByLabel('And only if').fill('');
        await leads.getByText('“Guests” lets people in with a single factor.').waitFor();
      } else {
        await dialog.getByLabel('Find a group').fill('Ope');
        await dialog.getByRole('button', { name: '+ Operators' }).press('Enter');
      }
      await dialog.getByLabel('Name of the rule').focus();
      await page.keyboard.press('Enter');
      await dialog.getByRole('table', { name: 'What saving changes' }).waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await console_.prove();
      await page.getByRole('heading', { name: new RegExp(`\\d\\. ${name}`) }).waitFor();
    }
    expect(await rulesIn(id)).toEqual(['Guests', 'Operators', 'Catch-all Rule']);
    await page.getByText('“Operators” can never apply').waitFor();
    await console_.push('Move Operators up');
    await console_.prove();
    await page.getByRole('heading', { name: '1. Operators' }).waitFor();
    expect(await rulesIn(id)).toEqual(['Operators', 'Guests', 'Catch-all Rule']);
    // At the end of its way: the focus is on the arrow that leads back.
    await expect
      .poll(() => page.evaluate('document.activeElement?.getAttribute("aria-label")'))
      .toBe('Move Operators down');
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('heading', { name: '2. Operators' }).waitFor();
    await console_.look('policy');
  });

  it('is renamed, cloned, given to an app, switched off and on, and deleted once it judges none', async () => {
    const { page } = console_;
    const { id } = await policyIn('Night');
    await console_.open(`/policies/${id}`);
    await console_.push('Change…');
    let dialog = page.getByRole('dialog', { name: 'Change Night' });
    await dialog.getByLabel('Name').fill('Night shift');
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('heading', { name: 'Night shift', level: 1 }).waitFor();
    await console_.push('Let it judge an app…');
    dialog = page.getByRole('dialog', { name: 'Let Night shift judge an app' });
    await dialog.getByLabel('Find an app').fill('Gra');
    await dialog.getByRole('button', { name: '+ Grafana' }).press('Enter');
    await console_.look('policy-give');
    await dialog.getByRole('button', { name: 'Let it judge' }).click();
    await console_.prove();
    await page.getByText('It judges an app: give the app to another policy first.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete the policy…' }).isDisabled()).toBe(true);
    await console_.push('Switch it off…');
    dialog = page.getByRole('dialog');
    await dialog.getByText('Nobody enters Grafana until it is on again.').waitFor();
    await dialog.getByRole('button', { name: 'Switch off' }).click();
    await console_.prove();
    await page.getByText('off: its apps let nobody in').waitFor();
    await console_.push('Switch it on');
    await console_.prove();
    await page.getByRole('button', { name: 'Switch it off…' }).waitFor();
    await console_.push('Clone…');
    await page.getByRole('dialog').getByRole('button', { name: 'Clone' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: '[cloned] Night shift', level: 1 }).waitFor();
    const clone = await policyIn('[cloned] Night shift');
    expect(await rulesIn(clone.id)).toEqual(['Guests', 'Operators', 'Catch-all Rule']);
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('table', { name: 'What happened to the policy' }).getByText('Policy created').waitFor();
    await console_.look('policy-history');
    await page.getByRole('tab', { name: 'Rules' }).click();
    await console_.push('Delete the policy…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
    await expect.poll(() => page.getByText('[cloned] Night shift').count()).toBe(0);
  });
});

describe('the policy of the Admin Console', () => {
  it('is never offered one factor, and a change that would shut everybody out is refused before it is tried', async () => {
    const { page } = console_;
    await console_.open(`/policies/${consolePolicy}`);
    await page
      .getByRole('button', { name: /^Change .+…$/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    const one = dialog.getByLabel('With what proof').locator('option[value=one]');
    expect(await one.isDisabled()).toBe(true);
    await dialog.getByText('One factor is not offered: it never opens the Admin Console.').waitFor();
    await dialog.getByLabel('Then').selectOption('DENY');
    const leads = dialog.getByRole('region', { name: 'What it leads to' });
    await leads.getByRole('heading', { name: 'It would be refused' }).waitFor();
    console_.faults.splice(0);
    await console_.look('console-rule-refused');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('is read by others, who are told who changes it', async () => {
    const { page } = console_;
    await console_.as(lee);
    await console_.open(`/policies/${consolePolicy}`);
    await page.getByRole('heading', { name: /^1\. / }).waitFor();
    await console_.settled();
    expect(await page.getByRole('button', { name: /New rule|Change|Move|Delete|Switch|Clone/ }).count()).toBe(0);
    await console_.look('policy-read-only');
    await console_.as(appAdmin);
    await console_.open('/policies');
    await console_.settled();
    expect(await console_.axe()).toEqual([]);
  });
});

describe('policies of sessions', () => {
  it('have an order, which is changed by the keyboard; the default one stays last', async () => {
    const { page } = console_;
    for (const name of ['Contractors', 'Staff']) {
      const made = await console_.admin.call('POST', '/api/v1/policies', { type: 'OKTA_SIGN_ON', name });
      expect(made.status, made.text).toBe(200);
    }
    await console_.open('/policies');
    await console_.push('Ask Staff earlier');
    await console_.prove();
    await expect.poll(async () => (await policyIn('Staff')).priority).toBe(1);
    await page.getByRole('button', { name: 'Ask Staff later' }).waitFor();
    expect(await page.getByRole('button', { name: 'Ask Default Policy earlier' }).count()).toBe(0);
    await console_.look('policies-order');
  });

  it('take a rule with its lengths', async () => {
    const { page } = console_;
    const { id } = await policyIn('Contractors');
    await console_.open(`/policies/${id}`);
    await console_.push('New rule…');
    const dialog = page.getByRole('dialog', { name: 'New rule' });
    await dialog.getByLabel('Name of the rule').fill('By day');
    await dialog.getByLabel('Find a group').fill('Ope');
    await dialog.getByRole('button', { name: '+ Operators' }).press('Enter');
    await dialog.getByLabel('Ends without interaction after (minutes)').fill('none');
    await dialog.getByLabel('Name of the rule').focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('Whole minutes, 1 to 129 600.').waitFor();
    await dialog.getByLabel('Ends without interaction after (minutes)').fill('30');
    await dialog.getByLabel('Name of the rule').focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('table', { name: 'What saving changes' }).waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByText('sessions end after 30 min idle').waitFor();
    await console_.look('session-policy');
  });
});
