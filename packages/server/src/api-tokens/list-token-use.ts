import { judgeServiceApp, type TokenUseFacts } from '@sallyport/decide/api-tokens/judge-service-app';
import { OLD_DAYS } from '@sallyport/decide/api-tokens/judge-token-age';
import { EXPIRING_DAYS, UNUSED_DAYS } from '@sallyport/decide/overview/judge-overview';
import { hasHiddenAttributes } from '@sallyport/decide/roles/authorize';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { type ExpressionBuilder, sql } from 'kysely';
import { pageLimit } from '../http/page-limit.ts';
import { pageOf } from '../http/page-of.ts';
import { whereAllowed } from '../roles/scope-to-sql.ts';
import type { Services } from '../services.ts';
import type { Row, Tables } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { presentOldSecret, protectedActionsOf } from './create-api-token.ts';
import type { TokenNetwork } from './token-network.ts';

const DAY = 86_400_000;
export type TokenShow = 'anywhere' | 'unused' | 'expiring' | 'old' | 'rotating';
/** `service-app` is judged, and not asked of the store. */
type ListShow = TokenShow | 'service-app';

const shown = (e: ExpressionBuilder<Tables, 'apiTokens'>, show: TokenShow, now: number) => {
  switch (show) {
    case 'anywhere':
      return e('apiTokens.network', 'like', '%"connection":"ANYWHERE"%');
    case 'unused':
      return e.and([
        e('apiTokens.createdAt', '<', now - UNUSED_DAYS * DAY),
        e.or([e('apiTokens.lastUsedAt', 'is', null), e('apiTokens.lastUsedAt', '<', now - UNUSED_DAYS * DAY)]),
      ]);
    case 'expiring':
      return e('apiTokens.expiresAt', '<', now + EXPIRING_DAYS * DAY);
    case 'old':
      return e('apiTokens.secretSetAt', '<=', now - OLD_DAYS * DAY);
    case 'rotating':
      return e('apiTokens.oldSecretEndsAt', '>', now);
  }
};

/** Tokens that work now, perhaps narrowed: one question for the list and for the counts of the overview. */
const tokensNow = (s: Services, show: TokenShow | undefined) => {
  const now = s.clock.now();
  const all = s.store.read.selectFrom('apiTokens').where('revokedAt', 'is', null).where('expiresAt', '>', now);
  return show === undefined ? all : all.where((e) => shown(e, show, now));
};

/** How many tokens work now, and how many of them are so. */
export const countTokens = async (s: Services, show?: TokenShow): Promise<number> =>
  Number(
    (
      await tokensNow(s, show)
        .select((e) => e.fn.countAll<number | string>().as('count'))
        .executeTakeFirst()
    )?.count ?? 0,
  );

const networkWords = (network: TokenNetwork, names: ReadonlyMap<string, string>): string => {
  const list = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? 'a deleted zone').join(', ');
  if (network.connection === 'ANYWHERE') return 'anywhere';
  if (network.connection === 'LOOPBACK') return 'this host only';
  const inside = network.include.length === 0 ? 'anywhere' : list(network.include);
  return network.exclude.length === 0 ? inside : `${inside}, but not ${list(network.exclude)}`;
};

/** What is known of the use of tokens, by their id. */
const readUses = async (
  s: Services,
  tokenIds: readonly string[] | null,
): Promise<ReadonlyMap<string, ReturnType<typeof useFacts>>> => {
  let query = s.store.read.selectFrom('tokenUses').selectAll().orderBy('value');
  if (tokenIds !== null) query = query.where('tokenId', 'in', ['', ...tokenIds]);
  const byToken = Map.groupBy(await query.execute(), ({ tokenId }) => tokenId);
  return new Map([...byToken].map(([id, rows]) => [id, useFacts(rows)]));
};

/** Where it was used within an hour of its use elsewhere, the last first. */
const secondNetworks = (rows: readonly Row<'tokenUses'>[]) =>
  rows
    .filter(({ kind }) => kind === 'second-network')
    .toSorted((a, b) => b.lastAt - a.lastAt)
    .map(({ value, lastAt }) => ({ network: value, at: toIso(lastAt) }));

