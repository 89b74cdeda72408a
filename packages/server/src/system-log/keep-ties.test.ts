import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogTarget } from '@sallyport/model/log-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../ports/store.ts';
import { openSqlite } from '../store/sqlite/open-sqlite.ts';
import type { EventInput } from './build-event.ts';
import { keepTies } from './keep-ties.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-ties-'));
  store = await openSqlite(join(folder, 'ties.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const target = (type: string, id: string): LogTarget => ({
  ...{ id, type, alternateId: 'unknown', displayName: id, detailEntry: null },
});
const keep = (inputs: readonly EventInput[], at: number, by = 'ana') =>
  store.transaction((tx) => keepTies(tx, inputs, by, at));
const kept = async () =>
  (await store.read.selectFrom('ties').selectAll().orderBy('ofId').orderBy('byId').execute()).map(
    ({ ofId, byId, ofKind, at }) => [ofId, byId, ofKind, at],
  );

it('ties an account or a service app to who did it, by its own kinds of event only', async () => {
  await keep(
    [
      {
        eventType: 'user.mfa.factor.reset_all',
        target: [target('User', 'bo'), target('AuthenticatorEnrollment', 'key')],
      },
      { eventType: 'app.oauth2.credentials.lifecycle.create', target: [target('AppInstance', 'app')] },
      { eventType: 'user.session.start', target: [target('User', 'cy')] },
      { eventType: 'user.lifecycle.create' },
    ],
    1,
  );
  expect(await kept()).toEqual([
    ['app', 'ana', 'app', 1],
    ['bo', 'ana', 'user', 1],
  ]);
});

it('keeps of each pair the last time, and a clock that was set back shortens none', async () => {
  const made: EventInput = { eventType: 'user.lifecycle.create', target: [target('User', 'bo')] };
  await keep([made, made], 5);
  await keep([made], 9);
  await keep([made], 7);
  await keep([made], 7, 'cy');
  await keep([{ ...made, actor: { ...target('User', 'dee') } }], 8);
  expect(await kept()).toEqual([
    ['bo', 'ana', 'user', 9],
    ['bo', 'cy', 'user', 7],
    ['bo', 'dee', 'user', 8],
  ]);
});
