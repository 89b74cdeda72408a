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

const texts = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...texts(inner)]);
};
/** What an administrator writes is stored: one name with a NUL would blind every later search over such names. */
const assertStorable = (body: unknown): void => {
  if (!texts(body).every(isStorable))
    throw new ApiError('E0000001', { args: ['body'], causes: ['A text contains a character that cannot be stored.'] });
};

/** Query and body by the row's schemas. What a schema does not name never reaches a use case. */
export const readInput: Step = {
  name: 'read-input',
  run(exchange) {
    const { route, request } = exchange;
    if (route.query !== undefined)
      exchange.query = parse(route.query, request.query ?? {}, 'query') as Record<string, unknown>;
    if (route.access.kind === 'admin') assertStorable(request.body);
    const schema = bodySchemaOf(route);
    if (schema !== undefined) exchange.body = parse(schema, request.body ?? {}, 'body');
  },
};
