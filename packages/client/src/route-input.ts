/** What a call of a route takes, worked out from its row of the route table. */
import type { InputOf } from '@sallyport/api/define-route';
import type { RouteName, routes } from '@sallyport/api/routes';

export type RowOf<N extends RouteName> = Extract<(typeof routes)[number], { readonly name: N }>;

type Places<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type Params<Path extends string> = [Places<Path>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<Places<Path>, string>> };
type Query<Row> = Row extends { readonly query: infer Schema }
  ? { readonly query?: InputOf<Schema> }
  : { readonly query?: undefined };
type Body<Row> = Row extends { readonly body: infer Schema }
  ? undefined extends InputOf<Schema>
    ? { readonly body?: InputOf<Schema> }
    : { readonly body: InputOf<Schema> }
  : { readonly body?: undefined };

export type RouteInput<N extends RouteName> = Params<RowOf<N>['path']> & Query<RowOf<N>> & Body<RowOf<N>>;
