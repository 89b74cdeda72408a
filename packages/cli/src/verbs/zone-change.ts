import type { ZoneAnswer } from '@sallyport/client/answers';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { allZones, zoneOf } from '../find-zone.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import {
  contentOf,
  hasList,
  listText,
  missingLines,
  textsOf,
  ZONE_FIELDS,
  ZONE_LIST_NAMES,
  ZONE_LISTS,
  type ZoneBody,
  type ZoneList,
  type ZoneTexts,
  type ZoneType,
} from '../zone-content.ts';

const EXEMPT_NAME = 'DefaultExemptIpZone';

const LIST_FLAGS: Readonly<Record<ZoneList, string>> = {
  gateway: '--gateway',
  proxy: '--proxy',
  asn: '--asn',
  notAsn: '--not-asn',
  place: '--place',
  notPlace: '--not-place',
  service: '--service',
  notService: '--not-service',
};
const LIST_OPTIONS = [
  ['--gateway <range...>', 'ip: an address, a CIDR, or a range like 192.0.2.1-192.0.2.9'],
  ['--proxy <range...>', 'ip: what these say of the hop before is believed for this zone'],
  ['--asn <number...>', 'dynamic, dynamic_v2: networks, like 64500'],
  ['--not-asn <number...>', 'dynamic_v2: but not these networks'],
  ['--place <place...>', 'dynamic, dynamic_v2: a country like DE; a region like DE-BE is not known of any address'],
  ['--not-place <place...>', 'dynamic_v2: but not these places'],
  ['--service <name...>', 'dynamic_v2: like all_anonymizers, nord_vpn, hosting'],
  ['--not-service <name...>', 'dynamic_v2: but not these services'],
  ['--proxy-type <type>', 'dynamic: any, tor or not-tor'],
  ['--use <use>', 'policy (in rules and for tokens), or blocklist (every request from it is refused)'],
] as const;

const TYPES: Readonly<Record<string, ZoneType>> = { ip: 'IP', dynamic: 'DYNAMIC', dynamic_v2: 'DYNAMIC_V2' };
const USES = { policy: 'POLICY', blocklist: 'BLOCKLIST' } as const;
const PROXY_TYPES: Readonly<Record<string, string>> = {
  none: '',
  any: 'Any',
  tor: 'Tor',
  'not-tor': 'NotTorAnonymizer',
};

/** What one of a few words stands for; undefined where the option was not given. */
const chosen = <T>(turn: Turn, option: string, flag: string, words: Readonly<Record<string, T>>): T | undefined => {
  const typed = turn.text(option)?.toLowerCase().replaceAll('-', '_');
  if (typed === undefined) return undefined;
  const word = Object.keys(words).find((known) => known.replaceAll('-', '_') === typed);
  if (word === undefined) throw usageError(`${flag}: must be one of ${Object.keys(words).join(', ')}`);
  return words[word];
};

/** As typed, in the letters of the wire; the word `none` alone empties a list. */
const typedList = (turn: Turn, list: ZoneList): readonly string[] | null => {
  const typed = turn.options[list] as readonly string[] | undefined;
  if (typed === undefined) return null;
  if (typed.length === 1 && typed[0] === 'none') return [];
  const isName = list === 'service' || list === 'notService';
  return isName ? typed.map((name) => name.toUpperCase().replaceAll('-', '_')) : typed;
};

const wordOf = (type: ZoneType): string => type.toLowerCase();

