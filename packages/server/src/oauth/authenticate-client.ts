import type { KeyObject } from 'node:crypto';
import { OAuthError } from '@sallyport/model/oauth-error';
import type { RequestContext } from '@sallyport/model/principal';
import { isInsideNetwork } from '../api-tokens/token-network.ts';
import { appTarget } from '../apps/app-target.ts';
import { locksOn } from '../locks/store.ts';
import { SERVICE_APP_NAME, serviceSettingsOf } from '../machines/service-app.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { appAsActor, recordEvent } from '../system-log/record-event.ts';
import { algOf, readPublicJwk } from './public-jwk.ts';
import { spendJwt } from './spend-jwt.ts';
import { headerOf, instantOf, type JwtClaims, type JwtHeader, unverifiedClaims, verifiedClaims } from './verify-jwt.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LIFE_SECONDS_MAX = 3600;
const SKEW_SECONDS = 60;
/** Failures of one app that are written down, in a minute: the log shows an attack, and is not the attack. */
const FAILURE_LIMIT = { limit: 20, windowSeconds: 60 };

/** What a form of an OAuth endpoint says of its client. */
export interface ClientForm {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
  readonly client_assertion_type?: string | undefined;
  readonly client_assertion?: string | undefined;
}
export interface AuthenticatedClient {
  readonly app: Row<'apps'>;
  /** The row of the key that signed; null for one from a key set. */
  readonly keyId: string | null;
  /** Uses the assertion up; in the transaction of what it was good for. Throws `invalid_client` when it was used. */
  readonly spend: (tx: Transaction) => Promise<void>;
}

const refused = (detail: string): OAuthError =>
  new OAuthError('invalid_client', 'The client could not be authenticated.', { detail });

/** A failure of a client that exists, with its event; what was wrong stands there, not in the answer. */
const fail = async (
  s: Services,
  request: RequestContext,
  app: Row<'apps'>,
  reason: string,
  eventType:
    | 'app.oauth2.invalid_client_credentials'
    | 'system.oauth2.token.request_outside_allowed_range' = 'app.oauth2.invalid_client_credentials',
): Promise<OAuthError> => {
  if (!s.rates.hit(`client failures ${app.id}`, FAILURE_LIMIT, s.clock.now()).isOver)
    await s.store.transaction((tx) =>
      recordEvent(
        s,
        tx,
        { kind: 'anonymous', request },
        {
          eventType,
          actor: appAsActor(app),
          outcome: { result: 'DENY', reason },
          target: [appTarget(app)],
        },
      ),
    );
  return refused(reason);
};

type Found = { readonly id: string | null; readonly key: KeyObject; readonly alg: 'RS256' | 'ES256' };

/** The key that an assertion says it was signed with; without `kid` only where there is but one. */
const choose = (keys: readonly { id: string | null; kid: unknown; jwk: unknown }[], kid: unknown): Found | null => {
  const named = kid === undefined ? keys : keys.filter((one) => one.kid === kid);
  const [only, ...more] = named;
  if (only === undefined || more.length > 0) return null;
  const read = readPublicJwk(only.jwk);
  return typeof read === 'string' ? null : { id: only.id, key: read.key, alg: algOf(read.jwk) };
};

const findKey = async (s: Services, app: Row<'apps'>, { kid }: JwtHeader): Promise<Found | null> => {
  const { jwksUri } = serviceSettingsOf(app);
  if (jwksUri === null) {
    const rows = await s.store.read
      .selectFrom('appKeys')
      .selectAll()
      .where('appId', '=', app.id)
      .where('status', '=', 'ACTIVE')
      .execute();
    return choose(
      rows.map((row) => ({ id: row.id, kid: row.kid, jwk: JSON.parse(row.jwk) as unknown })),
      kid,
    );
  }
  for (const isUnknownKey of [false, true]) {
    const keys = await s.keySets.fetch(jwksUri, isUnknownKey).catch((error: unknown) => {
      s.logger.info({ err: error, appId: app.id }, 'a key set could not be fetched');
      return [];
    });
    const found = choose(
      keys.map((jwk) => ({ id: null, kid: (jwk as { kid?: unknown } | null)?.kid, jwk })),
      kid,
    );
    if (found !== null) return found;
  }
  return null;
};

