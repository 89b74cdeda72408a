import type { Facts } from './facts.ts';
import type { RuleConditions } from './policy.ts';

/** What a fact is called by people. */
export const FACT_WORDS: { readonly [K in keyof Facts]-?: string } = {
  userId: 'person',
  userTypeId: 'type of the person',
  profile: 'attributes of the profile that are asked for',
  profileAttributes: 'attributes that were looked up',
  groupIds: 'groups of the person',
  groupNames: 'names of the groups',
  holdsAdminRole: 'admin role',
  isServiceAccount: 'service account',
  maintenance: 'signed in to for a while',
  breakGlass: 'break-glass account',
  address: 'address',
  network: 'network',
  zoneIds: 'network zones',
  unknownZoneIds: 'network zones of which it is not known',
  proofs: 'authenticators',
  deviceIsManaged: 'managed device',
  deviceIsRegistered: 'registered device',
  deviceAssuranceIds: 'device assurance policies that the device satisfies',
  devicePosture: 'posture of the device',
  behaviorIds: 'behaviours that the sign-in shows',
  behaviorNames: 'names of the behaviours',
  risk: 'risk',
  userAgent: 'browser',
};

interface ConditionFact {
  /** What it asks for, after "it asks for". */
  readonly words: string;
  /** What is said where it does not hold. */
  readonly otherwise: string;
  /** Where the wire writes it. */
  readonly path: string;
}
/** What each condition of a rule is about. */
export const CONDITION_FACTS: { readonly [K in keyof RuleConditions]-?: ConditionFact } = {
  users: { words: 'the person', otherwise: 'It is about other people.', path: 'people.users' },
  groups: { words: 'the groups of the person', otherwise: 'It is about other groups.', path: 'people.groups' },
  userTypes: { words: 'the type of the person', otherwise: 'It is about people of another type.', path: 'userType' },
  zones: { words: 'the network zone', otherwise: 'It is about other network zones.', path: 'network' },
  holdsAdminRole: {
    words: 'whether the person holds an admin role',
    otherwise: 'It asks whether the person holds an admin role: it is the other way round.',
    path: 'holdsAdminRole',
  },
  deviceIsRegistered: {
    words: 'whether the device is registered',
    otherwise: 'It asks whether the device is registered: it is the other way round.',
    path: 'device.registered',
  },
  deviceIsManaged: {
    words: 'whether the device is managed',
    otherwise: 'It asks whether the device is managed: it is the other way round.',
    path: 'device.managed',
  },
  deviceAssurances: {
    words: 'the assurance policies of the device',
    otherwise: 'The device satisfies none of the assurance policies that it names.',
    path: 'device.assurance',
  },
  platforms: { words: 'the platform of the browser', otherwise: 'It is about other platforms.', path: 'platform' },
  riskLevel: { words: 'the risk', otherwise: 'It is about another risk.', path: 'riskScore' },
  behaviors: {
    words: 'the behaviours of the sign-in',
    otherwise: 'The sign-in shows none of the behaviours that it names.',
    path: 'risk.behaviors',
  },
  expression: {
    words: 'what its expression asks for',
    otherwise: 'Its expression does not hold.',
    path: 'elCondition',
  },
};
