import { spawn } from 'node:child_process';

const OPENERS: Readonly<Record<string, readonly [program: string, ...before: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Asks the desktop to open a page. Whether it did cannot be known, so the address is printed all the same. */
export const openBrowser = (url: string): void => {
  const [program, ...before] = OPENERS[process.platform] ?? ['xdg-open'];
  // No shell in between: the address is one argument, whatever is in it.
  const child = spawn(program, [...before, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
};
