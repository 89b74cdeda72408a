import { isCliToken } from '../cli-sessions/cli-token.ts';
import type { Handler } from '../http/exchange.ts';
import { giveProof, type ProofAnswer } from './give-proof.ts';
import { myProtectedActions } from './my-protected-actions.ts';
import { type BatchRequest, openBatch } from './open-batch.ts';
import { getProtectedActions, type ProtectedActionsBody, putProtectedActions } from './protected-action-settings.ts';
import { cancelProof, readProof } from './read-proof.ts';

const tagged = ({ version, ...body }: Awaited<ReturnType<typeof getProtectedActions>>) => ({
  body,
  headers: { ETag: version },
});

export const protectedActionHandlers = {
  'protectedActions.get': async ({ services }) => tagged(await getProtectedActions(services)),
  'protectedActions.put': async ({ services, principal, body, request }) =>
    tagged(await putProtectedActions(services, principal, body as ProtectedActionsBody, request.headers['if-match'])),
  'myProtectedActions.get': async ({ services, principal }) => ({
    body: await myProtectedActions(services, principal),
  }),
  'proofs.open': async ({ services, principal, body, sessionToken, rehearse }) => {
    const { requests } = body as { requests: readonly BatchRequest[] };
    const isCommandLine = sessionToken !== null && isCliToken(sessionToken);
    return { body: await openBatch(services, principal, requests, { isCommandLine, rehearse }) };
  },
  'proofs.get': async ({ services, principal, params }) => ({
    body: await readProof(services, principal, params['proofId'] ?? ''),
  }),
  'proofs.give': async ({ services, principal, params, body }) => ({
    body: await giveProof(services, principal, params['proofId'] ?? '', body as ProofAnswer),
  }),
  'proofs.cancel': async ({ services, principal, params }) => {
    await cancelProof(services, principal, params['proofId'] ?? '');
    return {};
  },
} satisfies Record<string, Handler>;
