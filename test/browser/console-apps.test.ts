/** The screens of apps behind the gateway: from nothing to a snippet for the proxy, and away again. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;

beforeAll(async () => {
  console_ = await openConsole();
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
    await dialog.getByLabel('Address').fill('http://grafana.example.org');
    await dialog.getByRole('button', { name: 'Put behind the gateway' }).click();
    await dialog.getByText('must be https').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Grafana');
    expect(await console_.axe()).toEqual([]);
    await console_.shots('apps-form');
    await dialog.getByLabel('Address').fill('https://grafana.example.org');
    await dialog.getByLabel('Polling').fill('/api/live/');
    await dialog.getByRole('button', { name: 'Put behind the gateway' }).click();
    await page.getByRole('heading', { name: 'Grafana', level: 1 }).waitFor();
  });

  it('shows the door, who may enter, and what to write into nginx', async () => {
    const { page } = console_;
    await page.getByText('idle after 15 min, at the longest 12 h').waitFor();
    await page.getByText('network (ASN) enforced (as the organisation)').waitFor();
    await page.getByRole('cell', { name: '1 person' }).waitFor();
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

  it('changes it, switches it off and on, and deletes it', async () => {
    const { page, press } = console_;
    await press('Change…');
    await page.getByRole('dialog').getByLabel('Idle after').fill('30');
    await press('Save');
    await page.getByText('idle after 30 min').waitFor();
    await press('Switch off…');
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('switched off: nobody enters').waitFor();
    await press('Switch on');
    await page.getByRole('button', { name: 'Switch off…' }).waitFor();
    await press('Switch off…');
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await press('Delete…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
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
