import { localInput } from '../time-words.ts';
import type { PolicySettings } from './password-draft.ts';

/** What a policy can speak of that people add by themselves, by the wire's names. */
export const ENROLMENTS = [
  ['webauthn', 'Security keys'],
  ['google_otp', 'One-time codes of an app'],
] as const;
export type EnrolmentKey = (typeof ENROLMENTS)[number][0];
export type SelfEnrolment = 'NOT_ALLOWED' | 'OPTIONAL' | 'REQUIRED';

/** What is asked of one kind of authenticator, as it is being edited. */
export interface AskedDraft {
  readonly self: SelfEnrolment;
  /** Until when it may be missing, as `<input type="datetime-local">` writes it; empty: from now on. */
  readonly dueAt: string;
  /** Is only a part of a day and a time typed? Then `dueAt` is empty, which would read as: from now on. */
  readonly isHalf: boolean;
  /** Names of groups of models; none: whatever the organisation takes. */
  readonly groups: readonly string[];
}
export type EnrolmentDraft = Readonly<Record<EnrolmentKey, AskedDraft>>;

type Asked = NonNullable<PolicySettings['authenticators']>[number];
const askedIn = (settings: PolicySettings, key: string): Asked | undefined =>
  settings.authenticators?.find((asked) => asked.key === key);
const isSelf = (text: string | undefined): text is SelfEnrolment => text === 'OPTIONAL' || text === 'REQUIRED';
const dueIn = (asked: Asked | undefined): string => {
  const expiry = asked?.enroll.gracePeriod?.expiry;
  return expiry === undefined ? '' : localInput(Date.parse(expiry));
};

export const enrolmentDraftOf = (settings: PolicySettings): EnrolmentDraft => {
  const draft = (key: EnrolmentKey): AskedDraft => {
    const asked = askedIn(settings, key);
    return {
      // What is not said, or not understood, is not allowed: so does the server read it.
      self: isSelf(asked?.enroll.self) ? asked.enroll.self : 'NOT_ALLOWED',
      dueAt: dueIn(asked),
      isHalf: false,
      groups: asked?.constraints?.aaguidGroups ?? [],
    };
  };
  return { webauthn: draft('webauthn'), google_otp: draft('google_otp') };
};

/** Why what is typed is no instant; null when it is one, or nothing is typed. */
export const dueFault = ({ self, dueAt, isHalf }: AskedDraft): string | null =>
  self !== 'REQUIRED' || (!isHalf && (dueAt === '' || Number.isFinite(Date.parse(dueAt)))) ? null : 'A day and a time.';

export const isEnrolmentDraftGood = (draft: EnrolmentDraft): boolean =>
  Object.values(draft).every((asked) => dueFault(asked) === null);

/** What is sent. Of what has no place in the form all stays, and so does an instant that nobody touched. */
export const enrolmentSettingsOf = (draft: EnrolmentDraft, before: PolicySettings): PolicySettings => {
  const others = (before.authenticators ?? []).filter(({ key }) => !(key in draft));
  const asked = ENROLMENTS.map(([key]): Asked => {
    const was = askedIn(before, key);
    const { self, dueAt, groups } = draft[key];
    const expiry = was?.enroll.gracePeriod?.expiry;
    const due = expiry !== undefined && dueIn(was) === dueAt ? expiry : new Date(dueAt || 0).toISOString();
    return {
      key,
      enroll: {
        self,
        // There is nothing to put off of what nobody must.
        ...(self === 'REQUIRED' && dueAt !== '' ? { gracePeriod: { type: 'BY_DATE_TIME', expiry: due } } : {}),
      },
      ...(key === 'webauthn' && self !== 'NOT_ALLOWED' && groups.length > 0
        ? { constraints: { aaguidGroups: groups } }
        : {}),
    };
  });
  return { ...before, authenticators: [...others, ...asked] };
};
