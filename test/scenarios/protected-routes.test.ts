/** A crawl of the route table: what asks for proof, exactly when the settings say so, and what a thief reaches without. */
import { readFileSync } from 'node:fs';
import { isMutating, type MutatingRoute, type Route } from '@sallyport/api/define-route';
import { type RouteName, routes } from '@sallyport/api/routes';
import { ACTION_NAMES, type ActionName, actionRow } from '@sallyport/model/protected-actions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedProof, type Person, type Reply, signedInAdmin } from '../harness/person.ts';
import { OPEN_ROUTES, ROUTE_EXAMPLES, type Target, type World } from '../harness/route-examples.ts';
import { ENGINES, FIRST_ENGINE, startTestServer, type TestServer } from '../harness/test-server.ts';

const MUTATING = (routes as readonly Route[]).filter(isMutating);
const PROTECTED = MUTATING.filter((route) => 'action' in route.protection);
/** What only begins something: its own event comes with the end. */
const BEGINNINGS: readonly string[] = ['userFactors.enrol', 'breakGlass.enrolKey'];
/** Gone by itself before a window could end. */
const TIMED: readonly string[] = ['policyConfirmation.confirm', 'policyConfirmation.takeBack'];
/** As long as a proof counts, in the test of windows. */
const WINDOW_MS = 5 * 60_000;
const TARGETS = ['ordinary', 'powerful'] as const satisfies readonly Target[];

it('every mutating route that needs a session has an example, and no example is of another', () => {
  const named = MUTATING.map(({ name }) => name).filter((name) => !OPEN_ROUTES.includes(name as RouteName));
  expect(Object.keys(ROUTE_EXAMPLES).toSorted()).toEqual(named.toSorted());
});

const actionAt = ({ name, protection }: MutatingRoute, target: Target): ActionName => {
  if (!('action' in protection)) throw new Error('no action');
  // Where an account may be one's own, the example is.
  if (protection.ofOneself !== undefined && (target === 'powerful' || name === 'userFactors.remove'))
    return protection.ofOneself;
  return target === 'powerful' ? (protection.ofPower ?? protection.action) : protection.action;
};

const named = (all: readonly MutatingRoute[]) => all.map((route) => [route.name, route] as const);
const asksByDefault = (route: MutatingRoute): boolean =>
  'action' in route.protection && actionRow(actionAt(route, 'ordinary')).isOnByDefault !== false;

