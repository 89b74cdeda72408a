/** Would they get in? The screen of what-if, what is said of a whole policy, and what a rule leads to before it is saved. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;
let app: { readonly id: string; readonly policy: string };
beforeAll(async () => {
  console_ = await openConsole();
  const { admin } = console_;
  const made = await admin.call('POST', '/api/v1/apps', {
    name: 'sallyport_gateway',
    label: 'Grafana',
    signOnMode: 'BOOKMARK',
    settings: { app: { externalUrl: 'https://grafana.example.org' } },
  });
  const { accessPolicy } = made.body['_links'] as { accessPolicy: { href: string } };
  app = { id: String(made.body['id']), policy: new URL(accessPolicy.href).pathname.split('/').at(-1) ?? '' };
  const rule = await admin.call('POST', `/api/v1/policies/${app.policy}/rules`, {
    name: 'Managed devices',
    priority: 1,
    conditions: { device: { registered: true, managed: true } },
    actions: { appSignOn: { access: 'ALLOW', verificationMethod: { type: 'ASSURANCE', factorMode: '2FA' } } },
  });
  expect(rule.status, rule.text).toBe(200);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('what if', () => {
  it('answers with the deciding rule, why the others did not, and which facts it had', async () => {
    const { page } = console_;
    await console_.open('/what-if');
    await page.getByRole('heading', { name: 'What if', level: 1 }).waitFor();
    const judge = page.getByRole('button', { name: 'Judge' });
    expect(await judge.isDisabled()).toBe(true);
    expect(await console_.axe()).toEqual([]);
    await page.getByLabel('Whose door').selectOption({ label: 'Grafana' });
    await page.getByLabel('Find a person').fill(console_.admin.login.slice(0, 3));
    await page.getByRole('button', { name: `+ ${console_.admin.login}` }).click();
    await page.getByLabel('From which address').fill('203.0.113.7');
    await page.getByLabel('Signed in with').selectOption('verified-bound-key');
    await page.getByLabel('On which device').selectOption('foreign');
    await judge.click();
    const rules = page.getByRole('table', { name: 'What became of each rule' });
    await rules.getByText('It asks whether the device is registered: it is the other way round.').waitFor();
    const facts = page.getByRole('table', { name: 'Facts that were judged' });
    await facts.getByText('AS64500 Example Hosting').waitFor();
    await facts.getByText('not known').first().waitFor();
    await page.getByText('--managed no').waitFor();
    await console_.settled();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('what-if');
    await page.getByLabel('On which device').selectOption('managed');
    await page.getByLabel('Signed in with').selectOption('password');
    await judge.click();
    await page.getByText('It would do with').waitFor();
    // The question is in the address: it can be sent to somebody, and Back asks the one before.
    await page.reload();
    await page.getByText('It would do with').waitFor();
    await page.goBack();
    await rules.getByText('It asks whether the device is registered: it is the other way round.').waitFor();
  });

  it('takes a sign-in of the log, and says a refusal in words', async () => {
    const { page } = console_;
    const { body } = await console_.admin.get('/api/v1/logs?filter=eventType+eq+"policy.evaluate_sign_on"&limit=1');
    const [event] = body as unknown as { uuid: string }[];
    await console_.open(`/log/${event?.uuid}`);
    await page.getByRole('link', { name: 'What if it had been otherwise…' }).click();
    await page.getByText('When it happened: allow').waitFor();
    await page.getByLabel('From which address').fill('nowhere');
    await page.getByRole('button', { name: 'Judge' }).click();
    await page.getByText('must be an IPv4 or IPv6 address').waitFor();
    expect(await page.getByLabel('From which address').inputValue()).toBe('nowhere');
    expect(await console_.axe()).toEqual([]);
    console_.faults.splice(0);
  });
});

describe('a policy as a whole', () => {
  it('says who comes in and what is wrong with it', async () => {
    const { page } = console_;
    await console_.open(`/policies/${app.policy}`);
    const ways = page.getByRole('table', { name: 'Ways in' });
    await ways.getByRole('cell', { name: 'Managed devices', exact: true }).first().waitFor();
    await ways.getByText('a password and a one-time code').waitFor();
    await page.getByText('lets people in from a network that is in no zone').waitFor();
    await console_.settled();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('policy-proof');
  });

  it('is looked at before a rule is saved: what the rule leads to, and on whom it was tried', async () => {
    const { page, press } = console_;
    await console_.open(`/apps/${app.id}`);
    await press('New rule…');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name of the rule').fill('Anybody');
    await dialog.getByLabel('Who', { exact: true }).selectOption('everyone');
    await dialog.getByLabel('With what proof').selectOption('one');
    await dialog.getByLabel('Read as number').selectOption('1');
    await press('Review…');
    const leads = dialog.getByRole('region', { name: 'What it leads to' });
    await leads.getByText('“Anybody” lets people in with a single factor.').waitFor();
    await leads.getByText('“Managed devices” can never apply').waitFor();
    await leads.getByText('Nobody came to this door in 7 days').waitFor();
    await console_.settled();
    expect(await console_.axe()).toEqual([]);
    await console_.shots('app-rule-leads-to');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});
