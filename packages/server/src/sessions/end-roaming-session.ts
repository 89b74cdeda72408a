import { parseAddress } from '@sallyport/decide/address/parse-address';
import type { BindingVerdict } from '@sallyport/decide/sessions/bind-session';
import { ApiError } from '@sallyport/model/errors';
import { networkKey } from '@sallyport/model/network';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import type { Store } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import type { OpenProof } from './address-proofs.ts';
import { networkName } from './describe-session.ts';
import { endCommandLines, publishEnded, sessionTarget } from './end-sessions.ts';
import type { BindingFacts } from './judge-binding.ts';
import { bindingFacts, judgeBinding } from './judge-binding.ts';
import type { RoamingDetail } from './last-ended.ts';
import type { LiveSession } from './live-session.ts';
import { appTarget } from './policy-targets.ts';
import { endSessionRows } from './store.ts';

const REASON_TEXT = { asn: 'ASN_MISMATCH', ip: 'IP_MISMATCH' } as const;
const CAUSE_TEXT = { asn: 'asn.change', ip: 'ipAddress.change' } as const;

interface Sides {
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly from: { readonly address: string; readonly network: string };
  readonly to: { readonly address: string; readonly network: string };
  readonly fromKey: string;
  readonly toKey: string;
  readonly fromAsn: string;
  readonly toAsn: string;
}

const sidesOf = (s: Services, request: RequestContext, session: LiveSession): Sides => {
  const { baseline } = session;
  const recorded = parseAddress(baseline.signInAddress);
  const before = recorded === null ? null : s.intel.resolve(recorded);
  const toAddress = request.client.kind === 'known' ? request.client.address.text : 'unknown';
  const asn = (network: typeof before): string =>
    network?.kind === 'asn' ? String(network.asn) : (network?.kind ?? 'unknown');
  return {
    fromAddress: baseline.signInAddress,
    toAddress,
    from: { address: baseline.signInAddress, network: networkName(before) },
    to: { address: toAddress, network: networkName(request.network) },
    fromKey: baseline.network,
    toKey: request.network === null ? 'unknown' : networkKey(request.network),
    fromAsn: asn(before),
    toAsn: asn(request.network),
  };
};

const debugDataOf = (
  sides: Sides,
  session: LiveSession,
  causes: readonly ('asn' | 'ip')[],
): Record<string, string> => ({
  ExternalSessionId: session.id,
  Causes: `[${causes.map((cause) => CAUSE_TEXT[cause]).join(', ')}]`,
  PreviousIpAddress: sides.fromAddress,
  NewIpAddress: sides.toAddress,
  previousAsNumber: sides.fromAsn,
  newAsNumber: sides.toAsn,
});

const anonymous = (request: RequestContext): Principal => ({ kind: 'anonymous', request });

/** How a challenge to the page's key was failed. */
export type FailedProof = 'wrong' | 'unanswered';

export interface RoamingJudgement {
  readonly facts: BindingFacts;
  readonly verdict: BindingVerdict;
  readonly failedProof?: FailedProof;
  /** Where it was noticed, when that was at the host of an app behind the gateway. */
  readonly at?: AppDoorway;
}

export interface AppDoorway {
  readonly app: { readonly id: string; readonly label: string };
  /** The app session that was presented. */
  readonly sessionId: string;
}

/**
 * Ends a session that was presented from another network, and its app sessions, in one transaction with
 * `security.session.detect_client_roaming` (design §5.2). The facts and the verdict are kept, so that it can be
 * computed again. Other sessions of the person live on.
 */
export const endRoamingSession = async (
  s: Services,
  request: RequestContext,
  session: LiveSession,
  { facts, verdict, failedProof, at }: RoamingJudgement,
): Promise<void> => {
  const sides = sidesOf(s, request, session);
  const causes = verdict.mismatch?.causes ?? [];
  await s.store.transaction(async (tx) => {
    const user = await tx
      .selectFrom('users')
      .select(['id', 'login', 'profile'])
      .where('id', '=', session.userId)
      .executeTakeFirst();
    const app =
      at?.app ?? (await tx.selectFrom('apps').select(['id', 'label']).where('name', '=', 'saasure').executeTakeFirst());
    if (!(await endSessionRows(tx, session.id, s.clock.now(), 'client-roaming'))) return;
    const eventId = await recordEvent(
      s,
      tx,
      anonymous(request),
      {
        eventType: 'security.session.detect_client_roaming',
        ...(user === undefined ? {} : { actor: userAsActor(user) }),
        outcome: { result: 'DENY', reason: causes[0] === undefined ? 'ADDRESS_UNKNOWN' : REASON_TEXT[causes[0]] },
        externalSessionId: session.id,
        target: [
          ...(app === undefined ? [] : [appTarget(app)]),
          sessionTarget(session.id, {
            previousIpAddress: sides.fromAddress,
            previousAsNumber: sides.fromAsn,
            previousNetwork: sides.from.network,
            newIpAddress: sides.toAddress,
            newAsNumber: sides.toAsn,
            newNetwork: sides.to.network,
          }),
          ...(at === undefined ? [] : [sessionTarget(at.sessionId)]),
        ],
        debugData: {
          ...debugDataOf(sides, session, causes),
          ...(failedProof === undefined ? {} : { ProofOfSession: failedProof }),
        },
      },
      {
        judgement: 'bind-session',
        input: facts,
        verdict,
      },
    );
    await endCommandLines(s, tx, anonymous(request), session.id, 'client-roaming');
    const detail: RoamingDetail = { from: sides.from, to: sides.to, eventId, causes };
    await tx
      .updateTable('sessions')
      .set({ endDetail: JSON.stringify(detail) })
      .where('id', '=', session.id)
      .execute();
  });
  publishEnded(s, [session.id], 'client-roaming');
};

