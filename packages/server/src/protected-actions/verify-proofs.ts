import type { LogEvent } from '@sallyport/model/log-event';
import { isActionName } from '@sallyport/model/protected-actions';
import { verifyAssertion } from '../authenticators/verify-webauthn.ts';
import type { Services } from '../services.ts';
import { proofChallenge, type RequestParts, requestDigest } from './action-digest.ts';

/** A key as the log says that it was enrolled. */
export interface EnrolledKey {
  readonly userId: string;
  readonly publicKey: string;
  readonly enrolledAt: number;
}
export interface ProofReport {
  /** Done with a signature of their own, and checked. */
  readonly checked: number;
  /** Done without one: inside a window, or by a token that was made for it. */
  readonly withoutSignature: number;
  readonly bad: readonly { readonly uuid: string; readonly what: string }[];
}

const PAGE = 500;
const BAD_MAX = 100;

/** What an enrolment writes down, so that each later proof can be checked against the log alone. */
export const enrolledKeyData = (key: { readonly credentialId: string; readonly publicKey: string }) => ({
  credentialId: key.credentialId,
  publicKey: key.publicKey,
});

const originOf = (clientData: string): string => {
  const { origin } = JSON.parse(Buffer.from(clientData, 'base64').toString('utf8')) as { origin: string };
  return new URL(origin).origin;
};

/**
 * What is wrong with the proof inside of an event; null when the key that the log saw enrolled for this person signed this
 * very action for this very session. Reads nothing but events: whoever has an export can do the same.
 */
export const faultOfProof = async (event: LogEvent, keys: ReadonlyMap<string, EnrolledKey>): Promise<string | null> => {
  const data = event.debugContext.debugData as Readonly<Record<string, string | undefined>>;
  try {
    const { proofCredentialId = '', proofClientData = '', action = '' } = data;
    const key = keys.get(proofCredentialId);
    if (key === undefined) return 'the log tells of no enrolment of the key';
    if (key.publicKey !== data['proofPublicKey']) return 'the key is not the one that was enrolled';
    if (key.enrolledAt > Date.parse(event.published)) return 'the key was enrolled after it signed';
    if (!isActionName(action) || event.target?.[0]?.id !== action) return 'it is of no known action';
    const [kind = '', id = ''] = (data['proofRequester'] ?? '').split(' ');
    const { externalSessionId } = event.authenticationContext;
    if (kind === 'session' && (id !== externalSessionId || key.userId !== event.actor.id))
      return 'it was signed for another session, or by another person';
    const requests = JSON.parse(data['proofRequests'] ?? '[]') as RequestParts[];
    const done = data['requestUri'];
    if (done !== undefined && !requests.some(({ path }) => path === done)) return 'another request was signed';
    const origin = originOf(proofClientData);
    const verified = await verifyAssertion({
      clientData: proofClientData,
      authenticatorData: data['proofAuthenticatorData'] ?? '',
      signatureData: data['proofSignature'] ?? '',
      credential: { id: proofCredentialId, publicKey: key.publicKey },
      expectedChallenge: proofChallenge(data['proofNonce'] ?? '', { kind, id }, action, requests.map(requestDigest)),
      origin,
      rpId: new URL(origin).hostname,
    });
    if (!verified.ok) return 'the signature is not over this action';
    return verified.seen.isUserVerified ? null : 'the key did not verify the person';
  } catch {
    return 'it cannot be read';
  }
};

async function* eventsOf(s: Services, eventType: string): AsyncGenerator<LogEvent> {
  let after = { publishedAt: -1, node: '', seq: 0 };
  for (;;) {
    const rows = await s.store.read
      .selectFrom('events')
      .select(['publishedAt', 'node', 'seq', 'body'])
      .where('eventType', '=', eventType)
      .where('outcomeResult', '=', 'SUCCESS')
      .where((e) => e(e.refTuple('publishedAt', 'node', 'seq'), '>', e.tuple(after.publishedAt, after.node, after.seq)))
      .orderBy('publishedAt')
      .orderBy('node')
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield JSON.parse(row.body) as LogEvent;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

/** Every key that the log saw enrolled, by its credential id. */
const enrolledKeys = async (s: Services): Promise<Map<string, EnrolledKey>> => {
  const keys = new Map<string, EnrolledKey>();
  for await (const event of eventsOf(s, 'user.mfa.factor.activate')) {
    const { credentialId, publicKey } = event.debugContext.debugData as Readonly<Record<string, string | undefined>>;
    const userId = event.target?.find(({ type }) => type === 'User')?.id;
    if (credentialId !== undefined && publicKey !== undefined && userId !== undefined)
      keys.set(credentialId, { userId, publicKey, enrolledAt: Date.parse(event.published) });
  }
  return keys;
};

/** `log verify --proofs`: every protected action of the log against the key that signed it (design §4.11). */
export const verifyProofs = async (s: Services): Promise<ProofReport> => {
  const keys = await enrolledKeys(s);
  const bad: { uuid: string; what: string }[] = [];
  let checked = 0;
  let withoutSignature = 0;
  for await (const event of eventsOf(s, 'security.protected_action.attempt')) {
    const data = event.debugContext.debugData as Readonly<Record<string, string | undefined>>;
    if (data['proofSignature'] === undefined) {
      // What says that a proof was given must show it; all else names the ground on which none was needed.
      if (data['reason'] === 'proof-is-fresh' && data['proofId'] !== undefined)
        bad.push({ uuid: event.uuid, what: 'the signature is missing' });
      else withoutSignature += 1;
      continue;
    }
    checked += 1;
    const what = await faultOfProof(event, keys);
    if (what !== null && bad.length < BAD_MAX) bad.push({ uuid: event.uuid, what });
  }
  return { checked, withoutSignature, bad };
};
