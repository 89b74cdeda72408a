import { judgeProfile } from '@sallyport/decide/users/judge-profile';
import type { AttributeSchema } from '@sallyport/model/user-schema';
import type { Attributes } from '../user-types/store.ts';
import type { PersonRow } from './read-people.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** Cells are text; what the schema wants as something else is read as that where it can be. */
const readCell = (type: AttributeSchema['type'] | undefined, cell: unknown): unknown => {
  if (typeof cell !== 'string') return cell;
  if ((type === 'number' || type === 'integer') && NUMBER.test(cell)) return Number(cell);
  if (type === 'boolean' && /^(?:true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  return type === 'array' ? cell.split(/\s*\|\s*/) : cell;
};

/** Rows of a file as the schema has them; one that it refuses says why. Elements of a list are separated by `|`. */
export const fitToSchema = (attributes: Attributes, rows: readonly PersonRow[]): readonly PersonRow[] =>
  rows.map((row) => {
    if (row.profile === null || row.problem !== null) return row;
    const profile = Object.fromEntries(
      Object.entries(row.profile).map(([name, cell]) => [name, readCell(attributes.get(name)?.type, cell)]),
    ) as NonNullable<PersonRow['profile']>;
    const [problem = null] = judgeProfile(attributes, profile, Object.keys(profile));
    return { ...row, profile, problem };
  });
