import { parseDocument, stringify } from 'yaml';
import { CliError } from '../cli-error.ts';
import { tidy } from './is-same.ts';
import type { Entry, Live, Section } from './section.ts';
import { SECTIONS } from './sections.ts';
import { isFields } from './shapes.ts';

export const DOCUMENT_VERSION = 1;

/** Sections that a document has, each with its entries by name; one that is single has the name ''. */
export type Document = ReadonlyMap<Section, ReadonlyMap<string, Entry>>;

const HEAD = `# How an org is set up, as \`sallyport config export\` wrote it. Change it, look at \`sallyport config plan\`,
# then \`sallyport config apply\`. A section that is not here is left alone. In a section that is here, what it
# does not name is deleted, but for what is built in.
`;

const wrong = (reasons: readonly string[]): CliError =>
  new CliError('usage', 'the document was not understood; nothing was changed', { code: 'bad_document', reasons });

/** The entry with what is meant where it says nothing. */
const withDefaults = (section: Section, entry: Entry): Entry => {
  const filled = Object.entries(section.fields).map(([field, meant]) => [field, entry[field] ?? meant] as const);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
};

const readEntry = (section: Section, name: string, given: unknown, reasons: string[]): Entry => {
  const path = section.isSingle === true ? section.key : `${section.key}.${name}`;
  if (!isFields(given)) {
    reasons.push(`${path}: must have fields`);
    return {};
  }
  const unknown = Object.keys(given).filter((field) => !Object.hasOwn(section.fields, field));
  const entry = withDefaults(section, given);
  const missing = Object.keys(section.fields).filter((field) => !Object.hasOwn(entry, field));
  const all = [
    ...unknown.map((field) => `there is no field ${field}`),
    ...missing.map((field) => `${field}: must be given`),
    ...(missing.length === 0 ? (section.check?.(entry, name) ?? []) : []),
  ];
  reasons.push(...all.map((reason) => `${path}: ${reason}`));
  return entry;
};

/** YAML, and so JSON. Throws with every reason at once; a key that stands there twice is one. */
export const parseConfiguration = (text: string): Document => {
  const parsed = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
  const [error] = parsed.errors;
  if (error !== undefined) throw wrong([error.message.split('\n')[0] ?? error.message]);
  // Few aliases: a document that unfolds to gigabytes is none.
  const root: unknown = parsed.toJS({ maxAliasCount: 100 });
  if (!isFields(root)) throw wrong([`it must begin with version: ${DOCUMENT_VERSION}`]);
  const { version, ...given } = root;
  if (version !== DOCUMENT_VERSION) throw wrong([`version: must be ${DOCUMENT_VERSION}`]);
  const reasons: string[] = [];
  const document = new Map<Section, ReadonlyMap<string, Entry>>();
  for (const key of Object.keys(given))
    if (!SECTIONS.some((section) => section.key === key)) reasons.push(`there is no section ${key}`);
  for (const section of SECTIONS) {
    const { key, isSingle = false } = section;
    if (!Object.hasOwn(given, key)) continue;
    const stated = given[key] ?? {};
    if (!isFields(stated)) {
      reasons.push(`${key}: must have ${isSingle ? 'fields' : 'entries by name'}`);
      continue;
    }
    const entries = isSingle ? [['', stated] as const] : Object.entries(stated);
    document.set(
      section,
      new Map(entries.map(([name, entry]) => [name, readEntry(section, name, entry ?? {}, reasons)])),
    );
  }
  if (reasons.length > 0) throw wrong(reasons);
  return document;
};

/** What the server has, as a document; where a name stands for two, it cannot be told. */
export const formatConfiguration = (live: ReadonlyMap<Section, readonly Live[]>): string => {
  const sections = [...live].map(([{ key, isSingle }, all]) => {
    const entries = all.map(({ name, entry }) => [name, tidy(entry) ?? {}] as const);
    return [key, isSingle === true ? entries[0]?.[1] : Object.fromEntries(entries)] as const;
  });
  return HEAD + stringify({ version: DOCUMENT_VERSION, ...Object.fromEntries(sections) }, { lineWidth: 0 });
};
