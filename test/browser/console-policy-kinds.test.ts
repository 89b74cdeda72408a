/** Policies for people: of passwords and of enrolment, written in the console by whoever may, and followed at once. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import type { Person } from '../harness/person.ts';

let console_: TestConsole;
let orgAdmin: Person;

beforeAll(async () => {
  console_ = await openConsole();
  orgAdmin = await console_.person('org@example.org', 'ORG_ADMIN');
  await console_.giveKey(console_.admin);
  for (const name of ['Operators', 'Contractors']) {
    const made = await console_.admin.call('POST', '/api/v1/groups', { profile: { name } });
    expect(made.status, made.text).toBe(200);
  }
});
afterAll(() => console_.stop());
afterEach(async () => {
  expect(console_.faults.splice(0)).toEqual([]);
  await console_.as(console_.admin);
});

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly priority: number;
  readonly settings: {
    readonly password?: {
      readonly complexity: object;
      readonly age: object;
      readonly lockout: object;
    };
    readonly authenticators?: readonly object[];
  };
}
const policyIn = async (type: string, name: string): Promise<Shown> => {
  const { body } = await console_.admin.get(`/api/v1/policies?type=${type}`);
  const found = (body as unknown as Shown[]).find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`no policy ${name}`);
  return found;
};
const rulesOf = async (id: string): Promise<readonly { name: string; actions: object; conditions: object }[]> =>
  (await console_.admin.get(`/api/v1/policies/${id}/rules`)).body as unknown as [];
/** Saves a rule by the keyboard, and looks at what it changes before. */
const saveRule = async (name: string): Promise<void> => {
  const dialog = console_.page.getByRole('dialog', { name: /rule|^Change / });
  await dialog.getByLabel('Name of the rule').fill(name);
  await console_.page.keyboard.press('Enter');
  await dialog.getByRole('table', { name: 'What saving changes' }).waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await console_.prove();
  await dialog.waitFor({ state: 'detached' });
};

