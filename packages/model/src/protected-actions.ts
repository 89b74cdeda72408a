/**
 * Protected actions as data: what asks for fresh proof before it is done, in the words that people read in the dialog,
 * the log and the settings. Rows of the route table name these; `<action>` of an ordinary target and its stricter
 * sibling of whoever, or whatever, holds an admin's power.
 */

/**
 * Which keys may prove, the weakest first. All are phishing-resistant and verify the person; `DEVICE_BOUND` refuses keys
 * that a cloud may copy, `ATTESTED` also takes no key's own word for it.
 */
export const PROOF_CLASSES = ['PHISHING_RESISTANT', 'DEVICE_BOUND', 'ATTESTED'] as const;
export type ProofClass = (typeof PROOF_CLASSES)[number];

export interface ProtectedActionSetting {
  readonly isOn: boolean;
  /** How old the session's last proof may be, in minutes; 0 asks each time. */
  readonly maxAgeMinutes: number;
  readonly authenticator: ProofClass;
  /** Must a second person approve, too? */
  readonly needsApproval: boolean;
}
export interface ProtectedActionsDocument {
  /** The switch of the feature "Protected actions"; those of the floor stay on without it. */
  readonly isOn: boolean;
  /** What differs from the defaults. */
  readonly actions: Readonly<Partial<Record<ActionName, ProtectedActionSetting>>>;
}

interface ActionRow {
  /** A sentence's beginning, with `{target}` where the name of the target stands. */
  readonly words: string;
  readonly group: 'Administrators' | 'People' | 'Groups' | 'Machines' | 'Protection' | 'Apps' | 'Log';
  /** Why it is asked, shown in the dialog and the settings. */
  readonly why: string;
  /** It cannot be switched off, proof is never older than `FLOOR_AGE_MINUTES_MAX`, and no copied key counts. */
  readonly isFloor?: true;
  readonly isOnByDefault?: false;
  /** Power that stays comes of it: whoever does it by power for a while needs a second person (design §4.16). */
  readonly givesPower?: true;
  /** A second person approves it wherever there is one who may, whatever the settings say. */
  readonly asksSecondPerson?: true;
}

/** Windows in minutes: for those of the floor, and for all others. */
export const FLOOR_AGE_MINUTES_MAX = 5;
export const AGE_MINUTES_MAX = 60;

const POWER = 'It changes what an administrator may do.';
const TAKE_OVER = 'Whoever does it can take over the account of an administrator.';
const ACCESS = 'It changes who gets in.';
const GUARD = 'It changes what guards everybody.';
const ALARM = 'Whoever is not told does not look.';
const GLASS = 'A break-glass account is everybody’s last way in, and an attacker’s best one.';

