import { createHash, randomBytes } from 'node:crypto';
import { type Person, type Reply, send } from './person.ts';

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const REDIRECT_URI = 'http://127.0.0.1:43117/callback';

/** What a command line makes up before it asks a browser (RFC 7636 §4.1). */
export interface CliAsk {
  readonly redirectUri: string;
  readonly state: string;
  readonly verifier: string;
  readonly codeChallenge: string;
  readonly codeChallengeMethod: string;
}
export const newCliAsk = (changes: Partial<CliAsk> = {}): CliAsk => {
  const verifier = randomBytes(32).toString('base64url');
  return {
    redirectUri: REDIRECT_URI,
    state: [...randomBytes(8)].map((byte) => LETTERS[byte % 20]).join('') + randomBytes(16).toString('base64url'),
    verifier,
    codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
    codeChallengeMethod: 'S256',
    ...changes,
  };
};

/** The person presses Allow. */
export const allow = (person: Person, ask: CliAsk, extra: Record<string, string> = {}): Promise<Reply> => {
  const { verifier: _, ...body } = ask;
  return person.call('POST', '/sallyport/v1/cli/authorizations', body, extra);
};

/** The command line of a person's computer: it has no cookie, and may go out by another address than the browser. */
export const redeem = (
  person: Person,
  code: unknown,
  ask: CliAsk,
  { address = person.address, ...changes }: { address?: string; codeVerifier?: string; redirectUri?: string } = {},
): Promise<Reply> =>
  send(
    person.url,
    'POST',
    '/sallyport/v1/cli/sessions',
    { 'X-Forwarded-For': address, 'User-Agent': 'sallyport/0.1.0 (linux) node/24' },
    { code, codeVerifier: ask.verifier, redirectUri: ask.redirectUri, ...changes },
  );

/** A request by the token of a command line. */
export const withToken = (
  person: Person,
  token: string,
  method: string,
  path: string,
  { address = person.address, body }: { address?: string; body?: unknown } = {},
): Promise<Reply> =>
  send(person.url, method, path, { 'X-Forwarded-For': address, Authorization: `Bearer ${token}` }, body);
