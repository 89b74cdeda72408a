/**
 * Presses every enabled control of every screen as three people of different power. A control that is there and leads
 * to a refusal is a fault of the screen (a button that is refused is worse than none), and so is any console error.
 */
import { sentenceOf } from '@sallyport/model/reasons';
import type { RoleType } from '@sallyport/model/roles';
import type { Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCREENS, type ScreenRow } from '../../packages/console/src/admin/screens.ts';
import { makeAskableGroup } from '../harness/askable-group.ts';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

/** What leaves the crawl's own session or page, each with why it is not pressed. */
const NOT_PRESSED = [
  /^Sign out$/, // ends the session that crawls; has its own test
  /^Load the page again$/,
];
const CONTROLS =
  'button:visible, [role=button]:visible, [role=tab]:visible, summary:visible, [role=menuitem]:visible, [role=menuitemradio]:visible, input[type=checkbox]:visible, input[type=radio]:visible';
/** What leads out of a dialog or a draft is pressed after all that is in it, or nothing of that ever would be. */
const LEADS_OUT = /^(Cancel|Close|Discard|)$/;
/** On one screen: most have fewer controls, and of the longest the full proof presses the rest. */
const PRESSED_MAX = process.env['PROOF'] === 'full' ? 60 : 20;
const ROLES: readonly RoleType[] = ['SUPER_ADMIN', 'READ_ONLY_ADMIN', 'REPORT_ADMIN'];

let console_: TestConsole;
const people = new Map<RoleType, Person>();

beforeAll(async () => {
  console_ = await openConsole();
  const { admin } = console_;
  const made = async (path: string, body: unknown, who = admin): Promise<string> => {
    const reply = await who.call('POST', path, body);
    if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    return String(reply.body['id']);
  };
  await made('/api/v1/groups', { profile: { name: 'Ops' } });
  await made('/api/v1/users', {
    profile: { login: 'robot@example.org', email: 'robot@example.org', firstName: 'Mail', lastName: 'Robot' },
  });
  await made('/sallyport/v1/break-glass', {
    login: 'glass@example.org',
    name: 'Glass',
    networks: { primary: ['127.0.0.1'] },
  });
  const resources = [`${console_.server.url}/api/v1/logs`];
  await made('/api/v1/iam/resource-sets', { label: 'The log', description: '', resources });
  for (const role of ROLES) people.set(role, await console_.person(`${role.toLowerCase()}@example.org`, role));
  // A request that waits, and a review that runs.
  const entitlement = { kind: 'group', id: (await makeAskableGroup(admin)).groupId };
  const asked = { entitlement, duration: 'PT2H', reason: 'the payroll of November' };
  await made('/sallyport/v1/requests', asked, people.get('REPORT_ADMIN'));
  const reviewer = await people.get('READ_ONLY_ADMIN')?.get('/api/v1/users/me');
  const campaign = await made('/governance/api/v1/campaigns', {
    name: 'Administrators',
    scheduleSettings: {
      type: 'ONE_OFF',
      startDate: '2099-01-01T09:00:00Z',
      durationInDays: 7,
      timeZone: 'Europe/Oslo',
    },
    principalScopeSettings: { type: 'USERS' },
    reviewerSettings: { type: 'USER', reviewerId: String(reviewer?.body['id']) },
    remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
    sallyport: { kinds: ['ROLE'] },
  });
  await made(`/governance/api/v1/campaigns/${campaign}/launch`, undefined);
});
afterAll(() => console_.stop());

/** Nothing of these is made here. */
const EMPTY = ['/approvals/$id'];

/** Places that stand for an object are filled with one that this person is shown; null where there is none. */
const addressOf = async ({ path }: ScreenRow, role: RoleType, person: Person): Promise<string | null> => {
  if (!path.includes('$')) return path;
  const find = async (list: string, field: string): Promise<string> => {
    const { status, body } = await person.get(list);
    if (status !== 200) return '';
    const items = (Array.isArray(body) ? body : (Object.values(body).find(Array.isArray) ?? [])) as Record<
      string,
      string
    >[];
    return items[0]?.[field] ?? '';
  };
  const lists: Readonly<Record<string, readonly [string, string]>> = {
    '/sessions/$id': ['/sallyport/v1/sessions?state=active', 'id'],
    '/log/$uuid': ['/api/v1/logs?limit=1&sortOrder=DESCENDING', 'uuid'],
    '/admins/$id': ['/sallyport/v1/admins', 'id'],
    '/break-glass/$id': ['/sallyport/v1/break-glass', 'id'],
    '/roles/$id': ['/sallyport/v1/roles', 'id'],
    '/resource-sets/$id': ['/api/v1/iam/resource-sets', 'id'],
    '/people/$id': ['/api/v1/users?search=profile.lastName eq "Robot"', 'id'],
    '/groups/$id': ['/api/v1/groups?filter=type eq "OKTA_GROUP"', 'id'],
    '/zones/$id': ['/api/v1/zones', 'id'],
    '/apps/$id': ['/api/v1/apps', 'id'],
    '/approvals/$id': ['/sallyport/v1/approvals', 'id'],
    '/requests/$id': ['/sallyport/v1/requests?show=all', 'id'],
    '/reviews/$id': ['/sallyport/v1/campaigns', 'id'],
    '/policies/$id': ['/api/v1/policies?type=ACCESS_POLICY', 'id'],
  };
  const list = lists[path];
  if (list === undefined) throw new Error(`the crawl does not know an object for ${path}: add it to its list`);
  const id = await find(...list);
  if (role === 'SUPER_ADMIN' && (id === '') !== EMPTY.includes(path))
    throw new Error(`${list[0]} gave ${id === '' ? 'nothing' : 'an object'}`);
  return id === '' ? null : path.replace(/\$\w+/, id);
};

