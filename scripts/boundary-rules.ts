/** Where a module is, as patterns of its path from the root of the repository. */
interface Place {
  readonly path?: string;
  readonly pathNot?: string;
}

/** An import that is refused: from a module in `from` to a module in `to`. `why` is printed when it is found. */
export interface BoundaryRule {
  readonly name: string;
  readonly why: string;
  readonly from: Place;
  /** `$1` stands for the first group of `from.path`. Without `isTypeImportAllowed`, types count like values. */
  readonly to: Place & {
    readonly isTypeImportAllowed?: boolean;
    readonly isCircular?: boolean;
    readonly isUnresolved?: boolean;
  };
}

const TEST = '\\.test\\.tsx?$';
const TEST_ONLY = `${TEST}|^test/|^bench/|^demo/|^packages/testkit/`;
const ADAPTER = '^packages/server/src/(store/sqlite|store/postgres|intel|mail|jobs)/';
/** The files that may name an adapter: they choose which one is used. `doctor` opens each of them to say what is wrong. */
const COMPOSITION = '^packages/server/src/(main|compose|start-server|host/doctor)\\.ts$';

/** Every package but these. */
const otherPackagesThan = (...names: string[]): string => `^packages/(?!(${names.join('|')})/)`;

/** The arrows of the architecture. Each has a fixture in check-boundaries.test.ts that breaks it. */
export const BOUNDARY_RULES: readonly BoundaryRule[] = [
  {
    name: 'model-imports-only-zod',
    why: 'The words are shared by every package, the browser included, so they bring nothing but the schema library.',
    from: { path: '^packages/model/src/', pathNot: TEST },
    to: { pathNot: '^packages/model/src/|(^|/)node_modules/zod/' },
  },
  {
    name: 'decide-imports-only-model',
    why: 'A judgement has no I/O, clock or randomness, so that the simulator, the log and the live path give the same verdict.',
    from: { path: '^packages/decide/src/', pathNot: TEST },
    to: { pathNot: '^packages/(decide|model)/src/' },
  },
  {
    name: 'api-imports-only-model-and-zod',
    why: 'The route table is data: the server, the client and the documentation are made from it, so it knows none of them.',
    from: { path: '^packages/api/src/', pathNot: TEST },
    to: { pathNot: '^packages/(api|model)/src/|(^|/)node_modules/zod/' },
  },
  {
    name: 'server-imports-model-decide-api',
    why: 'The server is used over HTTP only, so it does not know its clients; it sends the pages, and does not know what is in them.',
    from: { path: '^packages/server/src/', pathNot: `${TEST}|^packages/server/src/pages/` },
    to: { path: otherPackagesThan('server', 'model', 'decide', 'api') },
  },
  {
    name: 'server-pages-import-console',
    why: 'Only the folder that sends the pages takes them from the console; it does not know any other client.',
    from: { path: '^packages/server/src/pages/', pathNot: TEST },
    to: { path: otherPackagesThan('server', 'model', 'decide', 'api', 'console') },
  },
  {
    name: 'client-imports-api-and-model',
    why: 'The client is made from the route table and runs on other machines, where the server and its judgements are not.',
    from: { path: '^packages/client/src/', pathNot: TEST },
    to: { path: otherPackagesThan('client', 'api', 'model') },
  },
  {
    name: 'cli-imports-client',
    why: 'The command line can do what the API can do, and nothing behind its back.',
    from: { path: '^packages/cli/src/', pathNot: TEST },
    to: { path: otherPackagesThan('cli', 'client', 'model') },
  },
  {
    name: 'cli-imports-types-of-model',
    why: 'The command line speaks the words of the model, and leaves checking them to the server.',
    from: { path: '^packages/cli/src/', pathNot: TEST },
    to: { path: '^packages/model/', isTypeImportAllowed: true },
  },
  {
    name: 'console-imports-only-client',
    why: 'The console is one more client of the API.',
    from: { path: '^packages/console/src/', pathNot: TEST },
    to: { path: otherPackagesThan('console', 'client') },
  },
  {
    name: 'console-imports-types-of-client',
    why: 'No schema goes into the bundle that every browser loads.',
    from: { path: '^packages/console/src/', pathNot: TEST },
    to: { path: '^packages/client/', isTypeImportAllowed: true },
  },
  {
    name: 'testkit-imports-only-model',
    why: 'A fake that shares code with what it tests would share its mistakes.',
    from: { path: '^packages/testkit/src/', pathNot: TEST },
    to: { path: otherPackagesThan('testkit', 'model') },
  },
  {
    name: 'only-tests-import-testkit',
    why: 'The testkit holds an authenticator that proves whatever it is told to; it must not be reachable in production.',
    from: { pathNot: TEST_ONLY },
    to: { path: '^packages/testkit/' },
  },
  {
    name: 'nothing-imports-tests',
    why: 'What a test file holds is not meant for production, and importing it would run its tests again.',
    from: {},
    to: { path: TEST },
  },
  {
    name: 'only-the-composition-imports-adapters',
    why: 'A use case talks to a port, so that each works on both databases and with a fake of every other service.',
    from: { path: '^packages/server/src/', pathNot: `${TEST}|${COMPOSITION}|${ADAPTER}` },
    to: { path: ADAPTER },
  },
  {
    name: 'adapters-are-strangers',
    why: 'An adapter can be replaced alone only while no other one leans on it.',
    from: { path: ADAPTER, pathNot: TEST },
    to: { path: ADAPTER, pathNot: '^packages/server/src/$1/' },
  },
  {
    name: 'no-cycles',
    why: 'Of two files that need each other at run time, neither can be read, tested or moved alone; types may refer to each other.',
    from: {},
    to: { isCircular: true },
  },
  {
    name: 'nothing-outside-the-repository',
    why: 'A clone must hold all that it needs.',
    from: {},
    to: { path: '^(\\.\\./|/)' },
  },
  {
    name: 'every-import-is-found',
    why: 'An import that cannot be resolved is judged by no other rule.',
    from: {},
    to: { isUnresolved: true },
  },
];

/** Names that say nothing about what is inside, so that anything ends there. */
export const FORBIDDEN_FOLDERS = ['helpers', 'helper', 'utils', 'util', 'common', 'lib'] as const;
export const FOLDER_RULE = {
  name: 'folders-say-what-they-hold',
  why: 'A folder that is named after nothing collects everything; name it with the noun of the product.',
} as const;

export const DESCRIPTION_RULE = {
  name: 'packages-say-what-they-are-for',
  why: 'A newcomer decides by the description in package.json whether to open the package.',
} as const;