/** What is wrong with the claims of an assertion (RFC 7523 §3); null for nothing. */
const claimsFault = (claims: JwtClaims, appId: string, audience: string, now: number): string | null => {
  const { iss, sub, aud, exp, iat, nbf } = claims;
  if (iss !== appId || sub !== appId) return 'iss and sub must be the client id';
  // One audience, and this one: an assertion for another server is good there alone (RFC 7523 §3, point 3).
  if (aud !== audience && !(Array.isArray(aud) && aud.length === 1 && aud[0] === audience))
    return 'aud must be the address of this endpoint';
  const [ends, begins, issued] = [instantOf(exp), instantOf(nbf), instantOf(iat)];
  if (ends === null || now >= ends) return 'exp is missing, or over';
  if (ends > now + (LIFE_SECONDS_MAX + SKEW_SECONDS) * 1000) return 'exp is more than an hour away';
  if ((begins ?? 0) > now + SKEW_SECONDS * 1000 || (issued ?? 0) > now + SKEW_SECONDS * 1000)
    return 'iat or nbf is in the future';
  return null;
};

/**
 * The service app behind a form, proved by an assertion that its private key signed (RFC 7523, `private_key_jwt`); there
 * are no secrets to steal. Whatever is wrong is a bare `invalid_client`, and in the log by name.
 */
export const authenticateClient = async (
  s: Services,
  request: RequestContext,
  form: ClientForm,
  path: string,
): Promise<AuthenticatedClient> => {
  const { client_assertion: assertion } = form;
  if (assertion === undefined || form.client_assertion_type !== JWT_BEARER || form.client_secret !== undefined)
    throw new OAuthError('invalid_client', 'The client proves itself with a signed assertion (private_key_jwt) only.');
  const header = headerOf(assertion);
  const appId = unverifiedClaims(assertion)?.['sub'];
  if (header === null || typeof appId !== 'string' || (form.client_id !== undefined && form.client_id !== appId))
    throw refused('the assertion cannot be read, or is of another client');
  const app = await s.store.read.selectFrom('apps').selectAll().where('id', '=', appId).executeTakeFirst();
  if (app === undefined || app.name !== SERVICE_APP_NAME) throw refused('there is no such client');
  const now = s.clock.now();
  const found = await findKey(s, app, header);
  if (found === null) throw await fail(s, request, app, 'no active key of the app has this kid');
  const claims = header.alg === found.alg ? await verifiedClaims(assertion, found.key, found.alg) : null;
  if (claims === null) throw await fail(s, request, app, 'the signature, or its algorithm, is not that of the key');
  const fault = claimsFault(claims, app.id, `${s.config.publicUrl.origin}${path}`, now);
  if (fault !== null) throw await fail(s, request, app, fault);
  if (app.status !== 'ACTIVE') throw await fail(s, request, app, 'the app is switched off');
  if ((await locksOn(s.store.read, 'app', app.id, now)).length > 0) throw await fail(s, request, app, 'locked');
  if (!isInsideNetwork(serviceSettingsOf(app).network, request.client, s.zones))
    throw await fail(s, request, app, 'token-network-outside', 'system.oauth2.token.request_outside_allowed_range');
  // One without an id is known by what was signed: of one message, anybody can make a second good ECDSA signature.
  const jti = typeof claims['jti'] === 'string' ? claims['jti'] : assertion.slice(0, assertion.lastIndexOf('.'));
  return {
    app,
    keyId: found.id,
    spend: async (tx) => {
      const ends = instantOf(claims['exp']) ?? now;
      if (!(await spendJwt(tx, 'assertion', app.id, jti, ends))) throw refused('the assertion was used before');
      // Once more where it counts: switched off, or its key retired, between the check and now (design §4.3).
      const live = await tx.selectFrom('apps').select('status').where('id', '=', app.id).executeTakeFirst();
      const key =
        found.id === null
          ? { status: 'ACTIVE' }
          : await tx.selectFrom('appKeys').select('status').where('id', '=', found.id).executeTakeFirst();
      if (live?.status !== 'ACTIVE' || key?.status !== 'ACTIVE') throw refused('the app or its key ended meanwhile');
    },
  };
};
