import { parseRange } from '@sallyport/decide/address/address-range';
import { SECRET_BYTES, SHARE_BYTES, sealedSecretOf, sharesOfSecret } from '@sallyport/decide/break-glass/sealed-secret';
import { type BreakGlassNetworks, NETWORK_RANKS, SEALED_SECRET, type SealedSplit } from '@sallyport/model/break-glass';
import { invalid } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { labelOf } from '@sallyport/model/roles';
import { keepingAWayIn } from '../policies/ways-in.ts';
import { giveRole } from '../roles/assign-role.ts';
import { deleteAssignmentsOf } from '../roles/forget.ts';
import { assertSuperAdmin } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { endSessionsOfUser } from '../sessions/end-sessions.ts';
import { voidSignIns } from '../sign-in/void-sign-ins.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { assertLoginIsFree, everyGroupOf, insertUser, newUserRow } from '../users/manage-users.ts';
import { assertKeeper } from './assert-keeper.ts';
import { presentAccount } from './present-account.ts';
import { type Account, findAccount, networksOf, splitOf } from './store.ts';

export interface NewAccount {
  readonly login: string;
  readonly name: string;
  readonly networks: BreakGlassNetworks;
  /** The shares to print its secret in; absent or null: one paper. */
  readonly split?: SealedSplit | null | undefined;
}

/**
 * Checked entry by entry: a range that is none would open or close the last door unseen. A network of half the internet
 * holds nobody back, and spares half the internet from every blocklist.
 */
const readNetworks = (networks: BreakGlassNetworks): BreakGlassNetworks => {
  if (networks.primary.length === 0) throw invalid('networks.primary', 'name at least one range of addresses');
  for (const rank of NETWORK_RANKS)
    for (const [i, text] of networks[rank].entries()) {
      const range = parseRange(text);
      if (range === null)
        throw invalid(`networks.${rank}.${i}`, `${text} is no CIDR, no address and no range of addresses`);
      if (range.from[0] !== range.to[0]) throw invalid(`networks.${rank}.${i}`, `${text} is wider than a /8`);
    }
  return networks;
};

/** What is put into the envelopes: the secret, or its shares in its place, for whoever has it whole needs no second envelope. */
type Papers =
  | { readonly secret: string; readonly shares: null }
  | { readonly secret: null; readonly shares: readonly string[] };

/** A new secret, and what is kept of it: of shares, too, the hash of the secret alone. */
const newSeal = async (s: Services) => {
  const secret = sealedSecretOf(s.random.bytes(SECRET_BYTES));
  const papersFor = (split: SealedSplit | null): Papers =>
    split === null
      ? { secret, shares: null }
      : { secret: null, shares: sharesOfSecret(secret, split, s.random.bytes(SHARE_BYTES)) };
  return { secretHash: await s.passwords.hash(secret), papersFor };
};

const columnsOf = (split: SealedSplit | null) => ({
  sharesCount: split?.count ?? null,
  sharesNeeded: split?.needed ?? null,
});
const splitWords = (split: SealedSplit | null) =>
  split === null ? {} : { shares: `any ${split.needed} of ${split.count}` };

/** `GET /sallyport/v1/break-glass`. */
export const listAccounts = async (s: Services, principal: Principal) => {
  assertSuperAdmin(principal);
  const db = s.store.read;
  const accounts = await db.selectFrom('breakGlassAccounts').select('userId').orderBy('createdAt').execute();
  const found = await Promise.all(accounts.map(({ userId }) => findAccount(db, userId)));
  return Promise.all(found.map(({ account, user }) => presentAccount(s, db, account, user)));
};

/** `GET /sallyport/v1/break-glass/{id}`. */
export const getAccount = async (s: Services, principal: Principal, id: string) => {
  assertSuperAdmin(principal);
  const { account, user } = await findAccount(s.store.read, id);
  return presentAccount(s, s.store.read, account, user);
};

/**
 * `POST /sallyport/v1/break-glass`: an account that belongs to nobody, with super admin for good, and its sealed secret, in
 * this answer alone. Errors: E0000001 for a login that is taken or a network that is none.
 */
