import { accessDurationInWords } from '@sallyport/model/access-duration';
import type { RequestRow } from './store.ts';

type Asked = Pick<RequestRow, 'kind' | 'entitlementName' | 'durationSeconds' | 'extendsGrantId'>;

/** `Super admin, for 2 h`; `Super admin, 2 h longer`. */
export const wordsOfRequest = (row: Asked): string => {
  const length = accessDurationInWords(Number(row.durationSeconds));
  const what = row.kind === 'service-account' ? `sign in as ${row.entitlementName}` : row.entitlementName;
  return `${what}, ${row.extendsGrantId === null ? `for ${length}` : `${length} longer`}`;
};

/** Somebody by what nobody else is called, or else by what is left of them. */
interface Person {
  readonly id: string;
  readonly login: string | null;
  readonly name: string;
}

/**
 * The same for whoever reads it, with whose access it is where it is not theirs, and who asked where they did not:
 * `Super admin, for 2 h, asked by lee@example.org`; `Super admin, for 2 h, for bo@example.org, asked by lee@example.org`.
 * Null reads it as anybody else would.
 */
export const titleOfRequest = (row: Asked, by: Person, to: Person, readerId: string | null): string => {
  const named = ({ login, name }: Person): string => login ?? name;
  // A service account is named in what is asked for, and asks for nothing.
  const isNamed = row.kind === 'service-account' || to.id === by.id || to.id === readerId;
  return [
    wordsOfRequest(row),
    ...(isNamed ? [] : [`for ${named(to)}`]),
    ...(by.id === readerId ? [] : [`asked by ${named(by)}`]),
  ].join(', ');
};
