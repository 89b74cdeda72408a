import type { RouteName } from '@sallyport/api/routes';
import type { RouteInput } from './route-input.ts';
import { ROUTE_PATHS } from './route-paths.ts';

export interface ClientRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
  /** Only change what is still as it was read: the `etag` of that answer (RFC 9110 §13.1.1). */
  readonly ifMatch?: string;
  /** Further headers, of a trial of what a server makes of them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A path segment. `.` and `..` would be resolved away by every URL parser, and so name another route. */
const segment = (name: string, value: string): string => {
  if (value === '' || value === '.' || value === '..')
    throw new TypeError(`${name} cannot be ${JSON.stringify(value)}`);
  return encodeURIComponent(value);
};

const queryOf = (query: Readonly<Record<string, unknown>>): string => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
};

/** The request of a route, its places filled and encoded. */
export const requestOf = <N extends RouteName>(name: N, input: RouteInput<N>): ClientRequest => {
  if (!Object.hasOwn(ROUTE_PATHS, name)) throw new TypeError(`there is no route ${name}`);
  const [method = '', shape = ''] = ROUTE_PATHS[name].split(' ');
  const params = (input.params ?? {}) as Readonly<Record<string, string>>;
  const path = shape.replace(/\{(\w+)\}/g, (_, place: string) => segment(place, params[place] ?? ''));
  return {
    method,
    path: path + queryOf((input.query ?? {}) as Record<string, unknown>),
    ...(input.body === undefined ? {} : { body: input.body }),
  };
};