/** Saves the form of the policy of enrolment, and tells what it says of keys then. */
const savedKeys = async (): Promise<object | undefined> => {
  const dialog = console_.page.getByRole('dialog', { name: 'Change Keys for operators' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await console_.prove();
  await dialog.waitFor({ state: 'detached' });
  return (await policyIn('MFA_ENROLL', 'Keys for operators')).settings.authenticators?.[1];
};

describe('a policy of passwords', () => {
  it('is made of what holds for everybody; what the server refuses stands at its field, and nothing typed is lost', async () => {
    const { page } = console_;
    await console_.open('/policies');
    await console_.push('New policy…');
    const dialog = page.getByRole('dialog', { name: 'New policy' });
    expect(await dialog.getByLabel('It decides').inputValue()).toBe('ACCESS_POLICY');
    await dialog.getByLabel('It decides').selectOption('PASSWORD');
    await dialog.getByRole('textbox', { name: /^Name/ }).fill('Long words');
    await dialog.getByLabel('Find a group').fill('Ope');
    await dialog.getByRole('button', { name: '+ Operators' }).press('Enter');
    const length = dialog.getByLabel('Least length (characters)');
    expect(await length.inputValue()).toBe('12');
    await length.fill('');
    await dialog.getByText('A whole number, 0 or more.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await length.fill('8');
    await dialog.getByLabel('Expires after (days)').fill('90');
    await dialog.getByLabel('A digit in it').check();
    await dialog.getByRole('button', { name: 'Create' }).click();
    // Refused before a key is asked for.
    const weaker = 'Weaker than what holds for everybody: passwords have at least 12 characters here.';
    await expect.poll(() => length.getAttribute('aria-invalid')).toBe('true');
    await dialog.getByText(weaker, { exact: true }).waitFor();
    expect(await console_.proofDialog.count()).toBe(0);
    // Whoever pressed the button at the end is led to it.
    await expect.poll(() => page.evaluate('document.activeElement?.value')).toBe('8');
    console_.faults.splice(0);
    await console_.look('password-policy-refused');
    await length.fill('20');
    await expect.poll(() => dialog.getByText(weaker, { exact: true }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Long words', level: 1 }).waitFor();
    const { settings, priority } = await policyIn('PASSWORD', 'Long words');
    expect([priority, settings.password]).toMatchObject([
      1,
      {
        complexity: { minLength: 20, minNumber: 1, minSymbol: 0 },
        age: { maxAgeDays: 90, historyCount: 0 },
        lockout: { maxAttempts: 10, autoUnlockMinutes: 0 },
      },
    ]);
  });

  it('says what a change of it changes, and keeps two people from saving over each other', async () => {
    const { page, admin } = console_;
    const { id, settings } = await policyIn('PASSWORD', 'Long words');
    await console_.open(`/policies/${id}`);
    await page.getByText('at least 20 characters').waitFor();
    expect(await page.getByRole('tab', { name: /Drafts|Tests/ }).count()).toBe(0);
    await console_.push('Change…');
    const dialog = page.getByRole('dialog', { name: 'Change Long words' });
    await dialog.getByLabel('Locked after (wrong tries in a row)').fill('3');
    await dialog.getByLabel('Unlocks by itself after (minutes)').fill('30');
    const changes = dialog.getByRole('table', { name: 'What saving changes' });
    await changes.getByText('3 wrong tries in a row').waitFor();
    expect(await changes.getByRole('row').count()).toBe(3);
    const lockout = { ...settings.password?.lockout, maxAttempts: 5 };
    const other = await admin.call('PUT', `/api/v1/policies/${id}`, {
      type: 'PASSWORD',
      name: 'Long words',
      settings: { ...settings, password: { ...settings.password, lockout } },
    });
    expect(other.status, other.text).toBe(200);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('heading', { name: 'The policy was not saved' }).waitFor();
    console_.faults.splice(0);
    expect((await policyIn('PASSWORD', 'Long words')).settings.password?.lockout).toMatchObject({ maxAttempts: 5 });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await console_.push('Change…');
    await dialog.getByLabel('Locked after (wrong tries in a row)').fill('3');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await page.getByText('3 wrong tries in a row').waitFor();
    await console_.look('password-policy');
  });

  it('has rules of its own form, which are ordered, switched off and deleted', async () => {
    const { page } = console_;
    const { id } = await policyIn('PASSWORD', 'Long words');
    await console_.open(`/policies/${id}`);
    await console_.push('New rule…');
    const dialog = page.getByRole('dialog', { name: 'New rule' });
    await dialog.getByLabel('Who', { exact: true }).selectOption('everyone');
    await dialog.getByLabel('Then').selectOption('They do not change it themselves');
    // Nothing is asked here that a rule of passwords does not know.
    expect(await dialog.getByLabel(/proof|risk|device|only if/i).count()).toBe(0);
    await console_.look('password-rule');
    await saveRule('Never');
    await page.getByRole('heading', { name: '1. Never' }).waitFor();
    await console_.push('New rule…');
    await dialog.getByLabel('Find a group').fill('Con');
    await dialog.getByRole('button', { name: '+ Contractors' }).press('Enter');
    await saveRule('Contractors');
    await console_.push('Move Contractors up');
    await console_.prove();
    await page.getByRole('heading', { name: '1. Contractors' }).waitFor();
    expect((await rulesOf(id)).map(({ name, actions }) => [name, actions])).toMatchObject([
      ['Contractors', { passwordChange: { access: 'ALLOW' } }],
      ['Never', { passwordChange: { access: 'DENY' } }],
    ]);
    await console_.push('Delete Never…');
    const asked = page.getByRole('dialog', { name: 'Delete Never?' });
    await asked.getByText('Whom it fits is judged by the rules after it.').waitFor();
    await asked.getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await asked.waitFor({ state: 'detached' });
    expect((await rulesOf(id)).map(({ name }) => name)).toEqual(['Contractors']);
  });

  it('is put back to an earlier version, switched off, and deleted', async () => {
    const { page } = console_;
    const { id } = await policyIn('PASSWORD', 'Long words');
    await console_.open(`/policies/${id}?tab=history`);
    await console_.push('Roll back to version 1…');
    const dialog = page.getByRole('dialog', { name: 'Roll back to version 1' });
    await dialog.getByText('locks them after 10 wrong tries, no longer 3 wrong tries', { exact: false }).waitFor();
    // It admits nobody: nothing waits, and there is nothing to prove.
    await expect.poll(() => dialog.getByRole('button', { name: 'Roll back' }).isEnabled()).toBe(true);
    expect(await dialog.getByText(/ends by itself|Nobody comes in|For every request/).count()).toBe(0);
    await console_.look('password-policy-rollback');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await console_.prove();
    await dialog.waitFor({ state: 'detached' });
    expect((await policyIn('PASSWORD', 'Long words')).settings.password?.lockout).toMatchObject({ maxAttempts: 10 });
    expect(await page.getByRole('button', { name: /Draft from it/ }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Rules' }).click();
    await console_.push('Switch it off…');
    await page.getByRole('dialog', { name: 'Switch Long words off?' }).getByText('the policies after it').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await console_.prove();
    await page.getByText('off: not asked').waitFor();
    await console_.push('Delete the policy…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
  });
});

describe('a policy of enrolment', () => {
  it('says what must be had, and until when it may be missing, by the clock of whoever writes it', async () => {
    const { page } = console_;
    await console_.open('/policies');
    await console_.push('New policy…');
    const dialog = page.getByRole('dialog', { name: 'New policy' });
    await dialog.getByLabel('It decides').selectOption('MFA_ENROLL');
    await dialog.getByRole('textbox', { name: /^Name/ }).fill('Keys for operators');
    await dialog.getByLabel('Find a group').fill('Ope');
    await dialog.getByRole('button', { name: '+ Operators' }).press('Enter');
    await dialog.getByLabel('One-time codes of an app: may people have them?').selectOption('Not allowed');
    const keys = dialog.getByLabel('Security keys: may people have them?');
    await keys.selectOption('Not allowed');
    await dialog.getByText('Keys of administrators are allowed whatever is chosen here.').waitFor();
    await keys.selectOption('Required');
    await dialog.getByText('apps are closed to whoever has none from now on').waitFor();
    // Half a day is no day: it would be saved as from now on.
    const due = dialog.getByLabel('Security keys: asked for only, until');
    await due.focus();
    await page.keyboard.type('02');
    await dialog.getByText('A day and a time.', { exact: true }).waitFor();
    expect(await due.inputValue()).toBe('');
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await console_.look('enrolment-policy-half-a-day');
    await due.fill('2031-02-03T04:05');
    await dialog.getByText('A day and a time.', { exact: true }).waitFor({ state: 'detached' });
    await dialog.getByText('From then on apps are closed to whoever has none.').waitFor();
    await console_.look('enrolment-policy-new');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await console_.prove();
    await page.getByRole('heading', { name: 'Keys for operators', level: 1 }).waitFor();
    const local = String(await page.evaluate('new Date("2031-02-03T04:05").toISOString()'));
    expect((await policyIn('MFA_ENROLL', 'Keys for operators')).settings.authenticators).toEqual([
      { key: 'okta_password', enroll: { self: 'OPTIONAL' } },
      { key: 'webauthn', enroll: { self: 'REQUIRED', gracePeriod: { type: 'BY_DATE_TIME', expiry: local } } },
      { key: 'google_otp', enroll: { self: 'NOT_ALLOWED' } },
    ]);
    await console_.look('enrolment-policy');
  });

  it('is found by its kind, which the address keeps', async () => {
    const { page } = console_;
    await console_.open('/policies?kind=MFA_ENROLL');
    const tables = page.getByRole('table');
    await tables.first().waitFor();
    const names = (): Promise<(string | null)[]> =>
      tables.evaluateAll((all) => all.map((one) => one.querySelector('caption')?.textContent ?? null));
    expect(await names()).toEqual(['Enrolment']);
    await page.getByRole('link', { name: 'Keys for operators', exact: true }).waitFor();
    await console_.look('policies-of-a-kind');
    await page.getByLabel('Kind', { exact: true }).selectOption('Passwords');
    await expect.poll(names).toEqual(['Passwords']);
    expect(new URL(page.url()).searchParams.get('kind')).toBe('PASSWORD');
    await page.reload();
    await expect.poll(names).toEqual(['Passwords']);
    await console_.open('/policies?kind=nonsense');
    await expect.poll(async () => (await names()).length).toBeGreaterThan(2);
  });

  it('is changed: what is no longer required has no day, and the difference is told in words', async () => {
    const { page } = console_;
    const { id } = await policyIn('MFA_ENROLL', 'Keys for operators');
    await console_.open(`/policies/${id}`);
    await console_.push('Change…');
    const dialog = page.getByRole('dialog', { name: 'Change Keys for operators' });
    await dialog.getByLabel('Security keys: may people have them?').selectOption('As they like');
    const changes = dialog.getByRole('table', { name: 'What saving changes' });
    await changes.getByText('as they like', { exact: true }).waitFor();
    expect(await changes.getByRole('row').count()).toBe(2);
    expect(await savedKeys()).toEqual({
      key: 'webauthn',
      enroll: { self: 'OPTIONAL' },
    });
    await console_.open(`/policies/${id}?tab=diff&from=1&to=published`);
    await page.getByText('says of security keys: as people like, no longer required (due').waitFor();
  });

  it('lets in keys of some models only, of those that the settings of keys name', async () => {
    const { page, server } = console_;
    const { settings, store } = server.services;
    const change = async (aaguidGroups: { name: string; aaguids: string[] }[]): Promise<void> => {
      await store.transaction(async (tx) => {
        const keys = await settings.read(tx, 'keys');
        await settings.put(tx, 'keys', { ...keys, aaguidGroups }, server.clock.now(), 'the test');
      });
      await settings.reload();
    };
    const { id } = await policyIn('MFA_ENROLL', 'Keys for operators');
    await change([{ name: 'Blue keys', aaguids: ['cb69481e-8ff7-4039-93ec-0a2729a154a8'] }]);
    await console_.open(`/policies/${id}`);
    await console_.push('Change…');
    const dialog = page.getByRole('dialog', { name: 'Change Keys for operators' });
    await dialog.getByRole('checkbox', { name: 'Blue keys' }).press('Space');
    const changes = dialog.getByRole('table', { name: 'What saving changes' });
    await changes.getByText('as they like, only of Blue keys', { exact: true }).waitFor();
    await console_.look('enrolment-policy-models');
    // Of keys that nobody may have no model is chosen.
    await dialog.getByLabel('Security keys: may people have them?').selectOption('Not allowed');
    await dialog.getByRole('checkbox', { name: 'Blue keys' }).waitFor({ state: 'detached' });
    await dialog.getByLabel('Security keys: may people have them?').selectOption('As they like');
    expect(await savedKeys()).toEqual({
      key: 'webauthn',
      enroll: { self: 'OPTIONAL' },
      constraints: { aaguidGroups: ['Blue keys'] },
    });
    // A group that is there no more is shown as long as the policy names it, so that it can be left out.
    await change([]);
    await console_.open(`/policies/${id}`);
    await console_.push('Change…');
    await dialog.getByRole('checkbox', { name: 'Blue keys' }).press('Space');
    expect(await savedKeys()).toEqual({
      key: 'webauthn',
      enroll: { self: 'OPTIONAL' },
    });
  });

  it('has rules of who adds one themselves, and from where', async () => {
    const { page } = console_;
    const { id } = await policyIn('MFA_ENROLL', 'Keys for operators');
    await console_.open(`/policies/${id}`);
    await console_.push('New rule…');
    const dialog = page.getByRole('dialog', { name: 'New rule' });
    await dialog.getByLabel('Who', { exact: true }).selectOption('everyone');
    await dialog.getByLabel('Then').selectOption('They do not add one themselves');
    await saveRule('Not by themselves');
    await page.getByRole('heading', { name: '1. Not by themselves' }).waitFor();
    expect(await rulesOf(id)).toMatchObject([{ actions: { enroll: { self: 'NEVER' } } }]);
  });
});

describe('somebody who is no super admin', () => {
  it('reads what holds for people, and is offered no change of it', async () => {
    const { page } = console_;
    const { id } = await policyIn('PASSWORD', 'Default Policy');
    await console_.as(orgAdmin);
    await console_.open(`/policies/${id}`);
    await page.getByText('How administrators sign in is changed by super admins.').waitFor();
    await console_.settled();
    expect(await page.getByRole('button', { name: /New rule|Change|Move|Delete|Switch|Roll/ }).count()).toBe(0);
    await page.getByRole('tab', { name: 'History' }).click();
    await console_.settled();
    expect(await page.getByRole('button', { name: /Roll back|Draft/ }).count()).toBe(0);
  });
});
