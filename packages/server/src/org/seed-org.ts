import type { ZoneContent } from '@sallyport/model/network-zone';
import { ruleTypeOf } from '../policies/manage-rules.ts';
import { wholePasswordSettings } from '../policies/password-documents.ts';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import type { NewRow } from '../store/tables.ts';
import { defaultType } from '../user-types/default-type.ts';
import { columnsOfContent } from '../zones/zone-content.ts';

const CONSOLE_RULE_ACTIONS = {
  appSignOn: {
    access: 'ALLOW',
    verificationMethod: {
      type: 'ASSURANCE',
      factorMode: '2FA',
      reauthenticateIn: 'PT0S',
      constraints: [
        {
          possession: {
            required: true,
            deviceBound: 'REQUIRED',
            phishingResistant: 'REQUIRED',
            userPresence: 'REQUIRED',
            userVerification: 'REQUIRED',
          },
        },
      ],
    },
  },
};
const OWN_PAGES_RULE_ACTIONS = {
  appSignOn: {
    access: 'ALLOW',
    verificationMethod: { type: 'ASSURANCE', factorMode: '1FA', reauthenticateIn: 'PT2H', constraints: [] },
  },
};
const DENY = { appSignOn: { access: 'DENY' } };
const GLOBAL_RULE_ACTIONS = {
  signon: {
    access: 'ALLOW',
    requireFactor: false,
    session: { maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 1440, usePersistentCookie: false },
  },
};
/** Catch-alls stand after everything that a person adds. */
const LAST_PRIORITY = 99;
const ENROL_SETTINGS = {
  type: 'AUTHENTICATORS',
  authenticators: ['okta_password', 'webauthn', 'google_otp'].map((key) => ({ key, enroll: { self: 'OPTIONAL' } })),
};
const FOR_ALL = 'The default policy applies in all situations if no other policy applies.';

const FEATURES = [
  [
    'ASN binding for Admin Console',
    'Ends a session of the Admin Console that is used from another network (ASN).',
    'ENABLED',
  ],
  [
    'IP binding for Admin Console',
    'Ends a session of the Admin Console that is used from another address.',
    'DISABLED',
  ],
  ['Protected actions', 'Asks for fresh proof before each critical action.', 'ENABLED'],
] as const;

const NO_ADDRESSES: ZoneContent = { type: 'IP', gateways: [], proxies: [] };
/** Off at first: without lists of such services it would block nobody, with them perhaps a company's own VPN. */
const ANONYMIZERS: ZoneContent = {
  type: 'DYNAMIC_V2',
  asns: { include: [], exclude: [] },
  locations: { include: [], exclude: [] },
  ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: [] },
};

