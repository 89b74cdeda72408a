import type { PolicyAnswer } from '@sallyport/client/answers';
import { isDoorKind, type RuleKind } from './rule-draft.ts';

export const POLICIES = '/api/v1/policies';
export const policyPath = (id: string): string => `${POLICIES}/${encodeURIComponent(id)}`;

/** With whom it is for; null is for everybody. */
export type Policy = PolicyAnswer & {
  readonly conditions: {
    readonly [name: string]: unknown;
    readonly people?: { readonly groups?: { readonly include?: readonly string[] | null } | null } | null;
  } | null;
};

interface TypeWords {
  readonly title: string;
  readonly decides: string;
  /** In what order several are asked. */
  readonly order: string;
  readonly rules: RuleKind;
}
/** Kinds of policies, in the order in which a person comes to them. */
export const TYPES: Readonly<Record<string, TypeWords>> = {
  OKTA_SIGN_ON: {
    title: 'Sessions',
    decides: 'who may begin a session, and how long it lives',
    order: 'Asked from the top. One is passed over by whom it is not for, and by whom none of its rules fits.',
    rules: 'session',
  },
  ACCESS_POLICY: {
    title: 'Apps',
    decides: 'who may enter an app, and by which proof',
    order: 'Each app is judged by exactly one of these.',
    rules: 'app',
  },
  PASSWORD: {
    title: 'Passwords',
    decides: 'what the passwords of people must be, and from where people change their own',
    order: 'The first one that is for somebody holds for them.',
    rules: 'password',
  },
  MFA_ENROLL: {
    title: 'Enrolment',
    decides: 'which authenticators people may, must and may not have, and from where they add one',
    order: 'The first one that is for somebody holds for them.',
    rules: 'enrolment',
  },
};
/** Does it decide who comes in? The others hold for people wherever they are, and nothing matches them at a door. */
export const isOfDoor = ({ type }: Pick<PolicyAnswer, 'type'>): boolean => isDoorKind(TYPES[type]?.rules ?? 'app');
export const isOrdered = ({ type }: Pick<PolicyAnswer, 'type'>): boolean => type !== 'ACCESS_POLICY';

/** Ids of the groups that a policy is for; none: it is for everybody. */
export const groupsOf = ({ conditions }: Policy): readonly string[] => conditions?.people?.groups?.include ?? [];

/** What `PUT` takes, with the place that it is to have. Settings that are not said stay as they are. */
export const policyBody = (
  { type, name, description, conditions }: Pick<Policy, 'type' | 'name' | 'description' | 'conditions'>,
  priority: number,
) => ({ type, name, description, priority, ...(conditions === null ? {} : { conditions }) });
