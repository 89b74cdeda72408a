/** The System Log as people use it, in a real browser: search, keyboard, live, export; each state seen by axe. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hostPrincipal } from '../../packages/server/src/host/host-principal.ts';
import { writeCheckpoint } from '../../packages/server/src/system-log/checkpoint.ts';
import { recordEvent } from '../../packages/server/src/system-log/record-event.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { fillLog } from '../harness/fill-log.ts';

const ARTICLE = 'eventType eq "security.session.detect_client_roaming"';
const ROWS = '[data-tail-list] tbody tr';

let console_: TestConsole;
const write = (message: string): Promise<string> =>
  console_.server.services.store.transaction((tx) =>
    recordEvent(console_.server.services, tx, hostPrincipal(console_.server.services.random), {
      eventType: 'group.lifecycle.create',
      displayMessage: message,
      target: [
        {
          id: message,
          type: 'UserGroup',
          alternateId: message,
          displayName: message,
          detailEntry: null,
          changeDetails: { from: { name: 'before it', size: 1 }, to: { name: 'after it', size: 1 } },
        },
      ],
    }),
  );
const bar = () => console_.page.getByRole('combobox', { name: 'Search the System Log' });
const rows = () => console_.page.locator(ROWS);
/** The number in the title over the chart. */
const found = () => console_.page.locator('.sp-card h2').first();

beforeAll(async () => {
  console_ = await openConsole({}, ({ services }) => fillLog(services, 3_000, 6));
  await writeCheckpoint(console_.server.services);
  await console_.person('rita@example.org', 'REPORT_ADMIN');
});
afterAll(() => console_.stop());
afterEach(() => {
  // The content security policy and Trusted Types had nothing to refuse, with the chart drawn.
  expect(console_.faults.splice(0)).toEqual([]);
});

