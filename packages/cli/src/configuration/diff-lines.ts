import { isSame, tidy } from './is-same.ts';
import { isFields } from './shapes.ts';

type Fields = Readonly<Record<string, unknown>>;
const isPlainList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
const isFieldsList = (value: unknown): value is readonly Fields[] => Array.isArray(value) && value.every(isFields);
const isNamed = (value: unknown): value is readonly { readonly name: string }[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isFields(item) && typeof item['name'] === 'string');

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return isPlainList(value) ? value.join(', ') : JSON.stringify(value);
};

const ofPlainLists = (path: string, before: readonly unknown[], after: readonly unknown[]): string[] => {
  const gone = before.filter((item) => !after.includes(item)).map((item) => `- ${path}: ${textOf(item)}`);
  const fresh = after.filter((item) => !before.includes(item)).map((item) => `+ ${path}: ${textOf(item)}`);
  return [...gone, ...fresh];
};

/** Lists of things with names are told by name, and their order where that is all that changed. */
const ofNamed = (path: string, before: unknown, after: unknown): string[] => {
  const list = (value: unknown) => (isNamed(value) ? value : []);
  const fields = (value: unknown): Fields => Object.fromEntries(list(value).map((item) => [item.name, item]));
  const names = (value: unknown, others: Fields) => list(value).flatMap(({ name }) => (name in others ? [name] : []));
  const [had, wanted] = [fields(before), fields(after)];
  const [from, to] = [names(before, wanted), names(after, had)];
  return [
    ...ofFields(path, had, wanted),
    ...(from.join('\n') === to.join('\n') ? [] : [`~ ${path}: order ${from.join(', ')} → ${to.join(', ')}`]),
  ];
};

const ofFields = (path: string, before: Fields, after: Fields): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    diffLines(path === '' ? name : `${path}.${name}`, before[name], after[name]),
  );

/** What differs, a line for each value: `+` comes, `-` goes, `~` changes. */
export const diffLines = (path: string, before: unknown, after: unknown): string[] => {
  const [had, wanted] = [tidy(before), tidy(after)];
  if (isSame(had, wanted)) return [];
  if (isNamed(had) || isNamed(wanted)) return ofNamed(path, had, wanted);
  if (isPlainList(had ?? []) && isPlainList(wanted ?? []))
    return ofPlainLists(path, (had ?? []) as readonly unknown[], (wanted ?? []) as readonly unknown[]);
  // Those that have no names are told by their places, where both sides have some.
  if (isFieldsList(had) && isFieldsList(wanted)) return ofFields(path, { ...had }, { ...wanted });
  if (isFields(had ?? {}) && isFields(wanted ?? {}))
    return ofFields(path, (had ?? {}) as Fields, (wanted ?? {}) as Fields);
  if (had === undefined) return [`+ ${path}: ${textOf(wanted)}`];
  if (wanted === undefined) return [`- ${path}: ${textOf(had)}`];
  return [`~ ${path}: ${textOf(had)} → ${textOf(wanted)}`];
};
