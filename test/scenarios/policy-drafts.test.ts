/** Drafts of policies, publishing, versions, rolling back, tests of policies. On both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly system: boolean;
  readonly conditions: unknown;
  readonly actions: unknown;
}
const allow = (factorMode = '2FA') => ({
  appSignOn: { access: 'ALLOW', verificationMethod: { type: 'ASSURANCE', factorMode } },
});
const DENY = { appSignOn: { access: 'DENY' } };

describe.each(FIRST_ENGINE)('drafts of policies on %s', (engine) => {
  let server: TestServer;
  let ana: Person;
  let ordinal = 0;
  let id = '';
  beforeAll(async () => {
    server = await startTestServer({ engine });
    ana = await signedInAdmin(server);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    server.clock.advance(60);
    id = String(
      (await ok(ana.call('POST', '/api/v1/policies', { type: 'ACCESS_POLICY', name: `p${ordinal++}` }))).body['id'],
    );
    await ok(ana.call('POST', `/api/v1/policies/${id}/rules`, { name: 'a', actions: allow() }));
    await ok(ana.call('POST', `/api/v1/policies/${id}/rules`, { name: 'b', actions: DENY }));
  });

  const ok = async (call: Promise<Reply>): Promise<Reply> => {
    const reply = await call;
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply;
  };
  const own = (path = ''): string => `/sallyport/v1/policies/${id}${path}`;
  const rules = async (): Promise<readonly Rule[]> =>
    (await ok(ana.get(`/api/v1/policies/${id}/rules`))).body as unknown as Rule[];
  const names = async (): Promise<string> => (await rules()).map(({ name }) => name).join(' ');
  const draftOf = async (body: object = {}) => {
    const { body: draft, headers } = await ok(ana.call('POST', own('/drafts'), body));
    return { id: String(draft['id']), rules: draft['rules'] as Rule[], etag: String(headers['etag']), body: draft };
  };
  const publish = (draft: string, etag: string, body: object = {}, query = ''): Promise<Reply> =>
    ana.call('POST', own(`/drafts/${draft}/publish${query}`), body, { 'If-Match': etag });
  const sentences = (changes: unknown): string[] => (changes as { sentence: string }[]).map(({ sentence }) => sentence);
  const history = async () =>
    (await ok(ana.get(own('/history')))).body as unknown as {
      version: number;
      state: string;
      how: string;
      reason: string | null;
      by: { name: string | null } | null;
    }[];

  it('count for nothing until they are published, and then whole, with who and why', async () => {
    const [a, b] = (await rules()) as [Rule, Rule];
    const draft = await draftOf({ note: 'night shift' });
    expect(draft.rules.map(({ name }) => name)).toEqual(['a', 'b']);
    const saved = await ok(
      ana.call(
        'PUT',
        own(`/drafts/${draft.id}`),
        {
          rules: [
            { id: b.id, name: 'b', actions: DENY },
            { name: 'new', actions: allow('1FA') },
            { id: a.id, name: 'a', status: 'INACTIVE', actions: allow() },
          ],
        },
        { 'If-Match': draft.etag },
      ),
    );
    expect(await names()).toBe('a b Catch-all Rule');
    const diff = await ok(ana.get(own(`/diff?from=published&to=${draft.id}`)));
    expect(sentences(diff.body['changes'])).toEqual([
      expect.stringMatching(/^New rule “new”: lets people in with at least a password alone/),
      '“a” is switched off.',
      expect.stringMatching(/is asked (?:last|before)/),
    ]);
    const proof = await ok(ana.get(own(`/drafts/${draft.id}/proof`)));
    expect((proof.body['ways'] as { rule: { name: string } }[]).map(({ rule }) => rule.name)).toEqual([]);
    const etag = String(saved.headers['etag']);
    const looked = await ok(publish(draft.id, etag, {}, '?dryRun=true'));
    expect(looked.body).toMatchObject({ confirmBy: null, policy: { id } });
    expect(await names()).toBe('a b Catch-all Rule');
    const done = await ok(publish(draft.id, etag, { reason: 'CHG-1' }));
    expect(sentences(done.body['changes'])).toHaveLength(3);
    expect(await names()).toBe('b new a Catch-all Rule');
    expect((await rules()).find(({ name }) => name === 'a')?.id).toBe(a.id);
    expect(await history()).toMatchObject([
      { version: 4, state: 'COUNTS', how: 'publish', reason: 'CHG-1', by: { name: 'ana@example.org' } },
      { version: 3, state: 'REPLACED', how: 'change' },
      { version: 2 },
      { version: 1, how: 'change' },
    ]);
    expect((await ana.get(own(`/drafts/${draft.id}`))).status).toBe(404);
    const old = await ok(ana.get(own('/history/2')));
    expect((old.body['policy'] as { _embedded: { rules: Rule[] } })._embedded.rules.map(({ name }) => name)).toEqual([
      'a',
      'Catch-all Rule',
    ]);
  });

  it('are published as they were read, or not at all', async () => {
    const draft = await draftOf({ rules: [{ name: 'only', actions: DENY }] });
    const missing = await ana.call('POST', own(`/drafts/${draft.id}/publish`), {});
    expect(missing.status).toBe(400);
    await ok(ana.call('PUT', own(`/drafts/${draft.id}`), { rules: [{ name: 'other', actions: allow('1FA') }] }));
    expect((await publish(draft.id, draft.etag)).status).toBe(412);
    expect((await ana.call('PUT', own(`/drafts/${draft.id}`), { rules: [] }, { 'If-Match': draft.etag })).status).toBe(
      412,
    );
    expect(await names()).toBe('a b Catch-all Rule');
  });

  it('tell when the policy moved on under them, and are brought up to date rule by rule', async () => {
    const [a, b] = (await rules()) as [Rule, Rule];
    const draft = await draftOf({
      rules: [
        { id: a.id, name: 'a', actions: allow('1FA') },
        { id: b.id, name: 'b', actions: DENY },
        { name: 'mine', actions: DENY },
      ],
    });
    await ok(ana.call('PUT', `/api/v1/policies/${id}/rules/${b.id}`, { name: 'b2', actions: DENY }));
    await ok(ana.call('POST', `/api/v1/policies/${id}/rules`, { name: 'theirs', actions: DENY }));
    const late = await publish(draft.id, draft.etag);
    expect(late.status).toBe(409);
    expect(late.text).toContain('The policy was changed since this draft was begun: from version 3 to 5.');
    const rebased = await ok(ana.call('POST', own(`/drafts/${draft.id}/rebase`), {}));
    expect(rebased.body['behind']).toBe(null);
    await ok(publish(draft.id, String(rebased.headers['etag'])));
    expect(await names()).toBe('a b2 mine theirs Catch-all Rule');

    const both = await draftOf({ rules: [{ id: a.id, name: 'a', actions: DENY }] });
    await ok(ana.call('PUT', `/api/v1/policies/${id}/rules/${a.id}`, { name: 'a', actions: allow() }));
    const conflict = await ana.call('POST', own(`/drafts/${both.id}/rebase`), {});
    expect(conflict.status).toBe(409);
    expect(conflict.text).toContain('changed the same: “a”');
    const kept = await ok(ana.call('POST', own(`/drafts/${both.id}/rebase`), { keep: 'published' }));
    expect((kept.body['rules'] as Rule[]).map(({ name }) => name)).toEqual(['a']);
    expect((kept.body['rules'] as Rule[])[0]?.actions).toMatchObject(allow());
  });

  it('of two that are published at once one counts, and the other is told', async () => {
    const [one, two] = [
      await draftOf({ rules: [{ name: 'one', actions: DENY }] }),
      await draftOf({ rules: [{ name: 'two', actions: DENY }] }),
    ];
    const replies = await Promise.all([publish(one.id, one.etag), publish(two.id, two.etag)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await names()).toBe(replies[0]?.status === 200 ? 'one Catch-all Rule' : 'two Catch-all Rule');
  });

  it('say nothing of the place of the policy: one that was put before it meanwhile stays before it', async () => {
    const make = async (name: string): Promise<string> =>
      String(
        (await ok(ana.call('POST', '/api/v1/policies', { type: 'PASSWORD', name: `${name} ${ordinal}`, priority: 1 })))
          .body['id'],
      );
    const order = async (): Promise<string[]> =>
      ((await ok(ana.get('/api/v1/policies?type=PASSWORD'))).body as unknown as { name: string }[]).map(
        ({ name }) => name,
      );
    id = await make('second');
    await make('first');
    const actions = { passwordChange: { access: 'DENY' } };
    const draft = await draftOf({ rules: [{ name: 'nobody', actions }] });
    await make('newest');
    const before = await order();
    const diff = await ok(ana.get(own(`/diff?from=published&to=${draft.id}`)));
    expect(sentences(diff.body['changes'])).toEqual(['New rule “nobody”: denies.']);
    const done = await ok(publish(draft.id, draft.etag));
    expect(sentences(done.body['changes'])).toEqual(['New rule “nobody”: denies.']);
    expect(await order()).toEqual(before);
  });

  it('say what a rule asks that lets people in from now on, and for whom a policy is', async () => {
    const [a, b] = (await rules()) as [Rule, Rule];
    const draft = await draftOf({
      rules: [
        { id: a.id, name: 'a', actions: allow() },
        { id: b.id, name: 'b', actions: allow('1FA') },
      ],
    });
    const diff = await ok(ana.get(own(`/diff?from=published&to=${draft.id}`)));
    expect(sentences(diff.body['changes'])).toEqual([
      expect.stringMatching(/^“b” lets people in with at least a password alone.*, no longer denies\.$/),
    ]);
    const name = `Contractors ${ordinal}`;
    const group = await ok(ana.call('POST', '/api/v1/groups', { profile: { name } }));
    const conditions = { people: { groups: { include: [group.body['id']] } } };
    const made = await ok(
      ana.call('POST', '/api/v1/policies', { type: 'PASSWORD', name: `of ${ordinal}`, priority: 1, conditions }),
    );
    id = String(made.body['id']);
    const all = await draftOf({ conditions: {} });
    const wider = await ok(ana.get(own(`/diff?from=published&to=${all.id}`)));
    expect(sentences(wider.body['changes'])).toEqual([`The policy is for everybody (no longer included: ${name}).`]);
  });

  it('keep what is said of the policy without its rules, and take from an old version its rules alone', async () => {
    const name = `renamed ${ordinal}`;
    const draft = await draftOf({ name, catchAll: { actions: allow() } });
    expect(draft.body).toMatchObject({ name, rules: [{ name: 'a' }, { name: 'b' }], catchAll: { actions: allow() } });
    await ok(ana.call('POST', `/api/v1/policies/${id}/lifecycle/deactivate`));
    await ok(ana.call('POST', `/api/v1/policies/${id}/lifecycle/activate`));
    // Version 4 was switched off.
    const old = await draftOf({ fromVersion: 4, rules: [{ name: 'only', actions: DENY }] });
    const diff = await ok(ana.get(own(`/diff?from=published&to=${old.id}`)));
    expect(sentences(diff.body['changes'])).toEqual(['New rule “only”: denies.', '“a” is gone.', '“b” is gone.']);
  });

  it('refuse what has no effect, what is no rule of theirs, and what stands for nobody', async () => {
    const create = (rule: object): Promise<Reply> => ana.call('POST', own('/drafts'), { rules: [rule] });
    expect((await create({ name: 'x', actions: { appSignOn: { access: 'MAYBE' } } })).status).toBe(400);
    expect((await create({ id: 'rul0', name: 'x', actions: DENY })).text).toContain('is no rule of this policy');
    const catchAll = (await rules()).find(({ system }) => system);
    expect((await create({ id: catchAll?.id, name: 'x', actions: DENY })).status).toBe(400);
    const nobody = { people: { groups: { include: ['00gnobody'] } } };
    expect((await create({ name: 'x', conditions: nobody, actions: DENY })).text).toContain('does not exist');
    const same = await draftOf();
    expect((await publish(same.id, same.etag)).text).toContain('there is nothing to publish');
    expect((await ok(ana.get(own('/drafts')))).body).toHaveLength(1);
  });

  it('an earlier version is put back whole, as a new one', async () => {
    const [a] = (await rules()) as [Rule];
    await ok(ana.call('DELETE', `/api/v1/policies/${id}/rules/${a.id}`));
    const body = { version: 3, reason: 'it was right' };
    const looked = await ok(ana.call('POST', own('/rollback?dryRun=true'), body));
    expect(sentences(looked.body['changes'])).toEqual([expect.stringContaining('New rule “a”')]);
    await ok(ana.call('POST', own('/rollback'), body));
    expect(await names()).toBe('a b Catch-all Rule');
    expect((await rules())[0]?.id).toBe(a.id);
    expect((await history())[0]).toMatchObject({ version: 5, how: 'roll-back', reason: 'it was right' });
    expect((await ana.call('POST', own('/rollback'), { version: 5 })).status).toBe(400);
    expect((await ana.call('POST', own('/rollback'), { version: 77 })).status).toBe(404);
    expect((await ana.call('POST', own('/rollback'), { version: 3_000_000_000 })).status).toBe(400);
    expect((await ana.call('POST', own('/drafts'), { fromVersion: 3_000_000_000 })).status).toBe(400);
    const diff = await ok(ana.get(own('/diff?from=3&to=published')));
    expect(diff.body['changes']).toEqual([]);
    expect((await ana.get(own('/diff?from=3&to=nothing'))).status).toBe(400);
  });

  it('a version from before a zone was deleted is not put back', async () => {
    const zone = await ok(
      ana.call('POST', '/api/v1/zones', {
        type: 'IP',
        name: `office ${ordinal}`,
        gateways: [{ type: 'CIDR', value: '198.51.100.0/24' }],
      }),
    );
    const conditions = { network: { connection: 'ZONE', include: [zone.body['id']] } };
    const made = await ok(ana.call('POST', `/api/v1/policies/${id}/rules`, { name: 'z', conditions, actions: DENY }));
    const first = await ok(ana.get(own('/diff?from=3&to=4')));
    expect(sentences(first.body['changes'])[0]).toContain(`included: office ${ordinal}`);
    await ok(ana.call('DELETE', `/api/v1/policies/${id}/rules/${String(made.body['id'])}`));
    await ok(ana.call('DELETE', `/api/v1/zones/${String(zone.body['id'])}`));
    const refused = await ana.call('POST', own('/rollback'), { version: 4 });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('does not exist');
    expect(await names()).toBe('a b Catch-all Rule');
  });

  it('tests of a policy keep what fails them from being published, and name themselves', async () => {
    const test = {
      name: 'a password alone stays out',
      facts: { authenticators: 'password', ip: '198.51.100.7' },
      expected: 'step_up',
    };
    const made = await ok(ana.call('POST', own('/tests'), test));
    expect((await ana.call('POST', own('/tests'), test)).status).toBe(400);
    expect((await ana.call('POST', own('/tests'), { ...test, name: 'x', facts: { ip: 'nowhere' } })).status).toBe(400);
    expect((await ok(ana.call('POST', own('/tests/run'), {}))).body).toMatchObject({ isPassed: true });
    const draft = await draftOf({ rules: [{ name: 'wide', actions: allow('1FA') }] });
    const run = await ok(ana.call('POST', own('/tests/run'), { draft: draft.id }));
    expect(run.body).toMatchObject({ isPassed: false, results: [{ name: test.name, verdict: 'allow' }] });
    const refused = await publish(draft.id, draft.etag);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(`The test “${test.name}” fails: it expects asked for more.`);
    expect(await names()).toBe('a b Catch-all Rule');
    expect((await ok(ana.get(own('/drafts')))).body).toHaveLength(1);
    await ok(ana.call('PUT', own(`/tests/${String(made.body['id'])}`), { ...test, expected: 'allow' }));
    await ok(publish(draft.id, draft.etag));
    expect(await names()).toBe('wide Catch-all Rule');
    await ok(ana.call('DELETE', own(`/tests/${String(made.body['id'])}`)));
    expect((await ok(ana.get(own('/tests')))).body).toEqual([]);
  });

  it('replay and what-if take a draft by its id', async () => {
    const draft = await draftOf({ rules: [{ name: 'nobody', actions: DENY }] });
    const facts = { authenticators: 'verified-bound-key' };
    const asked = await ok(ana.call('POST', '/sallyport/v1/what-if', { policy: id, draftId: draft.id, facts }));
    expect(asked.body).toMatchObject({ verdict: 'deny', isDraft: true, rule: { name: 'nobody' } });
    const replayed = await ok(ana.call('POST', own('/replay'), { draft: draft.id }));
    expect(replayed.body).toMatchObject({ isDraft: true });
    expect((await ana.call('POST', own('/replay'), { draft: 'pdr0' })).status).toBe(404);
  });

  it('the history is read page by page', async () => {
    const first = await ok(ana.get(own('/history?limit=2')));
    expect((first.body as unknown as { version: number }[]).map(({ version }) => version)).toEqual([3, 2]);
    const next = /<([^>]+)>; rel="next"/.exec([first.headers['link'] ?? []].flat().join(', '))?.[1] ?? '';
    const last = await ok(ana.get(next.replace(server.url, '')));
    expect((last.body as unknown as { version: number }[]).map(({ version }) => version)).toEqual([1]);
  });
});
