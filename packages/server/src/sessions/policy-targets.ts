import type { LogTarget } from '@sallyport/model/log-event';
import type { Policy } from '@sallyport/model/policy';

/** An app as the target of an event. */
export const appTarget = (app: { id: string; label: string }): LogTarget => ({
  id: app.id,
  type: 'AppInstance',
  alternateId: app.label,
  displayName: app.label,
  detailEntry: null,
});

/** A policy, and its rule that decided, as the target of an event. */
export const policyTarget = (policy: Policy, matchedRuleId: string | null): LogTarget => ({
  id: policy.id,
  type: 'PolicyEntity',
  alternateId: policy.name,
  displayName: policy.name,
  detailEntry: { policyType: policy.type, matchedRuleId },
});
