/** The API in the console: found by words, tried with the session of whoever sits there, and proved where it is protected. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let reader: Person;
beforeAll(async () => {
  console_ = await openConsole();
  reader = await console_.person('reader@example.org', 'REPORT_ADMIN');
  await console_.giveKey(console_.admin);
  await console_.as(console_.admin);
});
afterAll(() => console_.stop());

it('reads, refuses what is not JSON, asks before it changes, and goes through the dialog where an action is protected', async () => {
  const { page } = console_;
  await console_.open('/api-explorer');
  await page.getByText(/^\d+ of \d+ operations$/).waitFor();
  await page.locator('summary', { hasText: 'zones' }).first().click();
  await console_.shots('api');
  expect(await console_.axe()).toEqual([]);
  await page.getByLabel('Noun, path or words').fill('network zones');
  await page.waitForURL(/q=network/);
  await page.getByRole('link', { name: 'Network zones', exact: true }).last().click();
  await page.getByText('okta.networkZones.read').waitFor();
  const send = page.getByRole('button', { name: 'Send with my session' });
  await send.click();
  await page.getByText('It was done.').waitFor();
  await page.getByText('DefaultExemptIpZone').waitFor();
  await console_.shots('api-answer');
  expect(await console_.axe()).toEqual([]);

  await console_.open('/api-explorer?op=zones.create');
  const body = page.getByLabel('Body (JSON)');
  const zone = '{"type":"IP","name":"by hand","gateways":[{"type":"CIDR","value":"192.0.2.0/24"}]';
  await body.fill(zone);
  await page.getByText('This is not JSON yet.').waitFor();
  expect(await send.isDisabled()).toBe(true);
  await body.fill(`${zone}}`);
  expect(await send.isDisabled()).toBe(true);
  await page.getByLabel('Type POST to send').fill('POST');
  expect(await page.getByText('curl -sS -X POST').textContent()).toContain('$SALLYPORT_TOKEN');
  await send.click();
  await console_.prove();
  await page.getByText('It was done.').waitFor();
  await console_.shots('api-change');
  const zones = (await console_.admin.get('/api/v1/zones')).body as unknown as { name: string }[];
  expect(zones.map(({ name }) => name)).toContain('by hand');

  // A place that is empty is not sent, and a refusal is told with its reason.
  await console_.open('/api-explorer?op=zones.get');
  expect(await send.isDisabled()).toBe(true);
  await page.getByLabel('zoneId').fill('nothing');
  await send.click();
  await page.getByText('Resource not found: nothing (NetworkZone)').waitFor();
});

it('shows somebody what they do not hold, and sends it for nobody', async () => {
  const { page } = console_;
  await console_.as(reader);
  await console_.open('/api-explorer?op=zones.list');
  await page.getByText('you do not hold it').waitFor();
  expect(await page.getByRole('button', { name: 'Send with my session' }).isDisabled()).toBe(true);
});