/** The zone's contents with what was typed; a list given takes the place of the one there was. */
const changedTexts = (turn: Turn, type: ZoneType, before: ZoneTexts): ZoneTexts => {
  const lists: Record<ZoneList, readonly string[]> = { ...before.lists };
  for (const list of ZONE_LIST_NAMES) {
    const typed = typedList(turn, list);
    if (typed === null) continue;
    if (!hasList(type, list))
      throw usageError(
        `${LIST_FLAGS[list]}: a zone of type ${wordOf(type)} has none`,
        `--type ${ZONE_LISTS[list].types.map(wordOf).join(' or --type ')}`,
      );
    lists[list] = typed;
  }
  const proxyType = chosen(turn, 'proxyType', '--proxy-type', PROXY_TYPES);
  if (proxyType !== undefined && type !== 'DYNAMIC')
    throw usageError(`--proxy-type: a zone of type ${wordOf(type)} has none`, '--type dynamic');
  return { lists, proxyType: proxyType ?? before.proxyType };
};

const tell = (turn: Turn, zone: ZoneAnswer, sentence: string): void => {
  if (turn.isJson) printJson({ zone: turn.jsonItem(zone) });
  else printLines([sentence, ...missingLines(zone)]);
};

const create = async (turn: Turn): Promise<void> => {
  const type = chosen(turn, 'type', '--type', TYPES) ?? 'IP';
  const texts = changedTexts(turn, type, textsOf(null));
  const name = String(turn.args[0]);
  const usage = chosen(turn, 'use', '--use', USES) ?? 'POLICY';
  const body = { type, name, usage, status: 'ACTIVE', ...contentOf(type, texts) } as ZoneBody;
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldCreate: body });
    return printLines([
      `Would make the zone ${name}, of type ${wordOf(type)}, ${usage === 'POLICY' ? 'for rules and tokens' : 'a blocklist'}.`,
      ...ZONE_LIST_NAMES.filter((list) => texts.lists[list].length > 0).map(
        (list) => `${ZONE_LISTS[list].label}: ${listText(texts.lists[list])}`,
      ),
      ...(texts.proxyType === '' ? [] : [`Proxy type: ${texts.proxyType}`]),
    ]);
  }
  const made = await turn.client().call('zones.create', { body });
  tell(turn, made, `Made the zone ${made.name} (${made.id}). It counts from the next request on.`);
};

/** One entry more, or fewer, of the gateways that there are. */
const withAddedAndRemoved = (turn: Turn, { lists, proxyType }: ZoneTexts, type: ZoneType): ZoneTexts => {
  const [added, removed] = (['addGateway', 'removeGateway'] as const).map(
    (option) => (turn.options[option] as readonly string[] | undefined) ?? [],
  ) as [readonly string[], readonly string[]];
  if (added.length + removed.length === 0) return { lists, proxyType };
  if (type !== 'IP') throw usageError(`--add-gateway, --remove-gateway: a zone of type ${wordOf(type)} has none`);
  if (turn.options['gateway'] !== undefined)
    throw usageError('--gateway: names all of them; leave out --add-gateway and --remove-gateway');
  const unknown = removed.find((range) => !lists.gateway.includes(range));
  if (unknown !== undefined) throw usageError(`--remove-gateway: ${unknown} is no gateway of the zone`);
  const kept = lists.gateway.filter((range) => !removed.includes(range));
  return { lists: { ...lists, gateway: [...new Set([...kept, ...added])] }, proxyType };
};

