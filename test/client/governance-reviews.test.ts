/** What reviews answer on the wire is held against the published description of governance (`governance-extract.json`). */
import { reviewRoutes } from '@sallyport/api/reviews';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { complaintsOfGovernance, governed, routesOfGovernance } from '../harness/governance-schemas.ts';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

it.each(routesOfGovernance(reviewRoutes))('$route answers with a status it may have', ({ allowed, status }) => {
  expect(allowed).toContain(status);
});

describe.each(ENGINES)('answers of reviews conform to the description on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let bea: Person;
  const CAMPAIGNS = '/governance/api/v1/campaigns';
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    bea = await enrolPerson(server, ana, 'bea@example.org', 'SUPER_ADMIN');
    server.clock.advance(31 * 86_400);
    for (const person of [ana, bea]) await person.signIn();
  });
  afterAll(() => server.stop());

  it('the schemas can refuse', () => {
    expect(complaintsOfGovernance('campaign-full', { name: 'x', status: 'SOMETIMES' })).not.toEqual([]);
    expect(complaintsOfGovernance('review-list', { data: [{}] })).not.toEqual([]);
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
      const made = governed(
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
      governed(await ana.get(`${CAMPAIGNS}/${id}`), 'campaign-full');
      governed(await ana.get(`${CAMPAIGNS}?limit=1`), 'campaigns-list');
      expect((await ana.call('POST', `${CAMPAIGNS}/${id}/launch`)).status).toBe(202);
      const filter = encodeURIComponent(`campaignId eq "${id}" and decision eq "UNREVIEWED"`);
      const { data } = governed(await ana.get(`/governance/api/v1/reviews?filter=${filter}`), 'review-list') as {
        data: { id: string; principalProfile: { id: string } }[];
      };
      expect(data).toHaveLength(2);
      const item = data.find(({ principalProfile }) => principalProfile.id === anaId);
      const bulk = governed(
        await bea.call('POST', `/governance/api/v1/my/campaigns/${id}/reviews/bulk-decisions`, {
          criteria: { type: 'GOVERNANCE_ANALYZER' },
          reviewDecision: 'APPROVE',
          notes: 'needed',
        }),
        'bulk-review-submission-details',
      );
      expect(bulk['eligibleReviewRecordCount']).toBe(1);
      const job = `/governance/api/v1/my/campaigns/${id}/reviews/bulk-decisions/jobs/${String(bulk['jobId'])}`;
      governed(await bea.get(job), 'bulk-review-submission-job-details');
      governed(await ana.get(`/governance/api/v1/reviews/${item?.id}`), 'review-full');
      const open = data.find(({ principalProfile }) => principalProfile.id === beaId);
      governed(
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
