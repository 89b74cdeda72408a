/** The screens of apps behind the gateway: from nothing to a snippet for the proxy, and away again. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('apps', () => {
  it('lists our own doors, and puts another one behind the gateway; what was refused stays typed', async () => {
    const { page, press } = console_;
    await console_.open('/apps');
    await page.getByRole('link', { name: 'Admin Console' }).waitFor();
    expect(await console_.axe()).toEqual([]);
    await press('Put an app behind the gateway…');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Grafana');
    await dialog.getByLabel('Idle after').fill('3');
    await press('Review…');
    await dialog.getByText('Whole minutes, from 5 to 720.').waitFor();
    await dialog.getByText('The address that browsers open.').waitFor();
    await dialog.getByLabel('Idle after').fill('15');
    await dialog.getByLabel('Address').fill('http://grafana.example.org');
    await press('Review…');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('must be https').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByText('It must be https').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Grafana');
    expect(await console_.axe()).toEqual([]);
    await console_.shots('apps-form');
    await dialog.getByLabel('Address').fill('https://grafana.example.org');
    await dialog.getByLabel('Polling').fill('/api/live/');
    await press('Review…');
    await dialog.getByRole('cell', { name: 'https://grafana.example.org' }).waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Grafana', level: 1 }).waitFor();
  });

  it('shows the door, who may enter, and what to write into nginx', async () => {
    const { page } = console_;
    await page.getByText('idle after 15 min, at the longest 12 h').waitFor();
    await page.getByText('Enforced, like the org. Used from another network, a session ends at once.').waitFor();
    await page.getByText(`the person is ${console_.admin.login}`).waitFor();
    const snippet = page.getByRole('region', { name: 'snippet', exact: true });
    await snippet.getByText('server_name grafana.example.org;').waitFor();
    await page.getByLabel('Where the proxy reaches the application').fill('10.0.0.7:8080');
    await snippet.getByText('server 10.0.0.7:8080;').waitFor();
    await page.getByLabel('Where the proxy reaches the application').fill('10.0.0.7; evil');
    await page.getByText('Host and port, for example').waitFor();
    await page.getByText('sallyport-auth.conf', { exact: true }).click();
    await page.getByText('proxy_set_header Sallyport-Login').waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.getByText('sallyport-auth.conf', { exact: true }).click();
    await console_.shots('app');
    await console_.open('/apps');
    await page.getByRole('link', { name: 'Grafana' }).waitFor();
    await console_.shots('apps');
    await page.getByRole('link', { name: 'Grafana' }).click();
  });

  it('lets a group in from a zone: nobody is everybody, the difference is shown, and saved is what was shown', async () => {
    const { page, press } = console_;
    const group = await console_.admin.call('POST', '/api/v1/groups', { profile: { name: 'Operators' } });
    expect(group.status, group.text).toBe(200);
    const zone = await console_.admin.call('POST', '/api/v1/zones', {
      type: 'IP',
      name: 'Office',
      status: 'ACTIVE',
      gateways: [{ type: 'CIDR', value: '127.0.0.0/8' }],
    });
    expect(zone.status, zone.text).toBe(200);
    await press('New rule…');
    const dialog = page.getByRole('dialog');
    await press('Review…');
    await dialog.getByText('Choose at least one. To let everybody in, say so above.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await dialog.getByLabel('Name of the rule').fill('Operators');
    await dialog.getByLabel('Find a group').fill('ope');
    await dialog.getByRole('button', { name: '+ Operators' }).waitFor();
    await expect.poll(() => dialog.getByRole('list', { name: 'Found: Groups' }).getByRole('button').count()).toBe(1);
    await dialog.getByLabel('Find a group').press('Enter');
    await dialog.getByRole('button', { name: 'Remove Operators' }).waitFor();
    await dialog.getByLabel('From where').selectOption('inside');
    await dialog.getByLabel('Find a zone').fill('off');
    await dialog.getByRole('button', { name: '+ Office' }).press('Enter');
    await dialog.getByLabel('With what proof').selectOption('two');
    await dialog.getByText('A look-alike page can ask for both').waitFor();
    await console_.settled();
    await console_.shots('app-rule-form');
    expect(await console_.axe()).toEqual([]);
    await press('Review…');
    const table = dialog.getByRole('table', { name: 'What saving changes' });
    await table
      .getByRole('cell', { name: 'a group of the person is Operators, and the network zone is Office', exact: true })
      .waitFor();
    await console_.shots('app-rule-review');
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Back' }).click();
    expect(await dialog.getByLabel('Name of the rule').inputValue()).toBe('Operators');
    await press('Review…');
    await page.route('**/rules', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 500, json: { errorSummary: 'It is broken.' } })
        : route.continue(),
    );
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('It is broken. Nothing was changed.').waitFor();
    await page.unroute('**/rules');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: '2. Operators' }).waitFor();
    await page.getByText('a group of the person is Operators, and the network zone is Office').waitFor();
  });

  it('moves a rule by keyboard, and shows that somebody else was faster without losing what was typed', async () => {
    const { page, press } = console_;
    await page.getByRole('button', { name: 'Change Operators…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Read as number').selectOption('1');
    await dialog.getByLabel('Name of the rule').focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('table').waitFor();
    expect(await dialog.getByRole('table').locator('tbody').textContent()).toBe('Place2.1.');
    const id = page.url().split('/').at(-1);
    const { accessPolicy } = (await console_.admin.get(`/api/v1/apps/${id}`)).body['_links'] as {
      accessPolicy: { href: string };
    };
    const rules = `${new URL(accessPolicy.href).pathname}/rules`;
    const all = (await console_.admin.get(rules)).body as unknown as { id: string; name: string; actions: unknown }[];
    const operators = all.find(({ name }) => name === 'Operators');
    const path = `${rules}/${operators?.id}`;
    const theirs = { name: 'Operators at night', actions: operators?.actions, conditions: {} };
    expect((await console_.admin.call('PUT', path, theirs)).status).toBe(200);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else changed these settings since you read them.').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    expect(await dialog.getByLabel('Read as number').inputValue()).toBe('1');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: '2. Operators at night' }).waitFor();
    await page.getByRole('button', { name: 'Change Operators at night…' }).click();
    await dialog.getByLabel('Read as number').selectOption('1');
    await press('Review…');
    await dialog.getByText('Everybody who has an account here may enter').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: '1. Operators at night' }).waitFor();
  });

  it('switches a single rule off, and says who is left, and on again', async () => {
    const { page } = console_;
    const dialog = page.getByRole('dialog');
    const name = 'Operators at night';
    await page.getByRole('button', { name: `Switch off ${name}…` }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('Whom it fits is judged by the rules after it.').waitFor();
    await dialog.getByRole('button', { name: 'Switch off' }).click();
    await console_.prove();
    await page.getByText('off: not read').waitFor();
    // Now the other one is the last way in.
    await page.getByRole('button', { name: 'Switch off Who may enter…' }).click();
    await dialog.getByText('It is the only rule that lets anybody in: nobody enters after it.').waitFor();
    expect(await console_.axe()).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await console_.settled();
    await console_.shots('app-rule-off');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: `Switch on ${name}` }).focus();
    await page.keyboard.press('Enter');
    await console_.prove();
    await page.getByRole('button', { name: `Switch off ${name}…` }).waitFor();
    await page.getByRole('button', { name: `Delete ${name}…` }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: '1. Who may enter' }).waitFor();
  });

  it('holds its sessions to what it is told here, with the words of the settings', async () => {
    const { page, press } = console_;
    await page.getByLabel('Address (IP) of Grafana').selectOption('ENFORCED');
    await page.getByText('Enforced, its own. Used from another address, a session ends at once').waitFor();
    expect(await page.getByRole('table', { name: 'What would change' }).locator('tbody').textContent()).toBe(
      'GrafanaAddress (IP)Like the orgEnforced',
    );
    await console_.shots('app-binding');
    expect(await console_.axe()).toEqual([]);
    await press('Review and save…');
    const dialog = page.getByRole('dialog', { name: 'Save the session binding?' });
    await dialog.getByRole('table').waitFor();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await console_.prove();
    await page.getByRole('status').getByText('Saved. It counts from the next request').waitFor();
    const { body } = await console_.admin.get('/sallyport/v1/session-binding');
    expect(Object.values(body['apps'] as object)).toEqual([{ ipBinding: 'ENFORCED' }]);
  });

  it('changes it, switches it off and on, and deletes it', async () => {
    const { page, press } = console_;
    await press('Change…');
    const change = page.getByRole('dialog');
    await press('Review…');
    await change.getByText('Nothing is different from what is saved.').waitFor();
    expect(await change.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await change.getByRole('button', { name: 'Back' }).click();
    await change.getByLabel('Idle after').fill('30');
    await change.getByLabel('At the longest').fill('60');
    await page.keyboard.press('Enter');
    const changes = change.getByRole('table', { name: 'What saving changes' });
    expect(await changes.locator('tbody').textContent()).toBe('Idle after15 min30 minAt the longest12 h1 h');
    await change.getByText('Who is inside keeps those they entered with.').waitFor();
    await console_.shots('app-review');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByText('idle after 30 min, at the longest 1 h').waitFor();
    await press('Switch off…');
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await console_.prove();
    await page.getByText('switched off: nobody enters').waitFor();
    await press('Switch on');
    await console_.prove();
    await page.getByRole('button', { name: 'Switch off…' }).waitFor();
    await press('Switch off…');
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await console_.prove();
    await press('Delete…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Grafana' }).count()).toBe(0);
  });

  it('offers nothing that would be refused', async () => {
    const { page } = console_;
    await console_.as(await console_.person('lee@example.org', 'READ_ONLY_ADMIN'));
    await console_.open('/apps');
    await page.getByRole('link', { name: 'Admin Console' }).click();
    await page.getByRole('heading', { name: 'Admin Console', level: 1 }).waitFor();
    await page.getByText('Who may enter').waitFor();
    expect(await page.getByRole('button', { name: /…$/ }).count()).toBe(0);
  });
});
