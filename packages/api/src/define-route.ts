/**
 * One row of the route table. A row is data: the router, the OpenAPI document, the client, the command line and the
 * tests of the promises read it. A mutating row that names no permission, event or protected action does not compile.
 */
import type { EventType } from '@sallyport/model/event-types';
import type { ActionName } from '@sallyport/model/protected-actions';
import type { Permission } from '@sallyport/model/roles';
import type { z } from 'zod';

/** Who may call. `person`: any signed-in session or token, judged on its own objects; `admin`: by permission. */
export type Access =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'person'; readonly why: string }
  | { readonly kind: 'admin'; readonly permission: Permission };

/**
 * The protected action of a mutating route, or the reason why it needs none. `ofPower` is the action instead where the
 * target holds, gives or guards an administrator's power: a person or a group with an admin role, the policy of the Admin
 * Console, the zone that exempts from session binding; `ofOneself` where it is the account of the
 * administrator who asks (of anybody else's own account the use case judges alone). `unless` is what a body says that needs
 * none: one verb of the wire that gives power or takes it.
 */
export type Protection =
  | {
      readonly action: ActionName;
      readonly ofPower?: ActionName;
      readonly ofOneself?: ActionName;
      readonly unless?: { readonly field: string; readonly is: string; readonly why: string };
    }
  | { readonly none: string };

export type RateClass = 'sign-in' | 'management' | 'logs' | 'self';

interface Row {
  /** Unique, `noun.verb`; the server's handler has this name. */
  readonly name: string;
  /** With `{name}` places, as the wire's documents write it. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly rateClass: RateClass;
  readonly query?: z.ZodType;
  /** Status of a good answer; 200 unless said. */
  readonly status?: 200 | 201 | 202 | 204;
}
export interface ReadingRoute extends Row {
  readonly method: 'GET';
}
/** Asks by a body, for what is asked is too large for a query; changes nothing, and so needs no proof and has no event. */
export interface AskingRoute extends Row {
  readonly method: 'POST';
  readonly changesNothing: true;
  readonly body: z.ZodType;
}
export interface MutatingRoute extends Row {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: z.ZodType;
  /** Its body is a form, as OAuth has it; of every other route a form is refused, for any page can send one. */
  readonly takesForm?: true;
  readonly protection: Protection;
  /** At least one; what the log shows when the route did its work. */
  readonly events: readonly [EventType, ...EventType[]];
}
export type Route = ReadingRoute | AskingRoute | MutatingRoute;

/** What a caller gives for a schema of a row. */
export type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : never;

/** Keeps the literal types of a noun's rows and checks them. */
export const defineRoutes = <const R extends readonly Route[]>(routes: R): R => routes;

/** Does the route change something? */
export const isMutating = (route: Route): route is MutatingRoute =>
  route.method !== 'GET' && !('changesNothing' in route);

/** The schema of the body; undefined where the route takes none. */
export const bodySchemaOf = (route: Route): z.ZodType | undefined => ('body' in route ? route.body : undefined);
