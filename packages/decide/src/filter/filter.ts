/** `object` may only be asked whether it is present; `instant` is compared as milliseconds and written as a date. */
export type AttributeType = 'string' | 'number' | 'boolean' | 'instant' | 'object';

/** What a comparison is about. */
export interface Attribute {
  /** As the documentation writes it, without an index. */
  readonly path: string;
  /** The keys that lead to the value: from the document, or from the element of the list; none when that is the value. */
  readonly keys: readonly string[];
  readonly type: AttributeType;
  /** The list, one of whose elements must satisfy a clause; null when there is one value. */
  readonly each: string | null;
}

export const COMPARISONS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof COMPARISONS)[number];
/** A number for attributes of type number and instant, else text: `true` and `false` are compared as words. */
export type FilterValue = string | number;

/** A parsed filter. Nodes are frozen. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | FilterClause;

export type FilterClause =
  | { readonly kind: 'compare'; readonly attribute: Attribute; readonly op: Comparison; readonly value: FilterValue }
  | { readonly kind: 'in'; readonly attribute: Attribute; readonly values: readonly FilterValue[] }
  | { readonly kind: 'present'; readonly attribute: Attribute };
