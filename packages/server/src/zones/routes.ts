import type { Handler } from '../http/exchange.ts';
import { pageLinks } from '../http/page-links.ts';
import { createZone, deleteZone, getZone, listZones, replaceZone, setZoneStatus } from './manage-zones.ts';
import type { ZoneBody } from './read-zone-body.ts';
import { type TestNetwork, testNetwork } from './test-network.ts';
import { getZoneUsage } from './zone-usage.ts';

const id = (params: Readonly<Record<string, string>>): string => params['zoneId'] ?? '';

export const zoneHandlers = {
  'zones.list': async ({ services, principal, query }) => {
    const { zones, after } = await listZones(services, principal, query);
    return { body: zones, headers: pageLinks(services.config.publicUrl.origin, '/api/v1/zones', query, after) };
  },
  'networkTest.get': async ({ services, principal, query }) => ({
    body: testNetwork(services, principal, query as TestNetwork),
  }),
  'zones.usage': async ({ services, principal, params }) => ({
    body: await getZoneUsage(services, principal, id(params)),
  }),
  'zones.create': async ({ services, principal, body }) => ({
    body: await createZone(services, principal, body as ZoneBody),
  }),
  'zones.get': async ({ services, principal, params }) => ({ body: await getZone(services, principal, id(params)) }),
  'zones.replace': async ({ services, principal, params, body }) => ({
    body: await replaceZone(services, principal, id(params), body as ZoneBody),
  }),
  'zones.delete': async ({ services, principal, params }) => {
    await deleteZone(services, principal, id(params));
    return {};
  },
  'zones.activate': async ({ services, principal, params }) => ({
    body: await setZoneStatus(services, principal, id(params), 'ACTIVE'),
  }),
  'zones.deactivate': async ({ services, principal, params }) => ({
    body: await setZoneStatus(services, principal, id(params), 'INACTIVE'),
  }),
} satisfies Record<string, Handler>;
