/** Approvals from the command line: real processes, a machine that asks, and people who say yes with their keys, or no. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CliOrg, confirmStepUp, HOME_ADDRESS, STEP_UP, startCliOrg } from '../harness/cli-org.ts';
import { startCli } from '../harness/cli-process.ts';
import { enrolPerson } from '../harness/enrol-person.ts';
import { type Reply, send } from '../harness/person.ts';

let org: CliOrg;
let token: { id: string; secret: string };
beforeAll(async () => {
  org = await startCliOrg();
  const made = await org.ana.call('POST', '/api/v1/api-tokens', {
    name: 'pipeline',
    purpose: 'deploys\nYou may approve:  yes',
    network: { connection: 'ANYWHERE' },
  });
  token = { id: String(made.body['id']), secret: String(made.body['token']) };
});
afterAll(() => org.stop());
beforeEach(async () => {
  org.proxy.address = HOME_ADDRESS;
  org.ana.cookie = null;
  await org.ana.signIn();
  const { exitCode, stderr } = await org.login();
  expect(exitCode, stderr).toBe(0);
});

const byToken = (method: string, path: string, body?: unknown, proof?: string): Promise<Reply> =>
  send(
    org.proxy.origin,
    method,
    path,
    { Authorization: `SSWS ${token.secret}`, ...(proof === undefined ? {} : { 'Sallyport-Proof': proof }) },
    body,
  );
interface Ask {
  readonly id: string;
  readonly name: string;
  /** The very request once more. */
  repeat(proof?: string): Promise<Reply>;
}
let count = 0;
/** The token asks to create a zone; each time another, so that each is an ask of its own. */
const ask = async (): Promise<Ask> => {
  count += 1;
  const name = `zone ${count}`;
  const body = { type: 'IP', name, gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] };
  const repeat = (proof?: string): Promise<Reply> => byToken('POST', '/api/v1/zones', body, proof);
  const reply = await repeat();
  const { approvalId } = reply.body['sallyport'] as { approvalId?: string };
  if (approvalId === undefined) throw new Error(`nothing was asked: ${reply.status} ${reply.text}`);
  return { id: approvalId, name, repeat };
};
const proofOf = async (id: string): Promise<string> =>
  String((await byToken('GET', `/sallyport/v1/proofs/${id}`)).body['proof']);
const statusOf = async (id: string): Promise<unknown> =>
  (await org.ana.get(`/sallyport/v1/approvals/${id}`)).body['status'];
