import { parseAddress } from '@sallyport/decide/address/parse-address';
import { isSameAddress } from '@sallyport/decide/sessions/bind-session';
import type { Instant } from '@sallyport/model/instant';
import type { Address, Hop } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { BindingModes } from '@sallyport/model/session';
import { newSecret } from '../ports/random.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';

/** How long the page has to answer. It answers within a second; a browser that was asleep needs some more. */
const PROOF_SECONDS = 30;
/** More new addresses than this at once are no person who moves, and may not grow the memory. */
const OPEN_MAX = 8;

/** A challenge to the page's key, for one session at one address, and the request that it was asked of. */
export interface OpenProof {
  readonly challenge: string;
  readonly address: string;
  readonly expiresAt: Instant;
  /** The modes under which it was asked: an answer stays owed when they are loosened. */
  readonly modes: BindingModes;
  readonly request: Pick<RequestContext, 'requestId' | 'userAgent' | 'method' | 'path'>;
  readonly chain: readonly Hop[];
}

/** What the row of a session keeps of it. */
export interface ProofColumns {
  readonly provedAddress: string | null;
  readonly openProofs: string | null;
  readonly proofDueAt: Instant | null;
}

interface Standing {
  provedAddress: string | null;
  open: OpenProof[];
}

const columnsOf = (provedAddress: string | null, open: readonly OpenProof[]): ProofColumns => ({
  provedAddress,
  openProofs: open.length === 0 ? null : JSON.stringify(open),
  proofDueAt: open.length === 0 ? null : Math.min(...open.map((proof) => proof.expiresAt)),
});

/**
 * The sessions that were seen at a new address under `PROVE`: what each owes, and the last address it proved. They are
 * few, so they stand beside the session table and not in it; their rows hold the same, for a restart forgets nothing.
 */
export const createAddressProofs = ({
  store,
  clock,
  random,
  intel,
}: Pick<Services, 'store' | 'clock' | 'random' | 'intel'>) => {
  const standings = new Map<string, Standing>();
  /** Challenges whose row is not written yet: nobody is told of one that a crash would forget. */
  const unwritten = new Map<OpenProof, Promise<unknown>>();
  /** Challenges that an answer is being judged of; a second answer waits, and is one too many. */
  const claimed = new Map<OpenProof, Promise<unknown>>();

  const openOf = (id: string): readonly OpenProof[] => standings.get(id)?.open ?? [];
  const openAt = (id: string, address: Address): OpenProof | undefined =>
    openOf(id).find((proof) => isSameAddress(proof.address, address));
  const write = (id: string, columns: ProofColumns): Promise<unknown> =>
    store.transaction((tx) =>
      tx.updateTable('sessions').set(columns).where('id', '=', id).where('endedAt', 'is', null).execute(),
    );

  return {
    /** Takes a row's standing into memory; false when nothing is owed. */
    restore(row: Pick<Row<'sessions'>, 'id' | 'provedAddress' | 'openProofs'>): boolean {
      const open = row.openProofs === null ? [] : (JSON.parse(row.openProofs) as OpenProof[]);
      if (open.length === 0 && row.provedAddress === null) standings.delete(row.id);
      else standings.set(row.id, { provedAddress: row.provedAddress, open });
      return open.length > 0;
    },
    forget(id: string): void {
      standings.delete(id);
    },
    /** A fresh key proof set a new baseline: what was proved beside the old one counts no more. What is owed stays. */
    forgetProved(id: string): void {
      const standing = standings.get(id);
      if (standing !== undefined) standing.provedAddress = null;
    },
    hasOpen: (id: string): boolean => openOf(id).length > 0,
    provedAddress: (id: string): string | null => standings.get(id)?.provedAddress ?? null,
    openAt,
    /** The open challenge of that text. */
    find: (id: string, challenge: string): OpenProof | undefined =>
      openOf(id).find((proof) => proof.challenge === challenge),
    /** A challenge whose time is over and which nobody is answering: a mismatch, whoever asks, from anywhere. */
    overdue: (id: string, now: Instant): OpenProof | null =>
      openOf(id).find((proof) => !(now < proof.expiresAt) && !claimed.has(proof)) ?? null,
    /**
     * Asks for a proof from the address of a request: one challenge a session and address at a time, known in this
     * turn, durable when the promise resolves. False when the session owes too many already.
     */
    async ask(id: string, address: Address, request: RequestContext, modes: BindingModes): Promise<boolean> {
      let proof = openAt(id, address);
      if (proof === undefined) {
        const standing = standings.get(id) ?? { provedAddress: null, open: [] };
        if (standing.open.length >= OPEN_MAX) return false;
        const { requestId, userAgent, method, path } = request;
        proof = {
          challenge: newSecret(random),
          address: address.text,
          expiresAt: clock.now() + PROOF_SECONDS * 1000,
          modes,
          request: { requestId, userAgent, method, path },
          chain: request.client.chain,
        };
        standing.open.push(proof);
        standings.set(id, standing);
        const asked = proof;
        unwritten.set(
          asked,
          write(id, columnsOf(standing.provedAddress, standing.open)).finally(() => unwritten.delete(asked)),
        );
      }
      await unwritten.get(proof);
      return true;
    },
    /** Lets one answer be judged. False, after the first was settled, for every further one. */
    async claim(proof: OpenProof, work: () => Promise<void>): Promise<boolean> {
      const first = claimed.get(proof);
      if (first !== undefined) {
        await first.catch(() => {});
        return false;
      }
      const settling = work().finally(() => claimed.delete(proof));
      claimed.set(proof, settling);
      await settling;
      return true;
    },
    /** The row of a session once a challenge is settled, and how memory follows it after the commit. */
    settled(id: string, proof: OpenProof, isProved: boolean) {
      const standing = (): Standing => standings.get(id) ?? { provedAddress: null, open: [] };
      const rest = (): OpenProof[] => standing().open.filter((other) => other !== proof);
      const provedAddress = (): string | null => (isProved ? proof.address : standing().provedAddress);
      return {
        columns: (): ProofColumns => columnsOf(provedAddress(), rest()),
        commit: (): void => {
          standings.set(id, { provedAddress: provedAddress(), open: rest() });
        },
      };
    },
    /** Closes a challenge without a proof: its address needs none any more. */
    async drop(id: string, proof: OpenProof): Promise<void> {
      const { columns, commit } = this.settled(id, proof, false);
      const written = columns();
      commit();
      await write(id, written);
    },
    /** The request that a challenge was asked of, as an event shows it. */
    requestOf(proof: OpenProof): RequestContext {
      const address = parseAddress(proof.address) as Address;
      return {
        ...proof.request,
        client: { kind: 'known', address, chain: proof.chain, ignoredHeaderIsPresent: false },
        network: intel.resolve(address),
        place: intel.placeOf(address),
        isBackground: true,
      };
    },
  };
};
export type AddressProofs = ReturnType<typeof createAddressProofs>;
