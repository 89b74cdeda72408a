import { ApiError, invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { isDoorType } from '@sallyport/model/policy';
import type { Principal } from '@sallyport/model/principal';
import { changePolicies } from '../policies/change-policies.ts';
import { assertMayChange, doesAdmitAdministrators, findPolicy } from '../policies/find-policy.ts';
import { openChange, readPolicy } from '../policies/policy-index.ts';
import { type PolicyRows, tagOfRows } from '../policies/policy-rows.ts';
import type { Origin } from '../policies/policy-versions.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { presentProof } from '../what-if/policy-proof.ts';
import { previewChange } from '../what-if/preview-change.ts';
import { findVersion, standingRows } from './find-version.ts';
import { behindSentence, draftTag, findDraft, rowsIn } from './manage-drafts.ts';
import { presentChanges } from './policy-history.ts';
import { assertTestsPass } from './policy-tests.ts';
import { publishRows } from './publish-rows.ts';

/** What takes the place of a policy, read inside the transaction, and what the event tells of it. */
interface Wanted {
  readonly rows: PolicyRows;
  readonly debugData: Readonly<Record<string, string>>;
}

/** What is told of a publication: one that is done, or one that is only looked at. */
const report = async (s: Services, db: Transaction, principal: Principal, before: PolicyRows) => {
  const after = await standingRows(db, before.policy.id);
  const open = await openChange(db);
  const waits = open !== undefined && (await doesAdmitAdministrators(db, after.policy));
  return {
    policy: { id: after.policy.id, name: after.policy.name, version: after.policy.version },
    changes: await presentChanges(s, principal, before, after),
    /** Until when it must be confirmed, or it ends by itself; null: it counts for good. */
    confirmBy: waits ? toIso(open.confirmBy) : null,
  };
};

/**
 * One publication: all rules at once, in one transaction, under what guards every change of a policy. Refused where it says
 * what is published already, or where a test of the policy fails.
 */
const publish = async (
  s: Services,
  principal: Principal,
  policyId: string,
  origin: Origin,
  isDryRun: boolean,
  wantedOf: (tx: Transaction, before: PolicyRows) => Promise<Wanted>,
) => {
  const run = (on: Services): Promise<PolicyRows> =>
    changePolicies(
      on,
      principal,
      async (tx) => {
        const policy = await findPolicy(tx, principal, 'okta.policies.manage', policyId);
        await assertMayChange(tx, principal, policy);
        const before = await standingRows(tx, policyId);
        const { rows, debugData } = await wantedOf(tx, before);
        const after = await publishRows(on, tx, principal, before, rows, {
          fromVersion: String(before.policy.version),
          toVersion: String(before.policy.version + 1),
          ...(origin.reason === null ? {} : { reason: origin.reason }),
          ...debugData,
        });
        if (tagOfRows(after) === tagOfRows(before))
          throw invalid('policyId', 'says this already: there is nothing to publish');
        await assertTestsPass(on, tx, principal, policyId);
        return before;
      },
      origin,
    );
  if (!isDryRun) return report(s, s.store.read, principal, await run(s));
  const before = await standingRows(s.store.read, policyId);
  return previewChange(s, run, async (tx) => ({
    ...(await report(s, tx, principal, before)),
    // Nothing proves a policy for people: it opens no door.
    ...(isDoorType(before.policy.type) ? { proof: await presentProof(s, tx, await readPolicy(tx, policyId)) } : {}),
  }));
};

export interface PublishInput {
  readonly reason?: string | undefined;
}

/**
 * `POST …/drafts/{id}/publish`: the draft takes the place of what is published, and is gone. `ifMatch` is the tag of the draft
 * that was read: what is signed and what counts are the same. 412 where somebody saved it meanwhile, 409 where the policy was
 * changed under it.
 */
export const publishDraft = (
  s: Services,
  principal: Principal,
  policyId: string,
  draftId: string,
  input: PublishInput,
  ifMatch: string | undefined,
  isDryRun: boolean,
) =>
  publish(
    s,
    principal,
    policyId,
    { how: 'publish', reason: input.reason ?? null },
    isDryRun,
    async (tx, { policy }) => {
      const draft = await findDraft(tx, policyId, draftId);
      if (ifMatch === undefined && !isDryRun)
        throw invalid('If-Match', 'must be the ETag of the draft: another than the one that was read must not count');
      if (ifMatch !== undefined && ifMatch !== draftTag(draft))
        throw new ApiError('E0000001', {
          args: ['If-Match'],
          causes: ['Somebody saved this draft since you read it. Look at it again.'],
          status: 412,
        });
      const behind = behindSentence(draft.baseVersion, policy.version);
      if (behind !== null) throw new ApiError('E0000001', { args: ['policyDraft'], causes: [behind], status: 409 });
      await tx.deleteFrom('policyDrafts').where('id', '=', draftId).execute();
      return { rows: rowsIn(draft, policy), debugData: { policyDraft: draftId } };
    },
  );

/** `POST …/rollback`: an earlier version takes the place of what is published, as a new version, under the same checks. */
export const rollBackPolicy = (
  s: Services,
  principal: Principal,
  policyId: string,
  input: PublishInput & { readonly version: number },
  isDryRun: boolean,
) =>
  publish(s, principal, policyId, { how: 'roll-back', reason: input.reason ?? null }, isDryRun, async (tx) => ({
    rows: (await findVersion(tx, policyId, input.version)).rows,
    debugData: { rolledBackTo: String(input.version) },
  }));
