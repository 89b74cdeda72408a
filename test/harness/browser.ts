import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM } from '@sallyport/testkit/chromium';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** A security key of the browser's own (CDP `WebAuthn`). It answers only while somebody touches it. */
export interface BrowserKey {
  touch(isTouched: boolean): Promise<void>;
  unplug(): Promise<void>;
}

export interface TestBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the pages threw, and what the browser itself refused, such as a script that the policy forbids. */
  readonly faults: string[];
  /** Plugs a key in, touched. A synced one says of itself that a cloud account holds a copy. */
  plugInKey(kind?: BrowserKeyKind): Promise<BrowserKey>;
  /**
   * Closes the page, then forgets who was signed in: a page that is still open when its cookie is gone takes the browser
   * to where sessions end, in the middle of whatever the test does next.
   */
  leave(): Promise<void>;
  press(name: string | RegExp): Promise<void>;
  /** To look at the pages: E2E_SHOTS=<folder>. */
  shoot(name: string): Promise<void>;
  close(): Promise<void>;
}

export type BrowserKeyKind = 'device-bound' | 'platform' | 'synced' | 'u2f';

/** Makes a credential on the key that is plugged in, as a page does, from creation options with base64url for bytes. */
export const createKeyIn = (
  page: Page,
  options: object,
): Promise<{ attestation: string; clientData: string; transports: string[] }> =>
  page.evaluate(`(async () => {
    const bytes = (text) => Uint8Array.fromBase64(text, { alphabet: 'base64url' });
    const text = (buffer) => new Uint8Array(buffer).toBase64({ alphabet: 'base64url', omitPadding: true });
    const { challenge, user, excludeCredentials, ...rest } = ${JSON.stringify(options)};
    const { response } = await navigator.credentials.create({ publicKey: {
      ...rest,
      challenge: bytes(challenge),
      user: { ...user, id: bytes(user.id) },
      excludeCredentials: excludeCredentials.map(({ id }) => ({ type: 'public-key', id: bytes(id) })),
    } });
    return {
      attestation: text(response.attestationObject),
      clientData: text(response.clientDataJSON),
      transports: response.getTransports(),
    };
  })()`);

/** Chromium with one page. */
export const openBrowser = async (): Promise<TestBrowser> => {
  const browser = await chromium.launch(CHROMIUM);
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // A refused request is logged by the browser and is no fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  return {
    context,
    page,
    faults,
    async plugInKey(kind = 'device-bound') {
      const isSynced = kind === 'synced';
      const isU2f = kind === 'u2f';
      const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: isU2f ? 'u2f' : 'ctap2',
          transport: kind === 'platform' ? 'internal' : 'usb',
          hasUserVerification: !isU2f,
          isUserVerified: !isU2f,
          automaticPresenceSimulation: true,
          defaultBackupEligibility: isSynced,
          defaultBackupState: isSynced,
        },
      });
      return {
        touch: async (enabled) => {
          await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
        },
        unplug: async () => {
          await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
        },
      };
    },
    async leave() {
      await page.goto('about:blank');
      await context.clearCookies();
    },
    press: (name) => page.getByRole('button', { name }).click(),
    async shoot(name) {
      const folder = process.env['E2E_SHOTS'];
      if (folder === undefined) return;
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    },
    close: () => browser.close(),
  };
};
