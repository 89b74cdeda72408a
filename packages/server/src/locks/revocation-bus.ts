/** Who can be stopped (design §4.15). */
export type SubjectKind = 'user' | 'session' | 'device' | 'key' | 'token' | 'app' | 'grant';
export interface Revocation {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly reason: string;
}
export type RevocationListener = (revocation: Revocation) => void;

/** Tells every door of this node, at once and synchronously, that a subject is stopped. */
export interface RevocationBus {
  publish(revocation: Revocation): void;
  subscribe(listener: RevocationListener): () => void;
}

/** The bus within one process. A listener that throws does not keep the others from hearing. */
export const createRevocationBus = (onError: (error: unknown) => void): RevocationBus => {
  const listeners = new Set<RevocationListener>();
  return {
    publish(revocation) {
      for (const listener of listeners) {
        try {
          listener(revocation);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