describe.each(ROLES)('a crawl as %s', (role) => {
  it('finds no refused click and no error of a page', async () => {
    const { page, faults } = console_;
    const person = people.get(role) as Person;
    // The crawl before may have revoked this session, as it could.
    await person.signIn();
    await console_.as(person);
    const me = await person.get('/sallyport/v1/me');
    const permissions = me.body['permissions'] as unknown as string[];
    const refused: string[] = [];
    let pressed = 0;
    let where = '';
    let isSignedOut = false;
    // A press that is protected leads to the dialog, which is where it should lead: as many are asked as are shown.
    let asked = 0;
    let shown = 0;
    const judged: Promise<void>[] = [];
    const judge = async (response: Response, at: string): Promise<void> => {
      const { sallyport, errorCauses = [] } = (await response.json().catch(() => ({}))) as {
        sallyport?: { kind: string };
        errorCauses?: { errorSummary: string }[];
      };
      if (response.status() === 403 && sallyport?.kind === 'step_up_required') asked += 1;
      // Whether a change takes the last way in is found by trying it; no screen can know before, and it says why.
      else if (errorCauses.some(({ errorSummary }) => errorSummary === sentenceOf('last-super-admin'))) return;
      else refused.push(`${at}: ${response.status()} ${response.request().method()} ${response.url()}`);
    };
    const onResponse = (response: Response): void => {
      if (response.status() === 401) isSignedOut = true;
      else if ([403, 404, 405, 500].includes(response.status())) judged.push(judge(response, where));
    };
    page.on('response', onResponse);
    const screens = (SCREENS as readonly ScreenRow[]).filter(
      ({ permission }) => permission === null || permissions.includes(permission),
    );
    // What frames every screen is pressed on the first.
    let isFrameDone = false;
    // Found before anything is pressed, for that may end the session that finds them.
    const addresses: (string | null)[] = [];
    for (const screen of screens) addresses.push(await addressOf(screen, role, person));
    for (const address of addresses) {
      if (address === null) continue;
      const seen = new Set<string>();
      where = address;
      await console_.open(address);
      await console_.settled();
      for (let i = 0; i < PRESSED_MAX; i += 1) {
        // A dialog or menu that a press opened is crawled before what is behind it.
        const layer = page.locator('[role=dialog], [role=menu]').last();
        const scope = (await layer.count()) > 0 ? layer : page.locator(isFrameDone ? 'main' : 'body');
        const controls = scope.locator(CONTROLS);
        // In one look, for each that is asked about by itself costs a way to the browser and back.
        const found = await controls.evaluateAll((elements) =>
          elements.map((element, index) => ({
            name: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim(),
            isEnabled: !element.matches(':disabled, [aria-disabled=true]'),
            index,
          })),
        );
        const left = found.filter(
          ({ name, isEnabled }) => isEnabled && !seen.has(name) && !NOT_PRESSED.some((pattern) => pattern.test(name)),
        );
        const next = left.find(({ name }) => !LEADS_OUT.test(name)) ?? left.at(-1) ?? null;
        if (next === null) {
          if ((await layer.count()) === 0) break;
          await page.keyboard.press('Escape');
          await console_.settled();
          // A form in which something was pressed asks first.
          const discard = layer.getByRole('button', { name: 'Discard', exact: true });
          if (await discard.isVisible()) await discard.click();
          await layer.waitFor({ state: 'detached' });
          continue;
        }
        seen.add(next.name);
        where = `${address} “${next.name}”`;
        await controls
          .nth(next.index)
          .click({ timeout: 3000 })
          .catch((error: unknown) => refused.push(`${where}: ${String(error).split('\n')[0]}`));
        pressed += 1;
        await console_.settled();
        if (await console_.proofDialog.isVisible()) {
          shown += 1;
          await console_.proofDialog.getByRole('button', { name: 'Cancel' }).click();
          await console_.proofDialog.waitFor({ state: 'detached' });
          await console_.settled();
        }
        if (isSignedOut) {
          // A press ended the session that crawls, as it said it would.
          await person.signIn();
          await console_.as(person);
          await console_.open(address);
          isSignedOut = false;
        }
        if (!page.url().startsWith(console_.server.url)) refused.push(`${where}: left the server`);
        if (new URL(page.url()).pathname !== address) await console_.open(address);
      }
      isFrameDone = true;
    }
    page.off('response', onResponse);
    await Promise.all(judged);
    expect(shown).toBe(asked);
    if (role === 'SUPER_ADMIN') expect(asked).toBeGreaterThan(0);
    expect(pressed).toBeGreaterThan(5);
    expect(refused).toEqual([]);
    expect(faults).toEqual([]);
  }, 400_000);
});
