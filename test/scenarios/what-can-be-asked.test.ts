/** What can be asked for, and whose yes it takes, as whoever sets it up reads it: over all resources, with what is gone. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeAskableGroup, ONE_APPROVER, TWO_FELLOW_ADMINS } from '../harness/askable-group.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const CONDITIONS = '/sallyport/v1/request-conditions';
const SEQUENCES = '/sallyport/v1/request-sequences';

let server: TestServer;
afterEach(() => server.stop());

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly faults: readonly string[];
  readonly priority: number;
  readonly places: number;
  readonly openRequests: number;
  readonly gives: readonly { readonly name: string | null }[];
  readonly resource: { readonly id: string; readonly name: string | null };
}

describe.each(FIRST_ENGINE)('what can be asked for on %s', (engine) => {
  const begin = async (): Promise<Person> => {
    server = await startTestServer({ engine });
    return signedInAdmin(server);
  };
  const list = async (ana: Person, query = ''): Promise<readonly Listed[]> =>
    (await ana.get(`${CONDITIONS}${query}`)).body as unknown as Listed[];

  it('is listed over all resources, page by page, each of them once and in the order in which they decide', async () => {
    const ana = await begin();
    const made = [];
    for (const name of ['Payroll', 'Mail', 'Build']) made.push(await makeAskableGroup(ana, ONE_APPROVER, name));
    const [payroll] = made;
    const path = `/governance/api/v2/resources/${payroll?.groupId}/request-conditions`;
    const second = await ana.call('POST', path, {
      name: 'Payroll for interns',
      requesterSettings: { type: 'GROUPS', groups: [{ id: made[1]?.groupId }] },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      approvalSequenceId: TWO_FELLOW_ADMINS,
      priority: 0,
    });
    expect(second.status, second.text).toBe(201);
    const whole = await list(ana);
    expect(whole.map(({ name }) => name).toSorted()).toEqual([
      'Build for a while',
      'Mail for a while',
      'Payroll for a while',
      'Payroll for interns',
    ]);
    const ofPayroll = whole.filter(({ resource }) => resource.id === payroll?.groupId);
    expect(ofPayroll).toMatchObject([
      {
        name: 'Payroll for interns',
        priority: 0,
        places: 2,
        status: 'INACTIVE',
        duration: null,
        longest: '365 d',
        requesters: [{ name: 'Mail' }],
        sequence: { name: 'Two fellow admins' },
        gives: [{ kind: 'group', name: 'Payroll' }],
      },
      { name: 'Payroll for a while', priority: 1, places: 2, status: 'ACTIVE', requesters: null, faults: [] },
    ]);
    const paged: Listed[] = [];
    for (let after = ''; ; ) {
      const page = await list(ana, `?limit=1${after === '' ? '' : `&after=${after}`}`);
      if (page.length === 0) break;
      paged.push(...page);
      after = paged.at(-1)?.id ?? '';
    }
    expect(paged.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    // A page that begins after something that is gone is no empty list: that would read as the end.
    expect((await ana.get(`${CONDITIONS}?after=rco00000000000000000`)).status).toBe(400);
  });

  it('says why nobody can ask by one any more, and how many requests go on', async () => {
    const ana = await begin();
    const lee = await enrolPerson(server, ana, 'lee@example.org', null);
    const made = await makeAskableGroup(ana);
    const ask = { entitlement: { kind: 'group', id: made.groupId }, duration: 'PT1H', reason: 'Close the month' };
    // Where a ticket is needed the preview says so, and no door takes a request without one.
    const path = `/governance/api/v2/resources/${made.groupId}/request-conditions/${made.conditionId}`;
    expect((await ana.call('PATCH', path, { sallyport: { ticket: 'ALWAYS' } })).status).toBe(400);
    const needed = await ana.call('PATCH', path, { sallyport: { ticket: 'REQUIRED' } });
    expect(needed.body, needed.text).toMatchObject({ sallyport: { ticket: 'REQUIRED' } });
    const preview = await lee.call('POST', '/sallyport/v1/requests/preview', ask);
    expect([preview.status, preview.body['ticket']]).toEqual([200, 'required']);
    const entries = '/governance/api/v2/my/catalogs/default/entries';
    const entryId = ((await lee.get(entries)).body['data'] as { id: string }[])[0]?.id;
    const fields = (await lee.get(`${entries}/${entryId}/request-fields`)).body['data'] as { id: string }[];
    expect(fields.find(({ id }) => id === 'TICKET')).toMatchObject({ required: true });
    const wire = (ticket: string) =>
      lee.call('POST', `${entries}/${entryId}/requests`, {
        requesterFieldValues: [
          { id: 'REASON', value: 'Close the month' },
          { id: 'ACCESS_DURATION', value: 'PT1H' },
          { id: 'TICKET', value: ticket },
        ],
      });
    for (const refused of [
      await lee.call('POST', '/sallyport/v1/requests', ask),
      await lee.call('POST', '/sallyport/v1/requests', { ...ask, ticket: '  ' }),
      await wire('  '),
    ])
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('A ticket is needed')]);
    // Whoever changes something else of it leaves that as it is.
    expect((await ana.call('PATCH', path, { description: 'Of the month' })).body).toMatchObject({
      sallyport: { ticket: 'REQUIRED' },
    });
    expect(await list(ana)).toMatchObject([{ ticket: 'required' }]);
    const reply = await lee.call('POST', '/sallyport/v1/requests', { ...ask, ticket: 'CHG-4411' });
    expect(reply.status, reply.text).toBe(201);
    expect(await list(ana)).toMatchObject([{ status: 'ACTIVE', openRequests: 1, faults: [] }]);
    expect((await ana.call('DELETE', `/governance/api/v2/request-sequences/${ONE_APPROVER}`)).status).toBe(204);
    expect(await list(ana)).toMatchObject([
      { status: 'INVALID', openRequests: 1, faults: ['Nobody is left to say yes: its sequence was deleted.'] },
    ]);
    expect((await ana.call('DELETE', `/api/v1/groups/${made.groupId}`)).status).toBe(204);
    const [gone] = await list(ana);
    expect(gone).toMatchObject({ status: 'INVALID', resource: { name: null }, gives: [{ name: null }] });
    expect(gone?.faults).toContain('Something that it gives was deleted, or is switched off.');
  });

  it('is changed by nobody who read it before somebody else took something from it', async () => {
    const ana = await begin();
    const ok = async (method: string, path: string, body: unknown, ifMatch?: string): Promise<Reply> => {
      const reply = await ana.call(method, path, body, ifMatch === undefined ? {} : { 'if-match': ifMatch });
      expect(reply.status, reply.text).toBeLessThan(300);
      return reply;
    };
    const versionIn = async (path: string, id: string): Promise<string> => {
      const all = (await ana.get(path)).body as unknown as { id: string; version: string }[];
      return all.find((one) => one.id === id)?.version ?? '';
    };
    const { groupId, conditionId } = await makeAskableGroup(ana);
    const sequence = { name: 'One', steps: [{ approvers: { by: 'super-admins' }, count: 1 }] };
    const sequenceId = String((await ok('POST', SEQUENCES, sequence)).body['id']);
    const bundle = { name: 'Helpdesk', entitlements: [{ role: 'HELP_DESK_ADMIN' }, { role: 'REPORT_ADMIN' }] };
    const bundleId = String((await ok('POST', '/api/v1/iam/governance/bundles', bundle)).body['id']);
    const hook = { name: 'Pager', url: 'https://pager.example.org/hook' };
    const hookId = String((await ok('POST', '/sallyport/v1/webhooks', hook)).body['id']);
    for (const [from, id, method, path, first, second] of [
      [
        CONDITIONS,
        conditionId,
        'PATCH',
        `/governance/api/v2/resources/${groupId}/request-conditions/${conditionId}`,
        { approvalSequenceId: TWO_FELLOW_ADMINS },
        { approvalSequenceId: ONE_APPROVER },
      ],
      [SEQUENCES, sequenceId, 'PUT', `${SEQUENCES}/${sequenceId}`, { ...sequence, decideWithin: 'PT1H' }, sequence],
      [
        '/sallyport/v1/bundles',
        bundleId,
        'PUT',
        `/api/v1/iam/governance/bundles/${bundleId}`,
        { ...bundle, entitlements: [{ role: 'REPORT_ADMIN' }] },
        bundle,
      ],
      [
        '/sallyport/v1/webhooks',
        hookId,
        'PUT',
        `/sallyport/v1/webhooks/${hookId}`,
        { url: 'https://pager.example.org/other' },
        hook,
      ],
    ] as const) {
      const read = await versionIn(from, id);
      await ok(method, path, first, read);
      const saved = await versionIn(from, id);
      expect(saved, from).not.toBe(read);
      const late = await ana.call(method, path, second, { 'if-match': read });
      expect([from, late.status, late.text]).toEqual([from, 412, expect.stringContaining('since you read them')]);
      expect(await versionIn(from, id), from).toBe(saved);
      // Whoever read what is there now may.
      await ok(method, path, second, saved);
      expect(await versionIn(from, id), from).toBe(read);
    }
    // Whether it is on is another’s decision: it goes with no name and no address, and is no other version.
    const read = await versionIn('/sallyport/v1/webhooks', hookId);
    const paused = await ok('PUT', `/sallyport/v1/webhooks/${hookId}`, { status: 'INACTIVE' }, read);
    expect(paused.body).toMatchObject({ ...hook, status: 'INACTIVE', version: read });
  });

  it('is not turned on by mending it, also where nobody wrote down yet that it was broken', async () => {
    const ana = await begin();
    const { groupId, conditionId } = await makeAskableGroup(ana);
    // As a deletion leaves it before the job has looked.
    await server.services.store.transaction((tx) =>
      tx
        .updateTable('requestConditions')
        .set({ sequenceId: 'f'.repeat(24) })
        .where('id', '=', conditionId)
        .execute(),
    );
    const path = `/governance/api/v2/resources/${groupId}/request-conditions/${conditionId}`;
    expect((await ana.get(path)).body).toMatchObject({ status: 'INVALID' });
    const mended = await ana.call('PATCH', path, { approvalSequenceId: ONE_APPROVER });
    expect([mended.status, mended.body['status']]).toEqual([200, 'INACTIVE']);
  });

  it('is nobody’s to read who may not set it up', async () => {
    const ana = await begin();
    await makeAskableGroup(ana);
    for (const role of ['ORG_ADMIN', 'READ_ONLY_ADMIN'] as const) {
      const other = await enrolPerson(server, ana, `${role.toLowerCase()}@example.org`, role);
      expect((await other.get(CONDITIONS)).status).toBe(403);
      expect((await other.get(SEQUENCES)).status).toBe(403);
    }
  });

  it('tells of each sequence what it says, who could say yes now, and what would stop without it', async () => {
    const ana = await begin();
    const { conditionId, groupId } = await makeAskableGroup(ana);
    const made = await ana.call('POST', SEQUENCES, {
      name: 'Manager, then two',
      steps: [
        { approvers: { by: 'manager' }, count: 1 },
        { approvers: { by: 'super-admins' }, count: 1 },
      ],
    });
    expect(made.body).toMatchObject({
      outlook: [
        { words: 'the manager of whom it is for', ableNow: null, needed: 1 },
        { words: 'one of super admins', ableNow: 1, needed: 1 },
      ],
      usedBy: [],
    });
    expect((await ana.get(`${SEQUENCES}/${ONE_APPROVER}`)).body).toMatchObject({
      usedBy: [{ id: conditionId, name: 'Payroll operators for a while', resourceId: groupId }],
    });
    // What it says is what was said: what is read can be sent back.
    const { name, description, steps, decideWithin } = made.body;
    const again = await ana.call('PUT', `${SEQUENCES}/${String(made.body['id'])}`, {
      name,
      description,
      steps,
      decideWithin,
    });
    expect(again.status, again.text).toBe(200);
    expect(again.body).toMatchObject({ steps, decideWithin });
  });

  it('lists bundles page by page, with what is gone of them, to whoever sees who holds roles', async () => {
    const ana = await begin();
    const BUNDLES = '/api/v1/iam/governance/bundles';
    const idOf = async (path: string, body: unknown): Promise<string> => {
      const made = await ana.call('POST', path, body);
      expect(made.status, made.text).toBeLessThan(300);
      return String(made.body['id']);
    };
    const groups = [];
    for (const name of ['Payroll', 'Mail']) groups.push(await idOf('/api/v1/groups', { profile: { name } }));
    const bundleId = await idOf(BUNDLES, {
      name: 'Helpdesk',
      entitlements: [{ role: 'HELP_DESK_ADMIN', targets: groups }, { role: 'REPORT_ADMIN' }],
    });
    await idOf(BUNDLES, { name: 'Tier 0', entitlements: [{ role: 'ORG_ADMIN' }] });
    const apps = (await ana.get('/api/v1/apps?filter=name eq "saasure"')).body as unknown as { id: string }[];
    await idOf(`/governance/api/v2/resources/${apps[0]?.id}/request-conditions`, {
      name: 'Helpdesk for all',
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: bundleId }] },
      accessDurationSettings: { type: 'ADMIN_FIXED_DURATION', duration: 'PT1H' },
      approvalSequenceId: TWO_FELLOW_ADMINS,
    });
    expect((await ana.call('DELETE', `/api/v1/groups/${groups[1]}`)).status).toBe(204);
    const first = (await ana.get('/sallyport/v1/bundles?limit=1')).body as unknown as { id: string }[];
    const rest = (await ana.get(`/sallyport/v1/bundles?limit=1&after=${first[0]?.id}`)).body as unknown as object[];
    const all = (await ana.get('/sallyport/v1/bundles')).body as unknown as object[];
    expect([...first, ...rest]).toEqual(all);
    const helpdesk = all.find((one) => (one as { name: string }).name === 'Helpdesk');
    expect(helpdesk).toMatchObject({
      openGrants: 0,
      offeredBy: [{ name: 'Helpdesk for all', status: 'INACTIVE' }],
      roles: [
        { role: { id: 'HELP_DESK_ADMIN', kind: 'standard' }, resourceSet: null },
        { role: { id: 'REPORT_ADMIN' }, targets: null },
      ],
    });
    // A target that is gone never makes it one over everything.
    const [{ targets }] = (helpdesk as { roles: [{ targets: { name: string | null }[] | null }] }).roles;
    expect((targets ?? []).flatMap(({ name }) => name ?? [])).toEqual(['Payroll']);
    const lee = await enrolPerson(server, ana, 'lee@example.org', 'HELP_DESK_ADMIN');
    expect((await lee.get('/sallyport/v1/bundles')).status).toBe(403);
  });
});
