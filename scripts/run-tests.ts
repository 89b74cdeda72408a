/**
 * Runs the stages of `npm test` one after the other; a failed one does not stop the others. The last line is
 * `N passed, N failed`: each test of vitest counts, and each other stage as one.
 * `--proof` makes the proofs run in their full size; `--only <stage>` is for whoever works on that stage.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDebianPackages } from './apt.ts';
import { startPostgres, type ThrowawayPostgres } from './postgres.ts';
import { readVitestReport, type TestCounts, type VitestReport } from './read-vitest-report.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SLOWEST_SHOWN = 20;

/** Either commands, which pass or fail together, or a project of vitest.config.ts, whose tests are counted. */
type Stage = { name: string; commands: readonly (readonly string[])[] } | { name: string; vitestProject: string };

const STAGES: readonly Stage[] = [
  {
    name: 'types',
    commands: [
      ['tsc', '-p', 'tsconfig.json'],
      ['tsc', '-p', 'packages/console/src/browser/tsconfig.json'],
      ['tsc', '-p', 'packages/console/src/admin/tsconfig.json'],
    ],
  },
  {
    name: 'style',
    commands: [
      ['biome', 'check', '.'],
      ['oxlint', '-c', '.oxlintrc.json', '--deny-warnings', '.'],
    ],
  },
  { name: 'boundaries', commands: [['node', 'scripts/check-boundaries.ts']] },
  { name: 'unit', vitestProject: 'unit' },
  { name: 'e2e', vitestProject: 'e2e' },
];

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, proof: { type: 'boolean', default: false } },
});
const chosen = STAGES.filter(({ name }) => options.only === undefined || name === options.only);
if (chosen.length === 0) {
  console.error(`no stage is called ${options.only}; there are: ${STAGES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const env: NodeJS.ProcessEnv = { ...process.env, ...(options.proof ? { PROOF: 'full' } : {}) };
env.PATH = `${join(ROOT, 'node_modules', '.bin')}:${env.PATH}`;

const run = ([program = '', ...args]: readonly string[]): number | null => {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error !== undefined) console.error(error.message);
  return status;
};

const runCommands = (commands: readonly (readonly string[])[]): TestCounts => {
  const hasPassed = commands.map((command) => run(command) === 0).every(Boolean);
  return { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, skipped: 0, tests: [] };
};

const runVitest = (project: string): TestCounts => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-vitest-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const exitCode = run(['vitest', 'run', '--project', project, ...reporters]);
  const report: VitestReport | null = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  rmSync(folder, { recursive: true });
  if (report === null) console.error('vitest ended without a report: counted as one failure');
  else if (report.testResults.length === 0) console.error('vitest found no test: counted as one failure');
  return readVitestReport(report, exitCode);
};

const results: (TestCounts & { name: string; durationMs: number })[] = [];

const time = async (name: string, work: () => TestCounts | Promise<TestCounts>): Promise<void> => {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const counts = await work();
  results.push({ name, ...counts, durationMs: performance.now() - startedAt });
};

let postgres: ThrowawayPostgres | null = null;

/** The machine's part: Chromium, and a PostgreSQL whose address the tests find in TEST_POSTGRES_URL. */
const prepareMachine = async (): Promise<TestCounts> => {
  try {
    ensureDebianPackages();
    postgres = await startPostgres();
    env['TEST_POSTGRES_URL'] = postgres.url;
    return { passed: 1, failed: 0, skipped: 0, tests: [] };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0, tests: [] };
  }
};

for (const stage of chosen) {
  if ('commands' in stage) {
    await time(stage.name, () => runCommands(stage.commands));
    continue;
  }
  if (!results.some(({ name }) => name === 'machine')) await time('machine', prepareMachine);
  await time(stage.name, () => runVitest(stage.vitestProject));
}
await (postgres as ThrowawayPostgres | null)?.stop();

const slowest = results
  .flatMap(({ tests }) => tests)
  .toSorted((a, b) => b.durationMs - a.durationMs)
  .slice(0, SLOWEST_SHOWN);
if (slowest.length > 0) console.log(`\nThe ${slowest.length} slowest tests`);
for (const { name, durationMs } of slowest) {
  console.log(`${Math.round(durationMs).toString().padStart(8)} ms  ${relative(ROOT, name)}`);
}

// Once more at the end, where whoever sees only the last lines finds it.
const failures = results.flatMap(({ tests }) => tests.filter(({ failure }) => failure !== undefined));
if (failures.length > 0) console.log('\nWhat failed');
for (const { name, failure } of failures)
  console.log(`${relative(ROOT, name)}\n    ${failure?.replaceAll('\n', '\n    ')}`);

console.log('\nStages');
for (const { name, durationMs, passed, failed, skipped } of results) {
  const seconds = (durationMs / 1000).toFixed(1).padStart(7);
  console.log(`${seconds} s  ${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

const total = (key: 'passed' | 'failed') => results.reduce((sum, result) => sum + result[key], 0);
process.exitCode = total('failed') === 0 ? 0 : 1;
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
