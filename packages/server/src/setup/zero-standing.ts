import { ApiError } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { labelOf } from '@sallyport/model/roles';
import { ASKED_FOR_AT_MOST, DAY_ROLES, TWO_FELLOW_ADMINS } from '@sallyport/model/zero-standing';
import { breakGlassFacts } from '../break-glass/present-account.ts';
import { superAdminsAbleToSignIn } from '../policies/ways-in.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import { lastUsesOf } from '../roles/permission-use.ts';
import { publishRights } from '../roles/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { previewChange } from '../what-if/preview-change.ts';
import {
  askedForNow,
  carryOutZeroStanding,
  standingPeople,
  superAdminBundle,
  type ZeroStandingBody,
} from './carry-out-zero-standing.ts';
import { endSetupOf } from './setup-progress.ts';

/** `GET /sallyport/v1/zero-standing`: who holds super admin all the time, and with what it could be ended. */
export const getZeroStanding = async (s: Services, principal: Principal) => {
  const db = s.store.read;
  const people = await standingPeople(db);
  const able = new Set(await superAdminsAbleToSignIn(s, db, 'now'));
  const uses = await lastUsesOf(
    db,
    people.map(({ id }) => id),
  );
  const sequences = await db
    .selectFrom('requestSequences')
    .select(['id', 'name', 'description'])
    .orderBy('name')
    .orderBy('id')
    .execute();
  const now = await askedForNow(db);
  return {
    isZero: people.length === 0,
    standing: people.map(({ id, login, name, words, others }) => {
      const usedAt = uses.get(id);
      return {
        id,
        login,
        name,
        isYou: principal.kind === 'session' && principal.userId === id,
        isAble: able.has(id),
        roles: words,
        others,
        lastUsedAt: usedAt === undefined ? null : toIso(usedAt),
      };
    }),
    breakGlass: (await breakGlassFacts(s)).map(({ id, login, state }) => ({ id, login, state })),
    isAskable: (await superAdminBundle(db)) !== undefined,
    dayRoles: DAY_ROLES.map((type) => ({ type, label: labelOf(type) })),
    sequences,
    // As it is asked for now, so that a second run loosens nothing that was made stricter since.
    defaults: {
      sequenceId: sequences.find(({ id }) => id === now?.sequenceId)?.id ?? TWO_FELLOW_ADMINS,
      maximumDuration: now?.maximumDuration ?? ASKED_FOR_AT_MOST,
    },
  };
};

/** `POST …/preview`: what would change for whom, what would be weak about it, and why it would be refused. Changes nothing. */
export const previewZeroStanding = async (s: Services, principal: Principal, body: ZeroStandingBody) => {
  assertSuperAdmin(principal);
  const seen: Awaited<ReturnType<typeof carryOutZeroStanding>>[] = [];
  return previewChange(
    s,
    (inner) =>
      inner.store.transaction(async (tx) => {
        seen.push(await carryOutZeroStanding(inner, tx, principal, body));
      }),
    async () => {
      const [outcome] = seen;
      if (outcome === undefined) throw new Error('a preview without an outcome');
      return outcome;
    },
  );
};

/**
 * `POST /sallyport/v1/zero-standing`: all of it or nothing. Whoever gives up their own super admin ends the set-up with it,
 * for they could not any more. Errors: E0000001; E0000006 while nobody else would come to super admin.
 */
export const applyZeroStanding = async (s: Services, principal: Principal, body: ZeroStandingBody) => {
  assertSuperAdmin(principal);
  const outcome = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const done = await carryOutZeroStanding(s, tx, principal, body);
    if (done.refusals.length > 0) throw new ApiError('E0000006', { causes: done.refusals });
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.setup.step',
      outcome: { result: 'SUCCESS', reason: 'done' },
      debugData: {
        step: 'zero-standing',
        state: 'done',
        note: done.people.map(({ login }) => login).join(' '),
      },
    });
    if (done.people.some(({ isYou }) => isYou)) await endSetupOf(s, tx, principal);
    return done;
  });
  await s.settings.reload();
  publishRights(
    s,
    outcome.people.map(({ id }) => id),
  );
  return outcome;
};
