import type { ZoneAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byName, byPrefix, notFound } from '../by-prefix.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb } from '../verb.ts';

const FIELDS = fieldsOf<ZoneAnswer>({
  id: true,
  name: true,
  type: true,
  status: true,
  usage: true,
  system: true,
  lastUpdated: true,
  gateways: true,
  proxies: true,
});

const allZones = async (client: Client): Promise<ZoneAnswer[]> => {
  const zones: ZoneAnswer[] = [];
  for await (const page of client.pages('zones.list', {})) zones.push(...page);
  return zones.sort(byName);
};

const listText = (entries: ZoneAnswer['gateways']): string => (entries ?? []).map(({ value }) => value).join(', ');

/** `sallyport zone …`. */
export const addZoneVerbs = (program: Command): void => {
  const zone = program.command('zone').description('network zones, and what an address belongs to');
  addVerb(
    zone,
    {
      name: 'list',
      summary: 'all zones',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport zone list', 'sallyport zone list --json=name,gateways'],
    },
    async (turn) => {
      const zones = await allZones(turn.client());
      if (turn.isJson) return printJson({ zones: zones.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'NAME', 'USE', 'STATUS', 'GATEWAYS'],
          zones.map(({ id, name, usage, status, gateways }) => [
            id,
            name,
            usage,
            status,
            String(gateways?.length ?? 0),
          ]),
        ),
      );
    },
  );
  addVerb(
    zone,
    {
      name: 'show',
      summary: 'a zone and its addresses',
      args: [['<zone>', 'id, its beginning, or name']],
      talksTo: 'server',
      jsonFields: FIELDS,
      examples: ['sallyport zone show DefaultExemptIpZone'],
    },
    async (turn) => {
      const typed = String(turn.args[0]);
      const zones = await allZones(turn.client());
      const found = zones.find(({ name }) => name === typed) ?? byPrefix(zones, typed);
      if (found === null) throw notFound('zone', typed, 'sallyport zone list');
      if (turn.isJson) return printJson({ zone: turn.jsonItem(found) });
      printLines(
        facts([
          ['Id', found.id],
          ['Name', found.name],
          ['Use', found.usage],
          ['Status', found.status],
          ['Built in', found.system ? 'yes' : 'no'],
          ['Gateways', listText(found.gateways) || 'none'],
          ['Proxies', listText(found.proxies) || 'none'],
        ]),
      );
    },
  );
  addVerb(
    zone,
    {
      name: 'test',
      summary: 'what the server makes of an address, and which hop of a forwarding header counts',
      args: [['<address>', 'IPv4 or IPv6; with --forwarded-for, of the connection that brings the header']],
      options: [['--forwarded-for <header>', 'a forwarding header, as a proxy wrote it']],
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport zone test 203.0.113.7', "sallyport zone test 10.0.0.5 --forwarded-for '203.0.113.7'"],
    },
    async (turn) => {
      const forwardedFor = turn.options['forwardedFor'];
      const { result, forwarded } = await turn.client().call('networkTest.get', {
        query: {
          address: String(turn.args[0]),
          ...(forwardedFor === undefined ? {} : { forwardedFor: String(forwardedFor) }),
        },
      });
      if (turn.isJson) return printJson({ ...result, forwarded });
      if (forwarded !== null)
        printLines([
          ...table(
            ['HOP', 'IS', 'WHY'],
            forwarded.hops.map(({ text, role, why }) => [text, role, why]),
          ),
          '',
        ]);
      if (result === null) return printLines(['No hop counts as the client: requests that come this way are refused.']);
      printLines(
        facts([
          ['Address', result.address],
          ['Network', result.network],
          ['Country', result.place ?? 'unknown'],
          ['Zones', result.zones.map(({ name }) => name).join(', ') || 'none'],
          ['Blocked', result.isBlocked ? 'yes' : 'no'],
          ['Exempt from binding', result.isExempt ? 'yes' : 'no'],
        ]),
      );
    },
  );
};
