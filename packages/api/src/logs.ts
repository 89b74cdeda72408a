import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const READ = { kind: 'admin', permission: 'okta.logs.read' } as const;
const TEXT_MAX = 20_000;
const text = z.string().max(TEXT_MAX).optional();
const search = { since: z.string().max(40).optional(), until: z.string().max(40).optional(), filter: text, q: text };

export const logRoutes = defineRoutes([
  {
    name: 'logs.list',
    method: 'GET',
    path: '/api/v1/logs',
    summary: 'System Log events',
    access: READ,
    rateClass: 'logs',
    query: z.object({
      since: z.string().optional(),
      until: z.string().optional(),
      after: z.string().optional(),
      filter: z.string().optional(),
      q: z.string().optional(),
      limit: z.string().optional(),
      sortOrder: z.string().optional(),
    }),
  },
  {
    name: 'logs.why',
    method: 'GET',
    path: '/sallyport/v1/logs/{uuid}/why',
    summary: 'Compute a past verdict again from its stored facts',
    access: READ,
    rateClass: 'logs',
  },
  {
    name: 'logs.verify',
    method: 'GET',
    path: '/sallyport/v1/logs/verify',
    summary: 'Verify the hash chain and the checkpoints',
    access: READ,
    rateClass: 'logs',
  },
  {
    name: 'logs.verifyEvent',
    method: 'GET',
    path: '/sallyport/v1/logs/{uuid}/verify',
    summary: 'Verify one event: its hash, its neighbours, the checkpoint over it',
    access: READ,
    rateClass: 'logs',
  },
  {
    name: 'logs.seal',
    method: 'GET',
    path: '/sallyport/v1/logs/seal',
    summary: 'The newest signed checkpoint of each node',
    access: READ,
    rateClass: 'logs',
  },
  {
    name: 'logs.histogram',
    method: 'GET',
    path: '/sallyport/v1/logs/histogram',
    summary: 'How many events a search finds, by time and outcome',
    access: READ,
    rateClass: 'logs',
    query: z.object({ ...search, buckets: z.coerce.number().int().min(1).max(200).optional() }),
  },
  {
    name: 'logs.facets',
    method: 'GET',
    path: '/sallyport/v1/logs/facets',
    summary: 'The most frequent values among the newest events that a search finds',
    access: READ,
    rateClass: 'logs',
    query: z.object(search),
  },
  {
    name: 'logs.suggest',
    method: 'GET',
    path: '/sallyport/v1/logs/suggest',
    summary: 'Fields of events, or values of one, that fit what was typed',
    access: READ,
    rateClass: 'logs',
    query: z.object({ field: z.string().max(200).optional(), prefix: z.string().max(200).optional() }),
  },
]);