const useFacts = (rows: readonly Row<'tokenUses'>[]) => {
  const values = (kind: Row<'tokenUses'>['kind']): string[] =>
    rows.filter((row) => row.kind === kind).map(({ value }) => value);
  return {
    networks: values('network'),
    permissions: values('permission'),
    agents: values('agent'),
    secondNetworks: secondNetworks(rows),
    firstAt: rows.length === 0 ? null : Math.min(...rows.map(({ firstAt }) => firstAt)),
    lastAt: rows.length === 0 ? null : Math.max(...rows.map(({ lastAt }) => lastAt)),
  } satisfies TokenUseFacts & Record<string, unknown>;
};

export interface ListTokenUse {
  readonly q?: string | undefined;
  readonly show?: ListShow | undefined;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** `GET /sallyport/v1/api-tokens`: a page of the tokens that work now, whose they are, and when and where they were used. */
export const listTokenUse = async (s: Services, principal: Principal, input: ListTokenUse) => {
  const limit = pageLimit(input.limit, 50, 200);
  const now = s.clock.now();
  const uses = input.show === 'service-app' ? await readUses(s, null) : null;
  let query = tokensNow(s, input.show === 'service-app' ? undefined : input.show)
    .innerJoin('users', 'users.id', 'apiTokens.userId')
    .where(whereAllowed(principal, 'okta.apiTokens.read', 'user'))
    .selectAll('apiTokens')
    .select(['users.login', 'users.profile'])
    .orderBy('apiTokens.id')
    .limit(limit + 1);
  if (uses !== null) {
    const could = [...uses].filter(([, facts]) => judgeServiceApp(facts).could).map(([id]) => id);
    query = query.where('apiTokens.id', 'in', ['', ...could]);
  }
  if (input.after !== undefined) query = query.where('apiTokens.id', '>', input.after);
  const q = input.q?.trim().toLowerCase() ?? '';
  if (q !== '') {
    const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where((e) =>
      e.or([
        sql<boolean>`lower(${e.ref('apiTokens.name')}) like ${like} escape '\\'`,
        sql<boolean>`${e.ref('users.loginFolded')} like ${like} escape '\\'`,
      ]),
    );
  }
  const rows = await query.execute();
  const zones = await s.store.read.selectFrom('zones').select(['id', 'name']).execute();
  const names = new Map(zones.map(({ id, name }) => [id, name]));
  const { shown: page, after } = pageOf(rows, limit);
  const usesOfPage =
    uses ??
    (await readUses(
      s,
      page.map(({ id }) => id),
    ));
  return {
    tokens: page.map((row) => {
      const network = JSON.parse(row.network) as TokenNetwork;
      const use = usesOfPage.get(row.id) ?? useFacts([]);
      return {
        id: row.id,
        name: row.name,
        purpose: row.purpose,
        owner: {
          id: row.userId,
          login: row.login,
          name: hasHiddenAttributes(principal)
            ? row.login
            : displayNameOf(JSON.parse(row.profile) as Parameters<typeof displayNameOf>[0], row.login),
        },
        network: {
          ...network,
          words: networkWords(network, names),
          isAnywhere: network.connection === 'ANYWHERE',
          anywhereReason: row.anywhereReason,
        },
        protectedActions: protectedActionsOf(row),
        createdAt: toIso(row.createdAt),
        lastUsedAt: row.lastUsedAt === null ? null : toIso(row.lastUsedAt),
        lastUsedFrom:
          row.lastUsedAddress === null ? null : { address: row.lastUsedAddress, network: row.lastUsedNetwork },
        expiresAt: toIso(row.expiresAt),
        isSliding: row.slidingSeconds > 0,
        secretSetAt: toIso(row.secretSetAt),
        isOld: row.secretSetAt <= now - OLD_DAYS * DAY,
        oldSecret: presentOldSecret(row, now),
        isOwn: 'userId' in principal && principal.userId === row.userId,
        use: {
          networks: use.networks,
          secondNetworks: use.secondNetworks,
          permissions: use.permissions,
          programs: use.agents,
        },
        serviceApp: judgeServiceApp(use),
      };
    }),
    after,
  };
};
