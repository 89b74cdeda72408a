import { type Language, type ParsedFilter, parseExpression, short } from '../filter/parse-expression.ts';
import { resolveAttribute } from './attributes.ts';

/** Patterns of slow searches that the real service refuses, too. */
const NO_CONTAINS = new Set(['debugContext.debugData.url', 'debugContext.debugData.requestUri']);

const EVENTS: Language = {
  attributeOf: (name) => {
    if (name === 'published') return 'published cannot be used in a filter; use since and until';
    return resolveAttribute(name) ?? `field is not valid: ${short(name)}`;
  },
  refusalOf: ({ path }, op) =>
    op === 'co' && NO_CONTAINS.has(path) ? { message: `co is not supported for ${path}`, code: 'E0000031' } : null,
};

/** Parses the `filter` parameter of `GET /api/v1/logs`. Never throws. */
export const parseFilter = (text: string): ParsedFilter => parseExpression(text, EVENTS);