describe('the System Log', () => {
  it('shows the last seven days: chart, values, events, and how far the chain is sealed', async () => {
    const { page } = console_;
    await console_.open('/log');
    await rows().first().waitFor();
    await page.locator('.log-chart-place canvas').waitFor();
    await page.getByRole('button', { name: /Chain verified to/ }).waitFor();
    expect(await rows().count()).toBe(50);
    await console_.shots('log');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: /Chain verified to/ }).click();
    await page.getByRole('dialog').getByText('Signature', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Verify the whole log now' }).click();
    await page.getByText(/Node n1: all [\d,]+ events\./).waitFor();
    await console_.shots('log-proof');
    expect(await console_.axe()).toEqual([]);
  });

  it('takes the query of the article as typed, keeps it in the address, and marks what is wrong under it', async () => {
    const { page } = console_;
    await console_.open('/log');
    await bar().fill(ARTICLE);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('filter') === ARTICLE);
    await expect.poll(() => found().textContent()).toBe('1 event');
    expect(await rows().first().textContent()).toContain('Session roaming detected for user');
    await page.reload();
    await expect.poll(() => found().textContent()).toBe('1 event');
    expect(await bar().inputValue()).toBe(ARTICLE);
    await bar().fill('eventType eq "a" and nonsense eq "b"');
    await page.keyboard.press('Enter');
    await page.getByText('At character 22: field is not valid: nonsense').waitFor();
    expect(await bar().inputValue()).toBe('eventType eq "a" and nonsense eq "b"');
    await console_.shots('log-fault');
    expect(await console_.axe()).toEqual([]);
    await page.goBack();
    await expect.poll(() => bar().inputValue()).toBe(ARTICLE);
  });

  it('finds a roaming event, verifies it and looks at its session, by keyboard alone', async () => {
    const { page } = console_;
    await console_.open('/log');
    await rows().first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('ev');
    await page.getByRole('option', { name: /^eventType/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('e');
    await page.getByRole('option', { name: /^eq/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('"roaming');
    await page.getByRole('option', { name: /detect_client_roaming/ }).waitFor();
    await console_.shots('log-completion');
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect((await bar().inputValue()).trim()).toBe(ARTICLE);
    await page.keyboard.press('Enter');
    await expect.poll(() => found().textContent()).toBe('1 event');
    for (let presses = 0; presses < 80; presses += 1) {
      if (await page.evaluate(`document.activeElement?.matches('${ROWS}')`)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('.');
    await page.getByRole('dialog', { name: 'Narrow by a value of this event' }).waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator(`${ROWS}:focus`).waitFor();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Session roaming detected for user' });
    await panel.waitFor();
    for (let presses = 0; presses < 60; presses += 1) {
      if ((await page.evaluate('document.activeElement?.textContent')) === 'Verify this event') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await panel.getByText('It stands as it was written').waitFor();
    await console_.shots('log-event');
    expect(await console_.axe()).toEqual([]);
    for (let presses = 0; presses < 60; presses += 1) {
      if ((await page.evaluate('document.activeElement?.textContent')) === 'Same session') break;
      await page.keyboard.press('Shift+Tab');
    }
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => (url.searchParams.get('filter') ?? '').includes('externalSessionId'));
    await expect.poll(() => found().textContent()).toBe('12 events');
  });

  it('narrows by keyboard on the chart as by the two inputs, and by a value', async () => {
    const { page } = console_;
    await console_.open('/log');
    await page.locator('.log-chart-place canvas').waitFor();
    await page.locator('.log-chart-keys').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    const words = (await page.locator('.log-span').textContent()) ?? '';
    const [, count] = /: (\d+) events$/.exec(words) ?? [];
    expect(Number(count)).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.has('since') && url.searchParams.has('until'));
    await expect.poll(() => found().textContent()).toBe(`${count} events`);
    const narrowed = new URL(page.url()).searchParams;
    expect(Date.parse(narrowed.get('until') ?? '') - Date.parse(narrowed.get('since') ?? '')).toBe(6 * 3_600_000);
    // The same by the inputs.
    await console_.open('/log');
    await page.getByLabel('From', { exact: true }).fill((narrowed.get('since') ?? '').slice(0, 19));
    await page.getByLabel('To', { exact: true }).fill((narrowed.get('until') ?? '').slice(0, 19));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => found().textContent()).toBe(`${count} events`);
    await page.getByRole('button', { name: 'Only FAILURE' }).click();
    await page.getByText('outcome.result eq "FAILURE"', { exact: true }).waitFor();
    await expect.poll(async () => Number.parseInt((await found().textContent()) ?? '', 10)).toBeLessThan(Number(count));
    await page.getByRole('button', { name: 'Remove filter outcome.result eq "FAILURE"' }).click();
    await expect.poll(() => found().textContent()).toBe(`${count} events`);
    // Dragged.
    const box = await page.locator('.log-chart-place .u-over').boundingBox();
    if (box === null) throw new Error('the chart has no place');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.get('since')).not.toBe(narrowed.get('since'));
  });

  it('live: new events wait while somebody reads, and nothing that is read or focused moves', async () => {
    const { page } = console_;
    await page.clock.install();
    await console_.open('/log');
    await rows().nth(5).waitFor();
    await page.keyboard.press('t');
    await page.getByText('Live: new events appear by themselves.').waitFor();
    await rows().nth(5).focus();
    await page.evaluate('scrollTo(0, 500)');
    const measure = async () => ({
      box: await rows().nth(5).boundingBox(),
      scroll: await page.evaluate('scrollY'),
      isFocused: await page.evaluate(`document.querySelectorAll('${ROWS}')[5] === document.activeElement`),
      text: await rows().nth(5).textContent(),
    });
    const before = await measure();
    for (let i = 0; i < 3; i += 1) await write(`live ${i}`);
    await expect
      .poll(async () => {
        await page.clock.fastForward(3_000);
        return page.getByRole('button', { name: '3 new' }).count();
      })
      .toBe(1);
    expect(await measure()).toEqual(before);
    expect(before.isFocused).toBe(true);
    await console_.shots('log-live');
    await page.getByRole('button', { name: '3 new' }).click();
    await rows().first().getByText('live 2').first().waitFor();
    // Nobody reads: they come by themselves.
    await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
    await write('live later');
    await expect
      .poll(async () => {
        await page.clock.fastForward(3_000);
        return rows().first().textContent();
      })
      .toContain('live later');
    await page.clock.fastForward('10:10');
    await page.getByText('Live stopped, for nobody was here for ten minutes.').waitFor();
    expect(await console_.axe()).toEqual([]);
  });

  it('exports a CSV that can be read, and keeps a query for the team', async () => {
    const { page } = console_;
    await console_.giveKey(console_.admin);
    await write('another group');
    await write('=HYPERLINK("https://example.org")');
    await console_.open('/log?chips=eventType+eq+%22group.lifecycle.create%22');
    await rows().first().waitFor();
    await page.locator('h1').focus();
    await page.keyboard.press('e');
    await page.getByText(/^\d+ events, about/).waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).last().click();
    await console_.prove();
    const link = page.getByRole('link', { name: 'Download' });
    await link.waitFor();
    await console_.shots('log-export');
    expect(await console_.axe()).toEqual([]);
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const text = readFileSync(await download.path(), 'utf8');
    const [head = '', ...lines] = text.trimEnd().split('\r\n');
    expect(head.split(',').slice(0, 3)).toEqual(['published', 'severity', 'eventType']);
    expect(lines).toHaveLength(await rows().count());
    for (const line of lines) expect(line.split(',')[2]).toBe('group.lifecycle.create');
    expect(text).toContain(`"'=HYPERLINK(""https://example.org"")"`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Saved', exact: true }).click();
    await page.getByLabel('Save the query on the screen as').fill('New groups');
    await page.getByLabel('For the whole team').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'New groups', exact: true }).waitFor();
    await page.getByLabel(`${lines.length} events`).waitFor();
    await console_.shots('log-saved');
    expect(await console_.axe()).toEqual([]);
    await page.keyboard.press('Escape');
    await console_.open('/log');
    await page.getByRole('button', { name: 'Saved', exact: true }).click();
    await page.getByRole('button', { name: 'New groups', exact: true }).click();
    await expect.poll(() => found().textContent()).toBe(`${lines.length} events`);
  });

  it('has a page for one event: what changed, why, and the same by its id from the palette', async () => {
    const { page } = console_;
    const uuid = await write('a renamed group');
    await console_.open('/log');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to, or do' }).fill(uuid);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${console_.server.url}/log/${uuid}`);
    await page.getByText('What changed in a renamed group').waitFor();
    const cells = await page.locator('.log-details tbody td').allTextContents();
    expect(cells).toEqual(['name', 'before it', 'after it']);
    await page.getByRole('button', { name: 'Why' }).click();
    await page.getByText(/Nothing was judged here/).waitFor();
    await console_.shots('log-event-page');
    expect(await console_.axe()).toEqual([]);
    await console_.open('/log/00000000-0000-4000-8000-000000000000');
    await page.getByText('There is no such event').waitFor();
    expect(await console_.axe()).toEqual([]);
  });

  it('says what it is when nothing is there, nothing fits, it fails, it waits, or one may not', async () => {
    const { page } = console_;
    await console_.open('/log?since=2030-01-01&until=2030-01-02');
    await page.getByText('No events in this time').waitFor();
    await console_.shots('log-empty');
    expect(await console_.axe()).toEqual([]);
    await console_.open('/log?since=2020-01-01&until=2026-01-02T00:00:00Z');
    await page.getByText(/The log begins at/).waitFor();
    await console_.open('/log?q=nowhere');
    await page.getByText('No events match').waitFor();
    await console_.shots('log-no-match');
    expect(await console_.axe()).toEqual([]);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await rows().first().waitFor();
    await page.route('**/api/v1/logs?*', (route) =>
      route.fulfill({
        status: 500,
        json: { errorCode: 'E0000009', errorSummary: 'Internal Server Error', errorId: 'oae1' },
      }),
    );
    await console_.open('/log');
    await page.getByText('Couldn’t load events').waitFor({ timeout: 20_000 });
    expect(await console_.axe()).toEqual([]);
    await page.unroute('**/api/v1/logs?*');
    await page.route('**/api/v1/logs?*', () => undefined);
    await console_.open('/log');
    await page.getByText('Loading events…').waitFor();
    expect(await console_.axe()).toEqual([]);
    await page.unroute('**/api/v1/logs?*', { behavior: 'ignoreErrors' } as never);
    const hal = await console_.person('hal@example.org', 'HELP_DESK_ADMIN');
    await console_.as(hal);
    await console_.open('/log').catch(() => undefined);
    await page.getByText('You may not see this').waitFor();
    expect(await console_.axe()).toEqual([]);
    await console_.as(console_.admin);
  });
});