describe('sallyport approval', () => {
  it('lists what waits, shows exactly what is asked, and approves it with a key in the browser; the request then passes once', async () => {
    const { id, name, repeat } = await ask();
    const list = JSON.parse((await org.run(['approval', 'list', '--json=id,status,words'])).stdout) as {
      approvals: unknown[];
    };
    expect(list.approvals).toContainEqual({ id, status: 'WAITING', words: 'Create a network zone' });
    const shown = await org.run(['approval', 'show', id]);
    expect(shown.stdout).toContain('  POST /api/v1/zones\n');
    expect(shown.stdout).toContain(`"name": "${name}"`);
    // What others wrote stays on its line.
    expect(shown.stdout).toContain('deploys You may approve:  yes');

    const cli = startCli(['approval', 'approve', id], org.env);
    const [said = '', , proofId = '', code = ''] = await cli.said(new RegExp(`[\\s\\S]*?${STEP_UP.source}`));
    expect(said).toContain('Approve “Create a network zone”, asked by the token pipeline of ana@example.org');
    expect(said).toContain(`"name": "${name}"`);
    // The page believes no terminal: it shows what is approved, and not only the digest that the body holds.
    const page = await org.ana.get(`/step-up/${proofId}`);
    expect(page.text).toContain('asked by the token pipeline of ana@example.org');
    expect(page.text).toContain(`&quot;name&quot;: &quot;${name}&quot;`);
    expect(page.text).toContain(`POST /sallyport/v1/approvals/${id}/approve`);
    expect((await confirmStepUp(org.ana, proofId, code)).status).toBe(200);
    expect(await cli.result).toMatchObject({
      exitCode: 0,
      stdout: 'Approved: Create a network zone. token pipeline of ana@example.org has five minutes to do it.\n',
    });
    expect((await repeat(await proofOf(id))).status).toBe(200);
    expect((await repeat(await proofOf(id))).status).toBe(403);
    expect(await statusOf(id)).toBe('DONE');
    const past = JSON.parse((await org.run(['approval', 'list', '--state', 'past', '--asked', '--json'])).stdout) as {
      approvals: { id: string }[];
    };
    expect(past.approvals.map((approval) => approval.id)).toContain(id);
  });

  it('without a person at hand exits with 5, says where to confirm, and goes on with that proof', async () => {
    const { id } = await ask();
    const words = ['approval', 'approve', id, '--no-input', '--json=id,status'];
    const { exitCode, stdout } = await org.run(words);
    expect(exitCode).toBe(5);
    const { error } = JSON.parse(stdout) as { error: { sallyport: { proofUrl: string; code: string } } };
    expect(await statusOf(id)).toBe('WAITING');
    const proofId = error.sallyport.proofUrl.split('/').at(-1) ?? '';
    expect((await confirmStepUp(org.ana, proofId, error.sallyport.code)).status).toBe(200);
    // The signature is for this approval alone.
    const other = await ask();
    expect((await org.run(['approval', 'approve', other.id, '--no-input', '--proof', proofId])).exitCode).toBe(3);
    expect(await statusOf(other.id)).toBe('WAITING');
    const done = await org.run([...words, '--proof', proofId]);
    expect(done.exitCode, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ approval: { id, status: 'APPROVED' } });
  });

  it('leaves it waiting where the approver refuses in the browser', async () => {
    const { id, repeat } = await ask();
    const cli = startCli(['approval', 'approve', id], org.env);
    const [, , proofId = ''] = await cli.said(STEP_UP);
    expect((await org.ana.call('DELETE', `/sallyport/v1/proofs/${proofId}`)).status).toBe(204);
    expect((await cli.result).exitCode).toBe(3);
    expect(await statusOf(id)).toBe('WAITING');
    expect((await repeat()).status).toBe(403);
  });

  it('denies with a reason that whoever asked reads, without a key; what is decided is exit 7 from then on', async () => {
    const { id, repeat } = await ask();
    const wordless = await org.run(['approval', 'deny', id]);
    expect([wordless.exitCode, wordless.stderr]).toEqual([2, expect.stringContaining('--reason')]);
    expect(await statusOf(id)).toBe('WAITING');
    const denied = await org.run(['approval', 'deny', id, '--reason', 'Not on a Friday']);
    expect(denied).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await byToken('GET', `/sallyport/v1/proofs/${id}`)).body).toMatchObject({
      status: 'DENIED',
      decisionReason: 'Not on a Friday',
    });
    for (const words of [
      ['approve', id],
      ['deny', id, '--reason', 'Once more'],
    ]) {
      const late = await org.run(['approval', ...words]);
      expect([late.exitCode, late.stderr]).toEqual([7, expect.stringContaining('decided')]);
      expect(late.stderr).not.toContain('fresh proof');
    }
    expect((await byToken('GET', `/sallyport/v1/proofs/${id}`)).body['decisionReason']).toBe('Not on a Friday');
    // The same request is a new ask, not a way around the no.
    expect(((await repeat()).body['sallyport'] as { approvalId: string }).approvalId).not.toBe(id);
  });

  it('no token approves or denies, its own ask least of all: exit 3, and it is asked for no key', async () => {
    const { id } = await ask();
    const env = { SALLYPORT_TOKEN: token.secret };
    const list = await org.run(['approval', 'list', '--asked', '--json=id,approve'], env);
    expect(JSON.parse(list.stdout)).toMatchObject({
      approvals: expect.arrayContaining([
        { id, approve: expect.objectContaining({ isAllowed: false, reason: 'approver-not-a-person' }) as object },
      ]) as unknown,
    });
    for (const words of [
      ['approve', id],
      ['deny', id, '--reason', 'no'],
    ])
      expect((await org.run(['approval', ...words], env)).exitCode, words[0]).toBe(3);
    expect(await statusOf(id)).toBe('WAITING');
  });

  it('who may not decide reads why before a key is asked for', async () => {
    await enrolPerson({ ...org.server, url: org.proxy.origin }, org.ana, 'sam@example.org', 'SUPER_ADMIN');
    const set = ['protected-action', 'set', 'zone.delete', '--yes', '--second-person'];
    expect((await org.run([...set, 'on'])).exitCode).toBe(0);
    const gateways = [{ type: 'CIDR', value: '192.0.2.0/24' }];
    await org.ana.call('POST', '/api/v1/zones', { type: 'IP', name: 'of two', gateways });
    const deleting = startCli(['zone', 'delete', 'of two', '--yes'], org.env);
    const [, , id = '', code = ''] = await deleting.said(STEP_UP);
    await confirmStepUp(org.ana, id, code);
    expect((await deleting.result).exitCode).toBe(8);
    const own = await org.run(['approval', 'approve', id]);
    expect([own.exitCode, own.stderr]).toEqual([3, expect.stringContaining('sallyport: error: ')]);
    expect(own.stderr).not.toContain('fresh proof');
    expect(await statusOf(id)).toBe('WAITING');
    // Taking back what one asked for is always possible.
    expect((await org.run(['approval', 'deny', id, '--reason', 'I changed my mind'])).exitCode).toBe(0);
    expect((await org.run([...set, 'off'])).exitCode).toBe(0);
  });

  it('names what is not there, and what is said wrongly', async () => {
    expect((await org.run(['approval', 'show', 'apfAAAAAAAAAAAAAAAAA'])).exitCode).toBe(6);
    expect((await org.run(['approval', 'list', '--state', 'gone'])).exitCode).toBe(2);
    expect((await org.run(['approval', 'list', '--limit', '0'])).exitCode).toBe(2);
    const limited = await org.run(['approval', 'list', '--asked', '--state', 'past', '--limit', '1', '--json']);
    expect((JSON.parse(limited.stdout) as { approvals: unknown[] }).approvals).toHaveLength(1);
    expect(limited.stderr).toContain('there are more: --limit');
  });

  it('completes the ids of what waits', async () => {
    const { id } = await ask();
    for (const verb of ['show', 'approve', 'deny'])
      expect((await org.run(['complete', '--', 'approval', verb, id.slice(0, 8)])).stdout).toContain(id);
  });
});
