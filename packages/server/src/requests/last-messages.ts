import { toIso } from '@sallyport/model/instant';
import type { Transaction } from '../ports/store.ts';
import type { Row } from '../store/tables.ts';
import { personNamed } from './explain-steps.ts';

/** So many stand on the page of a request; what was said before is read page by page. */
const SHOWN_MAX = 50;

/** What was said about a request, the newest first. */
export const newestMessages = (db: Transaction, requestId: string) =>
  db
    .selectFrom('requestMessages')
    .selectAll()
    .where('requestId', '=', requestId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc');

export const presentMessages = async (db: Transaction, rows: readonly Row<'requestMessages'>[]) => {
  const messages = [];
  for (const { id, authorId, text, createdAt } of rows)
    messages.push({ id, by: await personNamed(db, authorId), at: toIso(Number(createdAt)), text });
  return messages;
};

/** The last that was said, in the order in which it was; `hasEarlierMessages` where that is not all of it. */
export const lastMessages = async (db: Transaction, requestId: string) => {
  const rows = await newestMessages(db, requestId)
    .limit(SHOWN_MAX + 1)
    .execute();
  return {
    messages: await presentMessages(db, rows.slice(0, SHOWN_MAX).toReversed()),
    hasEarlierMessages: rows.length > SHOWN_MAX,
  };
};
