/** A mark that no JSON can carry: only `html` makes text that is not escaped again. */
const MARKUP = Symbol('markup');

export interface Markup {
  readonly [MARKUP]: string;
}

export type HtmlValue = string | number | Markup | false | null | undefined | readonly HtmlValue[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escapeText = (text: string): string => text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? character);

const isMarkup = (value: object): value is Markup => MARKUP in value;

const render = (value: HtmlValue): string => {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value !== 'object') return escapeText(String(value));
  if (isMarkup(value)) return value[MARKUP];
  return value.map(render).join('');
};

/**
 * HTML with every value escaped, for text and for quoted attributes. Only another `html` goes in as it is; lists are
 * joined; null, undefined and false are nothing.
 */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup => ({
  [MARKUP]: parts.map((part, i) => part + render(values[i])).join(''),
});

/** The text of finished HTML, to be sent. */
export const toText = (markup: Markup): string => markup[MARKUP];
