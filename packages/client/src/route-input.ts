/** What a call of a route takes, worked out from its row of the route table. */
import type { InputOf } from '@sallyport/api/define-route';
import type { RouteName, routes } from '@sallyport/api/routes';

type Row = (typeof routes)[number];

type Places<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type Params<Path extends string> = [Places<Path>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<Places<Path>, string>> };
type Query<R> = R extends { readonly query: infer Schema }
  ? { readonly query?: InputOf<Schema> }
  : { readonly query?: undefined };
type Body<R> = R extends { readonly body: infer Schema }
  ? undefined extends InputOf<Schema>
    ? { readonly body?: InputOf<Schema> }
    : { readonly body: InputOf<Schema> }
  : { readonly body?: undefined };

/** Worked out once for each row: for a name that is still open the checker would otherwise cross all rows with all. */
type RouteInputs = { readonly [R in Row as R['name']]: Params<R['path']> & Query<R> & Body<R> };
export type RouteInput<N extends RouteName> = RouteInputs[N];
