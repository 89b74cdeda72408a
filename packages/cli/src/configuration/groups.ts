import { requestOf } from '@sallyport/client/client-request';
import { readAll } from './read-all.ts';
import type { Entry, Section } from './section.ts';

interface Group {
  readonly id: string;
  readonly type: string;
  readonly profile: {
    readonly name: string;
    readonly description: string | null;
    readonly [attribute: string]: unknown;
  };
}

const isAttributes = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const bodyOf = (name: string, { description, attributes }: Entry) => ({
  profile: { ...(isAttributes(attributes) ? attributes : {}), name, description: String(description) },
});

/** Groups, not who is in them: people are no configuration. */
export const groups: Section = {
  key: 'groups',
  noun: 'group',
  names: 'group',
  /** `attributes`: what the schema of groups adds to a profile. */
  fields: { description: '', attributes: {} },
  check: ({ attributes }) => (isAttributes(attributes) ? [] : ['attributes: must have values by name']),
  async read(client) {
    const all = await readAll<Group>(client, '/api/v1/groups?limit=200', null);
    // What the server keeps by itself (everyone) is neither made nor changed by anybody.
    return all
      .filter(({ type }) => type === 'OKTA_GROUP')
      .map(({ id, profile: { name, description, ...attributes } }) => ({
        id,
        name,
        isBuiltIn: false,
        entry: { description: description ?? '', attributes },
      }));
  },
  create: (name, entry) => [
    { batch: `groups.create ${name}`, request: () => requestOf('groups.create', { body: bodyOf(name, entry) }) },
  ],
  // A group of administrators is another action than one of others: each by itself.
  update: ({ id, name }, entry) => [
    {
      batch: `groups.replace ${id}`,
      request: () => requestOf('groups.replace', { params: { groupId: id }, body: bodyOf(name, entry) }),
    },
  ],
  remove: ({ id }) => [
    { batch: `groups.delete ${id}`, request: () => requestOf('groups.delete', { params: { groupId: id } }) },
  ],
};