const update = async (turn: Turn): Promise<void> => {
  const [name, usage] = [turn.text('name'), chosen(turn, 'use', '--use', USES)];
  const isAsked = [...ZONE_LIST_NAMES, 'proxyType', 'addGateway', 'removeGateway', 'name', 'use'].some(
    (option) => turn.options[option] !== undefined,
  );
  if (!isAsked) throw usageError('nothing to change: say what the zone is to be', 'sallyport zone update --help');
  const client = turn.client();
  const zone = zoneOf(await allZones(client), String(turn.args[0]));
  const before = textsOf(zone);
  const after = withAddedAndRemoved(turn, changedTexts(turn, zone.type, before), zone.type);
  const changes = [
    ['name', zone.name, name ?? zone.name] as const,
    ['use', zone.usage, usage ?? zone.usage] as const,
    ...ZONE_LIST_NAMES.map(
      (list) =>
        [ZONE_LISTS[list].label.toLowerCase(), listText(before.lists[list]), listText(after.lists[list])] as const,
    ),
    ['proxy type', before.proxyType || 'none', after.proxyType || 'none'] as const,
  ].filter(([, from, to]) => from !== to);
  if (turn.is('dryRun') || changes.length === 0) {
    if (turn.isJson) return printJson({ changes: changes.map(([field, from, to]) => ({ field, from, to })) });
    if (changes.length === 0) return printLines(['It is so already.']);
    return printLines(
      table(
        ['FIELD', 'NOW', 'THEN'],
        changes.map((line) => [...line]),
      ),
    );
  }
  const body = {
    type: zone.type,
    name: name ?? zone.name,
    usage: usage ?? zone.usage,
    status: zone.status,
    ...contentOf(zone.type, after),
    // The server takes a change of the exempt zone only where it is said that this is meant.
    ...(zone.name === EXEMPT_NAME && { useAsExemptList: true }),
  } as ZoneBody;
  const saved = await client.call('zones.replace', { params: { zoneId: zone.id }, body });
  tell(turn, saved, `Saved ${saved.name}. It counts from the next request on.`);
};

const switchTo =
  (verb: 'activate' | 'deactivate') =>
  async (turn: Turn): Promise<void> => {
    const client = turn.client();
    const { id, name } = zoneOf(await allZones(client), String(turn.args[0]));
    const zone = await client.call(`zones.${verb}`, { params: { zoneId: id } });
    tell(turn, zone, verb === 'activate' ? `${name} is on, from the next request on.` : `${name} is off.`);
  };

const ZONE_ARG = ['<zone>', 'id, its beginning, or name'] as const;

/** `sallyport zone create | update | activate | deactivate`. */
export const addZoneChangeVerbs = (zone: Command): void => {
  addVerb(
    zone,
    {
      name: 'create',
      summary: 'make a zone of addresses, or of what must be known of an address',
      args: [['<name>', 'what rules and tokens call it']],
      options: [
        ['--type <type>', 'ip (default), dynamic, or dynamic_v2; it stays of that type'],
        ...LIST_OPTIONS,
        ['--dry-run', 'make nothing, print what would be made'],
      ],
      talksTo: 'server',
      isProtected: true,
      jsonFields: ZONE_FIELDS,
      examples: [
        'sallyport zone create office --gateway 192.0.2.0/24 198.51.100.7',
        'sallyport zone create abroad --type dynamic_v2 --not-place DE AT --use blocklist',
        'sallyport zone create hidden --type dynamic --proxy-type tor --dry-run',
      ],
    },
    create,
  );
  addVerb(
    zone,
    {
      name: 'update',
      summary: 'change what a zone is made of; a list that is given takes the place of the one there was',
      args: [ZONE_ARG],
      options: [
        ['--name <name>', 'what rules and tokens call it'],
        ...LIST_OPTIONS,
        ['--add-gateway <range...>', 'ip: one more, beside those there are'],
        ['--remove-gateway <range...>', 'ip: not these any more, as zone show prints them'],
        ['--dry-run', 'change nothing, print what would change'],
      ],
      talksTo: 'server',
      isProtected: true,
      jsonFields: ZONE_FIELDS,
      examples: [
        'sallyport zone update office --add-gateway 203.0.113.7',
        'sallyport zone update abroad --not-place DE AT CH --dry-run',
        'sallyport zone update abroad --not-asn none',
      ],
    },
    update,
  );
  for (const verb of ['activate', 'deactivate'] as const)
    addVerb(
      zone,
      {
        name: verb,
        summary: verb === 'activate' ? 'let a zone count again' : 'let a zone count no longer, and keep it',
        args: [ZONE_ARG],
        talksTo: 'server',
        isProtected: true,
        jsonFields: ZONE_FIELDS,
        examples: [`sallyport zone ${verb} DefaultEnhancedDynamicZone`],
      },
      switchTo(verb),
    );
};
