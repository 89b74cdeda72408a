import type { LogActor } from '@sallyport/model/log-event';
import { networkKey } from '@sallyport/model/network';
import type { RequestContext } from '@sallyport/model/principal';
import type { Permission } from '@sallyport/model/roles';
import { tellSecondNetwork } from '../machines/note-use.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { tokenAsTarget } from './create-api-token.ts';

/** How often a busy token writes that it was used, and how often that a network, a permission or a program was. */
const USE_WRITTEN_EVERY_SECONDS = 60;
const KIND_WRITTEN_EVERY_SECONDS = 3600;
/** Of each kind. What comes after is used, but not told: a holder of the token must not fill the disk with names. */
const VALUES_MAX = 50;

type Use = Pick<Row<'tokenUses'>, 'kind' | 'value'>;

/** The program behind a request: every browser says `Mozilla/`, everything else begins with its own name. */
const agentOf = (userAgent: string): string =>
  userAgent.startsWith('Mozilla/') ? 'browser' : (/^[\w.@+-]{1,60}/.exec(userAgent)?.[0] ?? 'unnamed program');

const usesOf = (request: RequestContext, permission: Permission | null): Use[] => [
  { kind: 'agent', value: agentOf(request.userAgent) },
  ...(request.network === null ? [] : [{ kind: 'network', value: networkKey(request.network) } as const]),
  ...(permission === null ? [] : [{ kind: 'permission', value: permission } as const]),
];

/** Those of the uses that are to be written now. */
const dueUses = async (s: Services, db: Transaction, tokenId: string, uses: readonly Use[]): Promise<Use[]> => {
  const known = await db
    .selectFrom('tokenUses')
    .select(['kind', 'value', 'lastAt'])
    .where('tokenId', '=', tokenId)
    .execute();
  const since = s.clock.now() - KIND_WRITTEN_EVERY_SECONDS * 1000;
  return uses.filter(({ kind, value }) => {
    const ofKind = known.filter((row) => row.kind === kind);
    const before = ofKind.find((row) => row.value === value);
    return before === undefined ? ofKind.length < VALUES_MAX : before.lastAt <= since;
  });
};

/**
 * Writes that a token was used: when and from where, until when it lives on by that, with which of its secrets, and what
 * the call needed. `permission` is what the route asks for, as far as the owner holds it.
 */
export const noteTokenUse = async (
  s: Services,
  row: Row<'apiTokens'>,
  {
    request,
    permission,
    isOldSecret,
    owner,
  }: {
    readonly request: RequestContext;
    readonly permission: Permission | null;
    readonly isOldSecret: boolean;
    readonly owner: LogActor;
  },
): Promise<void> => {
  const now = s.clock.now();
  const address = request.client.kind === 'known' ? request.client.address.text : null;
  const isFresh = (at: number | null): boolean => at !== null && now - at < USE_WRITTEN_EVERY_SECONDS * 1000;
  const isTold =
    isFresh(row.lastUsedAt) && row.lastUsedAddress === address && (!isOldSecret || isFresh(row.oldSecretUsedAt));
  const due = await dueUses(s, s.store.read, row.id, usesOf(request, permission));
  if (isTold && due.length === 0) return;
  await s.store.transaction(async (tx) => {
    const isSecond =
      !isTold && (await tellSecondNetwork(s, tx, row, { actor: owner, target: tokenAsTarget(row) }, request));
    const second = {
      kind: 'second-network',
      value: request.network === null ? 'unknown' : networkKey(request.network),
    } as const;
    const dueSecond = isSecond ? await dueUses(s, tx, row.id, [second]) : [];
    if (!isTold)
      await tx
        .updateTable('apiTokens')
        .set({
          lastUsedAt: now,
          lastUsedAddress: address,
          lastUsedNetwork: request.network === null ? null : networkKey(request.network),
          ...(row.slidingSeconds === 0 ? {} : { expiresAt: now + row.slidingSeconds * 1000 }),
          ...(isOldSecret ? { oldSecretUsedAt: now, oldSecretUsedAddress: address } : {}),
        })
        .where('id', '=', row.id)
        .where('revokedAt', 'is', null)
        .execute();
    for (const use of [...due, ...dueSecond])
      await tx
        .insertInto('tokenUses')
        .values({ tokenId: row.id, ...use, firstAt: now, lastAt: now })
        .onConflict((c) => c.columns(['tokenId', 'kind', 'value']).doUpdateSet({ lastAt: now }))
        .execute();
  });
};
