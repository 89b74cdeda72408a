/** Protected actions in a real browser with a key: the dialog in the page, and the screen of the table. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let lee: Person;

/** A clock that goes with the browser's, and can be put forward. It begins behind: whoever made an account lately may not approve for it. */
const DAYS_31 = 31 * 86_400;
const movingClock = () => {
  let ahead = -DAYS_31 * 1000;
  return {
    now: () => Date.now() + ahead,
    advance(seconds: number) {
      ahead += seconds * 1000;
    },
  };
};
const clock = movingClock();

beforeAll(async () => {
  console_ = await openConsole({ clock });
  const { admin } = console_;
  lee = await console_.person('lee@example.org', 'SUPER_ADMIN');
  clock.advance(DAYS_31);
  for (const person of [admin, lee]) {
    person.cookie = null;
    await person.signIn();
  }
  await console_.as(admin);
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const zoneNames = async (): Promise<string[]> => {
  const { body } = await console_.admin.get('/api/v1/zones?limit=200');
  return (body as unknown as { name: string }[]).map(({ name }) => name);
};
const look = async (name: string): Promise<void> => {
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};
const newZone = async (name: string) => {
  const { page, press } = console_;
  await console_.open('/zones');
  await press('New zone…');
  const form = page.getByRole('dialog', { name: 'New zone' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel(/^Addresses/).fill('192.0.2.0/24');
  return form;
};

const focused = (): Promise<unknown> => console_.page.evaluate('document.activeElement?.textContent');
const press = (name: string): Promise<void> => console_.page.keyboard.press(name);
const useKey = (): Promise<void> => console_.proofDialog.getByRole('button', { name: 'Use your key' }).click();
/** Where the page proves what it was asked next. */
const nextProofUrl = async (): Promise<string> => {
  const response = await console_.page.waitForResponse((one) => one.status() === 403);
  const { sallyport } = (await response.json()) as { sallyport: { proofUrl: string } };
  return sallyport.proofUrl;
};
/** What was told last of a protected action; the server may have told of other things since. */
const lastAttempt = async (): Promise<unknown> => {
  const filter = encodeURIComponent('eventType eq "security.protected_action.attempt"');
  const { body } = await console_.admin.get(`/api/v1/logs?filter=${filter}&limit=1&sortOrder=DESCENDING`);
  return body[0];
};
const CREATED = 'Create a network zone';

describe('the dialog', () => {
  it('continues a filled form by keyboard alone', async () => {
    const { page, proofDialog } = console_;
    await newZone('Office');
    await page.getByLabel('Name').focus();
    await press('Enter');
    await proofDialog.getByText(CREATED).waitFor();
    await expect.poll(focused).toBe('Use your key');
    await look('proof-dialog');
    // The focus stays within it.
    await press('Tab');
    expect(await focused()).toBe('Cancel');
    await press('Tab');
    expect(await focused()).toBe('Use your key');
    await press('Enter');
    await page.getByRole('heading', { name: 'Office', level: 1 }).waitFor();
    await page.getByRole('status').getByText('Office is in force.').waitFor();
    expect(await zoneNames()).toContain('Office');
  });

  it('that is cancelled keeps the form, changes nothing and says so; Esc closes one layer', async () => {
    const { page, proofDialog } = console_;
    const form = await newZone('Cancelled');
    await form.getByRole('button', { name: 'Save' }).click();
    await proofDialog.waitFor();
    expect(await lastAttempt()).toMatchObject({ outcome: { result: 'CHALLENGE' } });
    await press('Escape');
    await proofDialog.waitFor({ state: 'detached' });
    await form.getByRole('status').getByText('Cancelled. Nothing was changed.').waitFor();
    await look('proof-cancelled');
    expect(await form.getByRole('alert').count()).toBe(0);
    expect(await form.getByLabel('Name').inputValue()).toBe('Cancelled');
    expect(await form.getByLabel(/^Addresses/).inputValue()).toBe('192.0.2.0/24');
    await expect.poll(focused).toBe('Save');
    expect(await zoneNames()).not.toContain('Cancelled');
    await expect.poll(lastAttempt).toMatchObject({ outcome: { result: 'ABANDONED' } });
    // The next layer holds what was typed: it asks before it lets that go.
    await press('Escape');
    await form.getByRole('button', { name: 'Discard', exact: true }).click();
    await form.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('New zone…');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('can be cancelled while the browser waits for the key', async () => {
    const { proofDialog, key } = console_;
    const form = await newZone('Untouched');
    await key.touch(false);
    await form.getByRole('button', { name: 'Save' }).click();
    await useKey();
    await proofDialog.getByText('Touch your key, or follow your browser…').waitFor();
    await look('proof-signing');
    await proofDialog.getByRole('button', { name: 'Cancel' }).click();
    await form.getByText('Cancelled. Nothing was changed.').waitFor();
    await key.touch(true);
    await form.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await console_.page.getByRole('heading', { name: 'Untouched', level: 1 }).waitFor();
  });

  it('says that a key was not accepted, and takes another try', async () => {
    const { proofDialog, server } = console_;
    const form = await newZone('Wrong key');
    await form.getByRole('button', { name: 'Save' }).click();
    await proofDialog.waitFor();
    const setKeys = (from: 'ACTIVE' | 'PENDING_ACTIVATION', to: 'ACTIVE' | 'PENDING_ACTIVATION') =>
      server.services.store.transaction((tx) =>
        tx.updateTable('factors').set({ status: to }).where('status', '=', from).execute(),
      );
    await setKeys('ACTIVE', 'PENDING_ACTIVATION');
    await useKey();
    await proofDialog.getByRole('alert').getByText('This key was not accepted. This key is not enrolled.').waitFor();
    await look('proof-wrong-key');
    await expect.poll(focused).toBe('Use your key');
    await setKeys('PENDING_ACTIVATION', 'ACTIVE');
    await console_.prove();
    await console_.page.getByRole('heading', { name: 'Wrong key', level: 1 }).waitFor();
  });

  it('whose time is over says so and asks again, in the same place', async () => {
    const { proofDialog } = console_;
    const form = await newZone('Late');
    await form.getByRole('button', { name: 'Save' }).click();
    await proofDialog.waitFor();
    clock.advance(121);
    await useKey();
    await proofDialog.getByRole('alert').getByText('The proof expired. Nothing was changed.').waitFor();
    await expect.poll(focused).toBe('Ask again');
    await look('proof-expired');
    await proofDialog.getByRole('button', { name: 'Ask again' }).click();
    await console_.prove();
    await console_.page.getByRole('heading', { name: 'Late', level: 1 }).waitFor();
  });

  it('of two tabs is two: what one proves is not asked of the other, and a proof counts once', async () => {
    const { page, context, proofDialog, server, admin } = console_;
    const form = await newZone('First tab');
    const asked = nextProofUrl();
    await form.getByRole('button', { name: 'Save' }).click();
    const proofUrl = await asked;
    const other = await context.newPage();
    await other.goto(`${server.url}/zones`);
    await other.getByRole('button', { name: 'New zone…' }).click();
    await other.getByLabel('Name').fill('Second tab');
    await other.getByLabel(/^Addresses/).fill('192.0.2.0/24');
    await other.getByRole('button', { name: 'Save' }).click();
    const otherDialog = other.getByRole('dialog', { name: 'Prove that it is you' });
    await otherDialog.waitFor();
    // Answered elsewhere, by the same session.
    const read = (await admin.get(proofUrl)).body as unknown as { status: string };
    expect(read.status).toBe('ASKED');
    await server.services.store.transaction((tx) =>
      tx
        .updateTable('actionProofs')
        .set({ provedAt: clock.now() })
        .where('id', '=', proofUrl.split('/').at(-1) ?? '')
        .execute(),
    );
    await useKey();
    await proofDialog.getByRole('alert').getByText('The challenge was used before.').waitFor();
    await proofDialog.getByRole('button', { name: 'Ask again' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'First tab', level: 1 }).waitFor();
    expect(await otherDialog.isVisible()).toBe(true);
    await otherDialog.getByRole('button', { name: 'Cancel' }).click();
    await other.getByText('Cancelled. Nothing was changed.').waitFor();
    expect(await zoneNames()).not.toContain('Second tab');
    await other.close();
  });

  it('opens over another dialog, which stays when it is left', async () => {
    const { page, proofDialog } = console_;
    await console_.open('/zones');
    await page.getByRole('link', { name: 'First tab' }).click();
    await page.getByRole('button', { name: 'Delete the zone…' }).click();
    const question = page.getByRole('dialog', { name: 'Delete First tab?' });
    await question.getByRole('button', { name: 'Delete' }).click();
    await proofDialog.getByText('Delete the network zone First tab').waitFor();
    await look('proof-over-dialog');
    await press('Escape');
    await proofDialog.waitFor({ state: 'detached' });
    await question.getByText('Cancelled. Nothing was changed.').waitFor();
    await expect.poll(focused).toBe('Delete');
    await question.getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await page.waitForURL(`${console_.server.url}/zones`);
    expect(await zoneNames()).not.toContain('First tab');
  });

  it('survives the end of the session: the form is kept, and goes on after a fresh sign-in', async () => {
    const { page, proofDialog, admin, context, server } = console_;
    const form = await newZone('After the end');
    await form.getByRole('button', { name: 'Save' }).click();
    await proofDialog.waitFor();
    await admin.call('DELETE', '/api/v1/sessions/me');
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await look('proof-session-ended');
    await admin.signIn();
    await context.addCookies([{ name: 'sid', value: admin.cookie ?? '', url: server.url, httpOnly: true }]);
    await ended.getByRole('button', { name: 'Go on' }).click();
    await ended.waitFor({ state: 'detached' });
    await useKey();
    await proofDialog.getByRole('alert').getByText('What was asked is not there any more').waitFor();
    await proofDialog.getByRole('button', { name: 'Ask again' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'After the end', level: 1 }).waitFor();
    expect(await zoneNames()).toContain('After the end');
  });

  it('says when proofs are locked, in the form, which stays', async () => {
    const { page, proofDialog } = console_;
    const { admin } = console_;
    const form = await newZone('Locked');
    const asked = nextProofUrl();
    await form.getByRole('button', { name: 'Save' }).click();
    const proofUrl = await asked;
    const wrong = { clientData: 'AA', authenticatorData: 'AA', signatureData: 'AA', credentialId: 'AA' };
    for (let i = 0; i < 5; i += 1) expect((await admin.call('POST', proofUrl, wrong)).status).toBe(403);
    await useKey();
    await proofDialog.getByRole('alert').waitFor();
    await proofDialog.getByRole('button', { name: 'Ask again' }).click();
    await proofDialog.waitFor({ state: 'detached' });
    await form.getByText('Too many wrong proofs in this session').waitFor();
    await form.getByText('It works again in 15 min.').waitFor();
    await look('proof-locked');
    expect(await form.getByLabel('Name').inputValue()).toBe('Locked');
    await page.keyboard.press('Escape');
    // Signing in is not affected, and the new session proves.
    admin.cookie = null;
    await admin.signIn();
    await console_.as(admin);
  });
});

describe('an administrator who lost their keys', () => {
  const KAI = 'kai@example.org';
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let i = 0; i < 60; i += 1) {
      if (name.test(String(await focused()))) return;
      await press('Tab');
    }
    throw new Error(`no Tab leads to ${name}`);
  };

  it('gets them reset by keyboard alone: what was typed stays when the proof is left, and the same request goes on', async () => {
    const { page, proofDialog, admin } = console_;
    const kai = await console_.person(KAI, 'SUPER_ADMIN');
    const id = String((await kai.get('/api/v1/users/me')).body['id']);
    await console_.open(`/admins/${id}`);
    const open = page.getByRole('button', { name: 'Reset all authenticators…' });
    // Before the click it shows that a key will be asked for.
    await expect.poll(() => open.getAttribute('aria-describedby')).not.toBeNull();
    await tabTo(/^Reset all authenticators…/);
    await press('Enter');
    const form = page.getByRole('dialog', { name: /^Reset all authenticators of/ });
    await form.waitFor();
    await form.getByLabel(`Type ${KAI} to confirm`).waitFor();
    await expect
      .poll(() => form.getByRole('button', { name: 'Cancel' }).evaluate((e) => e.matches(':focus')))
      .toBe(true);
    await press('Shift+Tab');
    await page.keyboard.type(KAI);
    await look('reset-authenticators');
    const asked = page.waitForRequest((request) => request.url().endsWith('/lifecycle/reset_factors'));
    await press('Enter');
    const first = await asked;
    await proofDialog.getByText('Reset authenticators of administrator').waitFor();
    await look('reset-authenticators-proof');
    await press('Escape');
    await form.getByText('Cancelled. Nothing was changed.').waitFor();
    expect(await form.getByLabel(`Type ${KAI} to confirm`).inputValue()).toBe(KAI);
    expect((await kai.get('/api/v1/users/me')).status).toBe(200);
    await tabTo(/^Reset all authenticators$/);
    await press('Enter');
    await proofDialog.waitFor();
    await expect.poll(focused).toBe('Use your key');
    const again = page.waitForRequest((request) => request.headers()['sallyport-proof'] !== undefined);
    await press('Enter');
    const proved = await again;
    expect([proved.method(), proved.url(), proved.postData()]).toEqual([first.method(), first.url(), first.postData()]);
    await form.waitFor({ state: 'detached' });
    await page.getByText('Make an enrolment link for their way back.').waitFor();
    expect((await kai.get('/api/v1/users/me')).status).toBe(401);
    expect((await admin.get(`/api/v1/users/${id}/factors`)).body).toEqual([]);
  });
});

const SETTINGS = '/sallyport/v1/protected-actions';
const USUAL = { isOn: true, maxAgeMinutes: 0, authenticator: 'DEVICE_BOUND', needsApproval: false };
const set = async (setting: object): Promise<void> => {
  const reply = await lee.call('PUT', SETTINGS, { actions: { 'zone.create': { ...USUAL, ...setting } } });
  expect([reply.status, reply.text]).toEqual([200, reply.text]);
};

describe('an action that a second person must approve', () => {
  it('waits in the page, and goes on once they did', async () => {
    const { page } = console_;
    await set({ needsApproval: true });
    const form = await newZone('Approved');
    await form.getByText('Saving asks for your key and a second person.').waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    await useKey();
    const waiting = page.getByRole('dialog', { name: 'A second person must approve' });
    await waiting.getByText('These may approve it: lee@example.org.').waitFor();
    await look('proof-waiting');
    expect(await zoneNames()).not.toContain('Approved');
    const [asked] = (await lee.get('/sallyport/v1/approvals?status=WAITING')).body as unknown as { id: string }[];
    const { challenge } = (await lee.get(`/sallyport/v1/approvals/${asked?.id}`)).body as unknown as {
      challenge: string;
    };
    expect((await lee.call('POST', `/sallyport/v1/approvals/${asked?.id}/approve`, { challenge })).status).toBe(200);
    await page.getByRole('heading', { name: 'Approved', level: 1 }).waitFor();
    expect(await zoneNames()).toContain('Approved');
  });

  it('shows why it was denied, and the form keeps what was typed', async () => {
    const { page } = console_;
    const form = await newZone('Denied');
    await form.getByRole('button', { name: 'Save' }).click();
    await useKey();
    await page.getByRole('dialog', { name: 'A second person must approve' }).waitFor();
    const [asked] = (await lee.get('/sallyport/v1/approvals?status=WAITING')).body as unknown as { id: string }[];
    const deny = await lee.call('POST', `/sallyport/v1/approvals/${asked?.id}/deny`, { reason: 'Not before June' });
    expect(deny.status).toBe(200);
    const denied = page.getByRole('dialog', { name: 'It was denied' });
    await denied.getByText('Not before June').waitFor();
    await look('proof-denied');
    await denied.getByRole('button', { name: 'Close' }).click();
    await form.getByText('It was denied: Not before June. Nothing was changed.').waitFor();
    expect(await form.getByLabel('Name').inputValue()).toBe('Denied');
    expect(await zoneNames()).not.toContain('Denied');
    await set({});
  });
});

describe('before the click', () => {
  it('a control shows that it asks, and one that cannot be used by this person says why', async () => {
    const { page } = console_;
    await console_.open('/zones');
    const make = page.getByRole('button', { name: 'New zone…' });
    await expect.poll(() => make.getAttribute('aria-describedby')).not.toBeNull();
    expect(await page.locator(`[id="${await make.getAttribute('aria-describedby')}"]`).textContent()).toBe(
      'Asks for your key',
    );
    await make.click();
    await page.getByText('Saving asks for your key.').waitFor();
    await look('zone-form-asks');
    await set({ authenticator: 'ATTESTED' });
    await console_.open('/zones');
    await page.getByText('None of your keys qualifies for this action.').waitFor();
    expect(await make.isDisabled()).toBe(true);
    await look('zones-impossible');
    await set({ isOn: false });
    await console_.open('/zones');
    await console_.settled();
    expect(await make.isEnabled()).toBe(true);
    expect(await make.getAttribute('aria-describedby')).toBeNull();
    await set({});
  });
});

describe('the table of protected actions', () => {
  const row = (words: string) => console_.page.getByRole('row').filter({ hasText: words });

  it('is searched, filtered and read, with what each asks and how often it was used', async () => {
    const { page } = console_;
    await console_.open('/');
    await press('g');
    await press('k');
    await page.waitForURL('**/protected-actions');
    await page.getByRole('table', { name: 'Protected actions' }).waitFor();
    await page.getByText('Changed by lee@example.org').waitFor();
    await console_.shots('protected-actions');
    await page.getByLabel('Words').fill('network zone');
    await page.waitForURL(/q=network/);
    await expect.poll(() => page.locator('.sp-table tbody tr').count()).toBe(3);
    expect(await row(CREATED).getByRole('link').textContent()).toMatch(/^\d+ times$/);
    await page.getByLabel('About', { exact: true }).selectOption('Apps');
    await page.getByText('No protected actions match').waitFor();
    await look('protected-actions-none');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByLabel('About', { exact: true }).selectOption('Log');
    const exports_ = row('Export the System Log');
    await exports_.getByText('always').waitFor();
    expect(await exports_.getByRole('checkbox', { name: /^Ask/ }).count()).toBe(0);
    expect(
      await exports_
        .getByLabel(/^How often/)
        .locator('option')
        .allTextContents(),
    ).toEqual(['each time', 'once a minute', 'once in 5 min']);
    await look('protected-actions-log');
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await console_.axe()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('is changed after a look at the difference, which the key signs', async () => {
    const { page, proofDialog } = console_;
    await console_.open('/protected-actions?q=app');
    await page.getByRole('checkbox', { name: 'Ask: Create an app' }).uncheck();
    await page.getByLabel('How often: Change the app …').selectOption('15');
    const draft = page.getByRole('table', { name: 'What would change' });
    expect(await draft.locator('tbody tr').allTextContents()).toEqual([
      'Create an appeach time, a key that stays on its devicenot asked',
      'Change the app …each time, a key that stays on its deviceonce in 15 min, a key that stays on its device',
    ]);
    await look('protected-actions-draft');
    await page.getByRole('button', { name: 'Review and save…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save the protected actions?' });
    await look('protected-actions-save');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await proofDialog.getByText('Change which actions ask for proof').waitFor();
    await console_.prove();
    await page.getByRole('status').getByText('Saved. It counts from the next request on.').waitFor();
    await page.getByText('Changed by ana@example.org').waitFor();
    const { body } = await console_.admin.get(SETTINGS);
    const saved = (body['actions'] as unknown as { action: string; inForce: object }[]).filter(({ action }) =>
      ['app.create', 'app.update', 'app.delete'].includes(action),
    );
    expect(Object.fromEntries(saved.map(({ action, inForce }) => [action, inForce]))).toEqual({
      'app.create': { ...USUAL, isOn: false },
      'app.update': { ...USUAL, maxAgeMinutes: 15 },
      'app.delete': USUAL,
    });
  });

  it('shows both versions when somebody else saved meanwhile, and loses neither', async () => {
    const { page } = console_;
    await console_.open('/protected-actions?q=app');
    await page.getByRole('checkbox', { name: 'Second person: Delete the app …' }).check();
    await page.getByRole('button', { name: 'Review and save…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save the protected actions?' });
    await dialog.waitFor();
    await set({ maxAgeMinutes: 10 });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else changed these settings since you read them.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'The table was changed while you were editing' }).waitFor();
    await look('protected-actions-stale');
    await page.getByRole('button', { name: 'Put my change on top' }).click();
    await page.getByRole('button', { name: 'Review and save…' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByRole('status').getByText('Saved. It counts').waitFor();
    await page.getByRole('button', { name: 'Show everything as it came' }).click();
    await expect.poll(() => page.getByRole('table', { name: 'What would change' }).locator('tbody tr').count()).toBe(4);
    await page.getByRole('switch', { name: /^Ask for proof before/ }).click();
    await page
      .getByRole('table', { name: 'What would change' })
      .getByText('Everything that may be switched off')
      .waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await set({});
  });

  it('is read by a reader, who is offered nothing to change, and by nobody without the permission', async () => {
    const { page } = console_;
    const rita = await console_.person('rita@example.org', 'READ_ONLY_ADMIN');
    await console_.as(rita);
    await console_.open('/protected-actions');
    await page.getByRole('table', { name: 'Protected actions' }).waitFor();
    await page.getByText('You may read this.').waitFor();
    await page.getByLabel('About', { exact: true }).selectOption('Machines');
    for (const role of ['checkbox', 'switch'] as const) expect(await page.getByRole(role).count()).toBe(0);
    await look('protected-actions-reader');
    const rex = await console_.person('rex@example.org', 'REPORT_ADMIN');
    await console_.as(rex);
    await console_.open('/protected-actions');
    await page.getByText('“Protected actions” is not part of your role.').waitFor();
    await console_.as(console_.admin);
  });
});
