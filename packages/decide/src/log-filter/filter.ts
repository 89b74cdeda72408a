import type { Attribute } from './attributes.ts';

export const COMPARISONS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof COMPARISONS)[number];
/** A number for attributes of type number, else text: `true` and `false` are compared as words. */
export type FilterValue = string | number;

/** A parsed filter of the System Log. Nodes are frozen. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | FilterClause;

export type FilterClause =
  | { readonly kind: 'compare'; readonly attribute: Attribute; readonly op: Comparison; readonly value: FilterValue }
  | { readonly kind: 'in'; readonly attribute: Attribute; readonly values: readonly FilterValue[] }
  | { readonly kind: 'present'; readonly attribute: Attribute };
