import type { RequestDecider } from '@sallyport/decide/requests/judge-request-decision';
import type { Related } from '@sallyport/decide/requests/match-approver';
import type { ApproverRule } from '@sallyport/model/access-request';
import { peopleAbleToSignIn, type When } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { Look } from './explain-steps.ts';
import { candidatesOf } from './hands.ts';

/** What is asked for changes nobody whom a rule names, but for these two. */
const relatedTo = ({ by }: ApproverRule, { managerId, ownerUserIds, ownerGroupIds }: Related): unknown =>
  by === 'manager' ? managerId : by === 'owner' ? [ownerUserIds, ownerGroupIds] : null;

/**
 * For whoever judges many askers at once: whom a rule names, and whether they could come in, is asked once in a run, in which
 * nothing may change.
 */
export const lookOnce = (s: Services, db: Transaction, when: When): Look => {
  const able = new Map<string, boolean>();
  const named = new Map<string, readonly RequestDecider[]>();
  return {
    comingIn: async (ids) => {
      const unknown = ids.filter((id) => !able.has(id));
      const found = new Set(await peopleAbleToSignIn(s, db, unknown, when));
      for (const id of unknown) able.set(id, found.has(id));
      return new Set(ids.filter((id) => able.get(id)));
    },
    candidates: async (rule, ask) => {
      const key = JSON.stringify([rule, relatedTo(rule, ask)]);
      const people = named.get(key) ?? (await candidatesOf(db, rule, ask, s.clock.now()));
      named.set(key, people);
      return people;
    },
  };
};
