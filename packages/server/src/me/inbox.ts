/** All that waits for one person's answer, whatever it is, in one list: what runs out first stands first. */
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { firstDueToApprove, presentAsker } from '../approvals/list-approvals.ts';
import { type DuePlace, readDuePlace, writeDuePlace } from '../http/due-place.ts';
import { pageLimit } from '../http/page-limit.ts';
import { wordsOfProof } from '../protected-actions/present-proof.ts';
import { personNamed } from '../requests/explain-steps.ts';
import { firstDueToDecide } from '../requests/requests-to-decide.ts';
import { titleOfRequest } from '../requests/words-of-request.ts';
import { reviewsToAnswer } from '../reviews/reviews-to-answer.ts';
import type { Services } from '../services.ts';

/** How many are counted in the frame of the console; of more it says that there are more. */
export const COUNTED_MAX = 20;
/** How many items of one review are counted in the list. */
const ITEMS_MAX = 100;

type Person = Awaited<ReturnType<typeof personNamed>>;
interface Told {
  readonly words: string;
  readonly askedBy: Awaited<ReturnType<typeof presentAsker>>;
  /** Whom access is asked for; null of what is no access. */
  readonly requestedFor: Person | null;
  /** In whose stead this person would decide. */
  readonly insteadOf: Person | null;
  /** Things of a review that wait, as far as they are counted; null of anything else. */
  readonly items: number | null;
  readonly isMoreItems: boolean;
}
interface Waiting extends DuePlace {
  readonly kind: 'request' | 'approval' | 'review';
  /** What is told of it; looked up only for what is shown. */
  readonly tell: () => Promise<Told>;
}

const byPerson = (person: Person): Told['askedBy'] => ({ kind: 'person', person, token: null, app: null });

interface Wanted {
  readonly limit: number;
  readonly after: DuePlace | null;
  /** Of how many items of a review it has to be known that they wait. */
  readonly itemsMax: number;
}
/** What waits for somebody, the first to run out first, so many; after a place where that is given. */
const firstDue = async (s: Services, principal: Principal, { limit, after, itemsMax }: Wanted) => {
  const db = s.store.read;
  const requests = (await firstDueToDecide(s, principal, { limit, after })).map(
    ({ row, insteadOf }): Waiting => ({
      ...{ kind: 'request', id: row.id, dueAt: Number(row.decideBy) },
      tell: async () => {
        const requestedBy = await personNamed(db, row.requesterId);
        const requestedFor = await personNamed(db, row.beneficiaryId);
        return {
          // Nobody decides what they asked for themselves.
          words: titleOfRequest(row, requestedBy, requestedFor, null),
          askedBy: byPerson(requestedBy),
          requestedFor,
          insteadOf: insteadOf === null ? null : await personNamed(db, insteadOf),
          items: null,
          isMoreItems: false,
        };
      },
    }),
  );
  const approvals = (await firstDueToApprove(s, principal, { limit, after })).map(
    (row): Waiting => ({
      ...{ kind: 'approval', id: row.id, dueAt: Number(row.expiresAt) },
      tell: async () => ({
        words: wordsOfProof(row),
        askedBy: await presentAsker(s, row),
        requestedFor: null,
        insteadOf: null,
        items: null,
        isMoreItems: false,
      }),
    }),
  );
  const reviews = (await reviewsToAnswer(s, principal, itemsMax)).map(
    ({ campaign, items }): Waiting => ({
      ...{ kind: 'review', id: campaign.id, dueAt: Number(campaign.endsAt) },
      tell: async () => ({
        words: campaign.name,
        askedBy: byPerson(await personNamed(db, campaign.createdBy)),
        requestedFor: null,
        insteadOf: null,
        items: Math.min(items, ITEMS_MAX),
        isMoreItems: items > ITEMS_MAX,
      }),
    }),
  );
  const order = (a: DuePlace, b: DuePlace): number => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1);
  return [...requests, ...approvals, ...reviews]
    .filter((one) => after === null || order(one, after) > 0)
    .toSorted(order)
    .slice(0, limit);
};

/** How many things wait for somebody: as many as the list would show, and whether there are more than are counted. */
export const countWaiting = async (s: Services, principal: Principal) => {
  const found = await firstDue(s, principal, { limit: COUNTED_MAX + 1, after: null, itemsMax: 1 });
  return { count: Math.min(found.length, COUNTED_MAX), isMore: found.length > COUNTED_MAX };
};

/** `GET /sallyport/v1/me/inbox`. */
export const listInbox = async (
  s: Services,
  principal: Principal,
  input: { readonly limit?: string | undefined; readonly after?: string | undefined },
) => {
  const limit = pageLimit(input.limit, 20, 100);
  const found = await firstDue(s, principal, {
    limit: limit + 1,
    after: readDuePlace(input.after),
    itemsMax: ITEMS_MAX + 1,
  });
  const shown = found.slice(0, limit);
  const waiting = [];
  for (const { kind, id, dueAt, tell } of shown)
    waiting.push({ kind, id, cursor: writeDuePlace({ dueAt, id }), dueAt: toIso(dueAt), ...(await tell()) });
  const last = shown.at(-1);
  return { waiting, after: last === undefined || found.length <= limit ? null : writeDuePlace(last) };
};
