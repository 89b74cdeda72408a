import { withQuery } from '../../api.ts';

type Json = Readonly<Record<string, unknown>>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Json;
}
/** What `GET /sallyport/v1/openapi.json` says of an operation, as far as the screen reads it. */
interface Described {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Json }>>;
  };
  readonly 'x-sallyport-permission': string | null;
  readonly 'x-sallyport-protected-action'?: { readonly action?: string; readonly none?: string };
  readonly 'x-sallyport-events'?: readonly string[];
}
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

export interface Operation extends Described {
  readonly method: Method;
  readonly path: string;
}

export const operationsOf = ({ paths }: OpenApiDocument): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...described,
      path,
      method: method.toUpperCase() as Method,
    })),
  );

/** An answer that never ends cannot be shown when it has. */
export const isStream = ({ operationId }: Operation): boolean => operationId === 'mySessions.events';

export const bodySchemaOf = ({ requestBody }: Operation): Json | null =>
  requestBody?.content['application/json']?.schema ?? null;

/** The address to send to, with the places filled and the query behind it; places that are empty stay as they are named. */
export const addressOf = (operation: Operation, values: Readonly<Record<string, string>>): string => {
  const path = operation.path.replace(/\{(\w+)\}/g, (place, name: string) =>
    (values[name] ?? '') === '' ? place : encodeURIComponent(values[name] ?? ''),
  );
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query');
  return withQuery(path, Object.fromEntries(query.map(({ name }) => [name, values[name] ?? ''])));
};

/** What was typed as a body: nothing, JSON, or neither. */
export const readBody = (text: string): { readonly isGood: boolean; readonly value: unknown } => {
  if (text.trim() === '') return { isGood: true, value: undefined };
  try {
    return { isGood: true, value: JSON.parse(text) as unknown };
  } catch {
    return { isGood: false, value: undefined };
  }
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same for a shell. The secret stays out: the line asks the environment for it. */
export const curlFor = (method: Method, url: string, body: unknown): string =>
  [
    'curl -sS',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    '-H "Authorization: SSWS $SALLYPORT_TOKEN"',
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`]),
    quoted(url),
  ].join(' ');
