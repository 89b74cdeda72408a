/** The answers of `/sallyport/v1/session-binding` and what surrounds it. */
export type BindingMode = 'ENFORCED' | 'PROVE' | 'MONITOR' | 'DISABLED';
export type Axis = 'asnBinding' | 'ipBinding';
export interface AppModes {
  readonly asnBinding?: BindingMode;
  readonly ipBinding?: BindingMode;
}
export interface SessionBinding {
  readonly asnBinding: BindingMode;
  readonly ipBinding: BindingMode;
  readonly exemptZoneId?: string | null;
  readonly apps: Readonly<Record<string, AppModes>>;
}
export interface BindingChange {
  readonly app: string | null;
  readonly axis: Axis;
  readonly from: BindingMode | null;
  readonly to: BindingMode | null;
}
export interface Preview {
  readonly changes: readonly BindingChange[];
  readonly ownSession: {
    readonly verdict: 'hold' | 'observe' | 'prove' | 'end';
    readonly reasons: readonly string[];
  } | null;
  readonly seenElsewhere: { readonly sessions: number; readonly people: number; readonly logins: readonly string[] };
}
export interface Changed {
  readonly at: string;
  readonly by: string;
}
export interface Preset {
  readonly name: string;
  readonly label: string;
  readonly summary: string;
  readonly body: { readonly asnBinding: BindingMode; readonly ipBinding: BindingMode };
}
interface Range {
  readonly min: number;
  readonly max: number;
}
export interface Protection {
  readonly presets: readonly Preset[];
  readonly apps: readonly { readonly key: string; readonly label: string }[];
  readonly consoleLimits: {
    readonly idleMinutes: Range;
    readonly lifetimeMinutes: Range;
    readonly aal3Minutes: { readonly idle: number; readonly lifetime: number };
  };
  readonly exempt: {
    readonly zone: { readonly id: string; readonly name: string; readonly entries: readonly string[] } | null;
    readonly passes: number;
    readonly sessions: number;
  };
  readonly liveSessions: number;
  readonly changed: { readonly sessionBinding: Changed | null; readonly adminConsole: Changed | null };
}
export interface ConsoleSettings {
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
}
export interface Report {
  readonly days: number;
  readonly summary: string;
  readonly rows: readonly {
    readonly userId: string;
    readonly login: string;
    readonly sessions: number;
    readonly changes: number;
    readonly networks: readonly string[];
    readonly lastAt: string;
  }[];
}
