/**
 * The closed list of reasons. A judgement answers with these; the log, the error page, the command line and the
 * simulator print the sentence. `noun-state`, never a sentence as a code.
 */
export const REASONS = {
  // session
  'session-valid': 'The session is valid.',
  'session-unknown': 'There is no such session.',
  'session-ended': 'The session was ended.',
  'session-lifetime-reached': 'The session reached its maximum lifetime.',
  'session-idle': 'The session was idle for too long.',
  'session-locked': 'The session, or its owner, is locked.',
  'session-token-superseded': 'An older token of the session was used after it was replaced.',
  'app-session-missing': 'This sign-in has not passed the policy of the app.',
  // gateway
  'app-unknown': 'There is no such app.',
  'app-inactive': 'The app is switched off.',
  'app-proof-too-old': 'The app asks for a more recent sign-in.',
  'app-code-unknown': 'The code that leads to the app is not valid.',
  'app-code-used': 'The code that leads to the app was used before.',
  'app-code-expired': 'The code that leads to the app expired.',
  'app-code-other-host': 'The code leads to another app.',
  'app-code-other-browser': 'The code was brought by another browser than the one that asked for it.',
  'app-code-other-network': 'The code was brought from another network than the one that asked for it.',
  'network-blocked': 'The network is on the blocklist.',
  // binding
  'address-same': 'The address is the one the session began with.',
  'network-same': 'The network is the one the session began in.',
  'address-exempt': 'The address is in the exempt zone.',
  'address-family-learned': 'The other address family of the same network was learned.',
  'address-unknown': 'The address of the client could not be established.',
  'binding-disabled': 'The binding is switched off.',
  'asn-changed': 'The network (ASN) differs from the one the session began in.',
  'ip-changed': 'The address differs from the one the session began with.',
  'address-proved': 'The key of the page was proved from this address, inside the network the session began in.',
  'ip-proof-asked': 'The address differs; the page must prove that it is the one the session began in.',
  'asn-changed-observed': 'The network (ASN) differs; the binding is observed, not enforced.',
  'ip-changed-observed': 'The address differs; the binding is observed, not enforced.',
  'page-key-missing': 'No key of the page is registered with the session.',
  'page-key-registered': 'A key of the page is registered with the session already.',
  'page-key-late': 'A key of the page is registered right after the sign-in, or not at all.',
  'page-key-elsewhere': 'A key of the page is registered from the address the session began with.',
  // policy
  'policy-rule-matched': 'A rule of the policy decided.',
  'policy-catch-all-deny': 'No rule allowed it; the catch-all denies.',
  'policy-no-match': 'No rule matched.',
  'assurance-met': 'The authenticators that were used satisfy the rule.',
  'console-single-factor':
    'One factor never opens the Admin Console: a rule of its policy that allows must ask for two (factorMode 2FA).',
  'assurance-missing': 'The rule asks for stronger authenticators.',
  // authenticators
  'key-synced':
    'This passkey is synced to a cloud account. Admin access needs one that stays on a device, such as a security key.',
  'key-synced-not-allowed':
    'This passkey is synced to a cloud account. Your organisation takes only keys that stay on a device.',
  'key-not-built-in':
    'Your organisation takes only keys that are built into a device, such as Touch ID or Windows Hello.',
  'key-not-roaming':
    'Your organisation takes only security keys that are carried along, none that is built into a device.',
  'key-model-not-proved':
    'Your organisation takes only keys that prove what model they are, and this one has not proved it.',
  'key-model-compromised': 'This model of key is known to be broken. Your organisation does not take it any more.',
  'key-model-not-listed': 'Your organisation does not take this model of key.',
  'key-not-hardware':
    'Your organisation takes only models that keep their secret in hardware; this one is not known to.',
  'key-not-fips': 'Your organisation takes only FIPS-certified models; this one is not known to be certified.',
  'key-not-discoverable':
    'Your organisation asks for keys that keep the account on them, and this one did not say that it does.',
  'key-unknown': 'This key is not enrolled.',
  'key-answer-invalid': 'The answer of the key could not be verified.',
  'key-backup-state-changed': 'The key changed from device-bound to synced.',
  'key-flags-illegal': 'The key reports a backup state it cannot have.',
  'key-counter-regressed': 'The signature counter of the key went backwards.',
  'user-not-verified': 'The key did not verify the person.',
  'challenge-expired': 'The challenge expired.',
  'challenge-used': 'The challenge was used before.',
  // protected actions
  'action-not-protected': 'This action asks for no proof.',
  'action-allowed-to-token': 'The action was allowed to the token by name when it was made.',
  'host-is-above': 'It was done on the host of the server.',
  'proof-needed': 'This action needs fresh proof with your key.',
  'proof-is-fresh': 'Fresh proof was given.',
  'no-key-qualifies':
    'None of your keys qualifies for this action. Register a security key that stays on a device, or ask another administrator.',
  'proof-unknown': 'There is no such proof.',
  'proof-of-another': 'The proof belongs to another session.',
  'proof-of-another-action': 'The proof was given for another request. Nothing was changed.',
  'proof-used': 'The proof was used before.',
  'proof-cancelled': 'It was cancelled. Nothing was changed.',
  'proof-expired': 'The proof expired. Nothing was changed.',
  'proof-not-given': 'No proof was given yet.',
  'proof-key-gone': 'The key that gave the proof is not enrolled any more.',
  'proof-other-network': 'The proof must come from the network that asked for it.',
  'proof-code-wrong': 'That is not the code that the command line shows.',
  'proofs-locked':
    'Too many wrong proofs in this session; proofs wait for a while. Signing in is not affected: whoever signs out and in again goes on at once.',
  'key-not-attested': 'The key has not shown with an attestation that it is what it says.',
  'approval-needed': 'A person must approve it.',
  'approval-given': 'A person approved it.',
  'approval-denied': 'It was denied. Nothing was changed.',
  'approval-decided': 'It was decided before.',
  'approval-own': 'Nobody approves what they asked for themselves.',
  'approver-not-a-person': 'Only a person in a session of the Admin Console decides; tokens and machines never do.',
  'approver-lacks-permission': 'Your role may not do this itself, so it cannot approve it.',
  'approver-for-a-while': 'You may do this for a while only. Approving it takes power that stays.',
  'approver-not-super': 'It changes an administrator: a super admin decides.',
  'approver-tied':
    'In the last 30 days one of you two created the account, granted a role, or enrolled or reset the keys of the other, or both accounts are one person’s: they share a mailbox or an employee number.',
  'approval-asker-gone': 'Whoever asked for it cannot do it any more: their session or token has ended.',
  'approval-of-another': 'What you approved is not what is asked for. Nothing was decided.',
  'request-no-condition': 'Nothing lets anybody ask for this.',
  'request-not-yours': 'It can be asked for, but not by you: you are in none of the groups that may.',
  'request-open': 'It is asked for already, and waits.',
  'request-duration-too-long': 'It is longer than what may be asked for.',
  'request-ticket-missing': 'A ticket is needed: without one this is not asked for.',
  'request-needs-two':
    'To sign in as a service account takes two different people who say yes, and its sequence asks for fewer. Ask whoever manages access requests to mend it.',
  'request-without-duration':
    'It gives an admin role, and whoever offers it did not say for how long. Ask a super admin to complete it.',
  'request-own': 'You asked for this. Nobody approves what they asked for themselves.',
  'request-for-you': 'It is for you. Nobody approves what they get themselves.',
  'request-decided': 'It was decided before.',
  'request-decided-by-you': 'You decided on this already. One person counts once.',
  'request-decided-for-you': 'It was decided in your stead already. One vote counts once.',
  'request-canceled': 'It was taken back by whoever asked.',
  'request-expired': 'Nobody decided in time. It can be asked for again.',
  'request-people-gone': 'Whoever asked, or whom it is for, could not sign in any more.',
  'request-changed': 'What stands in the store is not what was submitted. Nothing was decided.',
  'request-gives-other':
    'What it gives was changed after it was asked for: ask for it anew, so that everybody says yes to the same.',
  'request-of-another': 'What you approved is not what is asked for. Nothing was decided.',
  'request-moved-on': 'Somebody decided at the same moment. Look at it again.',
  'request-not-asker': 'Only whoever asked takes it back, or asks again for a decision.',
  'request-nudged': 'You asked the approvers again already; once is enough.',
  'request-start-passed': 'The time that was asked for had passed before it could begin.',
  'grant-not-running': 'Only what runs at this moment can be made longer: it has ended, or not begun. Ask for it anew.',
  'request-eligibility-lost': 'When it was to begin, the person could not have asked for it any more.',
  'approver-not-named': 'You are not among those who decide on this step.',
  'request-reassigned': 'A super admin gave this step to others. You can still say no.',
  'reassigned-to-oneself': 'Nobody names themself, or another account of theirs, for a step that does not name them.',
  'delegator-own-request': 'You would decide in the stead of somebody who asked for it, or whom it is for.',
  'delegator-decided':
    'Whoever you would decide for, or who chose you for it, had their part in it already. One vote counts once.',
  'approver-same-person': 'Another account of yours decided on this already. One person counts once.',
  'approver-tied-to-other':
    'In the last 30 days you and somebody who decided before made one another’s accounts, roles or keys, or one person made both: you could be one person.',
  'no-way-in': 'With the keys, policies and locks of today they come into the console from nowhere.',
  'approver-may-decide': 'The approver is another person who may do it.',
  'key-last-own': 'It is your last key that opens the Admin Console. Register another one first.',
  'key-proof-missing':
    'Sign in with one of your own keys first: another authenticator is added by proof of one you have.',
  'enrolment-link-needed':
    'The first key of an administrator is registered by an enrolment link, which a super admin makes.',
  'enrolled-already': 'This person has an authenticator already, and adds further ones by themselves.',
  'session-needed': 'This is done by a person in a session, not by a token.',
  'enrolment-not-allowed': 'The policy of this person does not allow this kind of authenticator.',
  'enrolment-not-from-here': 'The policy lets nobody add an authenticator by themselves from here.',
  'enrolment-due':
    'Your organisation asks you to set up another authenticator first. “Your sessions”, where you sign in, leads to it.',
  'factor-pending': 'Its registration was not finished.',
  'factor-phishable': 'A code can be phished: it does not open the Admin Console.',
  'codes-off':
    'One-time codes of an app are switched off in your organisation. Ask an administrator for an enrolment link.',
  'code-wrong': 'The code is wrong.',
  'code-used': 'The code was used before.',
  'password-wrong': 'Name or password is wrong.',
  'password-locked': 'The password is locked after too many failures; keys still work.',
  'password-change-not-allowed':
    'The policy lets nobody change this password from here. Ask an administrator for a link to choose a new one.',
  'user-inactive': 'The account is not active.',
  'service-account-no-rule':
    'Somebody may sign in as this service account now, but no rule here names it, and rules for people are not for it.',
  'not-a-service-account': 'It is no service account, or none any more.',
  'service-account-itself': 'It is itself a service account, which changes neither that nor its keys and tokens.',
  'service-account': 'It is a service account: nobody signs in as it. What it does, it does with API tokens.',
  // break-glass
  'break-glass-allowed': 'Its sealed policy allows it: the secret, one of its own keys, and one of its own networks.',
  'break-glass-network-outside': 'It is a break-glass account, and the address is in none of its own networks.',
  'break-glass-secret-missing':
    'It is a break-glass account: it signs in with its sealed secret first, and then with a key.',
  'break-glass-key-missing': 'It is a break-glass account: one of its own hardware keys is needed beside the secret.',
  'break-glass-own-routes':
    'It is a break-glass account: super admins change it under Break-glass alone, where its key and secret are kept.',
  'break-glass-alarms-stay': 'A break-glass account does not change who is told of its use.',
  'break-glass-reason-missing':
    'Nobody needs to approve it while a break-glass account is in use, but say first why the seal was broken.',
  'approval-waived':
    'No second person was asked: a break-glass account was in use, for a reason that was written down.',
  'review-closed': 'Its review is closed.',
  'review-while-in-use': 'Somebody is still signed in as it. It is reviewed when that is over.',
  'review-own-drill':
    'You announced this drill, or somebody did with whom you are tied. Another super admin signs its review.',
  'review-signed': 'You signed it already; another person signs it now.',
  'approver-made-by-account':
    'In the last 30 days the break-glass account made their account, gave it a role or reset its keys. Somebody else signs.',
  'approver-break-glass': 'A break-glass account approves nothing: whoever holds it is nobody in particular.',
  'cli-code-used': 'The code of the command line was used before.',
  'cli-code-expired': 'The code of the command line expired.',
  'cli-verifier-wrong': 'The command line that brought the code is not the one that asked for it.',
  'cli-network-changed': 'The command line and the browser are not in the same network.',
  'browser-session-ended': 'The session of the browser that allowed it has ended.',
  'policies-changed-meanwhile': 'What admits people was changed while you signed in. Sign in again.',
  'network-changed-during-sign-in': 'The network changed during sign-in.',
  // changes of what admits administrators
  'change-none': 'No change waits to be confirmed.',
  'change-needs-person': 'It is confirmed by a person who signed in again, not by a token.',
  'change-returned': 'It was not confirmed in time, or was taken back: what counted before counts again.',
  'change-needs-sign-in': 'Sign in again first: only a sign-in after the change shows that people still come in.',
  'change-by-break-glass':
    'A break-glass account comes in whatever the policies say: its sign-in does not show that others do.',
  'change-shuts-out': 'The policies as they stand now would not let your sign-in into the Admin Console.',
  'change-passed': 'The person signed in after the change, and the policies as they stand now let them in.',
  'change-waits':
    'A change of what admits administrators waits to be confirmed. Confirm it, take it back, or wait until it ends by itself.',
  // permission
  'permission-held': 'The role holds the permission.',
  'permission-missing': 'No role of the principal holds the permission.',
  'not-an-admin': 'The account holds no admin role.',
  'target-is-admin':
    'Only a super admin manages the holder of an admin role, and a group that holds one or approves access.',
  'resource-outside': 'The role holds the permission, but not on this: it is outside of what the role was given for.',
  'attribute-outside': 'The role holds the permission, but not on this attribute of the profile.',
  'would-widen-own-rights': 'It would give you more over this person than you hold now; ask somebody who holds it.',
  'own-object': 'The object belongs to the principal.',
  'own-identity': 'By manager, employee number and mail others tell who you are; somebody else changes yours.',
  'no-usable-key': 'No key that stays on its device is enrolled: signing in again would not be possible.',
  'last-super-admin': 'It would take sign-in from the last super admin able to sign in now.',
  'zero-standing-no-break-glass':
    'It is the last super admin role that stands, and no break-glass account is ready: make one with two hardware keys first.',
  'zero-standing-nobody-able':
    'It is the last super admin role that stands, and nobody could have it by asking: there are not enough others who could say yes.',
  'grant-exists': 'This person has it for a while already, or will from a later time on.',
  'grant-held-standing': 'This person holds the same without an end: directly, or through a group.',
  'grant-times': 'It must end after it begins and after now, and within 365 days of its beginning.',
  'grant-ended': 'Your access for a while ended meanwhile. Nothing was changed.',
  'member-for-a-while': 'It is a membership for a while, which ends by itself; end the grant to end it now.',
  'grant-over': 'It has ended already.',
  'grant-of-another':
    'Only whoever has it, or a super admin, ends it; of a service account whoever asked, and its manager.',
  'standing-to-own':
    'Your power here is for a while only: with it you give nothing that stays to yourself, to a group you are in, to accounts tied to yours or to machines you made.',
  'token-network-outside': 'The token was used outside of its network.',
  'token-expired': 'The token expired.',
  // reviews of access
  'reviewer-may-decide': 'The reviewer is asked, and is another person.',
  'reviewer-not-a-person': 'Only a person decides, in a session and with their key; tokens and machines never do.',
  'reviewer-not-asked': 'Somebody else is asked about this item.',
  'reviewer-tied':
    'In the last 30 days you or they created the account, granted a role, or enrolled or reset the keys of the other, or both accounts are one person’s: they share a mailbox or an employee number.',
  'reviewer-no-super-admin': 'About a break-glass account only super admins decide.',
  'review-own': 'Nobody reviews their own access.',
  'review-decided': 'It was decided before, and a decision is final.',
  'review-decided-by-you': 'You decided it at the first level; the second is another person’s.',
  'review-decided-by-tied':
    'Somebody with whom you are tied decided it at the first level: in the last 30 days one of you created the account, granted a role, or enrolled or reset the keys of the other. The second level is of somebody else.',
  'reviewer-at-both-levels':
    'They, another account of theirs, or somebody with whom they are tied answers it at the other level, and one item takes two people. Choose somebody else.',
  'review-level-later': 'The second level begins later.',
  'review-note-missing': 'Say why: this review asks for a reason with each decision.',
  'campaign-not-active': 'The review is not running.',
  'campaign-over': 'The review has ended.',
  'review-nobody-to-ask': 'Nobody could be asked about it, so nothing was taken.',
  'review-by-rule': 'A group rule puts them there, and would again. Change the rule.',
  'review-glass-by-hand':
    'A review takes no break-glass account. Under Break-glass somebody gives it a new secret, or retires it.',
  'review-target-gone': 'It was gone already.',
  'review-grace-over': 'The time in which it could be given back is over. Give it anew.',
  'review-nothing-kept': 'There is nothing to give back.',
  'review-restored-by-super-admins': 'A super admin can give it back.',
  'review-held-again': 'It was given anew meanwhile; there is nothing to give back.',
  'review-taken-since':
    'It was given anew and taken again since the review took it; that is not undone here. Give it anew.',
  'review-subject-inactive': 'The account is not active.',
  'review-finding-open': 'The System Log holds something against the account, of the last 90 days.',
  'review-used': 'It was used in the last 90 days.',
  'review-given-lately': 'It was given in the last 30 days.',
  'review-never-signed-in': 'Its holder has never signed in.',
  'review-unused': 'It was not used in the last 90 days.',
  'review-too-little-known': 'Uses are not recorded for long enough to say.',
  'review-glass-broken': 'Its secret was used since it was sealed.',
  'review-glass-unreviewed': 'A use or a drill of it is not reviewed yet.',
  'review-glass-incomplete': 'It has fewer than two keys that it could be opened with.',
  'review-glass-drill-due': 'No drill of the last 90 days shows that it works.',
  'review-glass-ready': 'Its seal is whole, its keys are there, and no drill is due.',
} as const;
export type Reason = keyof typeof REASONS;
/** Is this text one of the closed list? */
export const isReason = (text: string): text is Reason => Object.hasOwn(REASONS, text);
/** The sentence of a reason. */
export const sentenceOf = (reason: Reason): string => REASONS[reason];
