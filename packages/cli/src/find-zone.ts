import type { ZoneAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import { byName, byPrefix, notFound } from './by-prefix.ts';

/** All zones, by name. */
export const allZones = async (client: Client): Promise<ZoneAnswer[]> => {
  const zones: ZoneAnswer[] = [];
  for await (const page of client.pages('zones.list', {})) zones.push(...page);
  return zones.sort(byName);
};

/** The zone that was typed: its name, its id, or the beginning of that. */
export const zoneOf = (zones: readonly ZoneAnswer[], typed: string): ZoneAnswer => {
  const found = zones.find(({ name }) => name === typed) ?? byPrefix(zones, typed);
  if (found === null) throw notFound('zone', typed, 'sallyport zone list');
  return found;
};
