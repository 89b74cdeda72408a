import {
  DEFAULT_PASSWORD_SETTINGS,
  PASSWORD_FLOOR,
  type PasswordComplexity,
  type PasswordSettings,
} from '@sallyport/model/password-policy';

export type PasswordVerdict =
  | { readonly kind: 'allow' }
  | { readonly kind: 'deny'; readonly causes: readonly string[] };

export interface PasswordOwner {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** Of one that an administrator's program sets for somebody else: what existing clients send (decision 0021). */
const SET_PASSWORD_LENGTH_MIN = 8;
export const PASSWORD_LENGTH_MAX = 128;
/** Shorter names occur inside of ordinary words. */
const NAME_LENGTH_MIN = 4;

/** Whoever walks along one of these, in either direction and around its end, has typed nothing that must be guessed. */
const ROWS = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '1234567890qwertyuiop'];

/** Among published lists of most used passwords; shorter ones fall by their length. */
const COMMON = [
  'password',
  'password1',
  'passw0rd',
  'p@ssw0rd',
  'iloveyou',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'starwars',
  'computer',
  'whatever',
  'trustno1',
  'letmein1',
  'welcome1',
  'welcome123',
  'admin123',
  'changeme',
  'changeme1',
  'qwerty123',
  '1q2w3e4r',
  '1qaz2wsx',
  'abc12345',
  'passwordpassword',
  'password1234',
  'password12345',
  'password123456',
  'password123!',
  'p@ssword1234',
  'p@ssw0rd1234',
  'adminadminadmin',
  'administrator',
  'administrator1',
  'admin1234567',
  'welcome12345',
  'welcome123456',
  'letmeinletmein',
  'changeme1234',
  'changemechangeme',
  'iloveyou1234',
  'iloveyouiloveyou',
  'qwerty123456',
  'qwertyqwerty',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'q1w2e3r4t5y6',
  'abc123abc123',
  'abcd12345678',
  '123123123123',
  '123456123456',
  '121212121212',
  '112233445566',
  'correcthorsebatterystaple',
];

const deny = (...causes: readonly string[]): PasswordVerdict => ({ kind: 'deny', causes });

/** One spelling for comparisons: composed characters (NFC), without case. */
const fold = (text: string): string => text.normalize('NFC').toLowerCase();

const lengthOf = (text: string): number => [...text].length;

const isRepetition = (text: string): boolean => new Set(text).size === 1;

const isSequence = (text: string): boolean => {
  const backwards = [...text].toReversed().join('');
  return ROWS.some((row) => {
    const endless = row.repeat(PASSWORD_LENGTH_MAX);
    return endless.includes(text) || endless.includes(backwards);
  });
};

/** What is asked where not the owner sets it: whoever asks for more than the usual length means it of everybody. */
export const askedOfSetPassword = ({ complexity }: PasswordSettings): PasswordComplexity =>
  complexity.minLength > PASSWORD_FLOOR.minLength ? complexity : { ...complexity, minLength: SET_PASSWORD_LENGTH_MIN };

/** Classes of characters that a policy may ask for. What is neither letter, digit nor blank is a symbol. */
const CLASSES = [
  ['minLowerCase', /\p{Ll}/u, 'Use a lower case letter.'],
  ['minUpperCase', /\p{Lu}/u, 'Use an upper case letter.'],
  ['minNumber', /\p{Nd}/u, 'Use a digit.'],
  ['minSymbol', /[^\p{L}\p{M}\p{N}\s]/u, 'Use a symbol, such as ! or #.'],
] as const;

/**
 * Whether a password may be set (NIST SP 800-63B-4 §3.1.1.2): long, not commonly used, not of the person; rules of
 * composition, which make passwords worse, only where a policy asks for them. A character is a code point. A wrong length
 * is the only cause told, for the next try is another password anyway.
 */
export const judgePassword = (
  password: string,
  owner: PasswordOwner,
  asked: PasswordComplexity = DEFAULT_PASSWORD_SETTINGS.complexity,
): PasswordVerdict => {
  const composed = password.normalize('NFC');
  const length = lengthOf(composed);
  if (length < asked.minLength) return deny(`Use at least ${asked.minLength} characters.`);
  if (length > PASSWORD_LENGTH_MAX) return deny(`Use at most ${PASSWORD_LENGTH_MAX} characters.`);

  const folded = fold(password);
  const contains = (name: string): boolean => lengthOf(name) >= NAME_LENGTH_MIN && folded.includes(fold(name));
  const [localPart = ''] = owner.login.split('@');
  const causes: string[] = [];
  if (contains(localPart.trim())) causes.push('Do not use your login in the password.');
  if (contains(owner.firstName.trim()) || contains(owner.lastName.trim())) {
    causes.push('Do not use your name in the password.');
  }
  if (isRepetition(folded)) causes.push('Do not repeat one character.');
  if (isSequence(folded)) causes.push('Do not use a sequence of the alphabet, of digits or of the keyboard.');
  if (COMMON.includes(folded)) causes.push('This password is among those that attackers try first.');
  for (const [name, characters, cause] of CLASSES)
    if (asked[name] > 0 && !characters.test(composed)) causes.push(cause);
  return causes.length === 0 ? { kind: 'allow' } : deny(...causes);
};
