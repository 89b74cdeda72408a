import type { ZoneAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { failureOf } from '../failure-of.ts';
import { allZones, zoneOf } from '../find-zone.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { contentFacts, listText, missingLines, ZONE_FIELDS } from '../zone-content.ts';
import { addZoneChangeVerbs } from './zone-change.ts';

const ANSWERS = { in: 'yes', out: 'no', unknown: 'not known' } as const;

/** What the server would not do, each in a line; the exit code is that of the first. */
const failureOfSome = (failed: readonly { zone: ZoneAnswer; reason: unknown }[], deleted: readonly ZoneAnswer[]) => {
  const all = failed.map(({ zone, reason }) => ({ zone, ...failureOf(reason) }));
  const count = all.length + deleted.length;
  return new CliError(all[0]?.exit ?? 'failed', `${all.length} of ${count} zones could not be deleted`, {
    code: all[0]?.failure.code ?? 'failed',
    reasons: all.map(({ zone, failure }) => `${zone.name}: ${[failure.message, ...failure.causes].join(' ')}`),
    more: { deleted: deleted.map(({ id }) => id), failed: all.map(({ zone }) => zone.id) },
  });
};

const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const all = await allZones(client);
  // The same zone named twice is deleted once.
  const zones = [...new Set((turn.args[0] as readonly string[]).map((typed) => zoneOf(all, typed)))];
  // Before anybody is asked, or touches a key for it.
  const builtIn = zones.find(({ system }) => system);
  if (builtIn !== undefined)
    throw new CliError('denied', `${builtIn.name} is built in and cannot be deleted`, { code: 'zone_built_in' });
  const names = zones.map(({ name }) => name).join(', ');
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldDelete: zones.map(({ id }) => id) });
    return printLines(zones.map(({ name, id }) => `Would delete ${name} (${id}).`));
  }
  if (!turn.is('yes')) await turn.confirm(`Delete ${names}?`, '--yes');
  const results = await client.sendAll(zones.map(({ id }) => requestOf('zones.delete', { params: { zoneId: id } })));
  const deleted = zones.filter((_, i) => results[i]?.status === 'fulfilled');
  const failed = results.flatMap((result, i) => {
    const zone = zones[i];
    return result.status === 'rejected' && zone !== undefined ? [{ zone, reason: result.reason as unknown }] : [];
  });
  if (!turn.isJson) printLines(deleted.map(({ name }) => `Deleted ${name}.`));
  if (failed.length > 0) throw zones.length === 1 ? failed[0]?.reason : failureOfSome(failed, deleted);
  if (turn.isJson) printJson({ deleted: deleted.map(({ id }) => id) });
};

