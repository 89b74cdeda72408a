import { bodySchemaOf } from '@sallyport/api/define-route';
import { ApiError } from '@sallyport/model/errors';
import { isStorable } from '@sallyport/model/text';
import type { z } from 'zod';
import type { Step } from '../exchange.ts';

const causesOf = (error: z.ZodError): string[] =>
  error.issues.slice(0, 20).map((issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`);

const parse = (schema: z.ZodType, value: unknown, field: string): unknown => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ApiError('E0000001', {
    args: [String(result.error.issues[0]?.path[0] ?? field)],
    causes: causesOf(result.error),
  });
};

/** All texts of a value, however deep they are: a call for each level would be a caller's to exhaust. */
const texts = function* (value: unknown): Generator<string> {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') yield next;
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next)) continue;
    for (const [key, inner] of Object.entries(next)) {
      yield key;
      open.push(inner);
    }
  }
};
/**
 * What somebody writes is stored, or looked for: one name with a NUL would blind every later search over such names, and
 * PostgreSQL takes none even in a question. Who signs in is answered alike, whether there is such a name or not.
 */
const assertStorable = (field: string, value: unknown): void => {
  if (!texts(value).every((text) => isStorable(text)))
    throw new ApiError('E0000001', { args: [field], causes: ['A text contains a character that cannot be stored.'] });
};

/** Query and body by the row's schemas. What a schema does not name never reaches a use case. */
export const readInput: Step = {
  name: 'read-input',
  run(exchange) {
    const { route, request } = exchange;
    assertStorable('path', exchange.params);
    assertStorable('query', request.query);
    assertStorable('body', request.body);
    if (route.query !== undefined)
      exchange.query = parse(route.query, request.query ?? {}, 'query') as Record<string, unknown>;
    const schema = bodySchemaOf(route);
    if (schema !== undefined) exchange.body = parse(schema, request.body ?? {}, 'body');
  },
};
