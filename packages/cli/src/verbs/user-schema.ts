import type { AttributeAnswer, ProfileSchemaAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

type Self = 'HIDE' | 'READ_ONLY' | 'READ_WRITE';
const SELF: Readonly<Record<string, Self>> = { hide: 'HIDE', read: 'READ_ONLY', write: 'READ_WRITE' };
const TYPES: Readonly<Record<string, Pick<AttributeAnswer, 'type' | 'items'>>> = {
  text: { type: 'string' },
  boolean: { type: 'boolean' },
  number: { type: 'number' },
  integer: { type: 'integer' },
  list: { type: 'array', items: { type: 'string' } },
};

/** Whose profiles: of groups, or of people of a type, by its schema's id. */
type Place = { readonly kind: 'groups' } | { readonly kind: 'people'; readonly schemaId: string };

const placeOf = async (client: Client, turn: Turn): Promise<Place> => {
  const of = turn.text('of') ?? 'people';
  if (of === 'groups') return { kind: 'groups' };
  if (of === 'people') return { kind: 'people', schemaId: 'default' };
  const types = await client.call('userTypes.list', {});
  const type = types.find(({ id, name, displayName }) => [id, name, displayName].includes(of));
  if (type === undefined) throw notFound('type of people', of, 'sallyport api GET /api/v1/meta/types/user');
  return { kind: 'people', schemaId: type._links.schema.href.split('/').at(-1) ?? 'default' };
};
const schemaOf = (client: Client, place: Place): Promise<ProfileSchemaAnswer> =>
  place.kind === 'groups'
    ? client.call('groupSchema.get', {})
    : client.call('userSchemas.get', { params: { schemaId: place.schemaId } });

type Sent = Omit<AttributeAnswer, 'unique'> & { readonly required: boolean; readonly unique?: boolean };
/** What is named as null is taken out. */
const change = (client: Client, place: Place, name: string, attribute: Sent | null): Promise<ProfileSchemaAnswer> => {
  const body = { definitions: { custom: { id: '#custom', type: 'object', properties: { [name]: attribute } } } };
  return place.kind === 'groups'
    ? client.call('groupSchema.update', { body: body as never })
    : client.call('userSchemas.update', { params: { schemaId: place.schemaId }, body: body as never });
};

const holds = ({ type, items, enum: choices, oneOf, minLength, maxLength }: AttributeAnswer): string => {
  const named = oneOf?.map(({ title }) => title) ?? choices?.map(String) ?? [];
  return [
    type === 'array' ? `list of ${items?.type === 'string' ? 'texts' : 'numbers'}` : type === 'string' ? 'text' : type,
    ...(named.length === 0 ? [] : [`one of ${named.join(', ')}`]),
    ...(minLength == null ? [] : [minLength === 1 ? 'not empty' : `at least ${minLength} characters`]),
    ...(maxLength == null ? [] : [`at most ${maxLength} characters`]),
  ].join(', ');
};
const must = ({ unique }: AttributeAnswer, isRequired: boolean): string =>
  [...(isRequired ? ['required'] : []), ...(unique === 'UNIQUE_VALIDATED' ? ['unique'] : [])].join(', ');

const show = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const schema = await schemaOf(client, await placeOf(client, turn));
  if (turn.isJson) return printJson({ schema });
  const { custom, base } = schema.definitions;
  const rows = (part: typeof custom, isBase: boolean): string[][] =>
    Object.entries(part.properties).map(([name, attribute]) => [
      name,
      attribute.title,
      holds(attribute),
      must(attribute, part.required.includes(name)),
      isBase ? 'in every profile' : 'added here',
    ]);
  printLines(table(['NAME', 'TITLE', 'HOLDS', 'MUST BE', 'FROM'], [...rows(custom, false), ...rows(base, true)]));
};

const wordOf = <T>(turn: Turn, option: string, words: Readonly<Record<string, T>>): T | undefined => {
  const typed = turn.text(option);
  if (typed === undefined) return undefined;
  const found = Object.hasOwn(words, typed) ? words[typed] : undefined;
  if (found === undefined) throw usageError(`--${option}: must be ${Object.keys(words).join(', ')}`);
  return found;
};
const lengthOf = (turn: Turn): number | undefined => {
  const typed = turn.text('maxLength');
  if (typed === undefined) return undefined;
  if (!/^\d{1,4}$/.test(typed)) throw usageError('--max-length: must be a number');
  return Number(typed);
};
const eitherOf = (turn: Turn, yes: string, no: string, before: boolean): boolean =>
  turn.is(yes) ? true : turn.is(no) ? false : before;

