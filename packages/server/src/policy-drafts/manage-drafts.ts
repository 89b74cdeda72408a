import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { findPolicy } from '../policies/find-policy.ts';
import { type PolicyRows, tagOfRows } from '../policies/policy-rows.ts';
import { policyTarget, presentRule } from '../policies/present-policy.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { authorNames } from './author-names.ts';
import { type DraftContent, rowsOfDraft } from './draft-rows.ts';
import { rowsOfVersion, standingRows } from './find-version.ts';
import { rebaseRows } from './rebase-rows.ts';

type Draft = Row<'policyDrafts'>;
const DRAFTS_MAX = 20;

/** What `ETag` and `If-Match` are made of. */
const documentOf = ({ note, baseVersion, body }: Draft) => ({
  note,
  baseVersion,
  rows: tagOfRows(JSON.parse(body) as PolicyRows),
});
export const draftTag = (row: Draft): string => settingsVersion(documentOf(row));

export const behindSentence = (base: number, published: number): string | null =>
  base === published
    ? null
    : `The policy was changed since this draft was begun: from version ${base} to ${published}. Bring the draft up to date before it is published.`;

const present = (s: Services, row: Draft, published: number, names: ReadonlyMap<string, string>) => {
  const { policy, rules } = JSON.parse(row.body) as PolicyRows;
  const shown = rules.map((rule) => {
    const { id, name, status, system, conditions, actions } = presentRule(rule, s.config.publicUrl.origin);
    return { id, name, status, system, conditions, actions };
  });
  const author = (id: string) => ({ id, name: names.get(id) ?? null });
  return {
    id: row.id,
    policyId: row.policyId,
    note: row.note,
    baseVersion: row.baseVersion,
    publishedVersion: published,
    /** Why it cannot be published as it is; null where it can. */
    behind: behindSentence(row.baseVersion, published),
    name: policy.name,
    description: policy.description,
    conditions: policy.conditions === '{}' ? null : (JSON.parse(policy.conditions) as unknown),
    rules: shown.filter(({ system }) => !system),
    catchAll: shown.find(({ system }) => system) ?? null,
    created: toIso(row.createdAt),
    createdBy: author(row.createdBy),
    lastUpdated: toIso(row.lastUpdatedAt),
    lastUpdatedBy: author(row.lastUpdatedBy),
  };
};

/** What a draft says, of a policy as it stands: its place is no part of it, for others are put before it without a new version. */
export const rowsIn = ({ body }: Pick<Draft, 'body'>, { priority }: Pick<Row<'policies'>, 'priority'>): PolicyRows => {
  const { policy, rules } = JSON.parse(body) as PolicyRows;
  return { policy: { ...policy, priority }, rules };
};

/** The draft, of a policy that the principal was found to see. */
export const findDraft = async (db: Transaction, policyId: string, id: string): Promise<Draft> => {
  const row = await db
    .selectFrom('policyDrafts')
    .selectAll()
    .where('policyId', '=', policyId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw notFound(id, 'PolicyDraft');
  return row;
};

/** A draft as it is answered, and its tag. */
const answer = async (s: Services, row: Draft, published: number) => ({
  draft: present(s, row, published, await authorNames(s.store.read, [row.createdBy, row.lastUpdatedBy])),
  tag: draftTag(row),
});

export const listDrafts = async (s: Services, principal: Principal, policyId: string) => {
  const db = s.store.read;
  const policy = await findPolicy(db, principal, 'okta.policies.read', policyId);
  const rows = await db
    .selectFrom('policyDrafts')
    .selectAll()
    .where('policyId', '=', policyId)
    .orderBy('lastUpdatedAt', 'desc')
    .orderBy('id')
    .execute();
  const names = await authorNames(
    db,
    rows.flatMap(({ createdBy, lastUpdatedBy }) => [createdBy, lastUpdatedBy]),
  );
  return rows.map((row) => present(s, row, policy.version, names));
};

export const getDraft = async (s: Services, principal: Principal, policyId: string, id: string) => {
  const policy = await findPolicy(s.store.read, principal, 'okta.policies.read', policyId);
  return answer(s, await findDraft(s.store.read, policyId, id), policy.version);
};

/** Drafts change nothing that counts, and their events say so: they are no alarm of a changed policy. */
const record = (
  s: Services,
  tx: Transaction,
  principal: Principal,
  policy: Row<'policies'>,
  draft: Draft,
  what: 'created' | 'saved' | 'discarded',
): Promise<string> =>
  recordEvent(s, tx, principal, {
    eventType: 'policy.lifecycle.update',
    displayMessage: `Draft of a policy ${what}; what counts is unchanged`,
    target: [
      policyTarget(policy),
      {
        id: draft.id,
        type: 'PolicyDraft',
        alternateId: draft.id,
        displayName: draft.note || draft.id,
        detailEntry: null,
      },
    ],
    debugData: { policyDraft: draft.id, draftWas: what, baseVersion: String(draft.baseVersion) },
  });

const changing = async <T>(
  s: Services,
  principal: Principal,
  policyId: string,
  change: (tx: Transaction, policy: Row<'policies'>) => Promise<T>,
): Promise<T> =>
  s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    return change(tx, await findPolicy(tx, principal, 'okta.policies.manage', policyId));
  });

