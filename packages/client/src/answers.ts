/** What routes answer, as far as clients read it. A route that is not here answers `unknown`. */
import type { RouteName } from '@sallyport/api/routes';
import type { SequenceStep } from '@sallyport/model/access-request';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import type { EntitlementKind, GrantEndReason } from '@sallyport/model/grant';
import type { LogEvent } from '@sallyport/model/log-event';
import type { PasswordSettings } from '@sallyport/model/password-policy';
import type { Authenticators, FindingKind } from '@sallyport/model/policy-proof';
import type { ProtectedActionSetting } from '@sallyport/model/protected-actions';
import type { LogFindingKind, RequestsEvidence } from '@sallyport/model/review';
import type { BindingMode, BindingModes } from '@sallyport/model/session';
import type { WebhookType } from '@sallyport/model/webhook-types';
import type { DayRole } from '@sallyport/model/zero-standing';
import type { PolicyDraftAnswers } from './policy-draft-answers.ts';

export type { BindingMode, BindingModes, KeySettings, SequenceStep };

export interface UserAnswer {
  readonly id: string;
  readonly status: string;
  readonly profile: Readonly<Record<string, unknown>> & { readonly login: string };
  /** Of an account that nobody signs in as. */
  readonly sallyport?: { readonly serviceAccountSince: string };
}
/** `GET /sallyport/v1/users/{id}/service-account`. */
export interface ServiceAccountAnswer {
  readonly isServiceAccount: boolean;
  readonly since: string | null;
  readonly holdsAdminRole: boolean;
  /** Why the caller cannot change it; null where they can. */
  readonly refusal: string | null;
  /** Why the caller cannot make a token of it; null where they can. */
  readonly tokenRefusal: string | null;
}
export interface GroupAnswer {
  readonly id: string;
  readonly type: string;
  readonly lastMembershipUpdated: string;
  readonly profile: { readonly name: string; readonly description: string | null };
  /** With `expand=stats`. */
  readonly _embedded?: { readonly stats: { readonly usersCount: number } };
}
export interface GroupDetailAnswer {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  readonly lastMembershipUpdatedAt: string;
  readonly members: number;
  readonly givesRole: boolean;
  /** Null for whoever may not read rules. */
  readonly rules: readonly (Pick<GroupRuleAnswer, 'id' | 'name' | 'status'> & { readonly expression: string })[] | null;
  /** Why one may not change it, or who is in it; null where one may. */
  readonly refusals: { readonly change: string | null; readonly members: string | null };
}
export interface GroupMemberAnswer {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly status: string;
  readonly since: string;
  /** Of somebody who is in it for a while. */
  readonly until: string | null;
  /** A name is null where one may not see it. */
  readonly by: { readonly kind: 'person' | 'rule' | 'app'; readonly name: string | null; readonly isOn: boolean };
  readonly refusal: string | null;
}
/** Something that somebody has, will have or had for a while. */
export interface GrantAnswer {
  readonly id: string;
  readonly status: 'scheduled' | 'active' | 'ended';
  /** With the name of then. */
  readonly user: { readonly id: string; readonly login: string; readonly name: string };
  readonly entitlement: { readonly kind: EntitlementKind; readonly id: string; readonly name: string };
  readonly startsAt: string;
  /** Until when it was given. */
  readonly expiresAt: string;
  /** When its power ends: on several nodes a little before. */
  readonly powerEndsAt: string;
  readonly endedAt: string | null;
  readonly endReason: GrantEndReason | null;
  /** Null where it ran out, or they are gone. */
  readonly endedBy: string | null;
  readonly source: { readonly kind: 'request' | 'admin'; readonly id: string };
  /** Who asked for it, also for another; null where no request gave it. */
  readonly askedBy: { readonly id: string; readonly login: string | null } | null;
  /** The grant that went on in this one. */
  readonly extendsGrantId: string | null;
  readonly reason: string;
  readonly createdAt: string;
  readonly createdBy: string | null;
}
export interface GroupOwnerAnswer {
  readonly id: string;
  readonly type: 'USER' | 'GROUP';
  readonly displayName: string | null;
}
export interface GroupRuleAnswer {
  readonly id: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  readonly lastUpdated: string;
  readonly conditions: {
    readonly expression: { readonly value: string };
    readonly people: { readonly users: { readonly exclude: readonly string[] } };
  };
  readonly actions: { readonly assignUserToGroups: { readonly groupIds: readonly string[] } };
  readonly _embedded?: { readonly groupIdToGroupNameMap: Readonly<Record<string, string>> };
}
export interface GroupRulePreviewAnswer {
  readonly people: number;
  readonly matches: number;
  readonly adds: number;
  readonly sample: readonly { readonly id: string; readonly login: string; readonly displayName: string }[];
}
/** `POST /sallyport/v1/user-imports?dryRun=true`. */
export interface ImportPreviewAnswer {
  readonly rows: number;
  readonly creates: number;
  readonly existing: number;
  readonly problemCount: number;
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
  readonly sample: readonly {
    readonly line: number;
    readonly profile: UserAnswer['profile'];
  }[];
}
/** `POST /sallyport/v1/user-imports`. */
export interface ImportDoneAnswer {
  readonly created: number;
  readonly skipped: number;
  readonly done: number;
  readonly rows: number;
  /** Where the next slice begins; null after the last. */
  readonly next: number | null;
}
export interface SessionAnswer {
  readonly id: string;
  readonly userId: string;
  readonly login: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly status: string;
  readonly amr: readonly string[];
}
export interface OwnSessionAnswer {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly kind: 'browser' | 'command-line';
  readonly openedBySessionId: string | null;
  readonly device: string;
  readonly address: string;
  readonly network: { readonly asn: number | null; readonly organisation: string | null; readonly name: string };
  readonly place: string | null;
  readonly createdAt: string;
  readonly lastActivityAt: string;
  readonly idleEndsAt: string;
  readonly endsAt: string;
  readonly authenticator: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly hasConsole: boolean;
}
export interface SessionRowAnswer extends OwnSessionAnswer {
  readonly state: 'active' | 'ended';
  readonly user: { readonly id: string; readonly login: string; readonly name: string };
}
export interface SessionDetailAnswer extends SessionRowAnswer {
  readonly opened: readonly { readonly id: string; readonly endedAt: string | null }[];
}
export interface OwnSessionsAnswer {
  readonly sessions: readonly OwnSessionAnswer[];
  readonly counts: { readonly active: number };
}
export interface CliSessionAnswer {
  readonly token: string;
  readonly session: SessionAnswer;
  readonly hasConsole: boolean;
}
/** What a server tells of an authenticator beside the wire's own fields. */
export interface AuthenticatorAnswer {
  readonly id: string;
  readonly name: string;
  readonly kind: 'webauthn' | 'totp';
  readonly isDeviceBound: boolean;
  readonly isAttested: boolean;
  /** It opens the Admin Console; else `whyNot` says why it does not. */
  readonly qualifies: boolean;
  readonly whyNot: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}
