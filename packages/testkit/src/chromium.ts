/**
 * Chromium as one starts it without a window: the same engine, and not the browser around it, whose share is a third of the
 * processor's time.
 */
export const CHROMIUM = {
  executablePath: '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
};
