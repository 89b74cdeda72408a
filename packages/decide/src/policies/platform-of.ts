import type { Platform } from '@sallyport/model/policy';

/** The first that fits names the platform: an iPhone calls itself "like Mac OS X", Android and ChromeOS have Linux inside. */
const SIGNS: readonly (readonly [RegExp, Platform])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, { type: 'MOBILE', os: 'IOS' }],
  [/\bAndroid\b/, { type: 'MOBILE', os: 'ANDROID' }],
  [/\bWindows Phone\b/, { type: 'MOBILE', os: 'OTHER' }],
  [/\bCrOS\b/, { type: 'DESKTOP', os: 'CHROMEOS' }],
  [/\bWindows NT\b/, { type: 'DESKTOP', os: 'WINDOWS' }],
  [/\bMac(?:intosh| OS X)\b/, { type: 'DESKTOP', os: 'MACOS' }],
  [/\b(?:Linux|X11)\b/, { type: 'DESKTOP', os: 'LINUX' }],
];
const OTHER: Platform = { type: 'OTHER', os: 'OTHER' };
/** Longer ones are cut: no browser's name needs more, and the work stays bounded. */
const LENGTH_MAX = 1024;

/** The platform that a user agent claims; what is not recognised is `OTHER`. */
export const platformOf = (userAgent: string): Platform => {
  const text = userAgent.slice(0, LENGTH_MAX);
  return SIGNS.find(([sign]) => sign.test(text))?.[1] ?? OTHER;
};

/** Does the platform fit one that a condition names? */
export const fitsPlatform = (wanted: Platform, { type, os }: Platform): boolean =>
  (wanted.type === 'ANY' || wanted.type === type) &&
  (wanted.os === 'ANY' || wanted.os === os || (wanted.os === 'OTHER' && os === 'LINUX'));
