import Bowser from 'bowser';

export interface UserAgentDescription {
  readonly browser: string;
  readonly os: string;
  readonly device: 'Computer' | 'Mobile' | 'Tablet' | 'Unknown';
}
const UNKNOWN: UserAgentDescription = { browser: 'UNKNOWN', os: 'Unknown', device: 'Unknown' };
const DEVICES: Readonly<Record<string, UserAgentDescription['device']>> = {
  desktop: 'Computer',
  mobile: 'Mobile',
  tablet: 'Tablet',
};
const TEXT_MAX = 512;

/** Our own command line, which says the system's name as Node does. */
const COMMAND_LINE = /^sallyport\/\S+ \((\w+)/;
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

const describe = (raw: string): UserAgentDescription => {
  if (raw === '') return UNKNOWN;
  const [, system] = COMMAND_LINE.exec(raw) ?? [];
  if (system !== undefined) return { browser: 'SALLYPORT', os: SYSTEMS[system] ?? 'Unknown', device: 'Computer' };
  try {
    const parsed = Bowser.parse(raw.slice(0, TEXT_MAX));
    const os = [parsed.os.name, parsed.os.versionName ?? parsed.os.version].filter(Boolean).join(' ');
    return {
      browser: (parsed.browser.name ?? 'UNKNOWN').toUpperCase(),
      os: os === '' ? 'Unknown' : os,
      device: DEVICES[parsed.platform.type ?? ''] ?? 'Unknown',
    };
  } catch {
    return UNKNOWN;
  }
};

/** The last one: what one request does many times is described once. */
let last = { raw: '', description: UNKNOWN };
/** Browser, system and kind of device of a User-Agent. Reported only: it is chosen by the client and decides nothing. */
export const describeUserAgent = (raw: string): UserAgentDescription => {
  if (last.raw !== raw) last = { raw, description: describe(raw) };
  return last.description;
};

/** What somebody used, in words: `Firefox on Linux`. The log keeps the browser's name in capitals, as SIEM content expects. */
export const deviceName = (
  { browser, os }: Pick<UserAgentDescription, 'browser' | 'os'>,
  isCommandLine: boolean = browser === 'SALLYPORT',
): string => {
  if (isCommandLine) return `Command line on ${os}`;
  return `${browser === 'UNKNOWN' ? 'Unknown browser' : browser.charAt(0) + browser.slice(1).toLowerCase()} on ${os}`;
};
