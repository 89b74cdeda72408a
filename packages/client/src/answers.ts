/** What routes answer, as far as clients read it. A route that is not here answers `unknown`. */
import type { RouteName } from '@sallyport/api/routes';
import type { LogEvent } from '@sallyport/model/log-event';
import type { BindingMode, BindingModes } from '@sallyport/model/session';

export interface UserAnswer {
  readonly id: string;
  readonly status: string;
  readonly profile: Readonly<Record<string, unknown>> & { readonly login: string };
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
export interface ZoneAnswer {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly usage: string;
  readonly system: boolean;
  readonly gateways: readonly { readonly type: string; readonly value: string }[] | null;
  readonly proxies: readonly { readonly type: string; readonly value: string }[] | null;
}
export interface ZoneTestAnswer {
  readonly address: string;
  readonly network: string;
  readonly place: string | null;
  readonly zones: readonly {
    readonly id: string;
    readonly name: string;
    readonly usage: string;
    readonly isExempt: boolean;
  }[];
  readonly isBlocked: boolean;
  readonly isExempt: boolean;
}
export interface NetworkTestAnswer {
  readonly result: ZoneTestAnswer | null;
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
}
export interface PolicyRuleAnswer {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly status: string;
  readonly conditions: unknown;
  readonly actions: unknown;
}
export interface SessionBindingAnswer extends BindingModes {
  readonly exemptZoneId: string | null;
  readonly apps: Readonly<
    Record<string, { readonly asnBinding?: BindingMode | undefined; readonly ipBinding?: BindingMode | undefined }>
  >;
}
export interface SessionBindingReportAnswer {
  readonly days: number;
  readonly summary: string;
  readonly people: number;
  readonly sessions: number;
  readonly rows: readonly { readonly login: string; readonly sessions: number }[];
}
export interface ConsoleSettingsAnswer {
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
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

interface Answers {
  readonly 'users.me': UserAnswer;
  readonly 'sessions.me': SessionAnswer;
  readonly 'sessions.get': SessionAnswer;
  readonly 'allSessions.list': readonly SessionRowAnswer[];
  readonly 'allSessions.get': SessionDetailAnswer;
  readonly 'mySessions.list': OwnSessionsAnswer;
  readonly 'cliSessions.open': CliSessionAnswer;
  readonly 'zones.list': readonly ZoneAnswer[];
  readonly 'zones.get': ZoneAnswer;
  readonly 'networkTest.get': NetworkTestAnswer;
  readonly 'policies.list': readonly PolicyAnswer[];
  readonly 'policies.get': PolicyAnswer;
  readonly 'policyRules.list': readonly PolicyRuleAnswer[];
  readonly 'sessionBinding.get': SessionBindingAnswer;
  readonly 'sessionBinding.put': SessionBindingAnswer;
  readonly 'sessionBinding.report': SessionBindingReportAnswer;
  readonly 'adminConsoleSettings.get': ConsoleSettingsAnswer;
  readonly 'adminConsoleSettings.put': ConsoleSettingsAnswer;
  readonly 'logs.list': readonly LogEvent[];
  readonly 'logs.verify': LogReportAnswer;
  readonly 'logs.why': WhyAnswer;
}
export type AnswerOf<N extends RouteName> = N extends keyof Answers ? Answers[N] : unknown;
