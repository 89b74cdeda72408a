import type { Client } from '@sallyport/client/create-client';
import { Refusal } from '@sallyport/client/refusal';
import { CliError } from '../cli-error.ts';
import { readAll } from './read-all.ts';
import { nameOfCondition } from './request-conditions.ts';
import type { NamedKind } from './section.ts';

/** Names of objects and their ids, each way; what people read and write is the name. */
export interface Names {
  /** Null: there is none of that name now. */
  find(kind: NamedKind, name: string): Promise<string | null>;
  /** Throws for a name that nothing has. */
  idOf(kind: NamedKind, name: string): Promise<string>;
  /** The id itself where nothing has it any more. */
  nameOf(kind: NamedKind, id: string): Promise<string>;
  /** Something was made or deleted: what was read before may be no more. */
  forget(): void;
}

interface Item {
  readonly id: string;
  readonly name: string;
}
interface Raw {
  readonly id: string;
  readonly name?: string;
  readonly label?: string;
  readonly profile?: Profile;
}
interface Profile {
  readonly name?: string;
  readonly login?: string;
}
type ListedKind = Exclude<NamedKind, 'user'>;
/** The Admin Console among the apps, whatever it is called. */
const CONSOLE = 'saasure';
type List = readonly [path: string, key: string | null, nameOf?: (raw: never) => string];
const LISTS: Readonly<Record<ListedKind, List>> = {
  zone: ['/api/v1/zones?limit=200', null],
  group: ['/api/v1/groups?limit=200', null],
  'group rule': ['/api/v1/groups/rules?limit=200', null],
  role: ['/api/v1/iam/roles', 'roles'],
  'resource set': ['/api/v1/iam/resource-sets', 'resource-sets'],
  app: ['/api/v1/apps?limit=200', null],
  console: ['/api/v1/apps?limit=200', null, ({ id, name }: Raw) => (name === CONSOLE ? 'console' : id)],
  'password policy': ['/api/v1/policies?type=PASSWORD', null],
  'enrolment policy': ['/api/v1/policies?type=MFA_ENROLL', null],
  bundle: ['/sallyport/v1/bundles?limit=200', null],
  'request sequence': ['/sallyport/v1/request-sequences', null],
  'request condition': ['/sallyport/v1/request-conditions?limit=200', null, nameOfCondition],
};
const usualName = ({ id, name, label, profile }: Raw): string => label ?? name ?? profile?.name ?? id;

/** Reads each kind once, when it is first asked for; people one by one, for there may be many. */
export const createNames = (client: Client): Names => {
  const lists = new Map<NamedKind, Promise<readonly Item[]>>();
  const people = new Map<string, Promise<Item | null>>();

  const list = (kind: ListedKind): Promise<readonly Item[]> => {
    const known = lists.get(kind);
    if (known !== undefined) return known;
    const [path, key, nameOf = usualName] = LISTS[kind];
    const read = readAll<never>(client, path, key).then((all) =>
      all.map((raw): Item => ({ id: (raw as Raw).id, name: nameOf(raw) })),
    );
    lists.set(kind, read);
    return read;
  };
  const person = (idOrLogin: string): Promise<Item | null> => {
    const known = people.get(idOrLogin);
    if (known !== undefined) return known;
    const read = client.call('users.get', { params: { userId: idOrLogin } }).then(
      (user) => {
        const { id, profile } = user;
        // The server reads a short name, too, which may mean somebody else tomorrow: a document says the whole one.
        const isWhole = id === idOrLogin || profile.login.toLowerCase() === idOrLogin.toLowerCase();
        return isWhole ? { id, name: profile.login } : null;
      },
      (error: unknown) => {
        if (error instanceof Refusal && error.status === 404) return null;
        throw error;
      },
    );
    people.set(idOrLogin, read);
    return read;
  };
  const byName = async (kind: NamedKind, name: string): Promise<Item | null> => {
    if (kind === 'user') return person(name);
    const found = (await list(kind)).filter((item) => item.name === name);
    if (found.length > 1)
      throw new CliError('conflict', `${found.length} ${kind}s are called ${name}: a document cannot tell them apart`, {
        code: 'name_not_unique',
      });
    return found[0] ?? null;
  };
  const find = async (kind: NamedKind, name: string): Promise<string | null> => (await byName(kind, name))?.id ?? null;
  return {
    find,
    async idOf(kind, name) {
      const id = await find(kind, name);
      if (id === null) throw new CliError('notFound', `there is no ${kind} ${name}`, { code: 'not_found' });
      return id;
    },
    async nameOf(kind, id) {
      const item = kind === 'user' ? await person(id) : (await list(kind)).find((one) => one.id === id);
      return item?.name ?? id;
    },
    forget() {
      lists.clear();
      people.clear();
    },
  };
};