/** What is not named stays. */
const set = async (turn: Turn): Promise<void> => {
  const name = String(turn.args[0]);
  const [type, self, maxLength] = [wordOf(turn, 'type', TYPES), wordOf(turn, 'self', SELF), lengthOf(turn)];
  const choices = turn.options['choice'] as readonly string[] | undefined;
  const client = turn.client();
  const place = await placeOf(client, turn);
  const { custom } = (await schemaOf(client, place)).definitions;
  const before = Object.hasOwn(custom.properties, name) ? custom.properties[name] : undefined;
  const { unique, ...kept }: Partial<AttributeAnswer> = before ?? {};
  const description = turn.text('description');
  const attribute: Sent = {
    type: 'string',
    ...kept,
    ...type,
    title: turn.text('title') ?? before?.title ?? name,
    ...(description === undefined ? {} : { description }),
    ...(choices === undefined ? {} : { enum: choices }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(self === undefined ? {} : { permissions: [{ principal: 'SELF', action: self }] }),
    required: eitherOf(turn, 'required', 'optional', custom.required.includes(name)),
    ...(place.kind === 'groups'
      ? {}
      : { unique: eitherOf(turn, 'unique', 'notUnique', unique === 'UNIQUE_VALIDATED') }),
  };
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ [before === undefined ? 'wouldAdd' : 'wouldChange']: { name, ...attribute } });
    return printLines([`Would ${before === undefined ? 'add' : 'change'} ${name}: ${holds(attribute as never)}.`]);
  }
  const schema = await change(client, place, name, attribute);
  const saved = schema.definitions.custom.properties[name];
  if (turn.isJson) return printJson({ attribute: { name, ...saved } });
  printLines([
    `${before === undefined ? 'Added' : 'Changed'} ${name}${saved === undefined ? '' : `: ${holds(saved)}`}.`,
  ]);
};

const remove = async (turn: Turn): Promise<void> => {
  const name = String(turn.args[0]);
  const client = turn.client();
  const place = await placeOf(client, turn);
  const { custom } = (await schemaOf(client, place)).definitions;
  if (!Object.hasOwn(custom.properties, name)) throw notFound('attribute', name, 'sallyport user-schema show');
  const warning = `Its values go with it, from every profile of ${place.kind}.`;
  if (turn.is('dryRun')) {
    if (turn.isJson) return printJson({ wouldRemove: name });
    return printLines([`Would take out ${name}. ${warning}`]);
  }
  if (!turn.is('yes')) await turn.confirm(`Take out ${name}? ${warning}`, '--yes');
  await change(client, place, name, null);
  if (turn.isJson) return printJson({ removed: name });
  printLines([`Took out ${name}, and its values.`]);
};

const OF = ['--of <whose>', 'people (the default), groups, or a type of people'] as const;
const NAME = ['<name>', 'of the attribute, as rules and searches write it'] as const;
const DRY_RUN = ['--dry-run', 'say what would be done, and do nothing'] as const;

/** `sallyport user-schema …`. */
export const addUserSchemaVerbs = (program: Command): void => {
  const noun = program.command('user-schema').description('what profiles of people and groups hold');
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'the attributes of profiles, those that were added first',
      options: [OF],
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport user-schema show', 'sallyport user-schema show --of groups'],
    },
    show,
  );
  addVerb(
    noun,
    {
      name: 'set',
      summary: 'add an attribute, or change one; what is not named stays',
      args: [NAME],
      options: [
        OF,
        ['--title <text>', 'what people read'],
        ['--type <type>', `of a new one: ${Object.keys(TYPES).join(', ')} (default: text)`],
        ['--description <text>', 'what it is for'],
        ['--choice <value...>', 'it is one of these'],
        ['--max-length <n>', 'at most so many characters'],
        ['--required', 'a profile without it is refused'],
        ['--optional', 'it may be missing'],
        ['--unique', 'no two people share a value'],
        ['--not-unique', 'people may share a value'],
        ['--self <may>', 'what people do with their own: hide, read, write'],
        DRY_RUN,
      ],
      talksTo: 'server',
      isProtected: true,
      examples: [
        'sallyport user-schema set badge --title Badge --max-length 12 --unique',
        'sallyport user-schema set site --of groups --choice Berlin Oslo',
      ],
    },
    set,
  );
  addVerb(
    noun,
    {
      name: 'remove',
      summary: 'take out an attribute, with its values',
      args: [NAME],
      options: [OF, ['--yes', 'do not ask'], DRY_RUN],
      talksTo: 'server',
      isProtected: true,
      examples: ['sallyport user-schema remove badge --dry-run'],
    },
    remove,
  );
};
