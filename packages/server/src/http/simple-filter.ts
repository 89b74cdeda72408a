import { ApiError } from '@sallyport/model/errors';

const CLAUSE = /^([A-Za-z.]+) (eq|sw) (?:"((?:[^"\\]|\\.)*)"|(true|false))$/i;

export interface FilterClause {
  readonly field: string;
  readonly op: 'eq' | 'sw';
  readonly value: string;
}

/** `field eq "value"` joined by `and`, for the fields that a list can be narrowed by. E0000031 for anything else. */
export const simpleFilter = (text: string | undefined, fields: readonly string[]): FilterClause[] => {
  if (text === undefined || text.trim() === '') return [];
  return text
    .trim()
    .split(/ and (?=[A-Za-z.]+ (?:eq|sw) )/i)
    .map((part) => {
      const [, field = '', op = '', quoted, word] = CLAUSE.exec(part.trim()) ?? [];
      if (!fields.includes(field))
        throw new ApiError('E0000031', {
          causes: [`only ${fields.join(', ')} with eq or sw, joined by and, can be searched`],
        });
      return {
        field,
        op: op.toLowerCase() as 'eq' | 'sw',
        value: quoted === undefined ? (word ?? '').toLowerCase() : quoted.replace(/\\(.)/g, '$1'),
      };
    });
};