export interface DraftBody extends Partial<DraftContent> {
  readonly note?: string | undefined;
}

/** `POST …/drafts`: of what is published, or with what is given in its place; or of an earlier version. */
export const createDraft = async (
  s: Services,
  principal: Principal,
  policyId: string,
  body: DraftBody & { readonly fromVersion?: number | undefined },
) => {
  const { row, version } = await changing(s, principal, policyId, async (tx, policy) => {
    const count = await tx
      .selectFrom('policyDrafts')
      .select((e) => e.fn.countAll<number | string>().as('count'))
      .where('policyId', '=', policyId)
      .executeTakeFirstOrThrow();
    if (Number(count.count) >= DRAFTS_MAX)
      throw invalid('policyId', `has ${DRAFTS_MAX} drafts already; discard one first`);
    const standing = await standingRows(tx, policyId);
    const from = body.fromVersion === undefined ? standing : await rowsOfVersion(tx, policyId, body.fromVersion);
    // What stands under what is published stays so: a name, a place and a status are not taken from an old version.
    const before = { policy: standing.policy, rules: from.rules };
    const rows = await rowsOfDraft(s, tx, principal, before, body, [...from.rules, ...standing.rules]);
    const now = s.clock.now();
    const author = authorOf(principal);
    const made: Draft = {
      id: newId(s.random, 'policyDraft'),
      policyId,
      note: body.note ?? '',
      baseVersion: policy.version,
      body: JSON.stringify(rows),
      createdAt: now,
      createdBy: author,
      lastUpdatedAt: now,
      lastUpdatedBy: author,
    };
    await tx.insertInto('policyDrafts').values(made).execute();
    await record(s, tx, principal, policy, made, 'created');
    return { row: made, version: policy.version };
  });
  return answer(s, row, version);
};

const save = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  policy: Row<'policies'>,
  before: Draft,
  change: Partial<Draft>,
) => {
  const row: Draft = { ...before, ...change, lastUpdatedAt: s.clock.now(), lastUpdatedBy: authorOf(principal) };
  await tx.updateTable('policyDrafts').set(row).where('id', '=', row.id).execute();
  await record(s, tx, principal, policy, row, 'saved');
  return { row, version: policy.version };
};

/** `PUT …/drafts/{id}`: the rules whole. 412 when `ifMatch` is the tag of another state than the one that is saved now. */
export const replaceDraft = async (
  s: Services,
  principal: Principal,
  policyId: string,
  id: string,
  body: DraftContent & { readonly note?: string | undefined },
  ifMatch: string | undefined,
) => {
  const { row, version } = await changing(s, principal, policyId, async (tx, policy) => {
    const before = await findDraft(tx, policyId, id);
    assertUnchanged(ifMatch, documentOf(before));
    const own = JSON.parse(before.body) as PolicyRows;
    const base = await rowsOfVersion(tx, policyId, before.baseVersion);
    const rows = await rowsOfDraft(s, tx, principal, own, body, [...own.rules, ...base.rules]);
    return save(s, tx, principal, policy, before, { note: body.note ?? before.note, body: JSON.stringify(rows) });
  });
  return answer(s, row, version);
};

/** `DELETE …/drafts/{id}`. */
export const discardDraft = (
  s: Services,
  principal: Principal,
  policyId: string,
  id: string,
  ifMatch: string | undefined,
) =>
  changing(s, principal, policyId, async (tx, policy) => {
    const row = await findDraft(tx, policyId, id);
    assertUnchanged(ifMatch, documentOf(row));
    await tx.deleteFrom('policyDrafts').where('id', '=', id).execute();
    await record(s, tx, principal, policy, row, 'discarded');
  });

/**
 * `POST …/drafts/{id}/rebase`: brings a draft up to what is published now. Where both changed the same, nothing is changed and
 * it is said what, unless `keep` says whose counts.
 */
export const rebaseDraft = async (
  s: Services,
  principal: Principal,
  policyId: string,
  id: string,
  input: { readonly keep?: 'draft' | 'published' | undefined },
  ifMatch: string | undefined,
) => {
  const { row, version } = await changing(s, principal, policyId, async (tx, policy) => {
    const before = await findDraft(tx, policyId, id);
    assertUnchanged(ifMatch, documentOf(before));
    const base = await rowsOfVersion(tx, policyId, before.baseVersion);
    const mine = JSON.parse(before.body) as PolicyRows;
    const theirs = await standingRows(tx, policyId);
    const { rows, conflicts } = rebaseRows(base, mine, theirs, input.keep ?? 'draft');
    if (conflicts.length > 0 && input.keep === undefined)
      throw new ApiError('E0000001', {
        args: ['keep'],
        causes: [
          `The draft and what is published now changed the same: ${conflicts.join(', ')}. Say whose counts: keep “draft” or “published”.`,
        ],
        status: 409,
      });
    return save(s, tx, principal, policy, before, { baseVersion: policy.version, body: JSON.stringify(rows) });
  });
  return answer(s, row, version);
};
