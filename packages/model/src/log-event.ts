/**
 * The System Log event, field by field the LogEvent of the management API. Stored as JSON in `events.body`;
 * the query grammar sees exactly this shape.
 */
export interface LogActor {
  readonly id: string;
  readonly type: string;
  readonly alternateId: string;
  readonly displayName: string;
  readonly detailEntry: Readonly<Record<string, unknown>> | null;
}
export interface LogTarget extends LogActor {
  readonly changeDetails?: {
    readonly from: Readonly<Record<string, unknown>>;
    readonly to: Readonly<Record<string, unknown>>;
  } | null;
}
export interface LogGeographicalContext {
  readonly city: string | null;
  readonly state: string | null;
  readonly country: string | null;
  readonly postalCode: string | null;
  readonly geolocation: { readonly lat: number; readonly lon: number } | null;
}
export interface LogClient {
  readonly id: string | null;
  readonly ipAddress: string | null;
  readonly device: string | null;
  readonly zone: string;
  readonly userAgent: { readonly browser: string; readonly os: string; readonly rawUserAgent: string } | null;
  readonly geographicalContext: LogGeographicalContext | null;
}
export type LogResult =
  | 'SUCCESS'
  | 'FAILURE'
  | 'SKIPPED'
  | 'ALLOW'
  | 'DENY'
  | 'CHALLENGE'
  | 'UNKNOWN'
  | 'RATE_LIMIT'
  | 'DEFERRED'
  | 'SCHEDULED'
  | 'ABANDONED'
  | 'UNANSWERED';
export type LogSeverity = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
export interface LogSecurityContext {
  readonly asNumber: number | null;
  readonly asOrg: string | null;
  readonly isp: string | null;
  readonly domain: string | null;
  readonly isProxy: boolean | null;
}
export interface LogEvent {
  readonly uuid: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly published: string;
  readonly eventType: string;
  readonly legacyEventType: string | null;
  readonly version: '0';
  readonly severity: LogSeverity;
  readonly displayMessage: string;
  readonly actor: LogActor;
  readonly client: LogClient;
  readonly device: null;
  readonly authenticationContext: {
    readonly authenticationProvider: string | null;
    readonly authenticationStep: number;
    readonly credentialProvider: string | null;
    readonly credentialType: string | null;
    readonly externalSessionId: string | null;
    readonly rootSessionId: string | null;
    readonly interface: string | null;
    readonly issuer: null;
  };
  readonly outcome: { readonly result: LogResult; readonly reason: string | null };
  readonly securityContext: LogSecurityContext;
  readonly target: readonly LogTarget[] | null;
  readonly transaction: {
    readonly type: 'WEB' | 'JOB';
    readonly id: string;
    readonly detail: Readonly<Record<string, unknown>>;
  };
  readonly request: {
    readonly ipChain: readonly {
      readonly ip: string;
      readonly version: string;
      readonly source: string | null;
      readonly geographicalContext: LogGeographicalContext | null;
    }[];
  };
  readonly debugContext: { readonly debugData: Readonly<Record<string, string>> };
}
