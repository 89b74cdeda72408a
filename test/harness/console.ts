import type { RoleType } from '@sallyport/model/roles';
import { type AxeRules, axeViolations } from '@sallyport/testkit/axe';
import type { Locator, Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import { createSetupCode } from '../../packages/server/src/setup/setup-code.ts';
import { type BrowserKey, createKeyIn, openBrowser, type TestBrowser } from './browser.ts';
import { enrolPerson } from './enrol-person.ts';
import { type Person, signedInAdmin } from './person.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** A server, a browser, and people who are signed in without having to touch a key in it. */
export interface TestConsole extends TestBrowser {
  readonly server: TestServer;
  readonly admin: Person;
  /** Another person with a role, signed in over the wire; not in the browser. */
  person(login: string, role: RoleType | null, address?: string): Promise<Person>;
  /** Puts somebody's session into the browser. */
  as(person: Person): Promise<void>;
  /** Registers a key of somebody's with their account: one that is plugged into this browser (`registerKeyIn`). */
  giveKey(person: Person, place?: 'further' | 'only'): Promise<void>;
  /** The key of the browser, once somebody was given it. */
  readonly key: BrowserKey;
  /** The dialog that asks for fresh proof. */
  readonly proofDialog: Locator;
  /** Uses the key for what the page asks, and waits until the dialog is gone. */
  prove(): Promise<void>;
  open(path: string): Promise<void>;
  /** Waits until nothing that the page asked for is under way, the event stream apart. */
  settled(): Promise<void>;
  /** What axe finds on the page as it is, in both themes. */
  axe(): Promise<readonly string[]>;
  /** A picture in each theme at both widths: `E2E_SHOTS=<folder>`. */
  shots(name: string): Promise<void>;
  /** Looks at the page once it has settled: a picture of it, and nothing that axe finds. */
  look(name: string): Promise<void>;
  /** Presses a button by keyboard, once it can be pressed. */
  push(name: string | RegExp, within?: Pick<Locator, 'getByRole'>): Promise<void>;
  stop(): Promise<void>;
}

const WCAG: AxeRules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const THEMES = ['light', 'dark'] as const;
/** What a theme changes: the rest of a page is the same in both. */
const OF_COLOURS: AxeRules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
const WIDTHS = { wide: 1440, narrow: 390 } as const;

/** Changes the theme, and waits until the page has: the console hears of it by an event. */
const showIn = async (page: Page, colorScheme: (typeof THEMES)[number]): Promise<void> => {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page
    .locator(`html:not([data-mantine-color-scheme]), html[data-mantine-color-scheme=${colorScheme}]`)
    .waitFor({ state: 'attached' });
};

/**
 * Registers the key that is plugged into a browser with somebody's account. As the `only` one it takes the place of the one
 * that they hold over the wire, which proves nothing from then on.
 */
export const registerKeyIn = async (
  page: Page,
  server: TestServer,
  person: Person,
  place: 'further' | 'only',
): Promise<void> => {
  const me = await person.get('/api/v1/users/me');
  const code = await server.services.store.transaction((tx) =>
    createSetupCode(server.services, tx, 'enrol', String(me.body['id'])),
  );
  const begun = await person.call('POST', '/sallyport/v1/setup/claim', { code });
  const { stateToken } = begun.body as unknown as { stateToken: string };
  const pending = await person.call('POST', '/sallyport/v1/setup/keys', { stateToken });
  const { factorId, activation } = pending.body as unknown as { factorId: string; activation: object };
  await page.goto(`${server.url}/sign-in`);
  const made = await createKeyIn(page, activation);
  const done = await person.call('POST', `/sallyport/v1/setup/keys/${factorId}/activate`, { stateToken, ...made });
  if (done.status !== 200) throw new Error(`key: ${done.status} ${done.text}`);
  if (place === 'further') return;
  await server.services.store.transaction((tx) =>
    tx.deleteFrom('factors').where('userId', '=', String(me.body['id'])).where('id', '!=', factorId).execute(),
  );
};

/** `prepare` runs before anybody is there: what it writes into the log is the oldest of it. */
export const openConsole = async (
  options: Parameters<typeof startTestServer>[0] = {},
  prepare: (server: TestServer) => Promise<void> = async () => undefined,
): Promise<TestConsole> => {
  // The browser has a clock of its own, and the pages compare with it.
  const server = await startTestServer({ clock: { now: () => Date.now(), advance() {} }, ...options });
  await prepare(server);
  const admin = await signedInAdmin(server, '127.0.0.1');
  const browser = await openBrowser();
  const { page, context } = browser;
  // A dialog that is half faded in has no contrast yet.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const underWay = new Set<Request>();
  page.on('request', (request) => {
    if (!request.url().endsWith('/me/events')) underWay.add(request);
  });
  page.on('requestfinished', (request) => underWay.delete(request));
  page.on('requestfailed', (request) => underWay.delete(request));
  const as = async (person: Person): Promise<void> => {
    await context.clearCookies();
    await context.addCookies([{ name: 'sid', value: person.cookie ?? '', url: server.url, httpOnly: true }]);
  };
  await as(admin);
  // One for all: of two that are plugged in, the one without the credential would answer that it has none.
  let key: BrowserKey | null = null;
  const proofDialog = page.getByRole('dialog', { name: 'Prove that it is you' });
  const settled = async (): Promise<void> => {
    // Two frames: what an answer makes the page ask next is under way by then.
    do await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    while (underWay.size > 0);
  };
  const axe = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    // A button that is scrolled halfway under the header is not a small one.
    await page.evaluate('scrollTo(0, 0)');
    for (const theme of THEMES) {
      await showIn(page, theme);
      // A dialog that is still fading in has the contrast of what is behind it; a spinner never ends.
      await page.evaluate(`Promise.allSettled(document.getAnimations()
        .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity).map(({ finished }) => finished))`);
      const violations = await axeViolations(page, theme === 'light' ? WCAG : OF_COLOURS);
      for (const { id, nodes } of violations)
        found.push(
          `${theme} ${id}: ${nodes.map(({ target, any }) => `${target.join(' ')} (${any[0]?.message ?? ''})`).join(', ')}`,
        );
    }
    await showIn(page, 'light');
    return found;
  };
  const shots = async (name: string): Promise<void> => {
    if (process.env['E2E_SHOTS'] === undefined) return;
    for (const theme of THEMES)
      for (const [width, pixels] of Object.entries(WIDTHS)) {
        await showIn(page, theme);
        await page.setViewportSize({ width: pixels, height: 900 });
        await browser.shoot(`${name}-${width}-${theme}`);
      }
    await showIn(page, 'light');
    await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
  };
  return {
    ...browser,
    server,
    admin,
    as,
    proofDialog,
    get key() {
      if (key === null) throw new Error('nobody was given a key of this browser');
      return key;
    },
    async giveKey(person, place = 'further') {
      key ??= await browser.plugInKey();
      await registerKeyIn(page, server, person, place);
    },
    async prove() {
      await proofDialog.getByRole('button', { name: 'Use your key' }).click();
      await proofDialog.waitFor({ state: 'detached' });
    },
    person: (login, role, address) => enrolPerson(server, admin, login, role, address),
    async open(path) {
      await page.goto(server.url + path);
      await page.locator('h1').first().waitFor();
    },
    settled,
    axe,
    shots,
    async look(name) {
      await settled();
      await shots(name);
      expect(await axe()).toEqual([]);
    },
    async push(name, within = page) {
      const button = within.getByRole('button', { name, exact: true });
      await expect.poll(() => button.isEnabled()).toBe(true);
      await button.press('Enter');
    },
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
};
