import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOUNDARY_RULES, DESCRIPTION_RULE, FOLDER_RULE } from './boundary-rules.ts';
import { checkBoundaries } from './check-boundaries.ts';

const PACKAGES = ['model', 'decide', 'api', 'server', 'client', 'cli', 'console', 'testkit'];

/** Files that keep every rule, with an arrow of each kind that is allowed. */
const SOUND: Record<string, string> = {
  'node_modules/zod/package.json': '{ "name": "zod", "main": "index.js" }',
  'node_modules/zod/index.js': 'export const z = {};',
  ...Object.fromEntries(
    PACKAGES.map((name) => [
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@sallyport/${name}`, description: name, exports: { './*': './src/*.ts' } }),
    ]),
  ),
  'packages/model/src/word.ts': "import { z } from 'zod';\nexport type Word = string;\nexport const word = z;",
  'packages/decide/src/judge.ts': "import { word } from '@sallyport/model/word';\nexport const judge = () => word;",
  'packages/decide/src/judge.test.ts': "import 'node:vm';\nimport { soft } from '@sallyport/testkit/soft';\nsoft;",
  'packages/api/src/route.ts':
    "import { z } from 'zod';\nimport { word } from '@sallyport/model/word';\nexport const route = [z, word];",
  'packages/server/src/ports.ts': 'export type Store = object;',
  'packages/server/src/store/sqlite/open.ts':
    "import type { Store } from '../../ports.ts';\nexport const open = (): Store => ({});",
  'packages/server/src/store/sqlite/again.ts': "import { open } from './open.ts';\nexport const again = open;",
  'packages/server/src/mail/send.ts': "import 'node:net';\nexport const send = 1;",
  'packages/server/src/zones/use.ts':
    "import { judge } from '@sallyport/decide/judge';\nimport { route } from '@sallyport/api/route';\nexport const use = [judge, route];",
  'packages/server/src/pages/serve.ts': "import { page } from '@sallyport/console/page';\nexport const serve = page;",
  'packages/server/src/main.ts': "import { open } from './store/sqlite/open.ts';\nopen();",
  'packages/client/src/client.ts':
    "import { route } from '@sallyport/api/route';\nexport type Client = typeof route;\nexport const client = route;",
  'packages/cli/src/verb.ts':
    "import { client } from '@sallyport/client/client';\nimport type { Word } from '@sallyport/model/word';\nexport const verb = (w: Word) => [client, w];",
  'packages/console/src/page.ts':
    "import type { Client } from '@sallyport/client/client';\nexport const page = (c: Client) => c;",
  'packages/testkit/src/soft.ts':
    "import 'node:crypto';\nimport { word } from '@sallyport/model/word';\nexport const soft = word;",
};

/** For each rule, files that break it and nothing else. */
const BREAKING: Record<string, Record<string, string>> = {
  'model-imports-only-zod': {
    'packages/model/src/bad.ts': "import type { Stats } from 'node:fs';\nexport type Bad = Stats;",
  },
  'decide-imports-only-model': { 'packages/decide/src/bad.ts': "import { z } from 'zod';\nexport const bad = z;" },
  'api-imports-only-model-and-zod': {
    'packages/api/src/bad.ts': "import { judge } from '@sallyport/decide/judge';\nexport const bad = judge;",
  },
  'server-imports-model-decide-api': {
    'packages/server/src/zones/bad.ts': "import { page } from '@sallyport/console/page';\nexport const bad = page;",
  },
  'server-pages-import-console': {
    'packages/server/src/pages/bad.ts':
      "import { client } from '@sallyport/client/client';\nexport const bad = client;",
  },
  'client-imports-api-and-model': {
    'packages/client/src/bad.ts': "import { judge } from '@sallyport/decide/judge';\nexport const bad = judge;",
  },
  'cli-imports-client': {
    'packages/cli/src/bad.ts': "import { use } from '@sallyport/server/zones/use';\nexport const bad = use;",
  },
  'cli-imports-types-of-model': {
    'packages/cli/src/bad.ts': "import { word } from '@sallyport/model/word';\nexport const bad = word;",
  },
  'console-imports-only-client': {
    'packages/console/src/bad.ts': "import type { Word } from '@sallyport/model/word';\nexport type Bad = Word;",
  },
  'console-imports-types-of-client': {
    'packages/console/src/bad.ts': "import { client } from '@sallyport/client/client';\nexport const bad = client;",
  },
  'testkit-imports-only-model': {
    'packages/testkit/src/bad.ts': "import { judge } from '@sallyport/decide/judge';\nexport const bad = judge;",
  },
  // A rule of its own forbids every package to the testkit's importers; the scripts belong to no package.
  'only-tests-import-testkit': { 'scripts/bad.ts': "import { soft } from '../packages/testkit/src/soft.ts';\nsoft;" },
  'nothing-imports-tests': {
    'packages/server/src/zones/bad.ts': "import './good.test.ts';",
    'packages/server/src/zones/good.test.ts': 'export const good = 1;',
  },
  'only-the-composition-imports-adapters': {
    'packages/server/src/zones/bad.ts': "import { open } from '../store/sqlite/open.ts';\nexport const bad = open;",
  },
  'adapters-are-strangers': {
    'packages/server/src/mail/bad.ts': "import { open } from '../store/sqlite/open.ts';\nexport const bad = open;",
  },
  'no-cycles': {
    'packages/server/src/zones/one.ts': "import { two } from './two.ts';\nexport const one = () => two;",
    'packages/server/src/zones/two.ts': "import { one } from './one.ts';\nexport const two = () => one;",
  },
  'nothing-outside-the-repository': {
    'scripts/bad.ts': "import { secret } from '../../outside.ts';\nsecret;",
    '../outside.ts': 'export const secret = 1;',
  },
  'every-import-is-found': { 'packages/server/src/zones/bad.ts': "import './nowhere.ts';" },
  [FOLDER_RULE.name]: { 'packages/server/src/utils/bad.ts': 'export const bad = 1;' },
  [DESCRIPTION_RULE.name]: { 'packages/cli/package.json': '{ "name": "@sallyport/cli" }' },
};

describe('checkBoundaries', () => {
  let outside = '';
  let root = '';

  beforeEach(() => {
    outside = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-boundaries-')));
    root = join(outside, 'repository');
    mkdirSync(root);
  });
  afterEach(() => rmSync(outside, { recursive: true }));

  const write = (files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };

  /** As npm does for workspaces. */
  const link = (): void => {
    mkdirSync(join(root, 'node_modules/@sallyport'), { recursive: true });
    for (const name of PACKAGES) symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@sallyport', name));
  };

  it('has a fixture for each rule', () => {
    const names = [...BOUNDARY_RULES, FOLDER_RULE, DESCRIPTION_RULE].map(({ name }) => name);
    expect(Object.keys(BREAKING).toSorted()).toEqual(names.toSorted());
  });

  it('finds nothing wrong where every arrow is allowed', async () => {
    write(SOUND);
    link();
    expect(await checkBoundaries(root, 1)).toEqual({ modulesRead: 15, broken: [] });
  });

  it.each(Object.keys(BREAKING))('finds that %s is broken, and says why', async (name) => {
    write({ ...SOUND, ...BREAKING[name] });
    link();
    const { broken } = await checkBoundaries(root, 1);
    expect([...new Set(broken.map((found) => found.name))]).toEqual([name]);
    expect(broken[0]?.why.length).toBeGreaterThan(20);
  });

  it('lets types refer to each other in a circle', async () => {
    write({
      ...SOUND,
      'packages/server/src/zones/one.ts': "import type { Two } from './two.ts';\nexport interface One { two: Two }",
      'packages/server/src/zones/two.ts': "import type { One } from './one.ts';\nexport interface Two { one: One }",
    });
    link();
    expect((await checkBoundaries(root, 1)).broken).toEqual([]);
  });

  it('fails where there is nothing to read', async () => {
    await expect(checkBoundaries(root, 1)).rejects.toThrow('found 0 modules');
  });

  it('fails where fewer modules are found than expected', async () => {
    write(SOUND);
    link();
    await expect(checkBoundaries(root, 16)).rejects.toThrow('at least 16');
  });
});