/** Lies to the server about where it comes from, and asks what it made of that. */
const spoofTest = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { path, headers } = await client.call('clientAddress.openProbe', { body: {} });
  // Without the credential: were the lie believed, it would count for what came with it.
  await turn.anonymousClient().send({ method: 'GET', path, headers });
  const answer = await client.call('clientAddress.get', {});
  if (turn.isJson) printJson({ ...answer });
  else
    printLines([
      ...table(
        ['STATE', 'FINDING'],
        answer.findings.map(({ state, sentence }) => [state, sentence]),
      ),
      ...answer.findings.flatMap(({ mend }) => (mend === null ? [] : ['', `To mend it: ${mend}`])),
    ]);
  if (answer.canBeSpoofed === 'yes')
    throw new CliError('failed', 'a client can choose the address that it is taken for', { code: 'address_spoofable' });
};

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
      jsonFields: ZONE_FIELDS,
      examples: ['sallyport zone list', 'sallyport zone list --json=name,gateways'],
    },
    async (turn) => {
      const zones = await allZones(turn.client());
      if (turn.isJson) return printJson({ zones: zones.map(turn.jsonItem) });
      printLines(
        table(
          ['ID', 'NAME', 'TYPE', 'USE', 'STATUS', 'GATEWAYS'],
          zones.map(({ id, name, type, usage, status, gateways }) => [
            id,
            name,
            type,
            usage,
            status,
            type === 'IP' ? String(gateways?.length ?? 0) : '-',
          ]),
        ),
      );
    },
  );
  addVerb(
    zone,
    {
      name: 'show',
      summary: 'a zone, and what it asks of an address',
      args: [['<zone>', 'id, its beginning, or name']],
      talksTo: 'server',
      jsonFields: ZONE_FIELDS,
      examples: ['sallyport zone show DefaultExemptIpZone'],
    },
    async (turn) => {
      const found = zoneOf(await allZones(turn.client()), String(turn.args[0]));
      if (turn.isJson) return printJson({ zone: turn.jsonItem(found) });
      printLines(
        facts([
          ['Id', found.id],
          ['Name', found.name],
          ['Use', found.usage],
          ['Status', found.status],
          ['Built in', found.system ? 'yes' : 'no'],
          ['Type', found.type],
          ...contentFacts(found),
        ]),
      );
      printLines(missingLines(found));
    },
  );
  addZoneChangeVerbs(zone);
  addVerb(
    zone,
    {
      name: 'delete',
      summary: 'delete zones; one proof covers all of them',
      args: [['<zone...>', 'id, its beginning, or name']],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--dry-run', 'delete nothing, print what would be deleted'],
        ['--yes', 'do not ask'],
      ],
      examples: ['sallyport zone delete office', 'sallyport zone delete office branch --dry-run'],
    },
    remove,
  );
  addVerb(
    zone,
    {
      name: 'spoof-test',
      summary: 'try whether a forwarding header that a client wrote is believed; fails where it is',
      talksTo: 'server',
      examples: ['sallyport zone spoof-test'],
    },
    spoofTest,
  );
  addVerb(
    zone,
    {
      name: 'test',
      summary: 'what the server makes of an address, and which hop of a forwarding header counts',
      args: [['<address>', 'IPv4 or IPv6; with --forwarded-for, of the connection that brings the header']],
      options: [
        ['--forwarded-for <header>', 'a forwarding header, as a proxy wrote it'],
        ['--chain <header>', 'the same, in fewer letters'],
      ],
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport zone test 203.0.113.7', "sallyport zone test 10.0.0.5 --forwarded-for '203.0.113.7'"],
    },
    async (turn) => {
      const forwardedFor = turn.options['forwardedFor'] ?? turn.options['chain'];
      const { result, forwarded, sources, missingLists } = await turn.client().call('networkTest.get', {
        query: {
          address: String(turn.args[0]),
          ...(forwardedFor === undefined ? {} : { forwardedFor: String(forwardedFor) }),
        },
      });
      if (turn.isJson) return printJson({ ...result, forwarded, sources, missingLists });
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
          ['Country', result.place ?? (result.isLocal ? 'none: it is private' : 'unknown')],
          // Known only where the operator supplies data for it.
          ...(result.regionCodes.length === 0
            ? []
            : [
                [
                  'Region',
                  `${[result.city, result.region].filter((name) => name !== null).join(', ')} (${listText(result.regionCodes)})`,
                ] as const,
              ]),
          ['Services', listText(result.services)],
          ['Zones', listText(result.zones.map(({ name }) => name))],
          ['Blocked', result.blockedBy === null ? 'no' : `yes, by ${result.blockedBy.name}`],
          ['Exempt from binding', result.isExempt ? 'yes' : 'no'],
        ]),
      );
      const judged = [...result.zones, ...result.otherZones];
      if (judged.length > 0)
        printLines([
          '',
          ...table(
            ['ZONE', 'IN IT', 'WHY'],
            judged.map(({ name, answer, why }) => [name, ANSWERS[answer], why]),
          ),
        ]);
      const faulty = sources.filter(({ problem }) => problem !== null);
      if (missingLists.length > 0 || faulty.length > 0)
        printLines([
          '',
          ...(missingLists.length > 0
            ? [`No list is loaded for ${missingLists.join(', ')}: nobody is known to be of it.`]
            : []),
          ...faulty.map(({ source, problem }) => `${source} is not read: ${problem}.`),
        ]);
    },
  );
};
