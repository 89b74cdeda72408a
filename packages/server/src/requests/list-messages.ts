import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import type { Services } from '../services.ts';
import { newestMessages, presentMessages } from './last-messages.ts';
import { assertSees } from './present-request.ts';

/** `GET …/messages`: all that was said, the newest first. E0000007 for whoever does not see the request. */
export const listMessages = async (
  s: Services,
  principal: Principal,
  requestId: string,
  input: { readonly limit?: string | undefined; readonly after?: string | undefined },
) => {
  await assertSees(s, principal, requestId);
  const db = s.store.read;
  const limit = pageLimit(input.limit, 50, 200);
  let query = newestMessages(db, requestId).limit(limit + 1);
  const { after } = input;
  if (after !== undefined) {
    const last = await db
      .selectFrom('requestMessages')
      .select('createdAt')
      .where('id', '=', after)
      .where('requestId', '=', requestId)
      .executeTakeFirst();
    const at = Number(last?.createdAt ?? 0);
    query = query.where((e) => e.or([e('createdAt', '<', at), e.and([e('createdAt', '=', at), e('id', '<', after)])]));
  }
  const page = pageOf(await query.execute(), limit);
  return { messages: await presentMessages(db, page.shown), after: page.after };
};
