/** What is asked of keys, in a real browser: changed after a look at whom it would stop, refused where it would shut all out. */
import { createSoftAuthenticator } from '@sallyport/testkit/soft-authenticator';
import { createSoftMaker } from '@sallyport/testkit/soft-maker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { Person } from '../harness/person.ts';

let console_: TestConsole;
let mia: Person;

/** Somebody without power whose one passkey is synced. */
const withPasskey = async (login: string): Promise<Person> => {
  const { admin, server } = console_;
  const password = 'correct horse battery staple';
  await admin.call('POST', '/api/v1/users', {
    profile: { login, email: login, firstName: 'Mia', lastName: 'Meyer' },
    credentials: { password: { value: password } },
  });
  const key = createSoftAuthenticator({ isBackupEligible: true, isBackedUp: true, transports: ['internal', 'hybrid'] });
  const person = new Person(server.url, login, '127.0.0.1', key);
  const begun = await person.call('POST', '/api/v1/authn', { username: login, password });
  await person.call('POST', '/api/v1/sessions', { sessionToken: begun.body['sessionToken'] });
  const pending = await person.call('POST', '/api/v1/users/me/factors', { factorType: 'webauthn', provider: 'FIDO' });
  const { activation } = pending.body['_embedded'] as { activation: { challenge: string; user: { id: string } } };
  const { challenge, user } = activation;
  const made = key.register({ challenge, rpId: 'localhost', origin: server.url, userId: user.id });
  const { attestation, clientData, transports } = made;
  const path = `/api/v1/users/me/factors/${pending.body['id']}/lifecycle/activate`;
  const done = await person.call('POST', path, { attestation, clientData, transports });
  expect(done.status, done.text).toBe(200);
  return person;
};

beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
  mia = await withPasskey('mia@example.org');
  await console_.as(console_.admin);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const settings = async (): Promise<Record<string, unknown>> => {
  const list = (await console_.admin.get('/api/v1/authenticators')).body as unknown as { id: string; key: string }[];
  const id = list.find(({ key }) => key === 'webauthn')?.id;
  return (await console_.admin.get(`/api/v1/authenticators/${id}/methods/webauthn`)).body['settings'] as Record<
    string,
    unknown
  >;
};
const review = () => console_.page.getByRole('dialog', { name: 'Save what is asked of keys?' });

it('shows what is asked, that every key qualifies, and what is known of models', async () => {
  const { page } = console_;
  await console_.open('/authenticators');
  await page.getByText('Every registered key qualifies.').waitFor();
  await page.getByText('There is no metadata file.').waitFor();
  expect(await page.getByLabel('Take only FIPS-certified models').isDisabled()).toBe(true);
  await console_.look('authenticators');
});

it('a change is looked at with whom it would stop, saved with the key, and stands in the report', async () => {
  const { page, press, proofDialog } = console_;
  await console_.open('/authenticators');
  await page.getByLabel('Take synced passkeys').click();
  await page.getByText('Not saved yet').waitFor();
  await press('Review and save…');
  await review().getByText('1 key of 1 person does not qualify.').waitFor();
  await review().getByText('Your organisation takes only keys that stay on a device.').waitFor();
  await console_.look('authenticators-review');
  await review().getByRole('button', { name: 'Save' }).click();
  await proofDialog.getByText('Change which keys and other authenticators are accepted').waitFor();
  await console_.prove();
  await page.getByText('Saved. It counts from the next sign-in on.').waitFor();
  expect(await settings()).toMatchObject({ allowSyncablePasskeys: false });
  await page.getByText('Whoever has no other key needs an enrolment link from you.').waitFor();
  await page.getByRole('cell', { name: /Mia Meyer/ }).waitFor();
  await console_.look('authenticators-quarantine');
  const refused = await mia.signIn();
  expect(refused.body['sallyport']).toEqual({ kind: 'denied', reason: 'key-synced-not-allowed' });
});

it('what would shut every super admin out is said before it is tried, and nothing typed is lost', async () => {
  const { page, press } = console_;
  await console_.open('/authenticators');
  await page.getByLabel('Where the key is').selectOption('BUILT_IN');
  await press('Review and save…');
  await review().getByText('This would be refused.').waitFor();
  await console_.look('authenticators-refused');
  await page.keyboard.press('Escape');
  await review().waitFor({ state: 'detached' });
  expect(await page.getByLabel('Where the key is').inputValue()).toBe('BUILT_IN');
  expect(await settings()).toMatchObject({ attachment: 'ANY' });
  await press('Discard');
  expect(await page.getByLabel('Where the key is').inputValue()).toBe('ANY');
});

it('one-time codes are switched off and on', async () => {
  const { page, press } = console_;
  await console_.open('/authenticators');
  for (const [open, confirm, done] of [
    ['Switch off…', 'Switch off', 'One-time codes are off.'],
    ['Switch on…', 'Switch on', 'One-time codes are on.'],
  ] as const) {
    await press(open);
    await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click();
    await console_.prove();
    await page.getByText(done).waitFor();
  }
});

it('a model of key is added with the certificates of its maker, changed, and taken away; a refusal keeps what was typed', async () => {
  const { page, press } = console_;
  const ours = '1d1e1f20-1111-4222-8333-444455556666';
  await console_.open('/authenticators');
  await press('Add a model…');
  const dialog = page.getByRole('dialog', { name: 'Add a model of key' });
  await dialog.getByLabel('AAGUID').fill('ours');
  await dialog.getByText('This is no AAGUID.').waitFor();
  await dialog.getByLabel('AAGUID').fill(ours.toUpperCase());
  await dialog.getByLabel('Name').fill('Our key');
  await dialog.getByLabel('Certificates of its maker').fill('AAAA');
  await dialog.getByRole('button', { name: 'Add it' }).click();
  await dialog.getByText('no X.509 certificate').waitFor();
  await console_.look('key-model-refused');
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Our key');
  await dialog.getByLabel('Certificates of its maker').fill(createSoftMaker().root.toString('base64'));
  await dialog.getByLabel('Name').focus();
  await page.keyboard.press('Enter');
  await console_.prove();
  const row = page.getByRole('table', { name: 'Models of keys' }).getByRole('row', { name: /Our key/ });
  await row.getByText('added here').waitFor();
  await row.getByRole('button', { name: 'Change Our key…' }).press('Enter');
  const change = page.getByRole('dialog', { name: 'Change Our key' });
  await change.getByLabel('Name').fill('Our old key');
  await page.keyboard.press('Enter');
  await console_.prove();
  await press('Take away Our old key…');
  await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
  await console_.prove();
  await page.getByText('Our old key is taken away.').waitFor();
});
