import type { Filter } from '@sallyport/decide/filter/filter';
import { type Language, parseExpression } from '@sallyport/decide/filter/parse-expression';
import { ApiError } from '@sallyport/model/errors';

/** The `search` or `filter` of a list; null when there is none. E0000031 says what is wrong with it, and where. */
export const readExpression = (text: string | undefined, language: Language): Filter | null => {
  if (text === undefined || text.trim() === '') return null;
  const parsed = parseExpression(text, language);
  if (parsed.ok) return parsed.filter;
  throw new ApiError('E0000031', { causes: [`${parsed.message} (at character ${parsed.at + 1})`] });
};
