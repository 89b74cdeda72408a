import { parseAddress } from '@sallyport/decide/address/parse-address';
import type { BindingVerdict } from '@sallyport/decide/sessions/bind-session';
import { networkKey } from '@sallyport/model/network';
import type { Principal, RequestContext } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { endCommandLines, publishEnded, sessionTarget } from './end-sessions.ts';
import { networkName, type RoamingDetail } from './my-sessions.ts';
import type { LiveSession } from './session-table.ts';
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

/**
 * Ends a session that was presented from another network, and its app sessions, in one transaction with
 * `security.session.detect_client_roaming` (design §5.2). The facts and the verdict are kept, so that it can be
 * computed again. Other sessions of the person live on.
 */
export const endRoamingSession = async (
  s: Services,
  request: RequestContext,
  session: LiveSession,
  verdict: BindingVerdict,
): Promise<void> => {
  const sides = sidesOf(s, request, session);
  const causes = verdict.mismatch?.causes ?? [];
  await s.store.transaction(async (tx) => {
    const user = await tx
      .selectFrom('users')
      .select(['id', 'login', 'profile'])
      .where('id', '=', session.userId)
      .executeTakeFirst();
    const console_ = await tx
      .selectFrom('apps')
      .select(['id', 'label'])
      .where('name', '=', 'saasure')
      .executeTakeFirst();
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
          ...(console_ === undefined
            ? []
            : [
                {
                  id: console_.id,
                  type: 'AppInstance',
                  alternateId: console_.label,
                  displayName: console_.label,
                  detailEntry: null,
                },
              ]),
          sessionTarget(session.id, {
            previousIpAddress: sides.fromAddress,
            previousAsNumber: sides.fromAsn,
            previousNetwork: sides.from.network,
            newIpAddress: sides.toAddress,
            newAsNumber: sides.toAsn,
            newNetwork: sides.to.network,
          }),
        ],
        debugData: debugDataOf(sides, session, causes),
      },
      {
        judgement: 'bind-session',
        input: {
          baseline: session.baseline,
          address: request.client.kind === 'known' ? request.client.address.text : null,
          network: request.network === null ? null : networkKey(request.network),
          baselineNetworkNow: ((): string => {
            const recorded = parseAddress(session.baseline.signInAddress);
            return recorded === null ? '' : networkKey(s.intel.resolve(recorded));
          })(),
          modes: session.modes,
          isExempt: false,
          canLearnFamily: false,
        },
        verdict,
      },
    );
    await endCommandLines(s, tx, anonymous(request), session.id, 'client-roaming');
    const detail: RoamingDetail = { from: sides.from, to: sides.to, eventId };
    await tx
      .updateTable('sessions')
      .set({ endDetail: JSON.stringify(detail) })
      .where('id', '=', session.id)
      .execute();
  });
  publishEnded(s, [session.id], 'client-roaming');
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
  const isKnown = await s.store.read
    .selectFrom('observations')
    .select('sessionId')
    .where('sessionId', '=', key.sessionId)
    .where('toNetwork', '=', key.toNetwork)
    .where('causes', '=', key.causes)
    .executeTakeFirst();
  if (isKnown !== undefined) return;
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
};
