/** API tokens in a real browser: made with the protected actions that they may do by themselves, which then counts. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../harness/console.ts';
import { type Reply, send } from '../harness/person.ts';

let console_: TestConsole;
beforeAll(async () => {
  console_ = await openConsole();
  await console_.giveKey(console_.admin);
});
afterAll(() => console_.stop());
afterEach(() => {
  expect(console_.faults.splice(0)).toEqual([]);
});

const look = async (name: string): Promise<void> => {
  await console_.shots(name);
  expect(await console_.axe()).toEqual([]);
};
const press = (name: string): Promise<void> => console_.page.keyboard.press(name);
const type = (text: string): Promise<void> => console_.page.keyboard.type(text);
const focused = (): Promise<unknown> =>
  console_.page.evaluate('document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent');
/** Tab, until what is named has the focus. */
const tabTo = async (name: string | RegExp): Promise<void> => {
  for (let i = 0; i < 40; i += 1) {
    const at = String(await focused());
    if (typeof name === 'string' ? at === name : name.test(at)) return;
    await press('Tab');
  }
  throw new Error(`no Tab leads to ${String(name)}`);
};
const form = () => console_.page.getByRole('dialog', { name: 'New API token' });
const choose = async (words: string, name = words): Promise<void> => {
  await form().getByLabel('Find a protected action').fill(words);
  await form()
    .getByRole('button', { name: `+ ${name}` })
    .click();
};
const chosen = () => form().getByRole('list', { name: 'Chosen: Protected actions by itself' });
const createZone = (secret: string, name: string): Promise<Reply> =>
  send(
    console_.server.url,
    'POST',
    '/api/v1/zones',
    { Authorization: `SSWS ${secret}` },
    { type: 'IP', name, gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] },
  );
const kindOf = (reply: Reply): unknown => (reply.body['sallyport'] as { kind?: string } | undefined)?.kind;

describe('the protected actions that a token does by itself', () => {
  let secret = '';

  it('are chosen by name, by keyboard alone, with what that means; the token then does those, and no other', async () => {
    const { page, proofDialog } = console_;
    await console_.open('/tokens');
    await tabTo(/^New token…/);
    await press('Enter');
    await form().getByText('None: before each protected action it asks').waitFor();
    await tabTo('Close');
    await press('Tab');
    await type('deploy');
    await press('Tab');
    await type('makes zones of new offices');
    await press('Tab');
    await type('anywhere');
    await form().getByLabel('Why it must work from anywhere').waitFor();
    await press('Tab');
    await type('the provider has no fixed addresses');
    await press('Tab');
    await type('create a network');
    await form().getByRole('button', { name: '+ Create a network zone' }).waitFor();
    await press('Enter');
    await form().getByText('without a person or a key, and so does whoever steals it').waitFor();
    // One Enter too many adds nothing.
    await press('Enter');
    await form().getByText('There are more: type a word of theirs.').waitFor();
    expect(await chosen().getByRole('listitem').count()).toBe(1);
    await look('token-actions');
    await tabTo(/^Create/);
    await press('Enter');
    await proofDialog.getByText('Create an API token').waitFor();
    await press('Enter');
    await form().getByText('It is shown this once').waitFor();
    secret = (await form().locator('.sp-line code').textContent()) ?? '';
    await tabTo('I have put it away');
    await press('Enter');
    await page.getByText('1 protected action by itself').waitFor();
    await look('tokens-by-itself');
    const made = await createZone(secret, 'by itself');
    expect(made.status, made.text).toBe(200);
    const authorization = { Authorization: `SSWS ${secret}` };
    const path = `/api/v1/zones/${String(made.body['id'])}`;
    expect(kindOf(await send(console_.server.url, 'DELETE', path, authorization))).toBe('approval_required');
  });

  it('are told in words, and are taken away for good', async () => {
    const { page } = console_;
    await console_.open('/tokens');
    await page.getByRole('button', { name: 'Details deploy…' }).click();
    const details = page.getByRole('dialog', { name: 'deploy' });
    await details.getByText('Create a network zone').waitFor();
    await press('Escape');
    await details.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Edit deploy…' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit deploy' });
    // Only what it has is offered: more is a new token.
    await edit.getByText('No other protected action to choose.').waitFor();
    const own = edit.getByRole('list', { name: 'Chosen: Protected actions by itself' });
    await own.getByRole('button', { name: /Create a network zone/ }).click();
    await edit.getByText('None: before each protected action it asks').waitFor();
    await edit.getByRole('button', { name: 'Save' }).click();
    await console_.prove();
    await edit.waitFor({ state: 'detached' });
    await page.getByText('1 protected action by itself').waitFor({ state: 'detached' });
    expect(kindOf(await createZone(secret, 'third'))).toBe('approval_required');
  });

  it('stay chosen, with all that was typed, when the proof is left and when the server refuses', async () => {
    const { page, proofDialog, admin } = console_;
    const gateways = [{ type: 'CIDR', value: '198.51.100.0/24' }];
    const zone = await admin.call('POST', '/api/v1/zones', { type: 'IP', name: 'Head office', gateways });
    await console_.open('/tokens');
    await console_.press('New token…');
    const create = form().getByRole('button', { name: 'Create', exact: true });
    await form().getByRole('textbox', { name: 'Name' }).fill('backup');
    await form().getByLabel('What it is for').fill('reads everything at night');
    await form().getByLabel('Find a zone').fill('Head');
    await form().getByRole('button', { name: '+ Head office' }).press('Enter');
    await choose('export', 'Export the System Log');
    await choose('unassign', 'Take an admin role from …');
    await form().getByText('With it they can make themselves an administrator.').waitFor();
    await create.click();
    await proofDialog.waitFor();
    await press('Escape');
    await form().getByText('Cancelled. Nothing was changed.').waitFor();
    // Gone before it is sent again: the refusal comes before anybody touches a key.
    expect((await admin.call('DELETE', `/api/v1/zones/${String(zone.body['id'])}`)).status).toBe(204);
    await create.click();
    await form().getByRole('alert').getByText('is not an active zone for policies').waitFor();
    await look('token-refused');
    expect(await proofDialog.count()).toBe(0);
    expect(await form().getByRole('textbox', { name: 'Name' }).inputValue()).toBe('backup');
    expect(await form().getByLabel('What it is for').inputValue()).toBe('reads everything at night');
    expect(await chosen().getByRole('listitem').count()).toBe(2);
    await chosen()
      .getByRole('button', { name: /Take an admin role/ })
      .click();
    await form().getByLabel('Works from').selectOption('LOOPBACK');
    await create.click();
    await console_.prove();
    await form().getByRole('button', { name: 'I have put it away' }).click();
    await page.getByText('1 protected action by itself').waitFor();
    const tokens = (await admin.get('/sallyport/v1/api-tokens?q=backup')).body as unknown as object[];
    expect(tokens).toMatchObject([{ protectedActions: ['log.export'], network: { isAnywhere: false } }]);
  });
});
