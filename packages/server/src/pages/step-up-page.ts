import { renderStepUpEndPage, renderStepUpPage, type StepUpEnd } from '@sallyport/console/pages/step-up';
import type { PageOrg } from '@sallyport/console/ui/frame';
import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Exchange } from '../http/exchange.ts';
import type { RequestParts } from '../protected-actions/action-digest.ts';
import { answerableProof } from '../protected-actions/give-proof.ts';
import {
  type ProofStatus,
  presentAction,
  presentChallenge,
  proofStatus,
  proofUrl,
  targetOfProof,
} from '../protected-actions/present-proof.ts';
import { mayProve } from '../protected-actions/qualifying-keys.ts';
import { keysOf, proofById } from '../protected-actions/store.ts';
import type { Services } from '../services.ts';
import { describeSession } from '../sessions/describe-session.ts';
import { sessionById } from '../sessions/store.ts';
import type { Row } from '../store/tables.ts';

const ENDS: Readonly<Record<Exclude<ProofStatus, 'ASKED'>, StepUpEnd>> = {
  PROVED: 'answered',
  APPROVED: 'answered',
  WAITING: 'waiting',
  DENIED: 'denied',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
};

/** The requests as they will stand in the request line, and what they write. */
const requestsOf = (row: Row<'actionProofs'>): string =>
  [
    (JSON.parse(row.requests) as RequestParts[])
      .map(({ method, path, query }) => `${method} ${path}${query === '' ? '' : `?${query}`}`)
      .join('\n'),
    ...(row.summary === null ? [] : [row.summary]),
  ].join('\n\n');

/**
 * What is written, to be read before the key is touched. Of an approval also what is approved: the terminal that showed it
 * is not believed, and the body holds no more than its digest.
 */
const writtenOf = async (s: Services, row: Row<'actionProofs'>): Promise<string> => {
  const target = targetOfProof(row);
  const approved = target?.type === 'ProtectedActionApproval' ? await proofById(s.store.read, target.id) : undefined;
  return approved === undefined
    ? requestsOf(row)
    : `${requestsOf(approved)}\n\nYour approval of this:\n\n${requestsOf(row)}`;
};

const found = async (exchange: Exchange, id: string): Promise<Row<'actionProofs'> | StepUpEnd> => {
  const { services: s, principal, reply } = exchange;
  try {
    const row = await answerableProof(s, principal, id);
    if (row.isHandedOff === 1) return row;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'E0000092') {
      reply.code(403);
      return error.options.detail === 'proof-other-network' ? 'other-network' : 'signed-out';
    }
    if (error.code !== 'E0000007') throw error;
  }
  reply.code(404);
  return 'unknown';
};

const challengeOf = async (s: Services, row: Row<'actionProofs'>) => {
  const keys = await keysOf(s.store.read, row.userId);
  return {
    ...presentChallenge(
      s,
      row,
      keys.filter((key) => mayProve(key, row.proofClass)),
    ),
    proofUrl: proofUrl(row.id),
    secondsLeft: Math.ceil((row.expiresAt - s.clock.now()) / 1000),
  };
};

/** The page `/step-up/{proofId}`: what a command line asks for, or why there is nothing to confirm. */
export const stepUpPage = async (nonce: string, org: PageOrg, exchange: Exchange): Promise<string> => {
  const { services: s, principal, request } = exchange;
  if (principal.kind !== 'session') throw new ApiError('E0000011');
  const { login } = await s.store.read
    .selectFrom('users')
    .select('login')
    .where('id', '=', principal.userId)
    .executeTakeFirstOrThrow();
  const { proofId } = request.params as { readonly proofId: string };
  const row = await found(exchange, proofId);
  if (typeof row === 'string') return renderStepUpEndPage({ nonce, org, end: row, login });
  const status = proofStatus(row, s.clock.now());
  if (status !== 'ASKED') {
    // What was confirmed in time is no less so when the link is opened again later.
    const end = status === 'EXPIRED' && row.provedAt !== null ? 'answered' : ENDS[status];
    return renderStepUpEndPage({ nonce, org, end, login });
  }
  const session = await sessionById(s.store.read, row.requesterId);
  if (session === undefined) throw new ApiError('E0000007', { args: [proofId, 'Proof'] });
  const { device, address, network } = describeSession(s, session, null, false);
  const { words, why, target } = presentAction(row);
  return renderStepUpPage({
    nonce,
    org,
    request: {
      words,
      why,
      login,
      askedBy: device,
      askedFrom: `${network.name} (${address})`,
      target: target === null ? null : `${target.name ?? target.id} (${target.id})`,
      endsAt: `${toIso(row.expiresAt).slice(11, 19)} UTC`,
      written: await writtenOf(s, row),
      challenge: await challengeOf(s, row),
    },
  });
};
