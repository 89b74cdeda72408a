import { NOWHERE } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { createSetupCode, setupLink } from './setup-code.ts';

/** A request context for work that no request asked for. */
export const jobContext = (requestId: string): RequestContext => ({
  requestId,
  client: { kind: 'unknown', reason: 'peer-unreadable', chain: [], ignoredHeaderIsPresent: false },
  network: null,
  place: NOWHERE,
  userAgent: '',
  method: 'JOB',
  path: '',
  isBackground: true,
});

/**
 * Tells the operator where the server is. An unclaimed server gets a new claim code; a claimed one on which no super
 * admin holds a key (the browser was closed in mid-set-up) gets an enrolment link. Printed on standard output only.
 */
export const announceSetup = async (s: Services): Promise<void> => {
  const { origin } = s.config.publicUrl;
  const principal = {
    kind: 'job',
    job: 'start',
    permissions: new Set<never>(),
    request: jobContext(`start-${s.clock.now()}`),
  } as const;
  const admins = await s.store.read
    .selectFrom('roleAssignments')
    .innerJoin('users', 'users.id', 'roleAssignments.principalId')
    .leftJoin('factors', (join) => join.onRef('factors.userId', '=', 'users.id').on('factors.status', '=', 'ACTIVE'))
    .select(['users.id', 'users.login', 'factors.id as factorId'])
    .where('roleAssignments.type', '=', 'SUPER_ADMIN')
    .where('users.status', '=', 'ACTIVE')
    .where('users.serviceAccountAt', 'is', null)
    .execute();
  const hasOrg = (await s.store.read.selectFrom('org').select('id').executeTakeFirst()) !== undefined;
  const needsKey = hasOrg && admins.length > 0 && admins.every((admin) => admin.factorId === null);
  const code = await s.store.transaction(async (tx) => {
    if (hasOrg) await recordEvent(s, tx, principal, { eventType: 'sallyport.server.start' });
    if (!hasOrg) return createSetupCode(s, tx, 'claim', null);
    return needsKey && admins[0] !== undefined ? createSetupCode(s, tx, 'enrol', admins[0].id) : null;
  });
  const lines = [`Sallyport listens on ${origin}`];
  if (code !== null)
    lines.push(
      hasOrg
        ? 'No super admin has a key yet. Register one within 30 minutes:'
        : 'This server is not claimed yet. Claim it within 30 minutes:',
      `  ${setupLink(origin, code)}`,
    );
  process.stdout.write(`${lines.join('\n')}\n`);
};
