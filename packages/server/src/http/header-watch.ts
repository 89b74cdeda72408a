/**
 * What forwarding headers were seen since the start. A header that is not read is a sign of a proxy that the operator
 * forgot to name, and with it of sessions that are bound to the proxy's address.
 */
export interface HeaderWatch {
  /** The configured header, from somebody who is no trusted proxy. */
  noteUntrusted(): void;
  /** The other header. */
  noteIgnored(): void;
  counts(): { readonly untrusted: number; readonly ignored: number };
}

export const createHeaderWatch = (): HeaderWatch => {
  let untrusted = 0;
  let ignored = 0;
  return {
    noteUntrusted() {
      untrusted += 1;
    },
    noteIgnored() {
      ignored += 1;
    },
    counts: () => ({ untrusted, ignored }),
  };
};
