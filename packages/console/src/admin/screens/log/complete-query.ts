import { quoted } from './read-query.ts';

/** What may be completed at the caret, and which part of the text the choice replaces. */
export type Completion =
  | { readonly kind: 'field'; readonly prefix: string; readonly from: number }
  | { readonly kind: 'operator'; readonly prefix: string; readonly from: number }
  | { readonly kind: 'value'; readonly field: string; readonly prefix: string; readonly from: number };

export const OPERATORS: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'eq', label: 'is' },
  { value: 'ne', label: 'is not' },
  { value: 'co', label: 'contains' },
  { value: 'sw', label: 'starts with' },
  { value: 'ew', label: 'ends with' },
  { value: 'in', label: 'is one of' },
  { value: 'pr', label: 'is there' },
  { value: 'gt', label: 'is above' },
  { value: 'lt', label: 'is below' },
];
const VALUE = /(?:^|[\s(])([A-Za-z_][\w.-]*)\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+("?)([^"\s)]*|(?<=")[^"]*)$/i;
const OPERATOR = /(?:^|[\s(])(?:eventType|severity|uuid|displayMessage|[A-Za-z_]+\.[\w.-]+)\s+([A-Za-z]{0,2})$/;
const FIELD = /(?:^\s*|\(\s*|\b(?:and|or|not)\s+)([A-Za-z_][\w.]*)$/i;

/** Null where nothing can be completed. */
export const completionAt = (text: string, caret: number): Completion | null => {
  const before = text.slice(0, caret);
  const value = VALUE.exec(before);
  if (value !== null) {
    const [, field = '', quote = '', prefix = ''] = value;
    return { kind: 'value', field, prefix, from: caret - prefix.length - quote.length };
  }
  const operator = OPERATOR.exec(before);
  if (operator !== null) {
    const [, prefix = ''] = operator;
    return { kind: 'operator', prefix, from: caret - prefix.length };
  }
  const [, prefix] = FIELD.exec(before) ?? [];
  return prefix === undefined ? null : { kind: 'field', prefix, from: caret - prefix.length };
};

/** The text with the choice in its place, and where the caret goes. */
export const applyCompletion = (
  text: string,
  caret: number,
  at: Completion,
  choice: string,
): { readonly text: string; readonly caret: number } => {
  const rest = text.slice(caret).replace(/^"/, at.kind === 'value' ? '' : '"');
  const put = `${at.kind === 'value' ? quoted(choice) : choice} `;
  const start = text.slice(0, at.from) + put;
  return { text: start + rest.trimStart(), caret: start.length };
};