export const PROTECTED_ACTIONS = {
  'role.assign': {
    words: 'Give {target} an admin role',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'role.unassign': { words: 'Take an admin role from {target}', group: 'Administrators', why: POWER, isFloor: true },
  'role.create': {
    words: 'Create an admin role',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'role.update': {
    words: 'Change the admin role {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'role.delete': { words: 'Delete the admin role {target}', group: 'Administrators', why: POWER, isFloor: true },
  'zero-standing.apply': {
    words: 'Make super admin something that is asked for',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'bundle.create': {
    words: 'Create a bundle of admin roles',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'bundle.update': {
    words: 'Change the bundle {target}, which gives admin roles for a while',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'bundle.delete': {
    words: 'Delete the bundle {target}, which gives admin roles for a while',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
  },
  'role-notices.update': {
    words: 'Change which mails holders of the role {target} get',
    group: 'Administrators',
    why: 'Whoever is not told does not look.',
    isFloor: true,
  },
  'resource-set.create': {
    words: 'Create a resource set',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'resource-set.update': {
    words: 'Change the resource set {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'resource-set.delete': {
    words: 'Delete the resource set {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
  },
  'access-request.settings': {
    words: 'Change how access is asked for',
    group: 'Administrators',
    why: 'It changes who may ask for power, and whose yes it takes.',
    isFloor: true,
    givesPower: true,
  },
  'admin.update': {
    words: 'Change the profile of administrator {target}',
    group: 'Administrators',
    why: TAKE_OVER,
    isFloor: true,
    givesPower: true,
  },
  'admin.activate': {
    words: 'Activate administrator {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'admin.suspend': { words: 'Suspend administrator {target}', group: 'Administrators', why: POWER, isFloor: true },
  'admin.unsuspend': {
    words: 'Unsuspend administrator {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'admin.unlock': { words: 'Unlock administrator {target}', group: 'Administrators', why: POWER, isFloor: true },
  'admin.deactivate': {
    words: 'Deactivate administrator {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
  },
  'admin.delete': { words: 'Delete administrator {target}', group: 'Administrators', why: POWER, isFloor: true },
  'admin.service-account': {
    words: 'Change whether anybody signs in as administrator {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'admin.factor.enrol': {
    words: 'Let a key be registered for administrator {target}',
    group: 'Administrators',
    why: TAKE_OVER,
    isFloor: true,
    givesPower: true,
  },
  'admin.factor.reset': {
    words: 'Reset authenticators of administrator {target}',
    group: 'Administrators',
    why: TAKE_OVER,
    isFloor: true,
    givesPower: true,
  },
  'admin.password.reset': {
    words: 'Reset the password of administrator {target}',
    group: 'Administrators',
    why: TAKE_OVER,
    isFloor: true,
    givesPower: true,
  },
  'admin.password.expire': {
    words: 'Expire the password of administrator {target}',
    group: 'Administrators',
    why: TAKE_OVER,
    isFloor: true,
    givesPower: true,
  },
  'admin-group.update': {
    words: 'Change the group {target}, which gives an admin role or approves access',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'admin-group.member.add': {
    words: 'Add a member to {target}, which gives an admin role or approves access',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'admin-group.member.remove': {
    words: 'Remove a member from {target}, which gives an admin role or approves access',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
  },
  'admin-group.delete': {
    words: 'Delete the group {target}, which gives an admin role or approves access',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
  },
  'campaign.create': {
    words: 'Create a review of access',
    group: 'Administrators',
    why: 'What a review takes, or what nobody answers for, is taken from people.',
    isFloor: true,
  },
  'campaign.change': {
    words: 'Start, end or delete the review {target}',
    group: 'Administrators',
    why: 'What nobody answered for may be taken from people, or stays with them unseen.',
    isFloor: true,
  },
  'review.reassign': {
    words: 'Ask somebody else in the review {target}',
    group: 'Administrators',
    why: 'Whoever is asked decides what others keep.',
    isFloor: true,
  },
  'review.decide': {
    words: 'Submit decisions in the review {target}',
    group: 'Administrators',
    why: 'Decisions are final: what you revoke is taken at once.',
    isFloor: true,
  },
  'review.restore': {
    words: 'Give back what a review took: {target}',
    group: 'Administrators',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'break-glass.create': {
    words: 'Create a break-glass account',
    group: 'Administrators',
    why: GLASS,
    isFloor: true,
    givesPower: true,
    asksSecondPerson: true,
  },
  'break-glass.update': {
    words: 'Change the networks of the break-glass account {target}',
    group: 'Administrators',
    why: GLASS,
    isFloor: true,
    givesPower: true,
    asksSecondPerson: true,
  },
  'break-glass.key': {
    words: 'Register a key for the break-glass account {target}',
    group: 'Administrators',
    why: GLASS,
    isFloor: true,
    givesPower: true,
    asksSecondPerson: true,
  },
  'break-glass.key.remove': {
    words: 'Remove a key of the break-glass account {target}',
    group: 'Administrators',
    why: GLASS,
    isFloor: true,
    asksSecondPerson: true,
  },
  'break-glass.seal': {
    words: 'Give the break-glass account {target} a new sealed secret',
    group: 'Administrators',
    why: GLASS,
    isFloor: true,
    givesPower: true,
    asksSecondPerson: true,
  },
  'break-glass.delete': {
    words: 'Delete the break-glass account {target}',
    group: 'Administrators',
    why: GLASS,
    isFloor: true,
    asksSecondPerson: true,
  },
  'break-glass.drill': {
    words: 'Begin a drill of the break-glass account {target}',
    group: 'Administrators',
    why: 'Its alarms say “drill” for an hour.',
    isFloor: true,
  },
  'break-glass.review': {
    words: 'Sign the review of how the break-glass account {target} was used',
    group: 'Administrators',
    why: 'With it you say that the use was right.',
    isFloor: true,
  },
  'my.factor.enrol': {
    words: 'Register another authenticator for yourself',
    group: 'Administrators',
    why: 'Whoever does it can sign in as you from then on.',
    isFloor: true,
  },
  'my.factor.remove': {
    words: 'Remove an authenticator of your own',
    group: 'Administrators',
    why: 'Without it you may not be able to sign in.',
    isFloor: true,
  },
  'user.create': { words: 'Create a person', group: 'People', why: ACCESS },
  'user.update': { words: 'Change the profile of {target}', group: 'People', why: ACCESS },
  'user.activate': { words: 'Activate {target}', group: 'People', why: ACCESS },
  'user.suspend': { words: 'Suspend {target}', group: 'People', why: ACCESS },
  'user.unsuspend': { words: 'Unsuspend {target}', group: 'People', why: ACCESS },
  'user.unlock': { words: 'Unlock {target}', group: 'People', why: ACCESS },
  'user.deactivate': { words: 'Deactivate {target}', group: 'People', why: ACCESS },
  'user.delete': { words: 'Delete {target}', group: 'People', why: 'It cannot be undone.' },
  'user.service-account': { words: 'Change whether anybody signs in as {target}', group: 'People', why: ACCESS },
  'user.factor.enrol': { words: 'Let a key be registered for {target}', group: 'People', why: ACCESS },
  'user.factor.reset': { words: 'Reset authenticators of {target}', group: 'People', why: ACCESS },
  'user.password.reset': { words: 'Reset the password of {target}', group: 'People', why: ACCESS },
  'user.password.expire': { words: 'Expire the password of {target}', group: 'People', why: ACCESS },
  'user-schema.update': {
    words: 'Change what profiles of people hold',
    group: 'People',
    why: 'What is taken out of the schema is taken out of every profile.',
  },
  'group.update': {
    words: 'Change the group {target}',
    group: 'Groups',
    why: 'A name gives nobody anything; switch it on where names matter.',
    isOnByDefault: false,
  },
  'group-schema.update': {
    words: 'Change what profiles of groups hold',
    group: 'Groups',
    why: 'What is taken out of the schema is taken out of every group.',
  },
  'group-rule.create': { words: 'Create a group rule', group: 'Groups', why: ACCESS },
  'group-rule.update': { words: 'Change the group rule {target}', group: 'Groups', why: ACCESS },
  'group.member.add': { words: 'Add a member to {target}', group: 'Groups', why: ACCESS },
  'group.member.remove': { words: 'Remove a member from {target}', group: 'Groups', why: ACCESS },
  'group.delete': { words: 'Delete the group {target}', group: 'Groups', why: ACCESS },
  'api-token.create': {
    words: 'Create an API token',
    group: 'Machines',
    why: 'A token works without a person, and from then on.',
    isFloor: true,
  },
  'api-token.update': {
    words: 'Change the API token {target}',
    group: 'Machines',
    why: 'It changes from where a token works.',
    isFloor: true,
    givesPower: true,
  },
  'api-token.rotate': {
    words: 'Give the API token {target} a new secret',
    group: 'Machines',
    why: 'Whoever reads the new secret acts as its owner.',
    isFloor: true,
    givesPower: true,
  },
  'api-token.revoke': { words: 'Revoke the API token {target}', group: 'Machines', why: 'What uses it stops working.' },
  'service-app.create': {
    words: 'Create a service app',
    group: 'Machines',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'service-app.update': {
    words: 'Change the service app {target}',
    group: 'Machines',
    why: POWER,
    isFloor: true,
    givesPower: true,
  },
  'service-app.delete': {
    words: 'Delete the service app {target}',
    group: 'Machines',
    why: 'What uses it stops working.',
  },
  'approval.give': {
    words: 'Approve {target}',
    group: 'Machines',
    why: 'With your approval it is done.',
    isFloor: true,
  },
  'request.approve': {
    words: 'Approve {target}',
    group: 'Administrators',
    why: 'With the approvals that it takes, somebody gets access.',
    isFloor: true,
  },
  'request.reassign': {
    words: 'Change who decides on {target}',
    group: 'Administrators',
    why: 'It changes whose yes gives access.',
    isFloor: true,
    givesPower: true,
  },
  'delegate.name': {
    words: 'Change who decides on access in your stead',
    group: 'Administrators',
    why: 'Whoever decides in your stead gives your vote.',
    isFloor: true,
  },
  'delegate.name-for': {
    words: 'Change who decides on access in the stead of {target}',
    group: 'Administrators',
    why: 'It changes whose yes gives access.',
    isFloor: true,
    givesPower: true,
  },
  'protected-actions.update': {
    words: 'Change which actions ask for proof',
    group: 'Protection',
    why: GUARD,
    isFloor: true,
  },
  'session-binding.update': {
    words: 'Change how sessions are bound to their network',
    group: 'Protection',
    why: GUARD,
    isFloor: true,
  },
  'authenticator.update': {
    words: 'Change which keys and other authenticators are accepted',
    group: 'Protection',
    why: GUARD,
    isFloor: true,
  },
  'admin-console-settings.update': {
    words: 'Change the lifetimes of admin sessions',
    group: 'Protection',
    why: GUARD,
    isFloor: true,
  },
  'admin-policy-rule.update': {
    words: 'Change who may enter the Admin Console ({target})',
    group: 'Protection',
    why: GUARD,
    isFloor: true,
  },
  'policy.create': { words: 'Create a policy', group: 'Protection', why: ACCESS },
  'policy-rule.update': { words: 'Change the policy {target}', group: 'Protection', why: ACCESS },
  'zone.create': { words: 'Create a network zone', group: 'Protection', why: GUARD },
  'zone.update': { words: 'Change the network zone {target}', group: 'Protection', why: GUARD },
  'zone.delete': { words: 'Delete the network zone {target}', group: 'Protection', why: GUARD },
  'exempt-zone.update': {
    words: 'Change the zone that exempts from session binding',
    group: 'Protection',
    why: GUARD,
    isFloor: true,
  },
  'trusted-origin.create': { words: 'Trust the origin of another site', group: 'Protection', why: GUARD },
  'trusted-origin.update': { words: 'Change the trusted origin {target}', group: 'Protection', why: GUARD },
  'trusted-origin.delete': { words: 'Delete the trusted origin {target}', group: 'Protection', why: GUARD },
  'feature.update': { words: 'Switch the feature {target}', group: 'Protection', why: GUARD, isFloor: true },
  'org.update': {
    words: 'Change what is said about the organisation',
    group: 'Protection',
    why: 'People trust the name, call the number and open the page that stand there.',
  },
  'webhook.create': { words: 'Create a webhook', group: 'Protection', why: ALARM, isFloor: true },
  'webhook.update': { words: 'Change the webhook {target}', group: 'Protection', why: ALARM, isFloor: true },
  'webhook.rotate': {
    words: 'Give the webhook {target} a new signing secret',
    group: 'Protection',
    why: ALARM,
    isFloor: true,
  },
  'webhook.delete': { words: 'Delete the webhook {target}', group: 'Protection', why: ALARM, isFloor: true },
  'app.create': { words: 'Create an app', group: 'Apps', why: ACCESS },
  'app.update': { words: 'Change the app {target}', group: 'Apps', why: ACCESS },
  'app.deactivate': { words: 'Switch off the app {target}', group: 'Apps', why: 'Nobody gets in from then on.' },
  'app.delete': { words: 'Delete the app {target}', group: 'Apps', why: 'It cannot be undone.' },
  'log.export': {
    words: 'Export the System Log',
    group: 'Log',
    why: 'It tells everything about everybody.',
    isFloor: true,
  },
} as const satisfies Record<string, ActionRow>;
export type ActionName = keyof typeof PROTECTED_ACTIONS;
export const ACTION_NAMES = Object.keys(PROTECTED_ACTIONS) as readonly ActionName[];

/** Is it the name of a protected action? */
export const isActionName = (name: string): name is ActionName => Object.hasOwn(PROTECTED_ACTIONS, name);

export const actionRow = (action: ActionName): ActionRow => PROTECTED_ACTIONS[action];

/** What is about to be done, in words: `Deactivate Lee Park`. */
export const wordsOf = (action: ActionName, target: string | null): string =>
  PROTECTED_ACTIONS[action].words.replace('{target}', target ?? 'it');

/** What an action asks for where nobody chose otherwise: a device-bound key, each time. */
export const defaultSetting = (action: ActionName): ProtectedActionSetting => ({
  isOn: actionRow(action).isOnByDefault ?? true,
  maxAgeMinutes: 0,
  authenticator: 'DEVICE_BOUND',
  needsApproval: false,
});
