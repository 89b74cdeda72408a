import { toBase64Url } from './base64url.ts';

/** The key of this browser's session: the private half can sign, and can be copied by nobody, this page included. */
export interface SessionKey {
  readonly sessionId: string;
  readonly privateKey: CryptoKey;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const STORE = 'keys';
/** One record: a browser has one session with this server, for it has one cookie. */
const CURRENT = 'current';
const TRIAL = 'trial';

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });

const open = (): Promise<IDBDatabase> => {
  const request = indexedDB.open('sallyport-session', 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
  return result(request);
};

const inStore = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
  const database = await open();
  try {
    return await result(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
};

/**
 * A new key pair. The private half is kept once, on trial: where a browser cannot keep it (IndexedDB is off in some
 * private windows) this throws, before the server learns of a key that would never answer.
 */
export const makeSessionKey = async (): Promise<{ readonly publicKey: string; readonly privateKey: CryptoKey }> => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(ALGORITHM, false, ['sign']);
  await inStore('readwrite', (store) => store.put(privateKey, TRIAL));
  await inStore('readwrite', (store) => store.delete(TRIAL));
  return { publicKey: toBase64Url(await crypto.subtle.exportKey('spki', publicKey)), privateKey };
};

/** Keeps the key of the session from now on, in place of the one before. */
export const keepSessionKey = (key: SessionKey): Promise<unknown> =>
  inStore('readwrite', (store) => store.put(key, CURRENT));

/** Signs what the server asks of this session (ECDSA with SHA-256); null without a key. */
export const signWithSessionKey = async (text: (sessionId: string) => string): Promise<string | null> => {
  const key = await inStore<SessionKey | undefined>('readonly', (store) => store.get(CURRENT));
  if (key === undefined) return null;
  const bytes = new TextEncoder().encode(text(key.sessionId));
  return toBase64Url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, bytes));
};