/** Makes the org with its built-in objects: the group of everyone, system zones, the two apps with their policies, features. */
export const seedOrg = async (s: Services, tx: Transaction, { name }: { readonly name: string }): Promise<void> => {
  const now = s.clock.now();
  const dates = { createdAt: now, lastUpdatedAt: now };
  await tx
    .insertInto('org')
    .values({ id: newId(s.random, 'org'), name, createdAt: now })
    .execute();
  await tx.insertInto('userTypes').values(defaultType(now)).execute();
  const everyoneId = newId<string>(s.random, 'group');
  await tx
    .insertInto('groups')
    .values({
      id: everyoneId,
      type: 'BUILT_IN',
      name: 'Everyone',
      nameFolded: 'everyone',
      profile: JSON.stringify({ name: 'Everyone', description: 'All users in your organization' }),
      ...dates,
      lastMembershipUpdatedAt: now,
    })
    .execute();

  const zone = (
    zoneName: string,
    usage: string,
    isExempt: 0 | 1,
    content: ZoneContent = NO_ADDRESSES,
  ): NewRow<'zones'> => ({
    id: newId(s.random, 'zone'),
    name: zoneName,
    status: content.type === 'IP' ? 'ACTIVE' : 'INACTIVE',
    usage,
    isSystem: 1,
    isExempt,
    ...columnsOfContent(content),
    ...dates,
  });
  await tx
    .insertInto('zones')
    .values([
      zone('LegacyIpZone', 'POLICY', 0),
      zone('BlockedIpZone', 'BLOCKLIST', 0),
      zone('DefaultEnhancedDynamicZone', 'BLOCKLIST', 0, ANONYMIZERS),
      zone('DefaultExemptIpZone', 'POLICY', 1),
    ])
    .execute();

  const policy = async (
    type: string,
    policyName: string,
    rules: readonly { name: string; priority: number; isSystem: 0 | 1; actions: unknown }[],
    {
      description = null,
      conditions = {},
      settings = {},
    }: { description?: string | null; conditions?: unknown; settings?: unknown } = {},
  ): Promise<string> => {
    const id = newId<string>(s.random, type === 'ACCESS_POLICY' ? 'accessPolicy' : 'policy');
    await tx
      .insertInto('policies')
      .values({
        id,
        type,
        name: policyName,
        description,
        priority: 1,
        status: 'ACTIVE',
        isSystem: 1,
        conditions: JSON.stringify(conditions),
        settings: JSON.stringify(settings),
        version: 1,
        ...dates,
      })
      .execute();
    for (const rule of rules) {
      await tx
        .insertInto('policyRules')
        .values({
          id: newId(s.random, type === 'ACCESS_POLICY' ? 'accessRule' : 'rule'),
          policyId: id,
          type: ruleTypeOf(type),
          name: rule.name,
          priority: rule.priority,
          status: 'ACTIVE',
          isSystem: rule.isSystem,
          conditions: '{}',
          actions: JSON.stringify(rule.actions),
          ...dates,
        })
        .execute();
    }
    return id;
  };
  const consolePolicy = await policy('ACCESS_POLICY', 'Admin Console', [
    { name: 'Phishing-resistant, device-bound key', priority: 1, isSystem: 0, actions: CONSOLE_RULE_ACTIONS },
    { name: 'Catch-all Rule', priority: LAST_PRIORITY, isSystem: 1, actions: DENY },
  ]);
  const ownPagesPolicy = await policy('ACCESS_POLICY', 'Own pages', [
    { name: 'Catch-all Rule', priority: LAST_PRIORITY, isSystem: 1, actions: OWN_PAGES_RULE_ACTIONS },
  ]);
  await policy('OKTA_SIGN_ON', 'Default Policy', [
    { name: 'Default Rule', priority: LAST_PRIORITY, isSystem: 1, actions: GLOBAL_RULE_ACTIONS },
  ]);
  const people = { groups: { include: [everyoneId] } };
  await policy(
    'PASSWORD',
    'Default Policy',
    [
      {
        name: 'Default Rule',
        priority: LAST_PRIORITY,
        isSystem: 1,
        actions: { passwordChange: { access: 'ALLOW' } },
      },
    ],
    {
      description: FOR_ALL,
      conditions: { people, authProvider: { provider: 'OKTA' } },
      settings: wholePasswordSettings({}),
    },
  );
  await policy(
    'MFA_ENROLL',
    'Default Policy',
    [{ name: 'Default Rule', priority: LAST_PRIORITY, isSystem: 1, actions: { enroll: { self: 'CHALLENGE' } } }],
    { description: FOR_ALL, conditions: { people }, settings: ENROL_SETTINGS },
  );

  const app = (appName: string, label: string, policyId: string): NewRow<'apps'> => ({
    id: newId(s.random, 'app'),
    name: appName,
    label,
    status: 'ACTIVE',
    signOnMode: 'OPENID_CONNECT',
    isSystem: 1,
    policyId,
    body: '{}',
    ...dates,
  });
  await tx
    .insertInto('apps')
    .values([app('saasure', 'Admin Console', consolePolicy), app('okta_enduser', 'Own pages', ownPagesPolicy)])
    .execute();
  await tx
    .insertInto('features')
    .values(
      FEATURES.map(([featureName, description, status]) => ({
        id: newId<string>(s.random, 'feature'),
        name: featureName,
        description,
        status,
        stage: 'GA',
        updatedAt: now,
      })),
    )
    .execute();
};
