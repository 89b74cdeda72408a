import type { Client } from '@sallyport/client/create-client';
import { Refusal } from '@sallyport/client/refusal';
import { CliError } from '../cli-error.ts';
import { diffLines } from './diff-lines.ts';
import type { Document } from './document.ts';
import { createNames, type Names } from './names.ts';
import type { Entry, Live, Section, Step } from './section.ts';
import { SECTIONS } from './sections.ts';

/** What would become of one object. */
export interface Change {
  readonly kind: 'create' | 'update' | 'delete';
  readonly section: string;
  readonly noun: string;
  readonly name: string;
  /** What differs, field by field. */
  readonly lines: readonly string[];
  readonly steps: readonly Step[];
}

/** What the server has, and the sections that it does not let the caller read. */
export interface ReadConfiguration {
  readonly live: ReadonlyMap<Section, readonly Live[]>;
  readonly unread: readonly Section[];
}

/** What the server has in some sections. Two objects of one name are an error: a document could not tell them apart. */
export const readLive = async (
  client: Client,
  sections: readonly Section[],
  names: Names,
): Promise<ReadConfiguration> => {
  const live = new Map<Section, readonly Live[]>();
  const unread: Section[] = [];
  for (const section of sections) {
    const all = await section.read(client, names).catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 403) return null;
      throw error;
    });
    if (all === null) {
      unread.push(section);
      continue;
    }
    const twice = all.find(({ name }, i) => all.findIndex((other) => other.name === name) < i);
    if (twice !== undefined)
      throw new CliError('conflict', `two ${section.noun}s are called ${twice.name}: rename one`, {
        code: 'name_not_unique',
      });
    live.set(
      section,
      all.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
  }
  return { live, unread };
};

const createOf = (section: Section, name: string, entry: Entry): Change => {
  const { key, noun } = section;
  if (section.create === undefined)
    throw new CliError('usage', `a document cannot make a ${noun}, and there is none called ${name}`, {
      code: 'bad_document',
    });
  const lines = diffLines('', {}, entry);
  return { kind: 'create', section: key, noun, name, lines, steps: section.create(name, entry) };
};

const endLines = (section: Section, live: Live, entry: Entry | null): string[] =>
  (section.ends?.(live, entry) ?? []).map((sentence) => `! ${sentence}`);

const changesOf = (section: Section, wanted: ReadonlyMap<string, Entry>, live: readonly Live[]): Change[] => {
  const { key, noun } = section;
  const made = [...wanted].flatMap(([name, given]): Change[] => {
    const before = live.find((one) => one.name === name);
    if (before === undefined) return [createOf(section, name, given)];
    const entry = section.fill?.(given, before.entry) ?? given;
    const differing = diffLines('', before.entry, entry);
    if (differing.length === 0) return [];
    const lines = [...differing, ...endLines(section, before, entry)];
    return [{ kind: 'update', section: key, noun, name, lines, steps: section.update(before, entry) }];
  });
  const gone = live.filter(({ name, isBuiltIn }) => !isBuiltIn && !wanted.has(name));
  const deleted = gone.flatMap((one): Change[] =>
    section.remove === undefined
      ? []
      : [
          {
            kind: 'delete',
            section: key,
            noun,
            name: one.name,
            lines: endLines(section, one, null),
            steps: section.remove(one),
          },
        ],
  );
  return [...made, ...deleted];
};

/** Every name in the document is of something that is there, or that the document makes; and of nothing it deletes. */
const assertMentions = async (
  document: Document,
  sections: readonly Section[],
  changes: readonly Change[],
  names: Names,
): Promise<void> => {
  const reasons: string[] = [];
  for (const [section, entries] of document)
    for (const [entryName, entry] of sections.includes(section) ? entries : [])
      for (const { kind, name } of section.mentions?.(entry, entryName) ?? []) {
        const own = changes.filter((change) => change.noun === kind && change.name === name);
        const isThere = (await names.find(kind, name)) !== null;
        const where = [section.key, entryName].filter((part) => part !== '').join('.');
        if (own.some((change) => change.kind === 'delete'))
          reasons.push(`${where}: names the ${kind} ${name}, which the document deletes`);
        else if (!isThere && !own.some((change) => change.kind === 'create'))
          reasons.push(`${where}: there is no ${kind} ${name}, and the document makes none`);
      }
  if (reasons.length > 0)
    throw new CliError('usage', 'the document was not understood; nothing was changed', {
      code: 'bad_document',
      reasons: [...new Set(reasons)],
    });
};

export interface Plan {
  readonly changes: readonly Change[];
  /** Keys of sections that the caller may not read: nothing was compared there. */
  readonly unread: readonly string[];
}

/**
 * What would make the server be as the document says, in the order in which it is done: what others name is made before
 * them, and deleted after them.
 */
export const planConfiguration = async (
  client: Client,
  document: Document,
  names = createNames(client),
): Promise<Plan> => {
  const { live, unread } = await readLive(
    client,
    SECTIONS.filter((section) => document.has(section)),
    names,
  );
  const sections = [...live.keys()];
  const changes = sections.flatMap((section) =>
    changesOf(section, document.get(section) ?? new Map(), live.get(section) ?? []),
  );
  await assertMentions(document, sections, changes, names);
  const isDelete = ({ kind }: Change): boolean => kind === 'delete';
  return {
    changes: [...changes.filter((change) => !isDelete(change)), ...changes.filter(isDelete).toReversed()],
    unread: unread.map(({ key }) => key),
  };
};
