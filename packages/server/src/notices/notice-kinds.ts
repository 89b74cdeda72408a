/**
 * Every kind of mail that this server sends: whom to, and when. `docs/reference/mails.md` is written from it, and a test
 * sends each of them: to exactly these people, once, with one link.
 */
export const NOTICE_KINDS = {
  'use.done': {
    to: 'the person; of a service account who asked to sign in as it, and its manager',
    when: 'a protected action was done in a session of theirs',
  },
  'use.not-me': {
    to: 'up to 10 other super admins, or who may ask to be one where nobody stands as one; the one kind that can be switched off',
    when: 'somebody says “that wasn’t me”',
  },
  'approval.waits': { to: 'up to 20 who may approve it', when: 'a protected action waits for approval' },
  'approval.decided': {
    to: 'the person who asked; in a session of a service account who asked to sign in as it, and its manager',
    when: 'it was approved or denied',
  },
  'request.waits': { to: 'up to 20 who can say yes to its first step', when: 'somebody asks for access' },
  'request.next-step': { to: 'up to 20 who can say yes to the next step', when: 'a step of a request is complete' },
  'request.nudge': { to: 'up to 20 who can say yes by now', when: 'whoever asked asks once more' },
  'request.passed-on': {
    to: 'up to 20 who could not say yes before',
    when: 'a step that nobody answered passes on to others',
  },
  'request.reassigned': { to: 'those whom it is given to', when: 'a super admin gives a step to others' },
  'request.approved': { to: 'who asked, and whom it is for', when: 'the last step said yes' },
  'request.denied': { to: 'who asked, and whom it is for', when: 'somebody said no' },
  'request.expired': { to: 'who asked, and whom it is for', when: 'nobody decided in time' },
  'request.canceled': {
    to: 'who asked, and whom it is for',
    when: 'what was approved for later is taken back before it begins',
  },
  'request.begun': { to: 'who asked, and whom it is for', when: 'what was approved for later begins' },
  'request.not-granted': { to: 'who asked, and whom it is for', when: 'what was approved could not be given' },
  'grant.ending': {
    to: 'whoever has it; of a service account whoever asked to sign in as it',
    when: 'what was given for seven days or more ends in a day, or for four hours or more in half an hour',
  },
  'delegation.begun': { to: 'both people', when: 'somebody is named to decide in another’s stead' },
  'delegation.ended': { to: 'both people', when: 'that is ended before its time' },
  'review.assigned': {
    to: 'who is asked, at either level, once they can answer',
    when: 'a review begins for them, if it says so',
  },
  'review.reassigned': { to: 'whom they are given to', when: 'items of a review are given to somebody, if it says so' },
  'review.reminder': { to: 'who has not answered', when: 'so long before the end as the review says' },
  'review.midpoint': { to: 'who has not answered', when: 'half of the time is over, if the review says so' },
  'review.over': { to: 'who has not answered', when: 'the review is over, if it says so' },
  'service-account.signed-in': {
    to: 'who asked for it, and the manager of the account',
    when: 'somebody signs in as a service account for a while',
  },
  'token.old': { to: 'the owner of an API token', when: 'its secret has become old' },
  'break-glass.alarm': {
    to: 'up to 50 keepers, and every webhook of alarms',
    when: 'a break-glass account was touched',
  },
  'break-glass.drill': {
    to: 'up to 50 keepers, and every webhook of alarms',
    when: 'a drill is announced or done, or the alarm is tested',
  },
  'break-glass.due': {
    to: 'up to 50 keepers, once a week',
    when: 'a drill is due, a seal is broken or a review is open',
  },
} as const satisfies Readonly<Record<string, { readonly to: string; readonly when: string }>>;

export type NoticeKind = keyof typeof NOTICE_KINDS;
