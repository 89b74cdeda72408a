/** The parts of `GET /api/v1/meta/schemas/…` that the screen reads. */
export interface Attribute {
  readonly title: string;
  readonly description?: string | null;
  readonly type: 'string' | 'boolean' | 'number' | 'integer' | 'array';
  readonly items?: { readonly type: 'string' | 'number' | 'integer' } | null;
  readonly enum?: readonly (string | number)[] | null;
  readonly oneOf?: readonly { readonly const: string | number; readonly title: string }[] | null;
  readonly minLength?: number | null;
  readonly maxLength?: number | null;
  readonly unique?: string | null;
  readonly permissions?: readonly { readonly principal: string; readonly action: string }[] | null;
}
interface Part {
  readonly properties: Readonly<Record<string, Attribute>>;
  readonly required: readonly string[];
}
export interface Schema {
  readonly id: string;
  readonly title: string;
  readonly definitions: { readonly custom: Part; readonly base: Part };
}
/** `GET /api/v1/meta/types/user`. */
export interface UserType {
  readonly id: string;
  readonly displayName: string;
  readonly default: boolean;
  readonly _links: { readonly schema: { readonly href: string } };
}

/** Whose profiles the attributes are of. */
export interface SchemaPlace {
  readonly kind: 'people' | 'groups';
  /** In the address of the screen. */
  readonly id: string;
  readonly path: string;
}
export const GROUPS_PLACE: SchemaPlace = { kind: 'groups', id: 'groups', path: '/api/v1/meta/schemas/group/default' };
export const placeOf = (schemaId: string): SchemaPlace => ({
  kind: 'people',
  id: schemaId,
  path: `/api/v1/meta/schemas/user/${encodeURIComponent(schemaId)}`,
});
export const schemaIdOf = (type: UserType): string =>
  type.default ? 'default' : (type._links.schema.href.split('/').at(-1) ?? 'default');
