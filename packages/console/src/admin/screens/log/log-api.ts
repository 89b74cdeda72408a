import { ask } from '../../../browser/call.ts';
import { get, isFromPerson, nextPathOf, withQuery } from '../../api.ts';

/** What the server is asked for. */
export interface LogSearch {
  readonly since: string;
  readonly until: string;
  readonly filter: string | undefined;
  readonly q: string | undefined;
}
interface Party {
  readonly id: string;
  readonly type: string;
  readonly alternateId: string;
  readonly displayName: string;
  readonly detailEntry: Readonly<Record<string, unknown>> | null;
  readonly changeDetails?: {
    readonly from: Readonly<Record<string, unknown>>;
    readonly to: Readonly<Record<string, unknown>>;
  } | null;
}
/** The parts of a LogEvent that the screen reads. */
export interface LogEvent {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
  readonly severity: string;
  readonly displayMessage: string;
  readonly actor: Party;
  readonly target: readonly Party[] | null;
  readonly outcome: { readonly result: string; readonly reason: string | null };
  readonly client: {
    readonly ipAddress: string | null;
    readonly device: string | null;
    readonly zone: string;
    readonly userAgent: { readonly browser: string; readonly os: string; readonly rawUserAgent: string } | null;
    readonly geographicalContext: {
      readonly city: string | null;
      readonly state: string | null;
      readonly country: string | null;
    } | null;
  };
  readonly securityContext: { readonly asNumber: number | null; readonly asOrg: string | null };
  readonly authenticationContext: { readonly externalSessionId: string | null };
  readonly transaction: { readonly id: string; readonly type: string };
  readonly debugContext: { readonly debugData: Readonly<Record<string, string>> };
}
export interface EventPage {
  readonly events: readonly LogEvent[];
  readonly next: string | null;
  /** Set when the time for the page was over before it was full. */
  readonly searchedTo: string | null;
}
export interface Histogram {
  readonly since: string;
  readonly until: string;
  readonly bucketSeconds: number;
  readonly buckets: readonly { readonly at: string; readonly counts: Readonly<Record<string, number>> }[];
  readonly total: number;
  readonly isPartial: boolean;
  readonly countedFrom: string;
  readonly logBeginsAt: string | null;
}
export interface Facets {
  readonly countedOver: number;
  readonly isPartial: boolean;
  readonly facets: readonly {
    readonly field: string;
    readonly distinct: number;
    readonly values: readonly { readonly value: string; readonly count: number }[];
  }[];
}
export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  readonly isShared: boolean;
  readonly isMine: boolean;
  readonly owner: string | null;
  readonly search: {
    readonly filter?: string;
    readonly q?: string;
    readonly lastSeconds?: number;
    readonly since?: string;
    readonly until?: string;
  };
}
export interface LogExport {
  readonly id: string;
  readonly format: 'csv' | 'jsonl';
  readonly status: 'RUNNING' | 'DONE' | 'CANCELED' | 'FAILED' | 'INTERRUPTED' | 'EXPIRED';
  readonly estimatedRows: number;
  readonly rows: number;
  readonly bytes: number;
  readonly reason: string | null;
  readonly created: string;
  readonly expiresAt: string;
  readonly downloadUrl: string | null;
}
export interface VerifiedEvent {
  readonly ok: boolean;
  readonly node: string;
  readonly seq: number;
  readonly hash: string;
  readonly steps: readonly { readonly what: string; readonly isGood: boolean; readonly sentence: string }[];
}
export interface Seal {
  readonly ok: boolean;
  readonly sealedTo: string | null;
  readonly nodes: readonly {
    readonly node: string;
    readonly events: number;
    readonly isGood: boolean;
    readonly hasLeftHost: boolean;
    readonly checkpoint: {
      readonly seq: number;
      readonly hash: string;
      readonly createdAt: string;
      readonly keyId: string;
      readonly signature: string;
    } | null;
  }[];
}

const PAGE_ROWS = 50;
const OURS = '/sallyport/v1/logs';

const getPage = async (path: string, isBackground: boolean): Promise<EventPage> => {
  const { body, link, searchedTo } = await ask<readonly LogEvent[]>('GET', path, { isBackground });
  return { events: body, next: nextPathOf(link), searchedTo };
};

const asQuery = ({ since, until, filter, q }: LogSearch): Record<string, string | undefined> => ({
  since,
  until,
  filter,
  q,
});

/** A page of events, newest first. */
export const getEvents = (search: LogSearch, next: string | null): Promise<EventPage> =>
  getPage(
    next ?? withQuery('/api/v1/logs', { ...asQuery(search), sortOrder: 'DESCENDING', limit: PAGE_ROWS }),
    !isFromPerson(),
  );

/** What is new, oldest first; the page's own doing, which keeps no session alive. */
export const pollEvents = (
  search: Pick<LogSearch, 'filter' | 'q' | 'since'>,
  next: string | null,
): Promise<EventPage> =>
  getPage(
    next ?? withQuery('/api/v1/logs', { since: search.since, filter: search.filter, q: search.q, limit: 100 }),
    true,
  );

export const getEvent = async (uuid: string): Promise<LogEvent | null> =>
  (
    await get<readonly LogEvent[]>(
      withQuery('/api/v1/logs', {
        filter: `uuid eq "${uuid.replace(/[^\w-]/g, '')}"`,
        since: '1970-01-01',
        sortOrder: 'DESCENDING',
        limit: 1,
      }),
    )
  )[0] ?? null;

export const getHistogram = (search: LogSearch, buckets = 60): Promise<Histogram> =>
  get(withQuery(`${OURS}/histogram`, { ...asQuery(search), buckets }));
export const getFacets = (search: LogSearch): Promise<Facets> => get(withQuery(`${OURS}/facets`, asQuery(search)));
export const getSuggestions = async (
  field: string | null,
  prefix: string,
): Promise<readonly { readonly value: string; readonly label: string }[]> =>
  (
    await get<{ suggestions: readonly { value: string; label: string }[] }>(
      withQuery(`${OURS}/suggest`, { field, prefix }),
    )
  ).suggestions;
