import type { Filter, FilterClause } from '../filter/filter.ts';
import { foldAscii } from '../filter/fold-ascii.ts';

/** Values of one path, folded; every event that the filter selects has one of them there. */
export interface Narrowing {
  readonly path: string;
  readonly values: readonly string[];
}

const ofClause = (clause: FilterClause, paths: ReadonlySet<string>): Narrowing | null => {
  const { path } = clause.attribute;
  if (!paths.has(path)) return null;
  if (clause.kind === 'in') return { path, values: clause.values.map((value) => foldAscii(String(value))) };
  return clause.kind === 'compare' && clause.op === 'eq' ? { path, values: [foldAscii(String(clause.value))] } : null;
};

const conjuncts = (filter: Filter): readonly Filter[] =>
  filter.kind === 'and' ? filter.of.flatMap(conjuncts) : [filter];

/**
 * What a filter demands of paths that an index can look up, as far as it is a plain conjunction: the database then
 * reads those events only. `isWhole` when the filter demands nothing else.
 */
export const narrowingOf = (
  filter: Filter | null,
  paths: ReadonlySet<string>,
): { readonly by: readonly Narrowing[]; readonly isWhole: boolean } => {
  if (filter === null) return { by: [], isWhole: true };
  const parts = conjuncts(filter);
  const by = parts.flatMap((part) => ('attribute' in part ? (ofClause(part, paths) ?? []) : []));
  return { by, isWhole: by.length === parts.length };
};
