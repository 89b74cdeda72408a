import type { Exchange, Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { confirmChange, getConfirmation, takeBackChange } from './confirm-change.ts';
import type { DraftContent } from './draft-rows.ts';
import {
  createDraft,
  type DraftBody,
  discardDraft,
  getDraft,
  listDrafts,
  rebaseDraft,
  replaceDraft,
} from './manage-drafts.ts';
import { policyDiff, policyHistory, policyVersion } from './policy-history.ts';
import { createTest, deleteTest, listTests, replaceTest, runTests, type TestBody } from './policy-tests.ts';
import { proofOfDraft } from './proof-of-draft.ts';
import { type PublishInput, publishDraft, rollBackPolicy } from './publish-policy.ts';

const policyId = ({ params }: Exchange): string => params['policyId'] ?? '';
const draftId = ({ params }: Exchange): string => params['draftId'] ?? '';
const testId = ({ params }: Exchange): string => params['testId'] ?? '';
const ifMatch = ({ request }: Exchange): string | undefined => request.headers['if-match'];
const isDryRun = ({ query }: Exchange): boolean => query['dryRun'] === 'true';

type Answered = Awaited<ReturnType<typeof getDraft>>;
const withTag = ({ draft, tag }: Answered) => ({ body: draft, headers: { ETag: tag } });

export const policyDraftHandlers = {
  'policyConfirmation.get': async ({ services, principal }) => ({ body: await getConfirmation(services, principal) }),
  'policyConfirmation.confirm': async ({ services, principal }) => ({ body: await confirmChange(services, principal) }),
  'policyConfirmation.takeBack': async ({ services, principal }) => {
    await takeBackChange(services, principal);
    return {};
  },
  'policyHistory.list': async (exchange) => {
    const { services, principal, query } = exchange;
    const id = policyId(exchange);
    const { history, after } = await policyHistory(services, principal, id, query as { limit?: string });
    const path = `/sallyport/v1/policies/${id}/history`;
    return { body: history, headers: pageLinks(services.config.publicUrl.origin, path, query, after) };
  },
  'policyHistory.get': async (exchange) => ({
    body: await policyVersion(
      exchange.services,
      exchange.principal,
      policyId(exchange),
      exchange.params['version'] ?? '',
    ),
  }),
  'policyHistory.diff': async (exchange) => ({
    body: await policyDiff(
      exchange.services,
      exchange.principal,
      policyId(exchange),
      exchange.query as { from: string; to: string },
    ),
  }),
  'policyHistory.rollBack': async (exchange) => ({
    body: await rollBackPolicy(
      exchange.services,
      exchange.principal,
      policyId(exchange),
      exchange.body as PublishInput & { version: number },
      isDryRun(exchange),
    ),
  }),
  'policyDrafts.list': async (exchange) => ({
    body: await listDrafts(exchange.services, exchange.principal, policyId(exchange)),
  }),
  'policyDrafts.create': async (exchange) =>
    withTag(
      await createDraft(
        exchange.services,
        exchange.principal,
        policyId(exchange),
        exchange.body as DraftBody & { fromVersion?: number },
      ),
    ),
  'policyDrafts.get': async (exchange) =>
    withTag(await getDraft(exchange.services, exchange.principal, policyId(exchange), draftId(exchange))),
  'policyDrafts.replace': async (exchange) =>
    withTag(
      await replaceDraft(
        exchange.services,
        exchange.principal,
        policyId(exchange),
        draftId(exchange),
        exchange.body as DraftContent & { note?: string },
        ifMatch(exchange),
      ),
    ),
  'policyDrafts.discard': async (exchange) => {
    const { services, principal } = exchange;
    await discardDraft(services, principal, policyId(exchange), draftId(exchange), ifMatch(exchange));
    return {};
  },
  'policyDrafts.rebase': async (exchange) =>
    withTag(
      await rebaseDraft(
        exchange.services,
        exchange.principal,
        policyId(exchange),
        draftId(exchange),
        exchange.body as { keep?: 'draft' | 'published' },
        ifMatch(exchange),
      ),
    ),
  'policyDrafts.publish': async (exchange) => ({
    body: await publishDraft(
      exchange.services,
      exchange.principal,
      policyId(exchange),
      draftId(exchange),
      exchange.body as PublishInput,
      ifMatch(exchange),
      isDryRun(exchange),
    ),
  }),
  'policyDrafts.proof': async (exchange) => ({
    body: await proofOfDraft(exchange.services, exchange.principal, policyId(exchange), draftId(exchange)),
  }),
  'policyTests.list': async (exchange) => ({
    body: await listTests(exchange.services, exchange.principal, policyId(exchange)),
  }),
  'policyTests.create': async (exchange) => ({
    body: await createTest(exchange.services, exchange.principal, policyId(exchange), exchange.body as TestBody),
  }),
  'policyTests.replace': async (exchange) => ({
    body: await replaceTest(
      exchange.services,
      exchange.principal,
      policyId(exchange),
      testId(exchange),
      exchange.body as TestBody,
    ),
  }),
  'policyTests.delete': async (exchange) => {
    await deleteTest(exchange.services, exchange.principal, policyId(exchange), testId(exchange));
    return {};
  },
  'policyTests.run': async (exchange) => ({
    body: await runTests(
      exchange.services,
      exchange.principal,
      policyId(exchange),
      exchange.body as { draft?: string },
    ),
  }),
} satisfies Record<string, Handler>;
