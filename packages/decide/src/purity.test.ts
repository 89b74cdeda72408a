import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { type RolldownOutput, rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, it } from 'vitest';

/** What a judgement must not reach: the same names that biome.json denies, and what it cannot name. */
const HIDDEN_INPUTS = [
  'Date',
  'performance',
  'process',
  'globalThis',
  'require',
  'fetch',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Temporal',
  'Intl',
  'Atomics',
  'WeakRef',
  'FinalizationRegistry',
  'eval',
  'Function',
] as const;

const SOURCE = import.meta.dirname;
const MODULES = globSync('**/*.ts', { cwd: SOURCE })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => join(SOURCE, path))
  .toSorted();

/** One script that holds the modules and all they import, as `decide.m0`, `decide.m1` … */
const bundle = async (modules: readonly string[]): Promise<string> => {
  const entry = '\0entry';
  const build = await rolldown({
    input: entry,
    external: /^node:/,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) =>
          id === entry ? modules.map((path, i) => `export * as m${i} from ${JSON.stringify(path)};`).join('\n') : null,
      },
    ],
  });
  const { output }: RolldownOutput = await build.generate({ format: 'iife', name: 'decide' });
  await build.close();
  return output[0].code;
};

/** Runs `code` where clock, randomness, I/O and timers throw when they are touched. */
const runWithoutWorld = (code: string): unknown => {
  const context = createContext({});
  runInContext(
    `for (const name of ${JSON.stringify(['Date', 'performance', 'process', 'require', 'fetch', 'crypto', 'setTimeout', 'setInterval'])}) {
      Object.defineProperty(globalThis, name, { get() { throw new Error('hidden input: ' + name); } });
    }
    Math.random = () => { throw new Error('hidden input: Math.random'); };`,
    context,
  );
  return runInContext(code, context, { timeout: 10_000 });
};

/** The hidden inputs, imports of Node and `await`s that the module names anywhere, in functions that no test calls too. */
const findHiddenInputs = (path: string): string[] => {
  const found: string[] = [];
  const visit = (node: unknown, parent: Record<string, unknown> | null, key: string): void => {
    if (Array.isArray(node)) for (const child of node) visit(child, parent, key);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const self = node as Record<string, unknown>;
    // `x.process` and `{ process: 1 }` name a property; `Date` alone, or `[Date]`, names the global.
    const isProperty =
      (key === 'property' || key === 'key') && parent?.['computed'] === false && parent['shorthand'] !== true;
    if (self['type'] === 'Identifier' && !isProperty && HIDDEN_INPUTS.some((name) => name === self['name'])) {
      found.push(String(self['name']));
    }
    if (self['type'] === 'MemberExpression') {
      const { object, property } = self as { object: { name?: string }; property: { name?: string; value?: unknown } };
      if (object.name === 'Math' && (property.name ?? property.value) === 'random') found.push('Math.random');
    }
    if (self['type'] === 'AwaitExpression' || self['async'] === true) found.push('async');
    if (self['type'] === 'ImportExpression' || self['type'] === 'MetaProperty') found.push('import');
    const from = (self['source'] as { value?: unknown } | null | undefined)?.value;
    if (typeof from === 'string' && !/^(\.{1,2}\/|@sallyport\/model\/)/.test(from)) found.push(from);
    for (const [name, child] of Object.entries(self)) visit(child, self, name);
  };
  visit(parseAst(readFileSync(path, 'utf8'), { lang: 'ts' }), null, '');
  return [...new Set(found)];
};

const withFixture = async <T>(text: string, use: (path: string) => T | Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-purity-'));
  const path = join(folder, 'impure.ts');
  writeFileSync(path, text);
  try {
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('decide', () => {
  it('loads and judges where there is no clock, randomness, network, process or timer', async () => {
    expect(MODULES.length).toBeGreaterThanOrEqual(3);
    const code = await bundle(MODULES);
    const lifetime = MODULES.findIndex((path) => path.endsWith('judge-session-lifetime.ts'));
    const strictest = MODULES.findIndex((path) => path.endsWith('strictest-binding.ts'));
    const session = '{ lastActivityAt: 1000, endsAt: 100000, idleTimeoutSeconds: 60, endedAt: null, isLocked: false }';
    const verdicts = runWithoutWorld(`${code};
      JSON.stringify([
        decide.m${lifetime}.judgeSessionLifetime(${session}, 60999).kind,
        decide.m${lifetime}.judgeSessionLifetime(${session}, 61000).kind,
        decide.m${strictest}.strictestModes([]),
      ])`);
    expect(JSON.parse(String(verdicts))).toEqual(['allow', 'deny', { asnBinding: 'ENFORCED', ipBinding: 'ENFORCED' }]);
  });

  it.each(MODULES.map((path) => path.slice(SOURCE.length + 1)))('names no hidden input in %s', (path) => {
    expect(findHiddenInputs(join(SOURCE, path))).toEqual([]);
  });
});

describe('the purity check itself', () => {
  it.each([
    ['Date', 'export const judge = () => Date.now();'],
    ['Math.random', 'export const judge = () => Math.random();'],
    ['performance', 'export const judge = () => performance.now();'],
    ['process', "export const judge = () => process.env['HOME'];"],
    ['fetch', "export const judge = () => fetch('http://localhost');"],
    ['crypto', 'export const judge = () => crypto.randomUUID();'],
    ['setTimeout', 'export const judge = () => setTimeout(() => 0, 1);'],
    ['require', "export const judge = () => require('node:fs');"],
  ])('fails, when run and when read, on a module that reaches for %s', async (name, text) => {
    await withFixture(text, async (path) => {
      const code = await bundle([path]);
      expect(() => runWithoutWorld(`${code}; decide.m0.judge()`)).toThrow(/hidden input|is not defined|require/);
      expect(findHiddenInputs(path)).toContain(name);
    });
  });

  it.each([
    ['node:fs', "import { readFileSync } from 'node:fs';\nexport const judge = readFileSync;"],
    ['zod', "export { z } from 'zod';"],
    ['async', 'export const judge = async () => 1;'],
    ['import', "export const judge = () => import('./other.ts');"],
    ['Date', 'export const judge = () => { const { Date: D } = globalThis; return [Date, D]; };'],
    ['Math.random', "export const judge = () => Math['random']();"],
  ])('fails, when read, on a module that holds %s', async (name, text) => {
    expect(await withFixture(text, findHiddenInputs)).toContain(name);
  });

  it('accepts properties that are only called like a hidden input', async () => {
    const text = 'export const judge = (x: { process: string }) => ({ Date: x.process, max: Math.max(1, 2) });';
    expect(await withFixture(text, findHiddenInputs)).toEqual([]);
  });
});
