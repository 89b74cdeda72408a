import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import type { EventType } from '@sallyport/model/event-types';
import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import type { Principal } from '@sallyport/model/principal';
import { calculateJwkThumbprint } from 'jose';
import { appTarget } from '../apps/app-target.ts';
import { findManagedServiceApp } from '../apps/find-app.ts';
import { algOf, type PublicJwk, readPublicJwk } from '../oauth/public-jwk.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { revokeTokensOfApp, serviceSettingsOf } from './service-app.ts';

const KEYS_MAX = 50;

/** A key as the wire shows it. */
export const presentKey = (row: Row<'appKeys'>, origin: string) => {
  const jwk = JSON.parse(row.jwk) as PublicJwk;
  const self = `${origin}/api/v1/apps/${row.appId}/credentials/jwks/${row.id}`;
  const verb = row.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    id: row.id,
    kid: row.kid,
    use: 'sig',
    alg: algOf(jwk),
    ...jwk,
    status: row.status,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    lastUsed: row.lastUsedAt === null ? null : toIso(row.lastUsedAt),
    _links: {
      self: { href: self },
      [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } },
    },
  };
};

const keyTarget = (row: Pick<Row<'appKeys'>, 'id' | 'kid'>): LogTarget => ({
  id: row.id,
  type: 'PublicKey',
  alternateId: row.kid,
  displayName: row.kid,
  detailEntry: null,
});

const keysOfApp = (db: Transaction, appId: string): Promise<Row<'appKeys'>[]> =>
  db.selectFrom('appKeys').selectAll().where('appId', '=', appId).orderBy('createdAt').orderBy('id').execute();

/** A key of the wire, checked. Without a `kid` its thumbprint (RFC 7638) names it. */
const readKey = async (given: Readonly<Record<string, unknown>>): Promise<{ kid: string; jwk: string }> => {
  const read = readPublicJwk(given);
  if (typeof read === 'string') throw invalid('jwks', `The key ${read}`);
  const { kid } = given;
  if (kid !== undefined && kid !== null && (typeof kid !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(kid)))
    throw invalid('kid', 'must be 1 to 255 visible characters');
  return {
    kid: typeof kid === 'string' ? kid : await calculateJwkThumbprint(read.jwk),
    jwk: JSON.stringify(read.jwk),
  };
};

const insertKey = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  app: Row<'apps'>,
  given: Readonly<Record<string, unknown>>,
): Promise<Row<'appKeys'>> => {
  const { kid, jwk } = await readKey(given);
  const others = await tx.selectFrom('appKeys').selectAll().where('jwk', '=', jwk).execute();
  if (others.some(({ appId }) => appId !== app.id))
    throw invalid('jwks', 'The key is that of another app; each app has keys of its own');
  const own = await keysOfApp(tx, app.id);
  if (own.some((row) => row.kid === kid)) throw invalid('kid', 'The app has a key with this kid already');
  if (own.some((row) => row.jwk === jwk)) throw invalid('jwks', 'The app has this key already');
  if (own.length >= KEYS_MAX) throw invalid('jwks', `an app has at most ${KEYS_MAX} keys`);
  const now = s.clock.now();
  const row: Row<'appKeys'> = {
    id: newId(s.random, 'clientKey'),
    appId: app.id,
    kid,
    jwk,
    status: given['status'] === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    createdAt: now,
    lastUpdatedAt: now,
    lastUsedAt: null,
  };
  await tx.insertInto('appKeys').values(row).execute();
  await recordEvent(s, tx, principal, {
    eventType: 'app.oauth2.credentials.lifecycle.create',
    target: [appTarget(app), keyTarget(row)],
  });
  return row;
};

/**
 * The keys of an app become these: what stays is not touched, what is gone is deleted. An app whose body names no keys
 * keeps those it has. Returns whether a key is gone, for what was got with it must end then.
 */
