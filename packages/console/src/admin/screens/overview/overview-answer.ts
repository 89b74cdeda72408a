import { queryOptions } from '@tanstack/react-query';
import { get } from '../../api.ts';

export interface Finding {
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
  readonly findings: readonly Finding[];
  readonly missing: readonly { readonly part: string; readonly permission: string }[];
  readonly parts: {
    readonly people: {
      readonly admins: number;
      readonly superAdmins: number;
      readonly ableToSignIn: number;
      readonly withOneKey: number;
      readonly withoutKey: number;
      readonly neverSignedIn: number;
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
      readonly outbox: { readonly waiting: number; readonly failing: number; readonly dead: number };
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

const POLL_SECONDS = 30;

/** Asked again every half minute, as background: an overview on a wall keeps nobody's session alive. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: () => get<OverviewAnswer>('/sallyport/v1/overview'),
  refetchInterval: POLL_SECONDS * 1000,
});
