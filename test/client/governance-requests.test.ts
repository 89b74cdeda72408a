/** What access requests and grants answer on the wire is held against the published description of governance. */
import { grantRoutes } from '@sallyport/api/grants';
import { requestRoutes } from '@sallyport/api/requests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolPerson } from '../harness/enrol-person.ts';
import { complaintsOfGovernance, governed, routesOfGovernance } from '../harness/governance-schemas.ts';
import { type Person, signedInAdmin } from '../harness/person.ts';
import { ENGINES, startTestServer, type TestServer } from '../harness/test-server.ts';

const ONE_APPROVER = '5a11d0000000000000000001';
const V2 = '/governance/api/v2';
const ENTRIES = `${V2}/my/catalogs/default/entries`;
const GRANTS = '/governance/api/v1/grants';
const FIELDS = [
  { id: 'ACCESS_DURATION', value: 'PT1H' },
  { id: 'REASON', value: 'Rotate the certificate' },
  { id: 'TICKET', value: 'CHG-4411' },
];

it.each(routesOfGovernance([...requestRoutes, ...grantRoutes]))(
  '$route answers with a status it may have',
  ({ allowed, status }) => {
    expect(allowed).toContain(status);
  },
);

describe.each(ENGINES)('answers of requests and grants conform to the description on %s', (engine) => {
  let server: TestServer;
  let [ana, bo, lee]: Person[] = [];
  let bundleId: string;
  let consoleId: string;
  const people = (): [Person, Person, Person] => [ana as Person, bo as Person, lee as Person];
  const find = (filter: string) => people()[0].get(`${GRANTS}?filter=${encodeURIComponent(filter)}`);
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
    bo = await enrolPerson(server, ana, 'bo@example.org', 'SUPER_ADMIN');
    lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const made = await ana.call('POST', '/api/v1/iam/governance/bundles', {
      name: 'Readers',
      description: 'For incidents',
      entitlements: [{ role: 'READ_ONLY_ADMIN' }],
    });
    expect(made.status, made.text).toBeLessThan(300);
    bundleId = String(made.body['id']);
    const { id } = await server.services.store.read
      .selectFrom('apps')
      .select('id')
      .where('name', '=', 'saasure')
      .executeTakeFirstOrThrow();
    consoleId = id;
  });
  afterAll(() => server.stop());

  it('the schemas can refuse', () => {
    expect(complaintsOfGovernance('request-full-2', { id: 'x', status: 'PERHAPS' })).not.toEqual([]);
    expect(complaintsOfGovernance('request-list-2', { data: [{}] })).not.toEqual([]);
    expect(complaintsOfGovernance('task-list', { data: [{}] })).not.toEqual([]);
    expect(complaintsOfGovernance('rcar-entries-list-v2', { data: [{}] })).not.toEqual([]);
    expect(complaintsOfGovernance('request-condition-full', {})).not.toEqual([]);
    expect(complaintsOfGovernance('grants-list', { data: [{ grantType: 'ENTITLEMENT-BUNDLE' }] })).not.toEqual([]);
  });

  it('from what may be asked to the grant and its end', async () => {
    const [admin, approver, asker] = people();
    const resource = `${V2}/resources/${consoleId}`;
    const conditions = `${resource}/request-conditions`;
    const made = governed(
      await admin.call('POST', conditions, {
        name: 'Readers for a while',
        description: 'For incidents',
        requesterSettings: { type: 'EVERYONE' },
        accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: bundleId }] },
        accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT8H' },
        approvalSequenceId: ONE_APPROVER,
      }),
      'request-condition-full',
    );
    const condition = `${conditions}/${String(made['id'])}`;
    governed(await admin.call('PATCH', condition, { priority: 1 }), 'request-condition-full');
    governed(await admin.call('POST', `${condition}/activate`), 'request-condition-full');
    governed(await admin.get(condition), 'request-condition-full');
    governed(await admin.get(conditions), 'request-conditions-list');
    governed(await admin.get(`${resource}/request-sequences`), 'request-sequences-list');
    governed(await admin.get(`${resource}/request-sequences/${ONE_APPROVER}`), 'request-sequence');
    governed(await admin.get(`${V2}/request-settings`), 'org-request-settings');

    const { data } = governed(
      await asker.get(`${ENTRIES}?filter=${encodeURIComponent('not(parent pr)')}`),
      'rcar-entries-list-v2',
    ) as { data: { id: string }[] };
    expect(data).toHaveLength(1);
    const entry = `${ENTRIES}/${data[0]?.id}`;
    governed(await asker.get(entry), 'rcar-entry-get');
    governed(await asker.get(`${entry}/request-fields`), 'catalog-entry-request-fields');
    const asked = governed(
      await asker.call('POST', `${entry}/requests`, { requesterFieldValues: FIELDS }),
      'request-full-2',
    );
    const id = String(asked['id']);
    governed(await asker.get(`${entry}/requests/${id}`), 'request-full-2');
    governed(await admin.get(`${V2}/requests`), 'request-list-2');
    const { data: tasks } = governed(await approver.get(`${V2}/my/tasks`), 'task-list') as { data: { id: string }[] };
    expect(tasks).toHaveLength(1);
    governed(await approver.get(`${V2}/my/tasks/${tasks[0]?.id}`), 'task-full');
    const { digest } = (await approver.get(`/sallyport/v1/requests/${id}`)).body as unknown as { digest: string };
    const approved = await approver.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest, comment: 'Go on' });
    expect(approved.body).toMatchObject({ status: 'APPROVED', grant: { status: 'GRANTED' } });
    expect(governed(await admin.get(`${V2}/requests/${id}`), 'request-full-2')).toMatchObject({
      status: 'APPROVED',
      grantStatus: 'GRANTED',
    });
    governed(await approver.get(`${V2}/my/tasks/${tasks[0]?.id}`), 'task-full');

    const leeId = String((await asker.get('/api/v1/users/me')).body['id']);
    const filters = [
      `entitlementBundleId eq "${bundleId}"`,
      `target.externalId eq "${consoleId}" and target.type eq "APPLICATION" and targetPrincipal.externalId eq "${leeId}" and targetPrincipal.type eq "OKTA_USER"`,
      'action eq "ALLOW"',
    ];
    for (const filter of filters) {
      const { data: grants } = governed(await find(filter), 'grants-list') as { data: { id: string }[] };
      expect(grants, filter).toMatchObject([
        {
          grantType: 'ENTITLEMENT-BUNDLE',
          entitlementBundleId: bundleId,
          actor: 'ACCESS_REQUEST',
          status: 'ACTIVE',
          targetPrincipal: { externalId: leeId },
          target: { externalId: consoleId },
        },
      ]);
    }
    for (const filter of ['action eq "DENY"', 'target.externalId eq "0oa00000000000000000"'])
      expect((await find(filter)).body['data']).toEqual([]);
    const { data: grants } = (await find(filters[0] ?? '')).body as unknown as { data: { id: string }[] };
    const grant = `${GRANTS}/${grants[0]?.id}`;
    governed(await admin.get(grant), 'grant-full');
    server.clock.advance(3600);
    await admin.signIn();
    expect(governed(await admin.get(grant), 'grant-full')).toMatchObject({ status: 'EXPIRED' });
    expect((await find(filters[0] ?? '')).body['data']).toEqual([]);
  });

  it('of one that was sent in somebody else’s stead', async () => {
    const [admin, approver] = people();
    await approver.signIn();
    const boId = String((await approver.get('/api/v1/users/me')).body['id']);
    const { data } = (await approver.get(ENTRIES)).body as unknown as { data: { id: string }[] };
    const sent = await admin.call('POST', `${V2}/requests`, {
      requested: { type: 'CATALOG_ENTRY', entryId: data[0]?.id },
      requestedFor: { externalId: boId, type: 'OKTA_USER' },
      requesterFieldValues: FIELDS,
    });
    expect(governed(sent, 'request-submission-full')).toMatchObject({ status: 'SUBMITTED' });
    expect(sent.status).toBe(202);
  });

  it('grants are shown to whoever sees who holds roles, and asked for with a filter', async () => {
    const [admin, , asker] = people();
    await asker.signIn();
    expect((await asker.get(`${GRANTS}?filter=${encodeURIComponent('action eq "ALLOW"')}`)).status).toBe(403);
    expect((await asker.get(`${GRANTS}/gra00000000000000000`)).status).toBe(403);
    expect((await admin.get(`${GRANTS}/gra00000000000000000`)).status).toBe(404);
    for (const path of [GRANTS, `${GRANTS}?filter=`, `${GRANTS}?filter=${encodeURIComponent('status eq "ACTIVE"')}`])
      expect((await admin.get(path)).status, path).toBe(400);
    expect((await find('action sw "A"')).status).toBe(400);
    const optIn = await admin.get('/api/v1/iam/governance/optIn');
    expect(optIn.body).toMatchObject({ optInStatus: 'OPTED_IN' });
  });

  it('tasks are given to others, and resolved: a no as it is, a yes by the key over the digest', async () => {
    const [admin, approver, asker] = people();
    await asker.signIn();
    const { data } = (await asker.get(ENTRIES)).body as unknown as { data: { id: string }[] };
    const boId = String((await approver.get('/api/v1/users/me')).body['id']);
    const ask = async (): Promise<{ readonly path: string; readonly digest: string }> => {
      const asked = await asker.call('POST', `${ENTRIES}/${data[0]?.id}/requests`, { requesterFieldValues: FIELDS });
      const requestId = String(governed(asked, 'request-full-2')['id']);
      const { data: tasks } = (await approver.get(`${V2}/my/tasks?limit=200`)).body as unknown as {
        data: { id: string; requestId: string; sallyport: { digest: string } }[];
      };
      const task = tasks.find((one) => one.requestId === requestId);
      return { path: `tasks/${task?.id}`, digest: task?.sallyport.digest ?? '' };
    };
    const assignees = [{ externalId: boId, type: 'OKTA_USER' }];
    const first = await ask();
    expect((await asker.call('PATCH', `${V2}/${first.path}`, { assignees })).status).toBe(403);
    const given = await admin.call('PATCH', `${V2}/${first.path}`, { assignees });
    expect(governed(given, 'task-full')).toMatchObject({ status: 'OPEN', assignees, isDelegated: false });
    const nobody = [...assignees, { externalId: '00u00000000000000000', type: 'OKTA_USER' }];
    expect((await admin.call('PATCH', `${V2}/${first.path}`, { assignees: nobody })).status).toBe(400);
    const resolve = (person: Person, { path }: { readonly path: string }, body: unknown) =>
      person.call('POST', `${V2}/my/${path}/resolve`, body);
    for (const wrong of [{}, { value: 'PERHAPS' }, { value: 'APPROVED' }, { value: 'APPROVED', digest: 'x' }])
      expect((await resolve(approver, first, wrong)).status, JSON.stringify(wrong)).toBe(400);
    // No key is asked for a no, and none of what one said no to is left to resolve.
    const no = await approver.callOnce('POST', `${V2}/my/${first.path}/resolve`, { value: 'DENIED' });
    expect(governed(no, 'task-full')).toMatchObject({
      status: 'COMPLETED',
      value: 'DENIED',
      completedBy: { externalId: boId },
    });
    expect((await resolve(approver, first, { value: 'APPROVED', digest: first.digest })).status).toBe(403);

    const second = await ask();
    expect((await resolve(asker, second, { value: 'DENIED' })).status).toBe(403);
    const yes = { value: 'APPROVED', digest: second.digest };
    const unproved = await approver.callOnce('POST', `${V2}/my/${second.path}/resolve`, yes);
    expect(unproved.body['sallyport']).toMatchObject({
      kind: 'step_up_required',
      action: 'request.approve',
      target: { name: expect.stringContaining('for lee@example.org') },
    });
    // The digest of another request is a yes to that one.
    const other = await resolve(approver, second, { ...yes, digest: first.digest });
    expect(other.body['sallyport']).toMatchObject({ reason: 'request-of-another' });
    expect((await approver.get(`${V2}/my/${second.path}`)).body).toMatchObject({ status: 'OPEN', value: null });
    expect(governed(await resolve(approver, second, yes), 'task-full')).toMatchObject({
      status: 'COMPLETED',
      value: 'APPROVED',
    });
    expect((await approver.call('POST', `${V2}/my/tasks/000000000000000000000000/resolve`, yes)).status).toBe(404);
  });
});
