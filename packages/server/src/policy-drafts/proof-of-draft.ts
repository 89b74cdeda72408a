import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { policyToRead } from '../what-if/chosen-policy.ts';
import { presentProof } from '../what-if/policy-proof.ts';
import { policyWithDraft } from './policy-with-draft.ts';

/** `GET …/drafts/{id}/proof`: what would be true of the policy for every request with the draft in its place. */
export const proofOfDraft = async (s: Services, principal: Principal, policyId: string, draftId: string) =>
  presentProof(s, s.store.read, await policyWithDraft(s, await policyToRead(s, principal, policyId), draftId));
