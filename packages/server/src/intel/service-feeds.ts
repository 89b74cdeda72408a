import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { Address } from '@sallyport/model/network';
import { SERVICE_FEEDS, type ServiceFeed } from '@sallyport/model/network-zone';
import type { IntelSource } from '../ports/network-intel.ts';
import { HOSTING_ASNS } from './hosting-asns.ts';
import { type Feed, readFeed } from './read-feed.ts';

/** Lists of services: the operator's files, each named after what it lists. */
export interface ServiceFeeds {
  servicesOf(address: Address, asn: number | null): ReadonlySet<ServiceFeed>;
  readonly loaded: ReadonlySet<ServiceFeed>;
  describe(): readonly IntelSource[];
  /** Reads what changed; true when something did. A faulty file is refused whole: what was read of it before stays. */
  reload(): boolean;
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
const BYTES_MAX = 64 * 1024 * 1024;

const serviceOf = (name: string): ServiceFeed | null => {
  const service = parse(name).name.toUpperCase();
  return SERVICE_FEEDS.find((one) => one === service) ?? null;
};

const openFile = (folder: string, name: string, before: LoadedFile | undefined): LoadedFile => {
  const file = join(folder, name);
  // A link to nowhere, or a file that went away since the folder was read.
  const stat = statSync(file, { throwIfNoEntry: false });
  const { size, mtimeMs, ino } = stat ?? { size: 0, mtimeMs: 0, ino: 0 };
  const state = `${size} ${mtimeMs} ${ino}`;
  if (before?.state === state) return before;
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
  try {
    const feed = readFeed(file);
    return { service, state, modifiedAt: feed.builtAt ?? mtimeMs, feed, problem: null };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
};

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
  const read = (): boolean => {
    const names = existsSync(folder)
      ? readdirSync(folder).filter((name) => EXTENSIONS.includes(parse(name).ext) && name !== 'asn.csv')
      : [];
    const next = new Map(names.toSorted().map((name) => [name, openFile(folder, name, files.get(name))]));
    const isSame = next.size === files.size && [...next].every(([name, file]) => files.get(name) === file);
    files = next;
    noteLoaded();
    return !isSame;
  };
  read();
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
    reload: read,
  };
};
