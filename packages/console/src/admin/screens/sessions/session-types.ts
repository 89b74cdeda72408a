/** The answers of `/sallyport/v1/sessions`, as far as the screens show them. */
export type BindingState = 'held' | 'observed' | 'proved' | 'not-enforced' | 'roamed';
export type BindingMode = 'ENFORCED' | 'PROVE' | 'MONITOR' | 'DISABLED';

export interface SessionRow {
  readonly id: string;
  readonly state: 'active' | 'ended';
  readonly isCurrent: boolean;
  readonly kind: 'browser' | 'command-line';
  readonly openedBySessionId: string | null;
  readonly user: { readonly id: string; readonly login: string; readonly name: string };
  readonly roles: readonly { readonly type: string; readonly label: string }[];
  readonly device: string;
  readonly address: string;
  readonly network: { readonly asn: number | null; readonly name: string };
  readonly place: string | null;
  readonly createdAt: string;
  readonly lastActivityAt: string;
  readonly idleEndsAt: string;
  readonly endsAt: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly authenticator: string;
  readonly hasConsole: boolean;
  readonly exemptPasses: number;
  readonly binding: BindingState;
  readonly lastElsewhere: { readonly address: string; readonly network: string } | null;
}

interface Departure {
  readonly at: string | null;
  readonly decision: 'observed' | 'proved' | 'ended';
  readonly address: string;
  readonly network: string;
}
export interface BoundFact {
  readonly mode: BindingMode | null;
  readonly state: 'held' | 'changed' | 'not-enforced';
  readonly changed: Departure | null;
}
export type MarkKind = 'began' | 'seen' | 'observed' | 'proved' | 'ended';
export interface LaneMark {
  readonly at: string;
  readonly address: string;
  readonly what: MarkKind;
  readonly eventId: string | null;
}
export interface NetworkLane {
  readonly network: string;
  readonly addresses: readonly string[];
  readonly firstAt: string;
  readonly lastAt: string;
  readonly count: number;
  readonly marks: readonly LaneMark[];
}
export interface TimelineEvent {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
  readonly message: string;
  readonly severity: string;
  readonly outcome: { readonly result: string; readonly reason: string | null };
  readonly actor: { readonly id: string; readonly name: string };
  readonly address: string | null;
  readonly network: string | null;
}
export interface AppSession {
  readonly id: string;
  readonly app: { readonly name: string; readonly label: string };
  readonly createdAt: string;
  readonly lastActivityAt: string;
  readonly endsAt: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
}
export interface SessionDetail extends SessionRow {
  readonly boundTo: {
    readonly asn: BoundFact & { readonly value: { readonly name: string } };
    readonly ip: BoundFact & { readonly value: readonly string[] };
    readonly pageKey: {
      readonly isRegistered: boolean;
      readonly fingerprint: string | null;
      readonly provedAddress: string | null;
    };
    readonly recordedAt: string;
    readonly userAgent: string;
  };
  readonly proofs: readonly { readonly kind: string; readonly name: string; readonly provedAt: string }[];
  readonly networks: readonly NetworkLane[];
  readonly apps: readonly AppSession[];
  readonly opened: readonly { readonly id: string; readonly createdAt: string; readonly endedAt: string | null }[];
  readonly end: {
    readonly at: string;
    readonly reason: string;
    readonly roaming: {
      readonly from: { readonly address: string; readonly network: string };
      readonly to: { readonly address: string; readonly network: string };
      readonly eventId: string;
    } | null;
    readonly answer: 'me' | 'not-me' | null;
  } | null;
  readonly counts: { readonly events: number; readonly networks: number };
  /** Null for whoever may not read the log. */
  readonly timeline: readonly TimelineEvent[] | null;
}
