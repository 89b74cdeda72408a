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
  'assurance-missing': 'The rule asks for stronger authenticators.',
  // authenticators
  'key-synced':
    'This passkey is synced to a cloud account. Admin access needs one that stays on a device, such as a security key.',
  'key-unknown': 'This key is not enrolled.',
  'key-answer-invalid': 'The answer of the key could not be verified.',
  'key-backup-state-changed': 'The key changed from device-bound to synced.',
  'key-flags-illegal': 'The key reports a backup state it cannot have.',
  'key-counter-regressed': 'The signature counter of the key went backwards.',
  'user-not-verified': 'The key did not verify the person.',
  'challenge-expired': 'The challenge expired.',
  'challenge-used': 'The challenge was used before.',
  'key-last-own': 'It is your last key that opens the Admin Console. Register another one first.',
  'key-proof-missing':
    'Sign in with one of your own keys first: another authenticator is added by proof of one you have.',
  'enrolment-link-needed':
    'The first key of an administrator is registered by an enrolment link, which a super admin makes.',
  'enrolled-already': 'This person has an authenticator already, and adds further ones by themselves.',
  'session-needed': 'This is done by a person in a session, not by a token.',
  'factor-pending': 'Its registration was not finished.',
  'factor-phishable': 'A code can be phished: it does not open the Admin Console.',
  'code-wrong': 'The code is wrong.',
  'code-used': 'The code was used before.',
  'password-wrong': 'Name or password is wrong.',
  'password-locked': 'The password is locked after too many failures; keys still work.',
  'user-inactive': 'The account is not active.',
  'cli-code-used': 'The code of the command line was used before.',
  'cli-code-expired': 'The code of the command line expired.',
  'cli-verifier-wrong': 'The command line that brought the code is not the one that asked for it.',
  'cli-network-changed': 'The command line and the browser are not in the same network.',
  'browser-session-ended': 'The session of the browser that allowed it has ended.',
  'network-changed-during-sign-in': 'The network changed during sign-in.',
  // permission
  'permission-held': 'The role holds the permission.',
  'permission-missing': 'No role of the principal holds the permission.',
  'not-an-admin': 'The account holds no admin role.',
  'target-is-admin': 'Only a super admin manages the holder of an admin role.',
  'own-object': 'The object belongs to the principal.',
  'no-usable-key': 'No key that stays on its device is enrolled: signing in again would not be possible.',
  'last-super-admin': 'It would take sign-in from the last super admin able to sign in now.',
  'token-network-outside': 'The token was used outside of its network.',
  'token-expired': 'The token expired.',
} as const;
export type Reason = keyof typeof REASONS;
/** Is this text one of the closed list? */
export const isReason = (text: string): text is Reason => Object.hasOwn(REASONS, text);
/** The sentence of a reason. */
export const sentenceOf = (reason: Reason): string => REASONS[reason];
