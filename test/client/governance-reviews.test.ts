/** What reviews answer on the wire is held against the published description of governance (`governance-extract.json`). */
import { readFileSync } from 'node:fs';
import type { Route } from '@sallyport/api/define-route';
import { reviewRoutes } from '@sallyport/api/reviews';
import { Ajv } from 'ajv';
import * as addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const extract = JSON.parse(readFileSync(new URL('governance-extract.json', import.meta.url), 'utf8')) as {
  readonly successes: Readonly<Record<string, readonly number[]>>;
};
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default.default(ajv);
for (const format of ['okta-user-id', 'okta-group-id', 'int32']) ajv.addFormat(format, true);
ajv.addSchema(extract, 'okta');

const complaints = (schema: string, answer: unknown): string[] => {
  const validate = ajv.getSchema(`okta#/$defs/${schema}`);
  if (validate === undefined) throw new Error(`no schema ${schema}`);
  // The description knows no null; the service it describes sends null for what is not set.
  const text = JSON.stringify(answer, (_, value: unknown) => (value === null ? undefined : value));
  if (validate(JSON.parse(text)) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${schema}${instancePath} ${message}`);
};

const onTheWire = reviewRoutes.filter(({ path }) => path.startsWith('/governance/'));
it.each(onTheWire.map((route: Route) => [`${route.method} ${route.path}`, route] as const))(
  '%s answers with a status it may have',
  (_, { method, path, status }) => {
    expect(extract.successes[`${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`]).toContain(status ?? 200);
  },
);

describe.each(ENGINES)('answers of reviews conform to the description on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let bea: Person;
  const CAMPAIGNS = '/governance/api/v1/campaigns';
  const good = (reply: Reply, schema: string): Record<string, unknown> => {
    expect(reply.status, reply.text).toBeLessThan(300);
    expect(complaints(schema, reply.body), reply.text).toEqual([]);
    return reply.body;
  };
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    bea = await enrolPerson(server, ana, 'bea@example.org', 'SUPER_ADMIN');
    server.clock.advance(31 * 86_400);
    for (const person of [ana, bea]) await person.signIn();
  });
  afterAll(() => server.stop());

  it('the schemas can refuse', () => {
    expect(complaints('campaign-full', { name: 'x', status: 'SOMETIMES' })).not.toEqual([]);
    expect(complaints('review-list', { data: [{}] })).not.toEqual([]);
  });

  it('from the making of a campaign to its items, in one level and in two', async () => {
    const idOf = async (person: Person) => String((await person.get('/api/v1/users/me')).body['id']);
    const [anaId, beaId] = [await idOf(ana), await idOf(bea)];
    const level = (reviewerId: string, startReview: object) => ({ type: 'USER', reviewerId, startReview });
    for (const reviewerSettings of [
      { type: 'USER', reviewerId: beaId },
      {
        type: 'MULTI_LEVEL',
        reviewerLevels: [level(beaId, { onDay: 0 }), level(anaId, { onDay: 1, when: 'LOWER_LEVEL_APPROVES' })],
      },
    ]) {
      const made = good(
        await ana.call('POST', CAMPAIGNS, {
          name: 'Administrators',
          scheduleSettings: {
            ...{ type: 'RECURRING', startDate: '2099-01-31T09:00:00Z', durationInDays: 7, timeZone: 'Europe/Oslo' },
            recurrence: { interval: 'P3M', repeatOnType: 'SAME_DAY_AS_START_DATE' },
          },
          resourceSettings: { type: 'APPLICATION', targetResources: [] },
          reviewerSettings,
          remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
          sallyport: { kinds: ['ROLE'] },
        }),
        'campaign-full',
      );
      const id = String(made['id']);
      good(await ana.get(`${CAMPAIGNS}/${id}`), 'campaign-full');
      good(await ana.get(`${CAMPAIGNS}?limit=1`), 'campaigns-list');
      expect((await ana.call('POST', `${CAMPAIGNS}/${id}/launch`)).status).toBe(202);
      const filter = encodeURIComponent(`campaignId eq "${id}" and decision eq "UNREVIEWED"`);
      const { data } = good(await ana.get(`/governance/api/v1/reviews?filter=${filter}`), 'review-list') as {
        data: { id: string; principalProfile: { id: string } }[];
      };
      expect(data).toHaveLength(2);
      const item = data.find(({ principalProfile }) => principalProfile.id === anaId);
      const bulk = good(
        await bea.call('POST', `/governance/api/v1/my/campaigns/${id}/reviews/bulk-decisions`, {
          criteria: { type: 'GOVERNANCE_ANALYZER' },
          reviewDecision: 'APPROVE',
          notes: 'needed',
        }),
        'bulk-review-submission-details',
      );
      expect(bulk['eligibleReviewRecordCount']).toBe(1);
      const job = `/governance/api/v1/my/campaigns/${id}/reviews/bulk-decisions/jobs/${String(bulk['jobId'])}`;
      good(await bea.get(job), 'bulk-review-submission-job-details');
      good(await ana.get(`/governance/api/v1/reviews/${item?.id}`), 'review-full');
      const open = data.find(({ principalProfile }) => principalProfile.id === beaId);
      good(
        await ana.call('POST', `${CAMPAIGNS}/${id}/reviews/reassign`, {
          ...{ reviewerId: anaId, reviewIds: [open?.id], note: 'knows her' },
        }),
        'review-reassign-list',
      );
      expect((await ana.call('POST', `${CAMPAIGNS}/${id}/end`, { skipRemediation: true })).status).toBe(202);
      const [closed] = (await ana.get(`${CAMPAIGNS}?filter=${encodeURIComponent('status eq "COMPLETED"')}`)).body[
        'data'
      ] as { id: string }[];
      expect(closed?.id).toBeDefined();
    }
  });
});
