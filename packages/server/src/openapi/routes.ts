import { openApiDocument } from '@sallyport/api/openapi-document';
import { routes } from '@sallyport/api/routes';
import type { Handler } from '../http/exchange.ts';

/** The table does not change while the server runs: it is written once for each address of the server. */
const documents = new Map<string, ReturnType<typeof openApiDocument>>();

export const openApiHandlers = {
  'openApi.get': async ({ services }) => {
    const { origin } = services.config.publicUrl;
    const body = documents.get(origin) ?? openApiDocument(routes, origin);
    documents.set(origin, body);
    return { body };
  },
} satisfies Record<string, Handler>;