export const replaceKeys = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  app: Row<'apps'>,
  keys: readonly Readonly<Record<string, unknown>>[] | undefined,
): Promise<void> => {
  if (keys === undefined) return;
  const wanted = await Promise.all(keys.map(readKey));
  const before = await keysOfApp(tx, app.id);
  const gone = before.filter((row) => !wanted.some(({ kid, jwk }) => row.kid === kid && row.jwk === jwk));
  for (const row of gone) {
    await tx.deleteFrom('appKeys').where('id', '=', row.id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'app.oauth2.credentials.lifecycle.delete',
      target: [appTarget(app), keyTarget(row)],
    });
  }
  for (const [i, given] of keys.entries())
    if (!before.some((row) => row.kid === wanted[i]?.kid && row.jwk === wanted[i]?.jwk))
      await insertKey(s, tx, principal, app, given);
  if (gone.length > 0) await revokeTokensOfApp(tx, app.id, s.clock.now());
};

/** `GET …/credentials/jwks`. */
export const listKeys = async (s: Services, principal: Principal, appId: string) => {
  const app = await findManagedServiceApp(s.store.read, principal, 'okta.apps.read', appId);
  return (await keysOfApp(s.store.read, app.id)).map((row) => presentKey(row, s.config.publicUrl.origin));
};

const findKey = async (db: Transaction, appId: string, keyId: string): Promise<Row<'appKeys'>> => {
  const row = (await keysOfApp(db, appId)).find(({ id }) => id === keyId);
  if (row === undefined) throw notFound(keyId, 'ClientJsonWebKey');
  return row;
};

/** `GET …/credentials/jwks/{keyId}`. */
export const getKey = async (s: Services, principal: Principal, appId: string, keyId: string) => {
  const app = await findManagedServiceApp(s.store.read, principal, 'okta.apps.read', appId);
  return presentKey(await findKey(s.store.read, app.id, keyId), s.config.publicUrl.origin);
};

/** `POST …/credentials/jwks`. */
export const addKey = async (
  s: Services,
  principal: Principal,
  appId: string,
  given: Readonly<Record<string, unknown>>,
) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findManagedServiceApp(tx, principal, 'okta.apps.manage', appId);
    if (serviceSettingsOf(app).jwksUri !== null)
      throw invalid('jwks', 'The app publishes its keys at its jwks_uri; change them there');
    return insertKey(s, tx, principal, app, given);
  });
  return presentKey(row, s.config.publicUrl.origin);
};

const changeKey = async (
  s: Services,
  principal: Principal,
  appId: string,
  keyId: string,
  eventType: EventType,
  change: (tx: Transaction, row: Row<'appKeys'>) => Promise<Row<'appKeys'> | null>,
) => {
  const row = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const app = await findManagedServiceApp(tx, principal, 'okta.apps.manage', appId);
    const before = await findKey(tx, app.id, keyId);
    const after = await change(tx, before);
    if (after === before) return before;
    // What was got with the key may be in whoever's hands the key is.
    if (after?.status !== 'ACTIVE') await revokeTokensOfApp(tx, app.id, s.clock.now());
    await recordEvent(s, tx, principal, { eventType, target: [appTarget(app), keyTarget(before)] });
    return after;
  });
  return row === null ? null : presentKey(row, s.config.publicUrl.origin);
};

/** `POST …/lifecycle/activate` and `…/deactivate`. Retiring a key ends the app's tokens: they may have been got with it. */
export const setKeyStatus = (
  s: Services,
  principal: Principal,
  appId: string,
  keyId: string,
  status: 'ACTIVE' | 'INACTIVE',
) =>
  changeKey(
    s,
    principal,
    appId,
    keyId,
    `app.oauth2.credentials.lifecycle.${status === 'ACTIVE' ? 'activate' : 'deactivate'}`,
    async (tx, row) => {
      if (row.status === status) return row;
      const set = { status, lastUpdatedAt: s.clock.now() };
      await tx.updateTable('appKeys').set(set).where('id', '=', row.id).execute();
      return { ...row, ...set };
    },
  );

/** `DELETE …/credentials/jwks/{keyId}`: of a retired key. */
export const deleteKey = async (s: Services, principal: Principal, appId: string, keyId: string): Promise<void> => {
  await changeKey(s, principal, appId, keyId, 'app.oauth2.credentials.lifecycle.delete', async (tx, row) => {
    if (row.status === 'ACTIVE') throw new ApiError('E0000006', { causes: ['Retire the key first.'] });
    await tx.deleteFrom('appKeys').where('id', '=', row.id).execute();
    return null;
  });
};