export interface FactorAnswer {
  readonly id: string;
  readonly status: string;
  readonly factorType: string;
  readonly sallyport: AuthenticatorAnswer;
}
/** A token as it is managed. `token`: its secret, in the answer that made it alone. */
export interface ApiTokenAnswer {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly expiresAt: string;
  readonly sallyport: {
    readonly purpose: string;
    readonly anywhereReason: string | null;
    readonly secretSetAt: string;
    readonly oldSecret: OldSecretAnswer | null;
    readonly isSliding: boolean;
  };
  readonly token?: string;
}
/** The secret of before the last rotation, as long as it works. */
export interface OldSecretAnswer {
  readonly endsAt: string;
  readonly lastUsedAt: string | null;
  readonly lastUsedAddress: string | null;
}
/** An item of `GET /sallyport/v1/api-tokens`. */
export interface TokenUseAnswer {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly owner: { readonly id: string; readonly login: string; readonly name: string };
  readonly network: {
    readonly connection: 'ANYWHERE' | 'ZONE' | 'LOOPBACK';
    readonly include: readonly string[];
    readonly exclude: readonly string[];
    readonly words: string;
    readonly isAnywhere: boolean;
    readonly anywhereReason: string | null;
  };
  readonly protectedActions: 'all' | readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: { readonly address: string; readonly network: string | null } | null;
  readonly expiresAt: string;
  /** Each use puts the end off, to thirty days after it. */
  readonly isSliding: boolean;
  readonly secretSetAt: string;
  readonly isOld: boolean;
  readonly oldSecret: OldSecretAnswer | null;
  readonly isOwn: boolean;
  readonly use: {
    readonly networks: readonly string[];
    /** Where it was used within an hour of its use elsewhere, the last first. */
    readonly secondNetworks: readonly { readonly network: string; readonly at: string }[];
    readonly permissions: readonly string[];
    readonly programs: readonly string[];
  };
  /** Could a service app do its work? */
  readonly serviceApp: { readonly could: boolean; readonly why: string };
}
/** A public key of a service app. */
export interface AppKeyAnswer {
  readonly id: string;
  readonly kid: string;
  readonly alg: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly lastUsed: string | null;
}
export interface AppGrantAnswer {
  readonly id: string;
  readonly scopeId: string;
  readonly created: string;
}
/** Settings of an app behind the gateway. */
export interface GatewaySettingsAnswer {
  readonly externalUrl: string;
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
  readonly backgroundPaths: readonly string[];
}
/** Settings of a service app. */
export interface ServiceSettingsAnswer {
  readonly dpop_bound_access_tokens: boolean;
  readonly jwks?: { readonly keys: readonly AppKeyAnswer[] };
  readonly jwks_uri?: string;
  readonly network: {
    readonly connection: 'ANYWHERE' | 'ZONE' | 'LOOPBACK';
    readonly include: readonly string[];
    readonly exclude: readonly string[];
  };
}
export interface AppAnswer {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly signOnMode: string;
  readonly created: string;
  readonly lastUpdated: string;
  readonly settings: {
    /** Of an app behind the gateway, or of a service app. */
    readonly app?: GatewaySettingsAnswer & {
      readonly protectedActions?: readonly string[];
      readonly networkReason?: string | null;
    };
    /** Of a service app. */
    readonly oauthClient?: ServiceSettingsAnswer;
  };
  /** Of a service app; null where it was never used. */
  readonly lastUsed?: string | null;
  readonly lastUsedFrom?: { readonly address: string; readonly network: string | null } | null;
  readonly _links: { readonly accessPolicy?: { readonly href: string } };
}
export interface ZoneAnswer {
  readonly id: string;
  readonly name: string;
  readonly type: 'IP' | 'DYNAMIC' | 'DYNAMIC_V2';
  readonly status: string;
  readonly usage: 'POLICY' | 'BLOCKLIST';
  readonly system: boolean;
  readonly lastUpdated: string;
  /** Of an IP zone. */
  readonly gateways?: readonly ZoneEntryAnswer[] | null;
  readonly proxies?: readonly ZoneEntryAnswer[] | null;
  /** Of the dynamic ones; those of DYNAMIC_V2 have two halves. */
  readonly asns?: readonly string[] | ZoneHalves<string>;
  readonly locations?: readonly ZoneLocationAnswer[] | ZoneHalves<ZoneLocationAnswer> | null;
  readonly proxyType?: string | null;
  readonly ipServiceCategories?: ZoneHalves<string>;
  /** What the zone asks for, of which this server has no data: nobody is in it by that. */
  readonly sallyport?: { readonly missingData: readonly string[] };
}
export interface ZoneHalves<T> {
  readonly include: readonly T[];
  readonly exclude: readonly T[];
}
export interface ZoneLocationAnswer {
  readonly country: string;
  readonly region: string | null;
}
/** Whether a kind of mail comes; without a channel nothing does. */
export interface SubscriptionAnswer {
  readonly notificationType: string;
  readonly status: 'subscribed' | 'unsubscribed';
  readonly channels: readonly 'email'[];
}
/** All that is said about the organisation; null is what nobody said. */
export interface OrgDetailAnswer {
  readonly id: string;
  readonly companyName: string;
  readonly address1: string | null;
  readonly address2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
  readonly phoneNumber: string | null;
  readonly website: string | null;
  readonly supportPhoneNumber: string | null;
  readonly endUserSupportHelpURL: string | null;
  readonly lastUpdated: string;
  /** A login is null where one may not see the person. */
  readonly contacts: readonly {
    readonly contactType: 'BILLING' | 'TECHNICAL';
    readonly user: { readonly id: string; readonly login: string | null } | null;
  }[];
  readonly showEndUserFooter: boolean;
}
export interface TrustedOriginAnswer {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly scopes: readonly {
    readonly type: 'CORS' | 'REDIRECT' | 'IFRAME_EMBED';
    readonly allowedOktaApps?: readonly string[];
  }[];
  readonly lastUpdated: string;
}
export interface BreakGlassNetworksAnswer {
  readonly primary: readonly string[];
  readonly secondary: readonly string[];
  readonly tertiary: readonly string[];
}
export interface BreakGlassAnswer {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly state: 'READY' | 'IN_USE' | 'USED' | 'INCOMPLETE';
  /** What somebody has to do about it, the most urgent first. */
  readonly todo: readonly string[];
  readonly networks: BreakGlassNetworksAnswer;
  readonly keys: readonly {
    readonly id: string;
    readonly name: string;
    readonly isUsable: boolean;
    readonly isAttested: boolean;
    readonly created: string;
    readonly lastUsed: string | null;
  }[];
  /** The shares that its secret was printed in; null: one paper. */
  readonly split: { readonly count: number; readonly needed: number } | null;
  readonly sealedAt: string;
  readonly unsealedAt: string | null;
  readonly lastDrillAt: string | null;
  readonly drillDueAt: string;
  readonly isDrillDue: boolean;
  readonly drillUntil: string | null;
  readonly openReviews: number;
  /** A review of access said no to it since it was sealed. */
  readonly isRevokedInReview: boolean;
  readonly alarms: { readonly mailTo: number; readonly webhooks: number };
  readonly created: string;
}
/** With the secret, which no other answer has. */
/** What is printed, this once: the secret, or its shares. */
export interface SealedAnswer extends BreakGlassAnswer {
  readonly secret: string | null;
  readonly shares: readonly string[] | null;
}
export interface BreakGlassUseAnswer {
  readonly id: string;
  readonly kind: 'USE' | 'DRILL';
  readonly firstAt: string;
  readonly lastAt: string;
  readonly openings: number;
  readonly refusals: number;
  readonly address: string | null;
  readonly reason: string | null;
  readonly sessionId: string | null;
  readonly closedAt: string | null;
  readonly reviewersNeeded: number;
  readonly reviews: readonly { readonly login: string | null; readonly note: string; readonly signedAt: string }[];
  /** May whoever reads it sign its review now, and why, or why not? */
  readonly sign: { readonly isAllowed: boolean; readonly sentence: string };
}
export interface BreakGlassInUseAnswer {
  readonly inUse: readonly {
    readonly id: string;
    readonly login: string;
    readonly since: string;
    readonly isDrill: boolean;
    readonly reason: string | null;
  }[];
  /** Of the session that asks: null where it is nobody's but a person's. */
  readonly own: { readonly isDrill: boolean; readonly reason: string | null } | null;
}
export interface AlarmTestAnswer {
  readonly mailTo: number;
  readonly webhooks: number;
  readonly late: readonly { readonly channel: string; readonly error: string | null }[];
}
export interface WebhookAnswer {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  /** What it is told of. */
  readonly types: readonly WebhookType[];
  readonly secretSetAt: string;
  readonly oldSecretEndsAt: string | null;
  readonly queue: {
    readonly waiting: number;
    readonly dead: number;
    readonly lastError: string | null;
    readonly lastDeliveredAt: string | null;
  };
  readonly created: string;
  readonly lastUpdated: string;
  /** What `If-Match` takes when its name, its address or what it is told of is changed. */
  readonly version: string;
}
export interface WebhookWithSecretAnswer extends WebhookAnswer {
  readonly secret: string;
}
export interface ZoneEntryAnswer {
  readonly type: 'CIDR' | 'RANGE';
  readonly value: string;
}
/** `GET /sallyport/v1/zones/{id}/usage`. Null: not the caller's to read. */
export interface ZoneUsageAnswer {
  readonly rules:
    | readonly { readonly id: string; readonly name: string; readonly policyId: string; readonly policyName: string }[]
    | null;
  readonly tokens: readonly { readonly id: string; readonly name: string }[] | null;
  readonly apps: readonly { readonly id: string; readonly name: string }[] | null;
  readonly isExempt: boolean;
}
export interface ZoneTestAnswer {
  readonly address: string;
  readonly network: string;
  readonly asn: number | null;
  readonly place: string | null;
  readonly countryCode: string | null;
  readonly region: string | null;
  /** ISO 3166-2, the largest first. */
  readonly regionCodes: readonly string[];
  readonly city: string | null;
  readonly isLocal: boolean;
  /** The lists of services that hold it. */
  readonly services: readonly string[];
  readonly zones: readonly JudgedZoneAnswer[];
  readonly otherZones: readonly JudgedZoneAnswer[];
  readonly isBlocked: boolean;
  readonly blockedBy: { readonly id: string; readonly name: string } | null;
  readonly isExempt: boolean;
}
export interface JudgedZoneAnswer {
  readonly id: string;
  readonly name: string;
  readonly usage: string;
  readonly isExempt: boolean;
  readonly answer: 'in' | 'out' | 'unknown';
  readonly why: string;
}
/** `GET /sallyport/v1/network-test`. */
export interface NetworkTestAnswer {
  readonly result: ZoneTestAnswer | null;
  readonly own: string | null;
  readonly trustedProxies: readonly string[];
  readonly sources: readonly {
    readonly source: string;
    readonly dataAt: string | null;
    /** Why the file as it is now is not used. */
    readonly problem: string | null;
  }[];
  /** What a zone may ask for by the name of a service. */
  readonly categories: readonly string[];
  /** The services that most zones ask for, of which there is no list. */
  readonly missingLists: readonly string[];
  readonly forwarded: {
    readonly header: string;
    readonly hops: readonly { readonly text: string; readonly role: string; readonly why: string }[];
    readonly isKnown: boolean;
  } | null;
}
export interface PolicyAnswer {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly description: string | null;
  readonly priority: number;
  readonly status: string;
  readonly system: boolean;
  readonly lastUpdated: string;
  /** Of policies for people: those whom it is for; without it, everybody. */
  readonly conditions?: { readonly people?: { readonly groups?: IdSelection | null } | null } | null;
  /** Of policies for people: what holds for those whom the policy is for. */
  readonly settings?: {
    readonly password?: PasswordSettings;
    readonly authenticators?: readonly {
      readonly key: string;
      readonly enroll: {
        readonly self: string;
        readonly gracePeriod?: { readonly type?: string; readonly expiry: string };
      };
      readonly constraints?: { readonly aaguidGroups: readonly string[] };
    }[];
  };
}
interface IdSelection {
  readonly include?: readonly string[] | null;
  readonly exclude?: readonly string[] | null;
}
export interface RuleConditionsAnswer {
  readonly people?: { readonly users?: IdSelection | null; readonly groups?: IdSelection | null } | null;
  readonly network?: (IdSelection & { readonly connection: 'ANYWHERE' | 'ZONE' }) | null;
  readonly device?: {
    readonly registered?: boolean | null;
    readonly managed?: boolean | null;
    readonly assurance?: { readonly include?: readonly string[] | null } | null;
  } | null;
  readonly platform?: {
    readonly include?:
      | readonly { readonly type?: string | null; readonly os?: { readonly type?: string | null } | null }[]
      | null;
  } | null;
  readonly riskScore?: { readonly level: string } | null;
  readonly risk?: { readonly behaviors?: readonly string[] | null } | null;
  readonly userType?: IdSelection | null;
  readonly elCondition?: { readonly condition: string } | null;
}
export interface RuleActionsAnswer {
  readonly appSignOn?: {
    readonly access: string;
    readonly verificationMethod?: {
      readonly type?: string;
      readonly factorMode?: string;
      readonly reauthenticateIn?: string | null;
      readonly inactivityPeriod?: string | null;
      readonly constraints?:
        | readonly {
            readonly knowledge?: Readonly<Record<string, unknown>> | null;
            readonly possession?: Readonly<Record<string, unknown>> | null;
          }[]
        | null;
      readonly chains?: readonly unknown[] | null;
    } | null;
  } | null;
  /** Of a policy of passwords: whether they change their own. */
  readonly passwordChange?: { readonly access: string } | null;
  /** Of a policy of enrolment: whether they add an authenticator themselves. */
  readonly enroll?: { readonly self: string } | null;
  readonly signon?: {
    readonly access: string;
    readonly requireFactor?: boolean | null;
    readonly session?: {
      readonly maxSessionIdleMinutes?: number | null;
      readonly maxSessionLifetimeMinutes?: number | null;
    } | null;
  } | null;
}
export interface PolicyRuleAnswer {
  readonly id: string;
  readonly name: string;
  /** Read from the lowest on; the first rule that applies decides. */
  readonly priority: number;
  readonly status: string;
  /** A catch-all: always last, never deleted or switched off. */
  readonly system: boolean;
  readonly conditions: RuleConditionsAnswer | null;
  readonly actions: RuleActionsAnswer;
}
/** What a profile may hold under a name. */
export interface AttributeAnswer {
  readonly title: string;
  readonly description?: string | null;
  readonly type: 'string' | 'boolean' | 'number' | 'integer' | 'array';
  readonly items?: { readonly type: 'string' | 'number' | 'integer' } | null;
  readonly enum?: readonly (string | number)[] | null;
  readonly oneOf?: readonly { readonly const: string | number; readonly title: string }[] | null;
  readonly minLength?: number | null;
  readonly maxLength?: number | null;
  readonly unique?: string | null;
  readonly permissions?: readonly { readonly principal: string; readonly action: string }[] | null;
}
interface SchemaPartAnswer {
  readonly properties: Readonly<Record<string, AttributeAnswer>>;
  readonly required: readonly string[];
}
/** `GET /api/v1/meta/schemas/…`: what profiles of people of a type, or of groups, hold. */
export interface ProfileSchemaAnswer {
  readonly id: string;
  readonly title: string;
  readonly definitions: { readonly custom: SchemaPartAnswer; readonly base: SchemaPartAnswer };
}
export interface UserTypeAnswer {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly default: boolean;
  readonly _links: { readonly schema: { readonly href: string } };
}
interface NamedAnswer {
  readonly id: string;
  readonly name: string;
}
/** `GET|POST /sallyport/v1/policies/{policyId}/proof`. */
export interface PolicyProofAnswer {
  readonly policy: NamedAnswer;
  /** False: it is too large for a question; `not-proven` says of which rules. */
  readonly isComplete: boolean;
  readonly ways: readonly {
    readonly rule: NamedAnswer;
    readonly weakest: readonly { readonly name: Authenticators; readonly words: string }[];
    readonly except: readonly NamedAnswer[];
  }[];
  readonly findings: readonly {
    readonly kind: FindingKind;
    readonly rule: NamedAnswer | null;
    readonly by: readonly NamedAnswer[];
    readonly sentence: string;
  }[];
}
interface ChangedPeopleAnswer {
  readonly people: number;
  readonly list: readonly {
    readonly id: string;
    readonly login: string | null;
    readonly times: number;
    readonly lastAt: string;
    readonly lastEvent: string;
    readonly rule: NamedAnswer | null;
  }[];
}
type VerdictCountsAnswer = Readonly<Record<'allow' | 'step_up' | 'deny', number>>;
/** `POST /sallyport/v1/policies/{policyId}/replay`. */
export interface PolicyReplayAnswer {
  readonly policy: NamedAnswer;
  readonly days: number;
  readonly since: string;
  /** False: it stopped before the first of these days. */
  readonly isComplete: boolean;
  readonly signIns: number;
  readonly before: VerdictCountsAnswer;
  readonly after: VerdictCountsAnswer;
  readonly newlyDenied: ChangedPeopleAnswer;
  readonly newlyAllowed: ChangedPeopleAnswer;
}
/** `POST /sallyport/v1/what-if`. */
export interface WhatIfAnswer {
  readonly policy: NamedAnswer & { readonly isActive: boolean };
  readonly at: string;
  readonly person: { readonly id: string; readonly login: string } | null;
  readonly verdict: 'allow' | 'deny' | 'step_up';
  readonly sentences: readonly string[];
  readonly needs: readonly string[];
  readonly rule: NamedAnswer | null;
  readonly isDraft: boolean;
  readonly rules: readonly (NamedAnswer & {
    readonly status: 'MATCH' | 'NOT_MATCH' | 'UNDEFINED' | 'NOT_READ' | 'INACTIVE';
    readonly failed: { readonly condition: string; readonly isUnknown: boolean; readonly sentence: string } | null;
  })[];
  readonly facts: readonly {
    readonly name: string;
    readonly words: string;
    readonly value: unknown;
    /** The value in words, with ids as ids. */
    readonly shown: string;
    readonly isKnown: boolean;
    readonly source: string | null;
    readonly observedAt: string | null;
  }[];
  readonly recorded: { readonly verdict: string; readonly rule: NamedAnswer | null } | null;
}
/** `GET /sallyport/v1/policies/matches`. */
export interface PolicyMatchesAnswer {
  readonly days: number;
  readonly since: string;
  /** False: there were more verdicts than are looked at, and each count is at least that. */
  readonly isComplete: boolean;
  readonly rules: readonly {
    readonly id: string;
    readonly policyId: string;
    /** `refusals`: what the policy let pass is not written down. */
    readonly counted: 'all' | 'refusals';
    readonly matches: number;
    /** Null: not in these days. */
    readonly lastMatchedAt: string | null;
  }[];
}
export interface SessionBindingAnswer extends BindingModes {
  readonly exemptZoneId: string | null;
  readonly apps: Readonly<Record<string, Partial<BindingModes>>>;
}
/** A mode of null is none of the app's own: the org's counts. `app` of null is the org. */
export interface BindingChangeAnswer {
  readonly app: string | null;
  readonly axis: keyof BindingModes;
  readonly from: BindingMode | null;
  readonly to: BindingMode | null;
}
/** `PUT /sallyport/v1/session-binding?dryRun=true`. */
export interface BindingPreviewAnswer {
  readonly changes: readonly BindingChangeAnswer[];
  readonly ownSession: {
    readonly verdict: 'hold' | 'observe' | 'prove' | 'end';
    readonly reasons: readonly string[];
  } | null;
  readonly seenElsewhere: { readonly sessions: number; readonly people: number; readonly logins: readonly string[] };
}
/** `GET /sallyport/v1/client-address`. */
export interface ClientAddressAnswer {
  readonly canBeSpoofed: 'yes' | 'no' | 'not-shown';
  readonly findings: readonly {
    readonly code: string;
    readonly state: 'ok' | 'warning' | 'fault';
    readonly sentence: string;
    readonly mend: string | null;
  }[];
  readonly header: string;
  readonly trustedProxies: readonly string[];
  readonly own: string | null;
  readonly triedAt: string | null;
}
/** `POST /sallyport/v1/client-address/probes`. */
export interface HeaderProbeAnswer {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: string;
}
interface ChangedAnswer {
  readonly at: string;
  readonly by: string;
}
interface RangeAnswer {
  readonly min: number;
  readonly max: number;
}
export interface SessionProtectionAnswer {
  readonly presets: readonly {
    readonly name: string;
    readonly label: string;
    readonly summary: string;
    readonly body: BindingModes;
  }[];
  readonly apps: readonly { readonly key: string; readonly label: string }[];
  readonly consoleLimits: {
    readonly idleMinutes: RangeAnswer;
    readonly lifetimeMinutes: RangeAnswer;
    readonly aal3Minutes: { readonly idle: number; readonly lifetime: number };
  };
  readonly exempt: {
    readonly zone: { readonly id: string; readonly name: string; readonly entries: readonly string[] } | null;
    readonly passes: number;
    readonly sessions: number;
  };
  readonly liveSessions: number;
  readonly changed: { readonly sessionBinding: ChangedAnswer | null; readonly adminConsole: ChangedAnswer | null };
}
export interface SessionBindingReportAnswer {
  readonly days: number;
  readonly summary: string;
  readonly people: number;
  readonly sessions: number;
  readonly rows: readonly {
    readonly userId: string;
    readonly login: string;
    readonly sessions: number;
    readonly changes: number;
    readonly networks: readonly string[];
    readonly lastAt: string;
  }[];
}
/** An authenticator of the organisation. */
export interface OrgAuthenticatorAnswer {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  readonly lastUpdated: string;
}
/** Of the method `webauthn`: what is asked of keys. */
export interface KeyMethodAnswer {
  readonly type: string;
  readonly status: string;
  readonly settings: KeySettings;
}
export interface QuarantinedKeyAnswer {
  readonly id: string;
  readonly name: string;
  readonly aaguid: string | null;
  readonly isAttested: boolean;
  readonly lastUsedAt: string | null;
  /** Today's settings take it. */
  readonly isNew: boolean;
  readonly reasons: readonly string[];
  readonly why: readonly string[];
}
export interface QuarantineHolderAnswer {
  readonly user: { readonly id: string; readonly login: string; readonly name: string };
  readonly isAdmin: boolean;
  readonly isSuperAdmin: boolean;
  readonly otherKeys: number;
  readonly keys: readonly QuarantinedKeyAnswer[];
}
export interface QuarantineAnswer {
  readonly summary: string;
  readonly keys: number;
  readonly people: number;
  readonly peopleWithoutKey: number;
  readonly superAdminsWithoutKey: number;
  readonly holders: readonly QuarantineHolderAnswer[];
}
/** `PUT …/methods/webauthn?dryRun=true`. */
export interface KeySettingsPreviewAnswer {
  readonly changes: readonly { readonly field: keyof KeySettings; readonly from: unknown; readonly to: unknown }[];
  readonly quarantine: QuarantineAnswer;
  readonly refusedBecause: string | null;
}
export interface KeyModelAnswer {
  readonly aaguid: string;
  readonly name: string | null;
  readonly source: 'metadata' | 'custom' | null;
  readonly hasRoots: boolean;
  readonly isHardwareProtected: boolean | null;
  readonly isFipsCompliant: boolean | null;
  readonly isCompromised: boolean | null;
  readonly attestedKeys: number;
  readonly claimedKeys: number;
}
export interface KeyModelsAnswer {
  /** The operator's metadata file; null without one. */
  readonly metadata: {
    readonly number: number | null;
    readonly nextUpdate: string | null;
    readonly models: number;
    readonly isSignatureChecked: boolean;
    readonly modifiedAt: string | null;
    readonly problem: string | null;
  } | null;
  readonly models: readonly KeyModelAnswer[];
}
export interface ConsoleSettingsAnswer {
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
}
export interface ProtectedActionAnswer {
  readonly action: string;
  readonly words: string;
  readonly group: string;
  readonly why: string;
  readonly isFloor: boolean;
  readonly isChosen: boolean;
  readonly maxAgeMinutesMax: number;
  readonly setting: ProtectedActionSetting;
  /** What counts: the floor holds, and the whole may be switched off. */
  readonly inForce: ProtectedActionSetting;
  readonly usedIn30Days: number;
  readonly lastUsedAt: string | null;
}
export interface ProtectedActionsAnswer {
  readonly isOn: boolean;
  readonly actions: readonly ProtectedActionAnswer[];
  readonly changed: { readonly at: string; readonly by: string | null; readonly byLogin: string | null } | null;
}
interface NamedPersonAnswer {
  readonly id: string;
  /** Null: the account was deleted. */
  readonly login: string | null;
  readonly name: string;
}
/** Whether the caller may, and why not in words. */
interface MayAnswer {
  readonly isAllowed: boolean;
  readonly reason: string;
  readonly sentence: string;
}
/** An item of `GET /sallyport/v1/campaigns`. */
export interface ReviewCampaignAnswer {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: 'SCHEDULED' | 'ACTIVE' | 'COMPLETED';
  readonly kinds: readonly { readonly kind: string; readonly words: string }[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly closedAt: string | null;
  /** ISO 8601; null for one that happens once. */
  readonly repeats: string | null;
  readonly createdBy: string | null;
  readonly noResponse: 'NO_ACTION' | 'DENY';
  readonly accessRevoked: 'NO_ACTION' | 'DENY';
  readonly needsNote: boolean;
  readonly remark: string | null;
  /** From the close on; it stands in the System Log. */
  readonly reportSha256: string | null;
  readonly counts: {
    readonly items: number;
    readonly approved: number;
    readonly revoked: number;
    readonly unanswered: number;
    /** Revoked, and not taken. */
    readonly failed: number;
    readonly waitingForMe: number;
  };
}
/** An item of a review, with what is known of it and what the caller may do about it. */
export interface ReviewItemAnswer {
  readonly id: string;
  readonly kind: string;
  readonly kindWords: string;
  readonly subject: { readonly id: string; readonly kind: 'user' | 'client'; readonly name: string };
  readonly resource: { readonly id: string; readonly name: string };
  readonly gives: readonly string[];
  readonly grantedAt: string | null;
  readonly grantedBy: string | null;
  readonly how: string;
  readonly lastUsedAt: string | null;
  readonly usedDays: number | null;
  readonly lastSignInAt: string | null;
  readonly subjectIsActive: boolean;
  /** What the System Log held against the subject at the launch, of the 90 days before. */
  readonly findings: readonly {
    readonly kind: LogFindingKind;
    readonly words: string;
    readonly count: number;
    readonly lastAt: string;
  }[];
  /** Their requests for access of those days; null where they were not gathered, and of service apps. */
  readonly requests: RequestsEvidence | null;
  /** How a break-glass account stood at the launch; null of everything else, and for whoever is no super admin. */
  readonly seal: {
    readonly sealedAt: string;
    readonly unsealedAt: string | null;
    readonly lastDrillAt: string | null;
    readonly isDrillDue: boolean;
    readonly keys: readonly string[];
    readonly networks: BreakGlassNetworksAnswer;
    readonly openReviews: number;
  } | null;
  readonly suggestion: { readonly decision: 'APPROVE' | 'REVOKE' | null; readonly sentence: string | null };
  readonly level: 'FIRST' | 'SECOND';
  readonly reviewers: readonly { readonly id: string; readonly name: string }[];
  readonly reviewersVia: 'CHOSEN' | 'FALLBACK' | 'SUPER_ADMINS' | 'NOBODY' | 'REASSIGNED';
  readonly decision: 'APPROVE' | 'REVOKE' | null;
  readonly isUnanswered: boolean;
  readonly answers: readonly {
    readonly level: 'FIRST' | 'SECOND';
    readonly decision: 'APPROVE' | 'REVOKE';
    readonly note: string | null;
    readonly by: string;
    readonly at: string;
  }[];
  readonly remediation: {
    readonly status: 'NONE' | 'OPEN' | 'ERROR' | 'SUCCESS' | 'MANUAL';
    readonly sentence: string | null;
  };
  readonly restorableUntil: string | null;
  readonly restore: { readonly isAllowed: boolean; readonly sentence: string | null };
  readonly restoredAt: string | null;
  readonly restoredBy: string | null;
  readonly decide: { readonly isAllowed: boolean; readonly sentence: string };
}
/** A campaign as the wire shows it; only what our own clients read. */
export interface CampaignAnswer {
  readonly id: string;
  readonly name: string;
  readonly status: 'SCHEDULED' | 'ACTIVE' | 'COMPLETED';
}
/** An item of `GET /sallyport/v1/approvals`. */
export interface ApprovalAnswer {
  readonly id: string;
  readonly status: 'WAITING' | 'APPROVED' | 'DONE' | 'DENIED' | 'CANCELLED' | 'EXPIRED';
  readonly action: string;
  readonly words: string;
  readonly why: string;
  readonly target: { readonly id: string; readonly name: string | null; readonly type: string } | null;
  readonly askedBy: {
    readonly kind: 'person' | 'token' | 'service-app';
    /** Null of a service app, which is nobody's. */
    readonly person: NamedPersonAnswer | null;
    readonly token: { readonly id: string; readonly name: string; readonly purpose: string } | null;
    readonly app: { readonly id: string; readonly name: string } | null;
  };
  readonly from: { readonly address: string | null; readonly network: string | null };
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly needsSecondPerson: boolean;
  readonly decision: {
    readonly result: 'APPROVED' | 'DENIED';
    readonly by: NamedPersonAnswer;
    readonly at: string;
    readonly reason: string | null;
  } | null;
  readonly usedAt: string | null;
  readonly approve: MayAnswer;
  readonly deny: MayAnswer;
}
/** `GET /sallyport/v1/me/inbox`: one thing that waits for the caller's answer. */
export interface InboxAnswer {
  readonly kind: 'request' | 'approval' | 'review';
  readonly id: string;
  /** What `after` takes to go on behind it. */
  readonly cursor: string;
  readonly dueAt: string;
  readonly words: string;
  readonly askedBy: {
    readonly kind: 'person' | 'token' | 'service-app';
    readonly person: RequestPersonAnswer | null;
    readonly token: { readonly id: string; readonly name: string } | null;
    readonly app: { readonly id: string; readonly name: string } | null;
  };
  /** Whom access is asked for; null of what is no access. */
  readonly requestedFor: RequestPersonAnswer | null;
  /** In whose stead the caller would decide. */
  readonly insteadOf: RequestPersonAnswer | null;
  /** Things of a review that wait, counted up to a hundred; null of anything else. */
  readonly items: number | null;
  /** Whether more wait than are counted. */
  readonly isMoreItems: boolean;
}
/** Somebody who takes part in a request. */
export interface RequestPersonAnswer {
  readonly id: string;
  readonly login: string | null;
  readonly name: string;
}
/** What the caller may do about a request, and why not. */
export interface RequestMayAnswer {
  readonly isAllowed: boolean;
  readonly reason: string;
  readonly sentence: string | null;
}
/** `GET /sallyport/v1/requests`: one of the list. */
export interface AccessRequestAnswer {
  readonly id: string;
  readonly status: 'PENDING' | 'APPROVED' | 'DENIED' | 'CANCELED' | 'EXPIRED';
  readonly words: string;
  readonly requestedBy: RequestPersonAnswer;
  readonly requestedFor: RequestPersonAnswer;
  readonly entitlement: { readonly kind: EntitlementKind; readonly id: string; readonly name: string };
  readonly duration: string;
  readonly startsAt: string | null;
  /** What it makes longer: until when that was given, and until when it would go on. */
  readonly extends: { readonly id: string; readonly endsAt: string; readonly untilAt: string } | null;
  readonly reason: string;
  readonly ticket: string | null;
  readonly createdAt: string;
  readonly decideBy: string;
  readonly resolvedAt: string | null;
  readonly approvalsGiven: number;
  readonly approvalsNeeded: number;
  readonly grant: {
    readonly status: 'PENDING' | 'GRANTED' | 'FAILED';
    readonly id: string | null;
    readonly at: string | null;
    readonly sentence: string | null;
  } | null;
}
/** Whose yes a step takes, who can give it now, and who cannot and why. */
export interface RequestStepAnswer {
  readonly count: number;
  readonly given: number;
  readonly who: string;
  readonly able: readonly (RequestPersonAnswer & { readonly insteadOf: RequestPersonAnswer | null })[];
  readonly ableCount: number;
  readonly escalation: { readonly who: string; readonly at: string | null; readonly isNow: boolean } | null;
  /** Whom a super admin gave it to: these say yes in place of `who`. */
  readonly reassignment: {
    readonly to: readonly RequestPersonAnswer[];
    readonly by: RequestPersonAnswer;
    readonly at: string;
  } | null;
  readonly unable: readonly (RequestPersonAnswer & { readonly reason: string; readonly sentence: string })[];
}
export interface RequestWeaknessAnswer {
  readonly kind: string;
  readonly step: number | null;
  readonly sentence: string;
}
export interface RequestMessageAnswer {
  readonly id: string;
  readonly by: RequestPersonAnswer;
  readonly at: string;
  readonly text: string;
}
/** `GET /sallyport/v1/requests/{id}`. */
export interface AccessRequestDetailAnswer extends AccessRequestAnswer {
  /** What the approver's key signs, as the body of `…/approve`. */
  readonly digest: string;
  readonly condition: { readonly id: string; readonly name: string };
  readonly sequence: { readonly id: string; readonly name: string };
  readonly step: number | null;
  readonly steps: readonly RequestStepAnswer[];
  readonly weaknesses: readonly RequestWeaknessAnswer[];
  readonly decisions: readonly {
    readonly by: RequestPersonAnswer;
    readonly insteadOf: RequestPersonAnswer | null;
    readonly kind: 'approve' | 'deny';
    readonly step: number;
    readonly at: string;
    readonly comment: string | null;
  }[];
  /** The last that was said; all of it stands under `…/messages`. */
  readonly messages: readonly RequestMessageAnswer[];
  readonly hasEarlierMessages: boolean;
  /** What it would give, and what less could be asked for. An app gives no permissions. */
  readonly gains: {
    readonly roles: readonly string[];
    readonly permissions: readonly {
      readonly name: string;
      readonly words: string;
      /** Its holder could turn it into the power of others. */
      readonly isSensitive: boolean;
      /** Whom it is for holds it anyway. */
      readonly isHeld: boolean;
    }[];
    readonly smaller: readonly {
      readonly kind: EntitlementKind;
      readonly id: string;
      readonly name: string;
      readonly permissions: number;
    }[];
  };
  /** Who asked, and the session that it was asked from: null of an API token, and to whoever does not decide. */
  readonly about: {
    readonly past: {
      readonly days: number;
      /** The last thousand at most. */
      readonly asked: number;
      /** Whether there may be more than are counted. */
      readonly isMore: boolean;
      readonly approved: number;
      readonly denied: number;
      readonly given: number;
    };
    readonly session: {
      readonly device: string;
      readonly network: string;
      readonly place: string | null;
      readonly authenticator: string;
      readonly since: string;
    } | null;
  };
  readonly approve: RequestMayAnswer;
  readonly deny: RequestMayAnswer;
  readonly cancel: RequestMayAnswer;
  readonly nudge: RequestMayAnswer;
  /** Whose vote the caller would give; null is their own. */
  readonly insteadOf: RequestPersonAnswer | null;
}
/** Who decides in whose stead. */
export interface DelegationAnswer {
  readonly delegator: RequestPersonAnswer;
  readonly delegate: RequestPersonAnswer;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly isActive: boolean;
  readonly note: string | null;
  readonly namedBy: RequestPersonAnswer;
}
/** `GET /sallyport/v1/me/delegation`. */
export interface MyDelegationAnswer {
  readonly given: DelegationAnswer | null;
  readonly received: readonly DelegationAnswer[];
}
/** Somebody who decides in another's stead, as the wire has it. */
export interface AppointmentAnswer {
  readonly id: string;
  readonly delegate: { readonly type: 'OKTA_USER'; readonly externalId: string };
  readonly startTime: string;
  readonly endTime: string;
  readonly note?: string;
}
/** `PATCH /governance/api/v1/principal-settings/{userId}`. */
export interface PrincipalSettingsAnswer {
  readonly delegates: { readonly appointments: readonly AppointmentAnswer[] };
}
/** `GET /governance/api/v1/delegates`. */
export interface DelegatesAnswer {
  readonly data: readonly (AppointmentAnswer & { readonly delegator: AppointmentAnswer['delegate'] })[];
}
/** `POST /sallyport/v1/requests/preview`. */
export interface RequestPreviewAnswer {
  readonly entitlement: AccessRequestAnswer['entitlement'];
  readonly duration: string;
  readonly condition: { readonly id: string; readonly name: string };
  readonly sequence: { readonly id: string; readonly name: string };
  /** Required: asked without one it is refused. */
  readonly ticket: 'required' | 'optional';
  readonly decideBy: string;
  readonly steps: readonly RequestStepAnswer[];
  readonly weaknesses: readonly RequestWeaknessAnswer[];
}
/** `GET /sallyport/v1/bundles`: admin roles that can be given for a while. */
export interface BundleAnswer {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly roles: readonly {
    readonly role: { readonly id: string; readonly kind: 'standard' | 'custom'; readonly label: string };
    readonly resourceSet: { readonly id: string; readonly label: string } | null;
    /** Groups or apps; null is everything, or what the resource set holds. A name is null where the thing is gone. */
    readonly targets: readonly { readonly id: string; readonly name: string | null }[] | null;
  }[];
  /** How many have it now, or from a later time on. */
  readonly openGrants: number;
  /** Conditions; null for whoever may not see them. */
  readonly offeredBy:
    | readonly { readonly id: string; readonly name: string; readonly status: RequestConditionAnswer['status'] }[]
    | null;
  readonly lastUpdatedAt: string;
  /** What `If-Match` takes when it is changed. */
  readonly version: string;
}
/** `GET /sallyport/v1/request-conditions`: who may ask for what. A name is null where the thing is gone. */
export interface RequestConditionAnswer {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly resource: {
    readonly id: string;
    readonly kind: 'console' | 'group' | 'app' | 'service-account';
    readonly name: string | null;
  };
  /** Groups; null is everybody. */
  readonly requesters: readonly { readonly id: string; readonly name: string | null }[] | null;
  readonly scope: 'RESOURCE_DEFAULT' | 'ENTITLEMENT_BUNDLES' | 'GROUPS';
  readonly gives: readonly { readonly kind: EntitlementKind; readonly id: string; readonly name: string | null }[];
  /** Null: nothing is said, so that it is given for `longest`. */
  readonly duration: { readonly kind: 'fixed' | 'chosen'; readonly length: string; readonly words: string } | null;
  readonly longest: string;
  readonly sequence: { readonly id: string; readonly name: string | null };
  readonly ticket: 'required' | 'optional';
  readonly status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  /** Why it is `INVALID`, in sentences; empty where all is there. */
  readonly faults: readonly string[];
  /** 0 decides first of those of its resource, of which there are `places`. */
  readonly priority: number;
  readonly places: number;
  /** Those that wait for a yes, and those that were approved for later. */
  readonly openRequests: number;
  readonly lastUpdatedAt: string;
  /** What `If-Match` takes when it is changed. Not of whether it is on, nor of its place. */
  readonly version: string;
}
/** `GET /sallyport/v1/request-sequences`: whose yes it takes, one step after another. */
export interface RequestSequenceAnswer {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly steps: readonly SequenceStep[];
  /** ISO 8601. */
  readonly decideWithin: string;
  readonly outlook: readonly {
    readonly words: string;
    /** How many different people could say yes now; null where that depends on the request. */
    readonly ableNow: number | null;
    /** How many are needed up to it, by the steps that name the same. */
    readonly needed: number;
    /** Who may say yes, too, where nobody answers; null is nobody. */
    readonly passesOnTo: string | null;
  }[];
  readonly usedBy: readonly { readonly id: string; readonly name: string; readonly resourceId: string }[];
  /** What `If-Match` takes when it is changed. */
  readonly version: string;
}
/** `GET /governance/api/v2/my/catalogs/default/entries`. */
export interface CatalogAnswer {
  readonly data: readonly {
    readonly id: string;
    readonly name: string;
    readonly entitlement: AccessRequestAnswer['entitlement'];
  }[];
  readonly _links: { readonly next?: { readonly href: string } };
}
/** `GET /sallyport/v1/approvals/{id}`. */
export interface ApprovalDetailAnswer extends ApprovalAnswer {
  readonly summary: string | null;
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  /** What the approver's key signs, as the body of `…/approve`. */
  readonly challenge: string;
  readonly approvers: readonly NamedPersonAnswer[];
  readonly approversCount: number;
}
/** How a proof stands, as whoever asked for it reads it. */
export interface ProofAnswer {
  readonly status: 'ASKED' | 'PROVED' | 'WAITING' | 'APPROVED' | 'DENIED' | 'CANCELLED' | 'EXPIRED';
  readonly words: string;
  readonly expiresAt: string;
  readonly decisionReason?: string;
  readonly approvalUrl?: string;
  readonly proof?: string;
}
export interface LogReportAnswer {
  readonly ok: boolean;
  readonly nodes: readonly {
    readonly node: string;
    readonly events: number;
    readonly firstBad: { readonly seq: number; readonly what: string } | null;
    readonly lastCheckpointSeq: number | null;
    readonly uncoveredFrom: number | null;
    readonly uncoveredTo: number | null;
  }[];
  readonly proofs?: {
    readonly checked: number;
    readonly withoutSignature: number;
    readonly bad: readonly { readonly uuid: string; readonly what: string }[];
  };
  readonly verdicts?: {
    readonly checked: number;
    readonly withoutCommitment: number;
    readonly bad: readonly { readonly uuid: string; readonly what: string }[];
  };
}

export interface LogExportAnswer {
  readonly id: string;
  readonly status: 'RUNNING' | 'DONE' | 'CANCELED' | 'FAILED' | 'INTERRUPTED' | 'EXPIRED';
  readonly estimatedRows: number;
  readonly rows: number;
  /** Why it did not end well. */
  readonly reason: string | null;
}

interface VerdictAnswer {
  readonly kind?: string;
  readonly verdict?: { readonly kind: string };
}
export interface WhyAnswer {
  readonly event: { readonly uuid: string; readonly published: string; readonly eventType: string };
  /** Null, with `agrees`, for an event that tells of no decision. */
  readonly recorded: VerdictAnswer | null;
  readonly computed: VerdictAnswer | null;
  readonly sentences: readonly string[];
  readonly agrees: boolean | null;
}

export interface FindingAnswer {
  readonly kind: string;
  readonly severity: 'critical' | 'warning' | 'note';
  readonly sentence: string;
  readonly securityImpact: string;
  readonly peopleImpact: string;
  readonly href: string | null;
  readonly command: string | null;
}

/** `GET /sallyport/v1/overview`. A part that the person may not read is null, and named under `missing`. */
export interface OverviewAnswer {
  readonly at: string;
  readonly findings: readonly FindingAnswer[];
  readonly missing: readonly { readonly part: string; readonly permission: string }[];
  readonly parts: {
    readonly people: {
      readonly admins: number;
      readonly superAdmins: number;
      readonly superAdminsAble: number;
      readonly askersAble: number;
      readonly ableToSignIn: number;
      readonly withOneKey: number;
      readonly withoutKey: number;
      readonly neverSignedIn: number;
      readonly serviceAccounts: number;
      readonly breakGlass: readonly {
        readonly id: string;
        readonly login: string;
        readonly state: BreakGlassAnswer['state'];
        readonly lastDrillAt: number | null;
        readonly lastUsedAt: number | null;
      }[];
    } | null;
    readonly sessions: { readonly active: number; readonly people: number } | null;
    readonly activity: {
      readonly endedByBinding: readonly number[];
      readonly deniedSignIns: number;
      readonly filters: { readonly endedByBinding: string; readonly deniedSignIns: string };
    } | null;
    readonly tokens: {
      readonly active: number;
      readonly anywhere: number;
      readonly unused: number;
      readonly expiring: number;
      readonly old: number;
    } | null;
    readonly binding: {
      readonly words: string;
      readonly report: { readonly days: number; readonly people: number; readonly sessions: number };
    } | null;
    readonly log: {
      readonly isCheckpointFileConfigured: boolean;
      readonly lastCheckpointAt: string | null;
      readonly lastOutsideAt: string | null;
      readonly uncoveredEvents: number;
      /** All that waits to leave this host, or was given up lately. */
      readonly outbox: { readonly waiting: number; readonly failing: number; readonly dead: number };
      /** The same by where it goes. */
      readonly queues: Readonly<
        Record<
          'checkpoints' | 'mail' | 'webhooks',
          {
            readonly waiting: number;
            readonly failing: number;
            readonly dead: number;
            readonly lastError: string | null;
          }
        >
      >;
    } | null;
    readonly network: {
      readonly sources: readonly { readonly source: string; readonly dataAt: string | null }[];
      readonly trustedProxies: number;
      readonly untrustedHeaders: number;
      readonly ignoredHeaders: number;
      readonly clientHeader: string;
    } | null;
  };
}

export interface BindingSettingsAnswer {
  readonly asnBinding: string;
  readonly ipBinding: string;
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
}
/** `GET /sallyport/v1/setup/progress`. */
export interface SetupProgressAnswer {
  readonly steps: readonly {
    readonly step: string;
    readonly state: 'done' | 'skipped' | 'waiting' | 'open';
    readonly note: string | null;
  }[];
  readonly finishedAt: string | null;
  readonly mayFinish: boolean;
  readonly ownKeys: number;
  readonly superAdmins: {
    readonly able: number;
    readonly waiting: readonly { readonly id: string; readonly login: string }[];
  };
  readonly network: {
    readonly address: string | null;
    readonly name: string;
    readonly chain: readonly string[];
    readonly trustedProxies: number;
    readonly configuredProxies: readonly string[];
    readonly header: string;
    readonly untrustedHeaders: number;
  };
  readonly posture: {
    readonly current: BindingSettingsAnswer;
    readonly presets: readonly {
      readonly name: 'observe' | 'recommended' | 'strict';
      readonly settings: BindingSettingsAnswer;
      readonly wouldHold: boolean;
      readonly reasons: readonly string[];
    }[];
  };
  readonly checkpoint: {
    readonly file: string | null;
    readonly lastOutsideAt: string | null;
    readonly uncoveredEvents: number;
  };
}
/** `GET /sallyport/v1/permissions`, an item. */
export interface PermissionWordsAnswer {
  readonly permission: string;
  readonly words: string;
  readonly area: string;
  readonly on: string;
  readonly isForCustomRoles: boolean;
  readonly isSensitive: boolean;
  readonly takesCondition: boolean;
  readonly bringsWithIt: readonly string[];
}
/** Which attributes of profiles a permission reaches. */
export interface ConditionAnswer {
  readonly kind: 'include' | 'exclude';
  readonly attributes: readonly string[];
}
/** `GET /sallyport/v1/roles`, an item. */
export interface RoleAnswer {
  readonly id: string;
  readonly kind: 'standard' | 'custom';
  readonly label: string;
  readonly description: string;
  readonly lastUpdatedAt: string | null;
  readonly permissions: number;
  readonly sensitive: number;
  readonly people: number;
}
export interface RoleHolderAnswer {
  readonly assignmentId: string;
  readonly role: { readonly id: string; readonly label: string };
  readonly kind: 'user' | 'group' | 'client' | 'bundle';
  readonly id: string;
  readonly name: string;
  readonly people: number;
  readonly resourceSet: { readonly id: string; readonly label: string } | null;
  readonly targets: readonly string[] | null;
  readonly since: string;
  readonly by: string | null;
}
export interface RolePermissionAnswer {
  readonly permission: string;
  readonly words: string;
  readonly area: string;
  readonly isSensitive: boolean;
  readonly givesNothing: boolean;
  readonly isChosen: boolean;
  readonly condition: ConditionAnswer | null;
}
export interface RoleDetailAnswer extends Omit<RoleAnswer, 'permissions' | 'sensitive'> {
  readonly lastUpdatedBy: string | null;
  readonly narrowedTo: 'group' | 'app' | 'resource-set' | null;
  readonly permissions: readonly RolePermissionAnswer[];
  readonly never: readonly string[];
  readonly holders: readonly RoleHolderAnswer[];
}
type InWords = readonly { readonly permission: string; readonly words: string; readonly area: string }[];
export interface RoleComparisonAnswer {
  readonly left: { readonly id: string; readonly label: string };
  readonly right: { readonly id: string; readonly label: string };
  readonly onlyLeft: InWords;
  readonly onlyRight: InWords;
  readonly otherCondition: InWords;
  readonly both: InWords;
}
/** What the management API says of a resource set. */
export interface ResourceSetAnswer {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly created: string;
  readonly lastUpdated: string;
}
export interface ResourceSetDetailAnswer extends Pick<ResourceSetAnswer, 'id' | 'label' | 'description'> {
  readonly lastUpdatedAt: string;
  readonly lastUpdatedBy: string | null;
  readonly resources: readonly {
    readonly id: string;
    readonly kind: string;
    readonly orn: string;
    readonly name: string;
    readonly except: readonly { readonly orn: string; readonly name: string }[];
  }[];
  readonly bindings: readonly {
    readonly role: { readonly id: string; readonly label: string };
    readonly holders: readonly RoleHolderAnswer[];
  }[];
}
interface SourceAnswer {
  readonly role: { readonly id: string; readonly label: string };
  readonly group: { readonly id: string; readonly name: string } | null;
  /** Of what is held for a while. */
  readonly until: string | null;
}
/** `GET /sallyport/v1/standing-privilege`. */
export interface StandingPrivilegeAnswer {
  readonly people: number;
  readonly superAdmins: number;
  readonly throughGroupsOnly: number;
  /** Of `people` those that no human signs in as. */
  readonly serviceAccounts: number;
  readonly serviceApps: number;
  /** Beside all that: who holds power for a while now, and what of it ends first. */
  readonly forAWhile: { readonly people: number; readonly grants: number; readonly first: readonly GrantAnswer[] };
}
/** Rules that let somebody in together, by what and from where. */
export interface WayInAnswer {
  readonly console: WayInRuleAnswer | null;
  readonly session: WayInRuleAnswer | null;
  readonly authenticators: readonly {
    readonly id: string;
    readonly name: string;
    readonly isHardwareProtected: boolean;
    readonly asksPassword: boolean;
  }[];
  readonly networks: string;
  readonly from: string | null;
}
interface WayInRuleAnswer {
  readonly policy: { readonly id: string; readonly name: string };
  readonly rule: { readonly id: string; readonly name: string };
}
export interface PersonToEnterAnswer {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** With what they have this minute; and whatever the time does to passwords. */
  readonly isAble: boolean;
  readonly isAbleInTime: boolean;
  readonly ways: readonly WayInAnswer[];
  readonly why: readonly string[];
}
/** `GET /sallyport/v1/ways-in`. */
export interface WaysInAnswer {
  readonly at: string;
  readonly superAdmins: readonly PersonToEnterAnswer[];
  /** Whoever may ask for super admin. */
  readonly askers: readonly PersonToEnterAnswer[];
  readonly breakGlass: readonly {
    readonly id: string;
    readonly login: string;
    readonly isAble: boolean;
    /** Null for whoever may not read them. */
    readonly networks: readonly string[] | null;
  }[];
}
/** An item of `GET /sallyport/v1/admins`. */
export interface AdminAnswer {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly status: string;
  readonly isServiceAccount: boolean;
  readonly roles: readonly {
    readonly type: string;
    readonly roleId: string;
    readonly label: string;
    readonly over: string;
    readonly via: { readonly id: string; readonly name: string } | null;
    readonly since: string;
  }[];
  readonly lastSignInAt: string | null;
  readonly lastUsedAt: string | null;
  readonly unusedDays: number;
  readonly strongest: 'device-bound' | 'synced' | 'password' | 'none';
  readonly keys: { readonly deviceBound: number; readonly synced: number };
  readonly sessions: number;
}
/** `GET /sallyport/v1/access/who`. */
export interface WhoCanAnswer {
  readonly permission: string;
  readonly words: string;
  readonly resource: { readonly orn: string; readonly name: string } | null;
  readonly people: readonly {
    readonly id: string;
    readonly login: string;
    readonly status: string;
    readonly by: readonly SourceAnswer[];
  }[];
  readonly apps: readonly { readonly id: string; readonly label: string; readonly by: readonly SourceAnswer[] }[];
}
type SensitiveInWords = readonly (InWords[number] & { readonly isSensitive: boolean })[];
/** `GET /sallyport/v1/access/what/{user}`. */
export interface WhatCanAnswer {
  readonly user: { readonly id: string; readonly login: string; readonly status: string };
  readonly days: number;
  readonly recordedSince: string | null;
  readonly can: readonly (SensitiveInWords[number] & {
    readonly by: readonly (SourceAnswer & {
      readonly over: readonly string[];
      readonly condition: ConditionAnswer | null;
    })[];
    readonly lastUsedAt: string | null;
    readonly usedDays: number;
  })[];
  readonly suggestion: {
    readonly permissions: SensitiveInWords;
    readonly onlyStandard: SensitiveInWords;
    readonly unused: SensitiveInWords;
  };
}
/** An assignment of a role. */
export interface RoleAssignmentAnswer {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly created: string;
  readonly assignmentType: 'USER' | 'GROUP';
  readonly role?: string;
  readonly 'resource-set'?: string;
}

/** `GET /sallyport/v1/zero-standing`. */
export interface ZeroStandingAnswer {
  readonly isZero: boolean;
  readonly standing: readonly {
    readonly id: string;
    readonly login: string;
    readonly name: string;
    readonly isYou: boolean;
    readonly isAble: boolean;
    readonly roles: readonly string[];
    readonly others: readonly string[];
    readonly lastUsedAt: string | null;
  }[];
  readonly breakGlass: readonly { readonly id: string; readonly login: string; readonly state: string }[];
  readonly isAskable: boolean;
  readonly dayRoles: readonly { readonly type: DayRole; readonly label: string }[];
  readonly sequences: readonly { readonly id: string; readonly name: string; readonly description: string }[];
  readonly defaults: { readonly sequenceId: string; readonly maximumDuration: string };
}
/** `POST /sallyport/v1/zero-standing` and its preview. */
export interface ZeroStandingOutcomeAnswer {
  readonly changes: readonly string[];
  readonly people: readonly {
    readonly id: string;
    readonly login: string;
    readonly name: string;
    readonly isYou: boolean;
    readonly before: readonly string[];
    readonly after: readonly string[];
    /** Could they have it by asking? Null where that was not tried. */
    readonly canGetIt: boolean | null;
    readonly canSayYes: readonly string[];
    readonly cannotSayYes: readonly { readonly id: string; readonly name: string; readonly sentence: string }[];
    readonly weaknesses: readonly string[];
  }[];
  readonly standing: readonly { readonly id: string; readonly login: string; readonly name: string }[];
  readonly weaknesses: readonly string[];
  readonly refusals: readonly string[];
}

interface Answers extends PolicyDraftAnswers {
  readonly 'setupProgress.get': SetupProgressAnswer;
  readonly 'zeroStanding.get': ZeroStandingAnswer;
  readonly 'zeroStanding.preview': ZeroStandingOutcomeAnswer;
  readonly 'zeroStanding.apply': ZeroStandingOutcomeAnswer;
  readonly 'standingPrivilege.get': StandingPrivilegeAnswer;
  readonly 'waysIn.list': WaysInAnswer;
  readonly 'admins.list': readonly AdminAnswer[];
  readonly 'access.who': WhoCanAnswer;
  readonly 'access.what': WhatCanAnswer;
  readonly 'permissions.list': readonly PermissionWordsAnswer[];
  readonly 'roles.list': readonly RoleAnswer[];
  readonly 'roles.create': RoleDetailAnswer;
  readonly 'roles.get': RoleDetailAnswer;
  readonly 'roles.put': RoleDetailAnswer;
  readonly 'roles.compare': RoleComparisonAnswer;
  readonly 'resourceSets.list': { readonly 'resource-sets': readonly ResourceSetAnswer[] };
  readonly 'resourceSets.create': ResourceSetAnswer;
  readonly 'heldRoles.ofUser': readonly RoleHolderAnswer[];
  readonly 'heldRoles.ofGroup': readonly RoleHolderAnswer[];
  readonly 'resourceSetDetails.get': ResourceSetDetailAnswer;
  readonly 'userRoles.list': readonly RoleAssignmentAnswer[];
  readonly 'userRoles.assign': RoleAssignmentAnswer;
  readonly 'groupRoles.list': readonly RoleAssignmentAnswer[];
  readonly 'groupRoles.assign': RoleAssignmentAnswer;
  readonly 'clientRoles.assign': RoleAssignmentAnswer;
  readonly 'userFactors.list': readonly FactorAnswer[];
  readonly 'userFactors.rename': FactorAnswer;
  readonly 'users.me': UserAnswer;
  readonly 'users.list': readonly UserAnswer[];
  readonly 'groups.list': readonly GroupAnswer[];
  readonly 'groups.create': GroupAnswer;
  readonly 'groups.owners': readonly GroupOwnerAnswer[];
  readonly 'groupDetails.get': GroupDetailAnswer;
  readonly 'groupDetails.members': readonly GroupMemberAnswer[];
  readonly 'users.get': UserAnswer;
  readonly 'serviceAccounts.get': ServiceAccountAnswer;
  readonly 'serviceAccounts.mark': UserAnswer;
  readonly 'serviceAccounts.createToken': ApiTokenAnswer;
  readonly 'groupRules.list': readonly GroupRuleAnswer[];
  readonly 'groupRules.create': GroupRuleAnswer;
  readonly 'groupRules.replace': GroupRuleAnswer;
  readonly 'groupRules.preview': GroupRulePreviewAnswer;
  readonly 'sessions.me': SessionAnswer;
  readonly 'sessions.get': SessionAnswer;
  readonly 'allSessions.list': readonly SessionRowAnswer[];
  readonly 'allSessions.get': SessionDetailAnswer;
  readonly 'mySessions.list': OwnSessionsAnswer;
  readonly 'cliSessions.open': CliSessionAnswer;
  readonly 'apiTokens.listUse': readonly TokenUseAnswer[];
  readonly 'apiTokens.create': ApiTokenAnswer;
  readonly 'apiTokens.update': ApiTokenAnswer;
  readonly 'apiTokens.rotate': ApiTokenAnswer;
  readonly 'zones.list': readonly ZoneAnswer[];
  readonly 'roleSubscriptions.list': readonly SubscriptionAnswer[];
  readonly 'userSubscriptions.list': readonly SubscriptionAnswer[];
  readonly 'orgDetails.get': OrgDetailAnswer;
  readonly 'breakGlass.list': readonly BreakGlassAnswer[];
  readonly 'breakGlass.get': BreakGlassAnswer;
  readonly 'breakGlass.create': SealedAnswer;
  readonly 'breakGlass.update': BreakGlassAnswer;
  readonly 'breakGlass.seal': SealedAnswer;
  readonly 'breakGlass.drill': BreakGlassAnswer;
  readonly 'breakGlass.uses': readonly BreakGlassUseAnswer[];
  readonly 'breakGlass.review': BreakGlassUseAnswer;
  readonly 'breakGlass.testAlarm': AlarmTestAnswer;
  readonly 'breakGlass.current': BreakGlassInUseAnswer;
  readonly 'breakGlass.giveReason': BreakGlassInUseAnswer;
  readonly 'webhooks.list': readonly WebhookAnswer[];
  readonly 'webhooks.create': WebhookWithSecretAnswer;
  readonly 'webhooks.update': WebhookAnswer;
  readonly 'webhooks.rotate': WebhookWithSecretAnswer;
  readonly 'webhooks.test': {
    readonly hasArrived: boolean;
    readonly error: string | null;
    readonly willRetry: boolean;
  };
  readonly 'trustedOrigins.list': readonly TrustedOriginAnswer[];
  readonly 'trustedOrigins.create': TrustedOriginAnswer;
  readonly 'trustedOrigins.replace': TrustedOriginAnswer;
  readonly 'apps.list': readonly AppAnswer[];
  readonly 'apps.get': AppAnswer;
  readonly 'apps.create': AppAnswer;
  readonly 'appKeys.list': readonly AppKeyAnswer[];
  readonly 'appKeys.add': AppKeyAnswer;
  readonly 'appKeys.activate': AppKeyAnswer;
  readonly 'appKeys.deactivate': AppKeyAnswer;
  readonly 'appGrants.list': readonly AppGrantAnswer[];
  readonly 'appGrants.create': AppGrantAnswer;
  readonly 'clientRoles.list': readonly { readonly id: string; readonly label: string; readonly type: string }[];
  readonly 'zones.get': ZoneAnswer;
  readonly 'zones.create': ZoneAnswer;
  readonly 'zones.replace': ZoneAnswer;
  readonly 'zones.activate': ZoneAnswer;
  readonly 'zones.deactivate': ZoneAnswer;
  readonly 'zones.usage': ZoneUsageAnswer;
  readonly 'networkTest.get': NetworkTestAnswer;
  readonly 'userTypes.list': readonly UserTypeAnswer[];
  readonly 'userSchemas.get': ProfileSchemaAnswer;
  readonly 'userSchemas.update': ProfileSchemaAnswer;
  readonly 'groupSchema.get': ProfileSchemaAnswer;
  readonly 'groupSchema.update': ProfileSchemaAnswer;
  readonly 'policies.list': readonly PolicyAnswer[];
  readonly 'policies.matches': PolicyMatchesAnswer;
  readonly 'policies.get': PolicyAnswer;
  readonly 'policyProofs.get': PolicyProofAnswer;
  readonly 'policyProofs.draft': PolicyProofAnswer;
  readonly 'policyProofs.replay': PolicyReplayAnswer;
  readonly 'whatIf.judge': WhatIfAnswer;
  readonly 'policyRules.list': readonly PolicyRuleAnswer[];
  readonly 'policyRules.create': PolicyRuleAnswer;
  readonly 'policyRules.get': PolicyRuleAnswer;
  readonly 'policyRules.replace': PolicyRuleAnswer;
  readonly 'clientAddress.get': ClientAddressAnswer;
  readonly 'clientAddress.openProbe': HeaderProbeAnswer;
  readonly 'sessionBinding.get': SessionBindingAnswer;
  readonly 'sessionBinding.put': SessionBindingAnswer;
  readonly 'sessionProtection.get': SessionProtectionAnswer;
  readonly 'sessionBinding.report': SessionBindingReportAnswer;
  readonly 'authenticators.list': readonly OrgAuthenticatorAnswer[];
  readonly 'authenticators.activate': OrgAuthenticatorAnswer;
  readonly 'authenticators.deactivate': OrgAuthenticatorAnswer;
  readonly 'authenticators.getMethod': KeyMethodAnswer;
  readonly 'authenticators.replaceMethod': KeyMethodAnswer;
  readonly 'authenticators.quarantine': QuarantineAnswer;
  readonly 'authenticators.models': KeyModelsAnswer;
  readonly 'adminConsoleSettings.get': ConsoleSettingsAnswer;
  readonly 'adminConsoleSettings.put': ConsoleSettingsAnswer;
  readonly 'protectedActions.get': ProtectedActionsAnswer;
  readonly 'protectedActions.put': ProtectedActionsAnswer;
  readonly 'proofs.get': ProofAnswer;
  readonly 'approvals.list': readonly ApprovalAnswer[];
  readonly 'me.inbox': readonly InboxAnswer[];
  readonly 'approvals.get': ApprovalDetailAnswer;
  readonly 'approvals.approve': ApprovalDetailAnswer;
  readonly 'approvals.deny': ApprovalDetailAnswer;
  readonly 'bundles.listInFull': readonly BundleAnswer[];
  readonly 'allRequestConditions.list': readonly RequestConditionAnswer[];
  readonly 'requestSequences.list': readonly RequestSequenceAnswer[];
  readonly 'requestSequences.get': RequestSequenceAnswer;
  readonly 'requests.list': readonly AccessRequestAnswer[];
  readonly 'requests.get': AccessRequestDetailAnswer;
  readonly 'requests.create': AccessRequestDetailAnswer;
  readonly 'requests.preview': RequestPreviewAnswer;
  readonly 'requests.messages': readonly RequestMessageAnswer[];
  readonly 'requests.approve': AccessRequestDetailAnswer;
  readonly 'requests.deny': AccessRequestDetailAnswer;
  readonly 'requests.cancel': AccessRequestDetailAnswer;
  readonly 'requests.nudge': AccessRequestDetailAnswer;
  readonly 'requests.reassign': AccessRequestDetailAnswer;
  readonly 'delegations.mine': MyDelegationAnswer;
  readonly 'delegations.list': DelegatesAnswer;
  readonly 'governanceSettings.updateFor': PrincipalSettingsAnswer;
  readonly 'myCatalog.list': CatalogAnswer;
  readonly 'grants.list': readonly GrantAnswer[];
  readonly 'grants.get': GrantAnswer;
  readonly 'grants.end': GrantAnswer;
  readonly 'campaigns.create': CampaignAnswer;
  readonly 'campaigns.get': CampaignAnswer;
  readonly 'reviewCampaigns.list': readonly ReviewCampaignAnswer[];
  readonly 'reviewCampaigns.get': ReviewCampaignAnswer;
  readonly 'reviewCampaigns.items': readonly ReviewItemAnswer[];
  readonly 'reviewCampaigns.decide': { readonly decided: number };
  readonly 'reviews.restore': { readonly sallyport: ReviewItemAnswer };
  readonly 'overview.get': OverviewAnswer;
  readonly 'logs.list': readonly LogEvent[];
  readonly 'logs.verify': LogReportAnswer;
  readonly 'logs.why': WhyAnswer;
  readonly 'logExports.start': LogExportAnswer;
  readonly 'logExports.get': LogExportAnswer;
}
export type AnswerOf<N extends RouteName> = N extends keyof Answers ? Answers[N] : unknown;
