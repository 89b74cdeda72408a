import { defineRoutes } from './define-route.ts';

export const openApiRoutes = defineRoutes([
  {
    name: 'openApi.get',
    method: 'GET',
    path: '/sallyport/v1/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document, made from the route table',
    access: { kind: 'person', why: 'it describes what the server can be asked, and nothing of this org' },
    rateClass: 'self',
  },
]);