describe.each(ENGINES)('the route table on %s', (engine) => {
  let server: TestServer;
  let admin: Person;
  let world: World;
  let n = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    admin = await signedInAdmin(server);
    world = { server, admin, fresh: () => ++n };
  });
  afterAll(() => server.stop());

  const exampleOf = async (route: MutatingRoute, target: Target) => {
    // So that the limit on proofs that one session asks for is not what refuses.
    server.clock.advance(30);
    if ((await admin.get('/api/v1/sessions/me')).status !== 200) await admin.signIn();
    return ROUTE_EXAMPLES[route.name as RouteName]?.(world, target);
  };
  /**
   * What a call wrote to the log, and nothing else: what the clock brings meanwhile, such as the end of a grant or of an
   * export, and whatever else runs beside it stands there under a transaction of its own.
   */
  const toldBy = async ({ headers }: Reply): Promise<string[]> => {
    const id = String(headers['x-okta-request-id']);
    const { read } = server.services.store;
    const rows = await read.selectFrom('events').select('eventType').where('transactionId', '=', id).execute();
    return rows.map(({ eventType }) => eventType);
  };
  const settings = async (change: (action: ActionName) => Record<string, unknown>, isOn: boolean): Promise<void> => {
    const normal = { isOn: true, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: false };
    const actions = Object.fromEntries(ACTION_NAMES.map((action) => [action, { ...normal, ...change(action) }]));
    const reply = await admin.call('PUT', '/sallyport/v1/protected-actions', { isOn, actions });
    expect(reply.status, reply.text).toBe(200);
  };
  /** Sends without proof; whatever is asked must be of that action, and nothing is told but the asking. */
  const sendUnproved = async (route: MutatingRoute, target: Target) => {
    const example = await exampleOf(route, target);
    if (example === null || example === undefined) return null;
    const reply = await admin.callOnce(route.method, example.path, example.body, example.headers);
    const asked = askedProof(reply);
    if (asked !== null) {
      expect(asked.action, `${route.name} ${target}`).toBe(actionAt(route, target));
      expect(await toldBy(reply), `${route.name} ${target}`).toEqual(['security.protected_action.attempt']);
    }
    return { example, reply, asked };
  };
  const isDone = (reply: Reply): boolean => reply.status < 300;

  describe.each(TARGETS)('where the target is %s', (target) => {
    it.each(named(PROTECTED))('%s asks, and passes with proof', async (_, route) => {
      if (actionRow(actionAt(route, target)).isOnByDefault === false) return;
      const sent = await sendUnproved(route, target);
      if (sent === null) return;
      expect(sent.asked, `${route.name} ${target}: ${sent.reply.status} ${sent.reply.text}`).not.toBeNull();
      const reply = await admin.call(route.method, sent.example.path, sent.example.body, sent.example.headers);
      expect(isDone(reply), `${route.name} ${target}: ${reply.text}`).toBe(true);
      if (BEGINNINGS.includes(route.name)) return;
      const told = await toldBy(reply);
      expect(
        told.some((type) => (route.events as readonly string[]).includes(type)),
        `${route.name}: ${told}`,
      ).toBe(true);
    });
  });

  it('answers every question of an administrator, of what is there and of what is not', async () => {
    if ((await admin.get('/api/v1/sessions/me')).status !== 200) await admin.signIn();
    const me = String((await admin.get('/api/v1/users/me')).body['id']);
    const asked = (routes as readonly Route[]).filter(
      ({ method, path }) => method === 'GET' && !path.endsWith('/events'),
    );
    expect(asked.length).toBeGreaterThan(100);
    for (const { name, path } of asked)
      for (const id of [me, 'nothing0000000000000']) {
        // So that the limit on requests of one session is not what refuses.
        server.clock.advance(5);
        const { status, text } = await admin.get(path.replace(/\{\w+\}/g, id));
        expect(status, `${name}: ${text}`).toBeLessThan(500);
        if (!path.includes('{')) break;
      }
  });

  // What the settings say is judged without a store.
  if (!FIRST_ENGINE.includes(engine)) return;

  describe('a window lets the same session pass until it ends, to the millisecond', () => {
    beforeAll(() => settings(() => ({ maxAgeMinutes: WINDOW_MS / 60_000 }), true));

    it.each(named(PROTECTED))('%s', async (name, route) => {
      if (name === 'protectedActions.put') return;
      await admin.signIn();
      const signedInAt = server.clock.now();
      const example = await exampleOf(route, 'ordinary');
      const call = () => admin.callOnce(route.method, example?.path ?? '', example?.body, example?.headers);
      // One and the same request: asked for when the window of the sign-in has just ended, and done right before that of
      // the proof does, which was given for it and is not sent with it.
      if (!TIMED.includes(name)) {
        server.clock.advance((signedInAt + WINDOW_MS - server.clock.now()) / 1000);
        const late = await call();
        const asked = askedProof(late);
        expect(asked?.action, late.text).toBe(actionAt(route, 'ordinary'));
        if (asked !== null) expect((await admin.giveProof(asked)).status).toBe(200);
        server.clock.advance((WINDOW_MS - 1) / 1000);
      }
      const within = await call();
      expect(isDone(within), within.text).toBe(true);
    });
  });

  describe('with the switch off only those of the floor ask', () => {
    beforeAll(() => settings((action) => ({ isOn: actionRow(action).isFloor === true }), false));

    describe.each(TARGETS)('where the target is %s', (target) => {
      it.each(named(PROTECTED))('%s', async (name, route) => {
        if (name === 'protectedActions.put') return;
        const sent = await sendUnproved(route, target);
        if (sent === null) return;
        const isFloor = actionRow(actionAt(route, target)).isFloor === true;
        expect(sent.asked !== null, sent.reply.text).toBe(isFloor);
        if (!isFloor) expect(isDone(sent.reply), sent.reply.text).toBe(true);
      });
    });
  });
});

describe('a thief with a live session, in the same network and browser, without the key', () => {
  it('reaches what docs/threat-model.md lists, and nothing that changes anyone’s power', async () => {
    const server = await startTestServer();
    try {
      const admin = await signedInAdmin(server);
      let n = 0;
      const world: World = { server, admin, fresh: () => ++n };
      const reached: string[] = [];
      // Of those that ask, the tests above send each without a proof, from the same session: it reaches none.
      for (const route of MUTATING.filter((one) => !asksByDefault(one))) {
        const makeExample = ROUTE_EXAMPLES[route.name as RouteName];
        if (makeExample === undefined) continue;
        if (admin.cookie === null) await admin.signIn();
        server.clock.advance(30);
        const example = await makeExample(world, 'ordinary');
        const thief = admin.thief(admin.address);
        const reply = await thief.callOnce(route.method, example?.path ?? '', example?.body, example?.headers);
        if (reply.status < 300) reached.push(route.name);
        // What ended the session ended the owner's, too.
        if ((await admin.get('/api/v1/sessions/me')).status !== 200) {
          admin.cookie = null;
          await admin.signIn();
        }
      }
      const page = readFileSync(new URL('../../docs/threat-model.md', import.meta.url), 'utf8');
      const [, section = ''] = /<!-- reached -->([\s\S]*?)<!-- \/reached -->/.exec(page) ?? [];
      const listed = [...section.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name);
      expect(reached.toSorted()).toEqual(listed.toSorted());
    } finally {
      await server.stop();
    }
  });
});
