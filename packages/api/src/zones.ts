import { IP_SERVICE_CATEGORIES } from '@sallyport/model/network-zone';
import { z } from 'zod';
import { defineRoutes } from './define-route.ts';

const read = { kind: 'admin', permission: 'okta.networkZones.read' } as const;
const manage = { kind: 'admin', permission: 'okta.networkZones.manage' } as const;
const entries = z
  .array(z.object({ type: z.enum(['CIDR', 'RANGE']), value: z.string().max(100) }))
  .max(5000)
  .nullish();
const common = {
  name: z.string().trim().min(1).max(128),
  status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
  usage: z.enum(['POLICY', 'BLOCKLIST']).optional(),
};
/** A list; the Node client writes those of a DYNAMIC zone as `{"0": …}`. */
const listOf = <T extends z.ZodType>(item: T) => z.union([z.array(item), z.record(z.string(), item)]).nullish();
const asns = listOf(z.string().max(20));
const locations = listOf(z.object({ country: z.string().max(10), region: z.string().max(10).nullish() }));
const halves = <T extends z.ZodType>(list: T) => z.object({ include: list, exclude: list }).partial().nullish();

/** What a zone is: addresses, or what must be known of them. */
const body = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('IP'),
    ...common,
    gateways: entries,
    proxies: entries,
    useAsExemptList: z.boolean().optional(),
  }),
  z.object({ type: z.literal('DYNAMIC'), ...common, asns, locations, proxyType: z.string().max(20).nullish() }),
  z.object({
    type: z.literal('DYNAMIC_V2'),
    ...common,
    asns: halves(asns),
    locations: halves(locations),
    ipServiceCategories: halves(z.array(z.enum(IP_SERVICE_CATEGORIES)).nullish()),
  }),
]);

export const zoneRoutes = defineRoutes([
  {
    name: 'zones.list',
    method: 'GET',
    path: '/api/v1/zones',
    summary: 'Network zones',
    access: read,
    rateClass: 'management',
    query: z.object({
      limit: z.string().optional(),
      after: z.string().max(64).optional(),
      filter: z.string().max(2000).optional(),
    }),
  },
  {
    name: 'networkTest.get',
    method: 'GET',
    path: '/sallyport/v1/network-test',
    summary: 'What the server makes of an address, and of a forwarding header: which hop counts, and why',
    access: read,
    rateClass: 'management',
    query: z.object({ address: z.string().max(64).optional(), forwardedFor: z.string().max(4096).optional() }),
  },
  {
    name: 'zones.usage',
    method: 'GET',
    path: '/sallyport/v1/zones/{zoneId}/usage',
    summary: 'Which rules, API tokens and service apps speak of a zone',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'zones.create',
    method: 'POST',
    path: '/api/v1/zones',
    summary: 'Create a zone',
    access: manage,
    rateClass: 'management',
    body,
    protection: { action: 'zone.create' },
    events: ['zone.create'],
  },
  {
    name: 'zones.get',
    method: 'GET',
    path: '/api/v1/zones/{zoneId}',
    summary: 'A zone',
    access: read,
    rateClass: 'management',
  },
  {
    name: 'zones.replace',
    method: 'PUT',
    path: '/api/v1/zones/{zoneId}',
    summary: 'Replace a zone',
    access: manage,
    rateClass: 'management',
    body,
    protection: { action: 'zone.update', ofPower: 'exempt-zone.update' },
    events: ['zone.update'],
  },
  {
    name: 'zones.delete',
    method: 'DELETE',
    path: '/api/v1/zones/{zoneId}',
    summary: 'Delete a zone',
    access: manage,
    rateClass: 'management',
    status: 204,
    protection: { action: 'zone.delete' },
    events: ['zone.delete'],
  },
  {
    name: 'zones.activate',
    method: 'POST',
    path: '/api/v1/zones/{zoneId}/lifecycle/activate',
    summary: 'Activate a zone',
    access: manage,
    rateClass: 'management',
    body: z.unknown().optional(),
    protection: { action: 'zone.update', ofPower: 'exempt-zone.update' },
    events: ['zone.activate'],
  },
  {
    name: 'zones.deactivate',
    method: 'POST',
    path: '/api/v1/zones/{zoneId}/lifecycle/deactivate',
    summary: 'Deactivate a zone',
    access: manage,
    rateClass: 'management',
    body: z.unknown().optional(),
    protection: { action: 'zone.update', ofPower: 'exempt-zone.update' },
    events: ['zone.deactivate'],
  },
]);
