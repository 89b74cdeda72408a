/** Protected actions in a real browser with a key: the dialog in the page, and the screen of the table. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';

let console_: TestConsole;

/** A clock that goes with the browser's, and can be put forward. */
const movingClock = () => {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(seconds: number) {
      ahead += seconds * 1000;
    },
  };
};
const clock = movingClock();

beforeAll(async () => {
  console_ = await openConsole({ clock });
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const zoneNames = async (): Promise<string[]> => {
  const { body } = await console_.admin.get('/api/v1/zones?limit=200');
  return (body as unknown as { name: string }[]).map(({ name }) => name);
};
const look = async (name: string): Promise<void> => {
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};
const newZone = async (name: string) => {
  const { page, press } = console_;
  await console_.open('/zones');
  await press('New zone…');
  const form = page.getByRole('dialog', { name: 'New zone' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel(/^Addresses/).fill('192.0.2.0/24');
  return form;
};

describe('the dialog', () => {
  it('continues a filled form by keyboard alone', async () => {
    const { page, proofDialog } = console_;
    const key = (name: string): Promise<void> => page.keyboard.press(name);
    await newZone('Office');
    await page.getByLabel('Name').focus();
    await key('Enter');
    await proofDialog.getByText('Create a network zone').waitFor();
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Use your key');
    await look('proof-dialog');
    // The focus stays within it.
    await key('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Cancel');
    await key('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Use your key');
    await key('Enter');
    await page.getByRole('heading', { name: 'Office', level: 1 }).waitFor();
    expect(await zoneNames()).toContain('Office');
  });
});
