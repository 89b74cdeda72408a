import { doesChangeCount } from '@sallyport/decide/policies/judge-confirmation';
import { invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import type { Principal } from '@sallyport/model/principal';
import { pageLimit } from '../http/page-limit.ts';
import { findPolicy } from '../policies/find-policy.ts';
import type { PolicyRows } from '../policies/policy-rows.ts';
import { presentPolicy } from '../policies/present-policy.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { authorNames } from './author-names.ts';
import { findVersion, rowsOfVersion, standingRows } from './find-version.ts';
import { rowsIn } from './manage-drafts.ts';
import { namesIn } from './names-in-policies.ts';
import { changesBetween, sentenceOfChange } from './policy-change.ts';

/** Where a version stands: it counts, it counts until it is confirmed or ends, it was replaced, or it ended unconfirmed. */
type State = 'COUNTS' | 'WAITS' | 'REPLACED' | 'ENDED';

const HOW_WORDS: Readonly<Record<Row<'policyVersions'>['how'], string>> = {
  first: 'As it stood when its history began',
  change: 'Changed',
  publish: 'Draft published',
  'roll-back': 'Rolled back to an earlier version',
  return: 'Back to what counted before',
};

const present = (
  row: Row<'policyVersions'>,
  change: Row<'provisionalChanges'> | undefined,
  standing: number,
  names: ReadonlyMap<string, string>,
  now: number,
) => {
  const doesCount = change === undefined || doesChangeCount(change, now);
  const isStanding = row.version === standing;
  const state: State = !doesCount
    ? 'ENDED'
    : !isStanding
      ? 'REPLACED'
      : change === undefined || change.confirmedAt !== null
        ? 'COUNTS'
        : 'WAITS';
  return {
    version: row.version,
    state,
    how: row.how,
    words: HOW_WORDS[row.how],
    at: toIso(row.createdAt),
    /** Null: it was not changed by anybody yet. `name` is null where the account is gone. */
    by:
      row.authorKind === null
        ? null
        : {
            kind: row.authorKind,
            id: row.authorId,
            name: row.authorId === null ? null : (names.get(row.authorId) ?? null),
          },
    reason: row.reason,
    confirmBy: state === 'WAITS' && change !== undefined ? toIso(change.confirmBy) : null,
    confirmedAt: change?.confirmedAt == null ? null : toIso(change.confirmedAt),
  };
};

const changesOf = async (db: Transaction, rows: readonly Row<'policyVersions'>[]) => {
  const ids = [...new Set(rows.flatMap(({ provisionalId }) => provisionalId ?? []))];
  if (ids.length === 0) return new Map<string | null, Row<'provisionalChanges'>>();
  const changes = await db.selectFrom('provisionalChanges').selectAll().where('id', 'in', ids).execute();
  return new Map<string | null, Row<'provisionalChanges'>>(changes.map((change) => [change.id, change]));
};

/** `GET /sallyport/v1/policies/{id}/history`: the newest first. `after` is the number of the last that was seen. */
export const policyHistory = async (
  s: Services,
  principal: Principal,
  policyId: string,
  input: { readonly limit?: string; readonly after?: string },
) => {
  const db = s.store.read;
  const policy = await findPolicy(db, principal, 'okta.policies.read', policyId);
  const limit = pageLimit(input.limit, 20, 100);
  if (input.after !== undefined && !/^\d{1,9}$/.test(input.after))
    throw invalid('after', 'must be a number of a version');
  let query = db
    .selectFrom('policyVersions')
    .selectAll()
    .where('policyId', '=', policyId)
    .orderBy('version', 'desc')
    .limit(limit + 1);
  if (input.after !== undefined) query = query.where('version', '<', Number(input.after));
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const names = await authorNames(
    db,
    shown.map(({ authorId }) => authorId),
  );
  const changes = await changesOf(db, shown);
  const now = s.clock.now();
  const history = shown.map((row) => present(row, changes.get(row.provisionalId), policy.version, names, now));
  // Of a policy that nobody changed yet nothing is kept: what stands is its history.
  const first = {
    version: policy.version,
    state: 'COUNTS' as const,
    how: 'first' as const,
    words: HOW_WORDS.first,
    at: toIso(policy.lastUpdatedAt),
    by: null,
    reason: null,
    confirmBy: null,
    confirmedAt: null,
  };
  return {
    history: history.length === 0 && input.after === undefined ? [first] : history,
    after: rows.length > limit ? String(shown.at(-1)?.version) : null,
  };
};

const numberOf = (field: string, text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid(field, 'must be a number of a version');
  return Number(text);
};

/** `GET …/history/{version}`: the policy as it was, with its rules. */
export const policyVersion = async (s: Services, principal: Principal, policyId: string, version: string) => {
  const db = s.store.read;
  const policy = await findPolicy(db, principal, 'okta.policies.read', policyId);
  const number = numberOf('version', version);
  const { origin } = s.config.publicUrl;
  const presented = ({ policy: row, rules }: PolicyRows) => presentPolicy(row, origin, rules);
  const { history } = await policyHistory(s, principal, policyId, { limit: '1', after: String(number + 1) });
  const [found] = history;
  if (found?.version !== number) {
    if (policy.version !== number) throw notFound(`${policyId}/${version}`, 'PolicyVersion');
    const [standing] = (await policyHistory(s, principal, policyId, { limit: '1' })).history;
    return { ...standing, policy: presented(await standingRows(db, policyId)) };
  }
  return { ...found, policy: presented((await findVersion(db, policyId, number)).rows) };
};

/** One side of a comparison: `published`, the number of a version, or the id of a draft of this policy. */
const sideOf = async (db: Transaction, policy: Row<'policies'>, field: string, side: string): Promise<PolicyRows> => {
  const { id: policyId } = policy;
  if (side === 'published') return standingRows(db, policyId);
  if (/^[1-9]\d{0,8}$/.test(side)) return rowsOfVersion(db, policyId, Number(side));
  const draft = await db
    .selectFrom('policyDrafts')
    .select('body')
    .where('policyId', '=', policyId)
    .where('id', '=', side)
    .executeTakeFirst();
  if (draft === undefined) throw invalid(field, 'must be published, a number of a version or the id of a draft');
  return rowsIn(draft, policy);
};

/** Every difference of two, with a sentence for each. */
export const presentChanges = async (s: Services, principal: Principal, from: PolicyRows, to: PolicyRows) => {
  const changes = changesBetween(from, to, await namesIn(s, principal, [from, to]));
  return changes.map((change) => ({ ...change, sentence: sentenceOfChange(change) }));
};

/** `GET …/diff?from=&to=`. */
export const policyDiff = async (
  s: Services,
  principal: Principal,
  policyId: string,
  input: { readonly from: string; readonly to: string },
) => {
  const db = s.store.read;
  const policy = await findPolicy(db, principal, 'okta.policies.read', policyId);
  const from = await sideOf(db, policy, 'from', input.from);
  const to = await sideOf(db, policy, 'to', input.to);
  return { from: input.from, to: input.to, changes: await presentChanges(s, principal, from, to) };
};
