import type { Facts } from './facts.ts';
import type { RuleConditions } from './policy.ts';

/** What a fact is called by people. */
export const FACT_WORDS: { readonly [K in keyof Facts]-?: string } = {
  userId: 'person',
  groupIds: 'groups of the person',
  holdsAdminRole: 'admin role',
  isServiceAccount: 'service account',
  address: 'address',
  network: 'network',
  zoneIds: 'network zones',
  unknownZoneIds: 'network zones of which it is not known',
  proofs: 'authenticators',
  deviceIsManaged: 'managed device',
  deviceIsRegistered: 'registered device',
  devicePosture: 'posture of the device',
  risk: 'risk',
  userAgent: 'browser',
};

/** What a condition is about: its words as people read them, where the wire writes it, and the fact that it asks for. */
export const CONDITION_FACTS: {
  readonly [K in keyof RuleConditions]-?: { readonly words: string; readonly path: string; readonly fact: keyof Facts };
} = {
  users: { words: 'the person', path: 'people.users', fact: 'userId' },
  groups: { words: 'the groups of the person', path: 'people.groups', fact: 'groupIds' },
  zones: { words: 'the network zone', path: 'network', fact: 'zoneIds' },
  holdsAdminRole: { words: 'whether the person holds an admin role', path: 'holdsAdminRole', fact: 'holdsAdminRole' },
  deviceIsRegistered: {
    words: 'whether the device is registered',
    path: 'device.registered',
    fact: 'deviceIsRegistered',
  },
  deviceIsManaged: { words: 'whether the device is managed', path: 'device.managed', fact: 'deviceIsManaged' },
  riskLevel: { words: 'the risk', path: 'riskScore', fact: 'risk' },
};