export const createAccount = async (s: Services, principal: Principal, input: NewAccount) => {
  const { secretHash, papersFor } = await newSeal(s);
  const split = input.split ?? null;
  const shown = await s.store.transaction(async (tx) => {
    const by = await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    await assertLoginIsFree(tx, input.login, null);
    const profile = { login: input.login, email: input.login, firstName: input.name, lastName: '(break-glass)' };
    const user: Row<'users'> = {
      ...newUserRow(s, principal, profile, { passwordHash: null, activate: true }),
      status: 'ACTIVE',
    };
    const account: Account = {
      userId: user.id,
      networks: JSON.stringify(readNetworks(input.networks)),
      secretHash,
      ...columnsOf(split),
      sealedAt: user.createdAt,
      sealedBy: by,
      unsealedAt: null,
      lastDrillAt: null,
      drillUntilAt: null,
      drillBy: null,
      remindedAt: null,
      createdAt: user.createdAt,
      createdBy: by,
    };
    await insertUser(s, tx, principal, user, await everyGroupOf(tx, []));
    await tx.insertInto('breakGlassAccounts').values(account).execute();
    const target = userAsActor(user);
    await giveRole(
      s,
      tx,
      principal,
      { kind: 'user', id: user.id, target, isBuiltIn: false },
      { type: 'SUPER_ADMIN', role: null, set: null },
    );
    return presentAccount(s, tx, account, user);
  });
  await s.zones.reload();
  return { ...shown, ...papersFor(split) };
};

/** `PUT /sallyport/v1/break-glass/{id}`: its networks. They count from the next sign-in on, and are spared from blocklists at once. */
export const updateNetworks = async (
  s: Services,
  principal: Principal,
  id: string,
  { networks }: { readonly networks: BreakGlassNetworks },
) => {
  const shown = await s.store.transaction(async (tx) => {
    await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    const { account, user } = await findAccount(tx, id);
    const changed = { ...account, networks: JSON.stringify(readNetworks(networks)) };
    await tx.updateTable('breakGlassAccounts').set({ networks: changed.networks }).where('userId', '=', id).execute();
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.update_profile',
      target: [
        {
          ...userAsActor(user),
          changeDetails: { from: { networks: networksOf(account) }, to: { networks: networksOf(changed) } },
        },
      ],
      debugData: { breakGlass: 'networks' },
    });
    return presentAccount(s, tx, changed, user);
  });
  await s.zones.reload();
  return shown;
};

/**
 * `POST …/seal`: a new secret, in this answer alone. The old one opens nothing from then on: sign-ins that it began are void,
 * and whoever is in by it is out. Without `split` it is in as many shares as before: nobody makes one paper of it by leaving
 * something out.
 */
export const sealAccount = async (
  s: Services,
  principal: Principal,
  id: string,
  input: { readonly split?: SealedSplit | null | undefined } = {},
) => {
  const { secretHash, papersFor } = await newSeal(s);
  const { shown, split } = await s.store.transaction(async (tx) => {
    const by = await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    const { account, user } = await findAccount(tx, id);
    const after = input.split === undefined ? splitOf(account) : input.split;
    const change = {
      secretHash,
      ...columnsOf(after),
      sealedAt: s.clock.now(),
      sealedBy: by,
      unsealedAt: null,
      drillUntilAt: null,
      drillBy: null,
    };
    await tx.updateTable('breakGlassAccounts').set(change).where('userId', '=', id).execute();
    await voidSignIns(s, tx, id, SEALED_SECRET);
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.update_password',
      target: [userAsActor(user)],
      debugData: { breakGlass: 'sealed', ...splitWords(after) },
    });
    await endSessionsOfUser(s, tx, principal, userAsActor(user), 'revoked-by-admin');
    return { shown: await presentAccount(s, tx, { ...account, ...change }, user), split: after };
  });
  s.bus.publish({ kind: 'user', id, reason: 'revoked-by-admin' });
  return { ...shown, ...papersFor(split) };
};

/**
 * `DELETE /sallyport/v1/break-glass/{id}`: the seal, the keys and the role are gone, and the account is deactivated; the log
 * and the reviews stay. E0000006 where nobody else could sign in.
 */
export const deleteAccount = async (s: Services, principal: Principal, id: string): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertKeeper(tx, principal);
    await assertStillLive(s, tx, principal);
    const { user } = await findAccount(tx, id);
    const now = s.clock.now();
    await keepingAWayIn(s, tx, async () => {
      await tx.deleteFrom('breakGlassAccounts').where('userId', '=', id).execute();
      await tx.deleteFrom('factors').where('userId', '=', id).execute();
      await deleteAssignmentsOf(tx, 'user', id);
      await tx
        .updateTable('users')
        .set({ status: 'DEPROVISIONED', statusChangedAt: now, lastUpdatedAt: now })
        .where('id', '=', id)
        .execute();
    });
    await voidSignIns(s, tx, id, null);
    const target = [userAsActor(user)];
    await recordEvent(s, tx, principal, {
      eventType: 'user.account.privilege.revoke',
      target,
      debugData: { privilegeRevoked: labelOf('SUPER_ADMIN'), breakGlass: 'deleted' },
    });
    await recordEvent(s, tx, principal, { eventType: 'user.lifecycle.deactivate', target });
    await endSessionsOfUser(s, tx, principal, userAsActor(user), 'user-deactivated');
  });
  s.bus.publish({ kind: 'user', id, reason: 'user-deactivated' });
  await s.zones.reload();
};
