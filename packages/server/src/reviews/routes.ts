import type { CampaignBody } from '@sallyport/api/reviews';
import { enveloped } from '../http/enveloped.ts';
import type { Answer, Exchange, Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { renderReviewReport } from '../pages/review-report-page.ts';
import { type BulkBody, bulkDecide, getBulkJob } from './bulk-decide.ts';
import { type GivenDecision, submitDecisions } from './decide-reviews.ts';
import { restoreAccess } from './give-back.ts';
import {
  getCampaignSummary,
  getReview,
  type ListItems,
  type ListQuery,
  listCampaignSummaries,
  listCampaigns,
  listItems,
  listReviews,
} from './list-reviews.ts';
import {
  createCampaign,
  deleteCampaign,
  endCampaign,
  getCampaign,
  type ReassignBody,
  reassignReviews,
  startCampaign,
} from './manage-campaigns.ts';
import { digestOf, reportCsv, reportOf, reportText } from './report.ts';
import { findCampaign } from './store.ts';

const CAMPAIGNS = '/governance/api/v1/campaigns';
const campaign = ({ params }: Pick<Exchange, 'params'>): string => params['campaignId'] ?? '';
const review = ({ params }: Pick<Exchange, 'params'>): string => params['reviewId'] ?? '';

/** Sent as a file that no browser runs. */
const sendFile = ({ reply }: Exchange, type: string, name: string, text: string): Answer => {
  for (const [header, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(header, value as string);
  reply.raw.writeHead(200, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Content-Disposition': `${type.startsWith('text/html') ? 'inline' : 'attachment'}; filename="${name}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cache-Control': 'no-store',
  });
  reply.raw.end(text);
  return {};
};

const report: Handler = async (exchange) => {
  const { services, query } = exchange;
  const row = await findCampaign(services.store.read, campaign(exchange));
  const found = await reportOf(services.store.read, row);
  const name = `review-${row.id}`;
  if (query['format'] === 'csv') return sendFile(exchange, 'text/csv; charset=utf-8', `${name}.csv`, reportCsv(found));
  if (query['format'] === 'html')
    return sendFile(exchange, 'text/html; charset=utf-8', `${name}.html`, renderReviewReport(found, row.digest));
  const text = reportText(found);
  return {
    body: text,
    headers: {
      'Sallyport-Report-Sha256': digestOf(text),
      'Content-Disposition': `attachment; filename="${name}.json"`,
    },
  };
};

export const reviewHandlers = {
  'campaigns.list': async (exchange) => {
    const { campaigns, after } = await listCampaigns(exchange.services, exchange.query as ListQuery);
    return enveloped(exchange, CAMPAIGNS, campaigns, after);
  },
  'campaigns.create': async ({ services, principal, body }) => {
    const made = await createCampaign(services, principal, body as CampaignBody);
    return { body: made, headers: { Location: made._links.self.href } };
  },
  'campaigns.get': async (exchange) => ({ body: await getCampaign(exchange.services, campaign(exchange)) }),
  'campaigns.delete': async (exchange) => {
    await deleteCampaign(exchange.services, exchange.principal, campaign(exchange));
    return {};
  },
  'campaigns.launch': async (exchange) => {
    await startCampaign(exchange.services, exchange.principal, campaign(exchange));
    return { status: 202 };
  },
  'campaigns.end': async (exchange) => {
    const { skipRemediation = false } = exchange.body as { skipRemediation?: boolean };
    await endCampaign(exchange.services, exchange.principal, campaign(exchange), skipRemediation);
    const { origin } = exchange.services.config.publicUrl;
    return { status: 202, headers: { Location: `${origin}${CAMPAIGNS}/${campaign(exchange)}` } };
  },
  'campaigns.reassign': async (exchange) => {
    const { services, principal, body } = exchange;
    const id = campaign(exchange);
    const data = await reassignReviews(services, principal, id, body as ReassignBody);
    const { origin } = services.config.publicUrl;
    const filter = encodeURIComponent(`campaignId eq "${id}"`);
    return {
      body: {
        data,
        _links: {
          self: { href: `${origin}${CAMPAIGNS}/${id}/reviews/reassign` },
          reviews: { href: `${origin}/governance/api/v1/reviews?filter=${filter}` },
        },
      },
    };
  },
  'reviews.list': async (exchange) => {
    const { reviews, after } = await listReviews(exchange.services, exchange.query as ListQuery);
    return enveloped(exchange, '/governance/api/v1/reviews', reviews, after);
  },
  'reviews.get': async (exchange) => ({
    body: await getReview(exchange.services, exchange.principal, review(exchange)),
  }),
  'reviews.bulkDecide': async (exchange) => ({
    body: await bulkDecide(exchange.services, exchange.principal, campaign(exchange), exchange.body as BulkBody),
    status: 202,
  }),
  'reviews.bulkJob': async (exchange) => ({
    body: await getBulkJob(exchange.services, exchange.principal, campaign(exchange), exchange.params['jobId'] ?? ''),
  }),
  'reviewCampaigns.list': async ({ services, principal, query }) => {
    const { campaigns, after } = await listCampaignSummaries(services, principal, query as ListQuery);
    return {
      body: campaigns,
      headers: pageLinks(services.config.publicUrl.origin, '/sallyport/v1/campaigns', query, after),
    };
  },
  'reviewCampaigns.get': async (exchange) => ({
    body: await getCampaignSummary(exchange.services, exchange.principal, campaign(exchange)),
  }),
  'reviewCampaigns.items': async (exchange) => {
    const { services, principal, query } = exchange;
    const id = campaign(exchange);
    const { items, after } = await listItems(services, principal, id, query as ListItems);
    return {
      body: items,
      headers: pageLinks(services.config.publicUrl.origin, `/sallyport/v1/campaigns/${id}/items`, query, after),
    };
  },
  'reviewCampaigns.decide': async (exchange) => {
    const { decisions } = exchange.body as { decisions: readonly GivenDecision[] };
    return {
      body: await submitDecisions(exchange.services, exchange.principal, campaign(exchange), decisions),
    };
  },
  'reviewCampaigns.report': report,
  'reviews.restore': async (exchange) => ({
    body: await restoreAccess(exchange.services, exchange.principal, review(exchange)),
  }),
} satisfies Record<string, Handler>;
