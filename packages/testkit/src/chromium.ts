import { existsSync } from 'node:fs';

const SHELL = '/usr/bin/chromium-headless-shell';

/**
 * How tests start Chromium: as one starts it without a window, the same engine without the browser around it, whose share is a
 * third of the processor's time; and with it where there is no other.
 */
export const CHROMIUM = {
  executablePath: existsSync(SHELL) ? SHELL : '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
};