/** What has been written down, by store: whoever works from a new address all day must not cost a look-up a request. */
const observed = new WeakMap<Store, Set<string>>();
/** Forgotten all at once: the table still knows. */
const OBSERVED_MAX = 50_000;

const observedOf = (store: Store): Set<string> => {
  const known = observed.get(store);
  if (known !== undefined && known.size < OBSERVED_MAX) return known;
  const fresh = new Set<string>();
  observed.set(store, fresh);
  return fresh;
};

/**
 * Monitor mode: the mismatch is written once per session and new network, and feeds the report of what enforcement
 * would have ended.
 */
export const observeRoaming = async (
  s: Services,
  request: RequestContext,
  session: LiveSession,
  verdict: BindingVerdict,
): Promise<void> => {
  const sides = sidesOf(s, request, session);
  const causes = verdict.mismatch?.causes ?? [];
  const key = { sessionId: session.id, toNetwork: sides.toKey, causes: causes.join(' ') };
  const written = observedOf(s.store);
  const name = `${key.sessionId} ${key.toNetwork} ${key.causes}`;
  if (written.has(name)) return;
  const isKnown = await s.store.read
    .selectFrom('observations')
    .select('sessionId')
    .where('sessionId', '=', key.sessionId)
    .where('toNetwork', '=', key.toNetwork)
    .where('causes', '=', key.causes)
    .executeTakeFirst();
  if (isKnown !== undefined) {
    written.add(name);
    return;
  }
  await s.store.transaction(async (tx) => {
    const result = await tx
      .insertInto('observations')
      .values({
        ...key,
        userId: session.userId,
        appId: null,
        fromAddress: sides.fromAddress,
        toAddress: sides.toAddress,
        fromNetwork: sides.fromKey,
        mode: `${session.modes.asnBinding}/${session.modes.ipBinding}`,
        observedAt: s.clock.now(),
      })
      .onConflict((c) => c.columns(['sessionId', 'toNetwork', 'causes']).doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows !== 1n) return;
    const user = await tx
      .selectFrom('users')
      .select(['id', 'login', 'profile'])
      .where('id', '=', session.userId)
      .executeTakeFirst();
    await recordEvent(s, tx, anonymous(request), {
      eventType: 'user.session.context.change',
      ...(user === undefined ? {} : { actor: userAsActor(user) }),
      externalSessionId: session.id,
      outcome: { result: 'ALLOW', reason: causes.map((cause) => `${cause}-changed-observed`).join(' ') },
      target: [...(user === undefined ? [] : [userAsActor(user)]), sessionTarget(session.id)],
      debugData: debugDataOf(sides, session, causes),
    });
  });
  written.add(name);
};

/**
 * The page's key answered from a new address (mode `PROVE`): the session goes on there, with an event. Durable before
 * memory lets the address pass, so that a crash can only ask once more.
 */
export const recordProvedAddress = async (s: Services, id: string, proof: OpenProof): Promise<void> => {
  const { proofs, table } = s.sessions;
  const slot = table.slotOfId(id);
  if (slot === -1) throw new ApiError('E0000011', { detail: 'the session ended meanwhile' });
  const session = table.view(slot);
  const request = proofs.requestOf(proof);
  const conditions = { modes: proof.modes, provedAddress: proofs.provedAddress(id), canProve: true };
  const change = proofs.settled(id, proof, true);
  await s.store.transaction(async (tx) => {
    const result = await tx
      .updateTable('sessions')
      .set(change.columns())
      .where('id', '=', id)
      .where('endedAt', 'is', null)
      .executeTakeFirst();
    if (result.numUpdatedRows !== 1n) throw new ApiError('E0000011', { detail: 'the session ended meanwhile' });
    const user = await tx
      .selectFrom('users')
      .select(['id', 'login', 'profile'])
      .where('id', '=', session.userId)
      .executeTakeFirst();
    await recordEvent(
      s,
      tx,
      anonymous(request),
      {
        eventType: 'user.session.context.change',
        ...(user === undefined ? {} : { actor: userAsActor(user) }),
        externalSessionId: id,
        outcome: { result: 'ALLOW', reason: 'address-proved' },
        target: [...(user === undefined ? [] : [userAsActor(user)]), sessionTarget(id)],
        debugData: debugDataOf(sidesOf(s, request, session), session, ['ip']),
      },
      {
        judgement: 'bind-session',
        input: bindingFacts(s, session, request, conditions),
        verdict: judgeBinding(s, session, request, conditions),
      },
    );
  });
  if (table.slotOfId(id) === -1) throw new ApiError('E0000011', { detail: 'the session ended meanwhile' });
  change.commit();
  table.setProofOpen(id, proofs.hasOpen(id));
};
