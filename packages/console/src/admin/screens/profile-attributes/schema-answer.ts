import type { AttributeAnswer, ProfileSchemaAnswer, UserTypeAnswer } from '@sallyport/client/answers';

export type { AttributeAnswer as Attribute, ProfileSchemaAnswer as Schema, UserTypeAnswer as UserType };

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
export const schemaIdOf = (type: UserTypeAnswer): string =>
  type.default ? 'default' : (type._links.schema.href.split('/').at(-1) ?? 'default');
