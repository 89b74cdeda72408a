import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { Address } from '@sallyport/model/network';
import { SERVICE_FEEDS, type ServiceFeed } from '@sallyport/model/network-zone';
import type { IntelSource } from '../ports/network-intel.ts';
import { HOSTING_ASNS } from './hosting-asns.ts';
import { readFeedElsewhere } from './read-elsewhere.ts';
import { type Feed, type FeedData, feedOf, readFeed } from './read-feed.ts';

/** Lists of services: the operator's files, each named after what it lists. */
export interface ServiceFeeds {
  servicesOf(address: Address, asn: number | null): ReadonlySet<ServiceFeed>;
  readonly loaded: ReadonlySet<ServiceFeed>;
  describe(): readonly IntelSource[];
  /**
   * Reads what changed, in another thread, for a long list takes seconds; true when something did. A faulty file is refused
   * whole: what was read of it before stays.
   */
  reload(): Promise<boolean>;
}

interface LoadedFile {
  readonly service: ServiceFeed | null;
  /** Size and time of the file as it was read, or found faulty, last. */
  readonly state: string;
  readonly modifiedAt: number;
  readonly feed: Feed | null;
  readonly problem: string | null;
}

const EXTENSIONS = ['.txt', '.csv', '.mmdb', '.netset', '.ipset'];
/** Files of the folder that list no service. */
const OTHERS = ['asn.csv', 'geo.mmdb'];
const BYTES_MAX = 64 * 1024 * 1024;

const serviceOf = (name: string): ServiceFeed | null => {
  const service = parse(name).name.toUpperCase();
  return SERVICE_FEEDS.find((one) => one === service) ?? null;
};

/** A file that must be read. */
interface Changed {
  readonly file: string;
  readonly taken: (data: FeedData) => LoadedFile;
  readonly refused: (problem: string) => LoadedFile;
}

/** Looks at a file without reading it: null where it is as it was. What is too large is refused unread. */
const lookAt = (folder: string, name: string, before: LoadedFile | undefined): Changed | LoadedFile | null => {
  const file = join(folder, name);
  // A link to nowhere, or a file that went away since the folder was read.
  const stat = statSync(file, { throwIfNoEntry: false });
  const { size, mtimeMs, ino } = stat ?? { size: 0, mtimeMs: 0, ino: 0 };
  const state = `${size} ${mtimeMs} ${ino}`;
  if (before?.state === state) return null;
  const service = serviceOf(name);
  // The age is that of what counts: of a faulty file, that of the last good one.
  const refused = (problem: string): LoadedFile => ({
    service,
    state,
    modifiedAt: before?.feed === null || before === undefined ? mtimeMs : before.modifiedAt,
    feed: before?.feed ?? null,
    problem,
  });
  if (service === null)
    return refused('the name is that of no list: tor, vpn, proxy, hosting, or a service like nord_vpn');
  if (stat === undefined) return refused('there is no such file any more');
  if (size > BYTES_MAX) return refused(`larger than ${BYTES_MAX / 1_048_576} MiB`);
  const taken = (data: FeedData): LoadedFile => {
    const feed = feedOf(data);
    return { service, state, modifiedAt: feed.builtAt ?? mtimeMs, feed, problem: null };
  };
  return { file, taken, refused };
};
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Opens the lists of a folder. A faulty one counts as not there, and says so: nothing else waits for it. */
export const openServiceFeeds = (folder: string): ServiceFeeds => {
  let files = new Map<string, LoadedFile>();
  let loaded: ReadonlySet<ServiceFeed> = new Set();
  const noteLoaded = (): void => {
    loaded = new Set<ServiceFeed>([
      'HOSTING',
      ...[...files.values()].flatMap(({ service, feed }) => (service === null || feed === null ? [] : [service])),
    ]);
  };
  const names = (): readonly string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => EXTENSIONS.includes(parse(name).ext) && !OTHERS.includes(name))
          .toSorted()
      : [];
  /** What was looked at while files were read elsewhere stays as it was found meanwhile. */
  const put = (present: readonly string[], changed: ReadonlyMap<string, LoadedFile>): boolean => {
    const isSame = changed.size === 0 && present.length === files.size;
    files = new Map(
      present.flatMap((name) => {
        const file = changed.get(name) ?? files.get(name);
        return file === undefined ? [] : [[name, file] as const];
      }),
    );
    noteLoaded();
    return !isSame;
  };
  const open = (): void => {
    const present = names();
    const changed = new Map<string, LoadedFile>();
    for (const name of present) {
      const found = lookAt(folder, name, undefined);
      if (found === null) continue;
      if (!('taken' in found)) changed.set(name, found);
      else
        try {
          changed.set(name, found.taken(readFeed(found.file)));
        } catch (error) {
          changed.set(name, found.refused(messageOf(error)));
        }
    }
    put(present, changed);
  };
  const reload = async (): Promise<boolean> => {
    const present = names();
    const changed = new Map<string, LoadedFile>();
    for (const name of present) {
      const found = lookAt(folder, name, files.get(name));
      if (found === null) continue;
      const file =
        'taken' in found
          ? await readFeedElsewhere(found.file)
              .then(found.taken)
              .catch((error: unknown) => found.refused(messageOf(error)))
          : found;
      changed.set(name, file);
    }
    return put(present, changed);
  };
  // Nobody waits yet: the server listens once they are there.
  open();
  return {
    servicesOf(address, asn) {
      const services = new Set<ServiceFeed>();
      if (asn !== null && HOSTING_ASNS.has(asn)) services.add('HOSTING');
      for (const [name, file] of files) {
        const { service, feed } = file;
        try {
          if (service !== null && feed?.has(address, asn) === true) services.add(service);
        } catch {
          // A binary file is read where it is asked for. From here on what it lists is not known.
          files.set(name, { ...file, feed: null, problem: 'it is damaged: an address could not be looked up in it' });
          noteLoaded();
        }
      }
      return services;
    },
    get loaded() {
      return loaded;
    },
    describe: () =>
      [...files].map(([name, { modifiedAt, feed, problem, service }]) => ({
        source: `intel/${name}`,
        dataAt: feed === null ? null : modifiedAt,
        ranges: feed?.entries ?? null,
        feed: service,
        problem,
      })),
    reload,
  };
};
