import type { Transaction } from '../ports/store.ts';

/** The logins of people and the labels of service apps, by id. One that is gone has none. */
export const authorNames = async (
  db: Transaction,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> => {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const [users, apps] = await Promise.all([
    db.selectFrom('users').select(['id', 'login as name']).where('id', 'in', wanted).execute(),
    db.selectFrom('apps').select(['id', 'label as name']).where('id', 'in', wanted).execute(),
  ]);
  return new Map([...users, ...apps].map(({ id, name }) => [id, name]));
};
