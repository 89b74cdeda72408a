import type { Attribute } from './schema-answer.ts';

export const KINDS = {
  string: 'text',
  boolean: 'yes or no',
  number: 'a number',
  integer: 'a whole number',
  list: 'a list of texts',
} as const;
export type Kind = keyof typeof KINDS;
export const SELF = {
  HIDE: 'do not see it',
  READ_ONLY: 'see it',
  READ_WRITE: 'see and change it',
} as const;
export type Self = keyof typeof SELF;

/** An attribute as it is being edited. */
export interface AttributeDraft {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: Kind;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  /** One a line; nothing is anything. Only of text. */
  readonly choices: string;
  readonly maxLength: string;
  readonly self: Self;
}

export const kindWords = ({ type, items }: Attribute): string =>
  type === 'array' ? `a list of ${items?.type === 'string' ? 'texts' : 'numbers'}` : KINDS[type];
/** What it may be, beside its type; null where that is anything. */
export const boundsWords = ({ enum: choices, oneOf, minLength, maxLength }: Attribute): string | null => {
  const named = oneOf?.map(({ title }) => title) ?? choices?.map(String) ?? [];
  if (named.length > 0) return `one of ${named.join(', ')}`;
  if (minLength != null && maxLength != null) return `${minLength} to ${maxLength} characters`;
  if (maxLength != null) return `at most ${maxLength} characters`;
  return minLength == null ? null : `at least ${minLength} characters`;
};
export const selfOf = ({ permissions }: Attribute): Self =>
  (permissions?.find(({ principal }) => principal === 'SELF')?.action ?? 'READ_ONLY') as Self;

export const NEW_ATTRIBUTE: AttributeDraft = {
  name: '',
  title: '',
  description: '',
  kind: 'string',
  isRequired: false,
  isUnique: false,
  choices: '',
  maxLength: '',
  self: 'READ_ONLY',
};
export const draftOf = (name: string, attribute: Attribute, isRequired: boolean): AttributeDraft => ({
  name,
  title: attribute.title,
  description: attribute.description ?? '',
  kind: attribute.type === 'array' ? 'list' : attribute.type,
  isRequired,
  isUnique: attribute.unique === 'UNIQUE_VALIDATED',
  choices: (attribute.enum ?? []).join('\n'),
  maxLength: attribute.maxLength == null ? '' : String(attribute.maxLength),
  self: selfOf(attribute),
});

export const canBeUnique = (kind: Kind): boolean => kind !== 'boolean' && kind !== 'list';

export interface AttributeFaults {
  readonly name: string | null;
  readonly title: string | null;
  readonly maxLength: string | null;
}
export const NO_FAULTS: AttributeFaults = { name: null, title: null, maxLength: null };
export const faultsOf = ({ name, title, maxLength }: AttributeDraft, taken: readonly string[]): AttributeFaults => ({
  name: !/^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name)
    ? 'Letters, digits and underscores, beginning with a letter.'
    : taken.some((other) => other.toLowerCase() === name.toLowerCase())
      ? 'There is an attribute of this name.'
      : null,
  title: title.trim() === '' ? 'What people read beside the value.' : null,
  maxLength:
    maxLength.trim() === '' ||
    (/^\d{1,4}$/.test(maxLength.trim()) && Number(maxLength) >= 1 && Number(maxLength) <= 1024)
      ? null
      : 'A whole number, 1 to 1024.',
});

/** The attribute as it is sent. What the form does not show of the one before is kept. */
export const attributeOf = (draft: AttributeDraft, before: Attribute | null, isOfPeople: boolean) => {
  const choices = draft.choices
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return {
    ...before,
    title: draft.title.trim(),
    description: draft.description.trim() || null,
    ...(draft.kind === 'list'
      ? { type: 'array' as const, items: before?.items ?? { type: 'string' as const } }
      : { type: draft.kind }),
    required: draft.isRequired,
    ...(draft.kind === 'string'
      ? {
          enum: choices.length === 0 ? null : choices,
          maxLength: draft.maxLength.trim() === '' ? null : Number(draft.maxLength),
        }
      : {}),
    permissions: [{ principal: 'SELF' as const, action: draft.self }],
    ...(isOfPeople && canBeUnique(draft.kind) ? { unique: draft.isUnique } : {}),
  };
};
