export const USERS = '/api/v1/users';

export interface PersonRow {
  readonly id: string;
  readonly status: string;
  readonly created: string;
  readonly lastLogin: string | null;
  readonly profile: Readonly<Record<string, unknown>> & { readonly login: string };
  readonly sallyport?: { readonly serviceAccountSince: string };
}

/** What a list may be narrowed to, by its key in the address. */
export const KINDS: Readonly<Record<string, string>> = {
  person: 'people',
  'service-account': 'programs: service accounts',
};
const SEARCHES: Readonly<Record<string, string>> = {
  person: 'not (sallyport.serviceAccountSince pr)',
  'service-account': 'sallyport.serviceAccountSince pr',
};

/** In the order of a life. */
export const STATUSES = [
  ...['STAGED', 'PROVISIONED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'],
  ...['LOCKED_OUT', 'SUSPENDED', 'DEPROVISIONED'],
] as const;

const WORDS: Readonly<Record<string, { readonly word: string; readonly tone: 'good' | 'warn' | 'bad' | 'quiet' }>> = {
  STAGED: { word: 'not activated', tone: 'quiet' },
  PROVISIONED: { word: 'nothing to sign in with yet', tone: 'quiet' },
  ACTIVE: { word: 'active', tone: 'good' },
  PASSWORD_EXPIRED: { word: 'password expired', tone: 'warn' },
  RECOVERY: { word: 'password reset', tone: 'warn' },
  LOCKED_OUT: { word: 'password locked', tone: 'warn' },
  SUSPENDED: { word: 'suspended', tone: 'bad' },
  DEPROVISIONED: { word: 'deactivated', tone: 'bad' },
};
export const statusWords = (status: string) => WORDS[status] ?? { word: status.toLowerCase(), tone: 'quiet' as const };

/** Their display name, else first and last name, else the login. */
export const nameOfPerson = ({ profile }: PersonRow): string => {
  const { displayName, firstName, lastName } = profile;
  if (typeof displayName === 'string' && displayName !== '') return displayName;
  const names = [firstName, lastName].filter((part) => typeof part === 'string' && part !== '');
  return names.length === 0 ? profile.login : names.join(' ');
};

const BEGINNINGS = ['profile.login', 'profile.email', 'profile.firstName', 'profile.lastName'];

/** What is asked of the server: the text begins a name, login or address; without a status all but the deactivated. */
export const searchOf = (q: string | undefined, status: string | undefined, kind: string | undefined): string => {
  const parts = [status === undefined ? 'status ne "DEPROVISIONED"' : `status eq ${JSON.stringify(status)}`];
  const ofKind = kind === undefined ? undefined : SEARCHES[kind];
  if (ofKind !== undefined) parts.push(ofKind);
  if (q !== undefined && q !== '')
    parts.push(`(${BEGINNINGS.map((name) => `${name} sw ${JSON.stringify(q)}`).join(' or ')})`);
  return parts.join(' and ');
};
