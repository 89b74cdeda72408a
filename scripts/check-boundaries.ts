/**
 * Reads every import of the repository and compares it with boundary-rules.ts.
 * dependency-cruiser cannot read TypeScript 7, and then looks at nothing and is content; so it is told to parse with
 * SWC, and the check fails unless it has read every TypeScript file that is there.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import {
  BOUNDARY_RULES,
  type BoundaryRule,
  DESCRIPTION_RULE,
  FOLDER_RULE,
  FORBIDDEN_FOLDERS,
} from './boundary-rules.ts';

const SOURCES = ['packages', 'scripts', 'bench', 'demo', 'test'];
const NOT_OURS = '(^|/)(node_modules|fixtures|dist)/';

export interface BrokenBoundary {
  readonly name: string;
  readonly why: string;
  /** What was found: `a.ts → b.ts`, or the path of a folder or package. */
  readonly found: string;
}

export interface BoundaryReport {
  readonly modulesRead: number;
  readonly broken: readonly BrokenBoundary[];
}

const toForbidden = ({ name, why, from, to }: BoundaryRule): IForbiddenRuleType => {
  const { isTypeImportAllowed, isCircular, isUnresolved, ...place } = to;
  return {
    name,
    comment: why,
    severity: 'error',
    from,
    to: {
      ...place,
      ...(isTypeImportAllowed ? { dependencyTypesNot: ['type-only'] } : {}),
      ...(isCircular
        ? { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
        : { couldNotResolve: isUnresolved ?? false }),
    },
  };
};

const isOurs = (path: string): boolean => !new RegExp(NOT_OURS).test(path);

/** Every TypeScript file under `root` that is ours, found without dependency-cruiser's help. */
const listSources = (root: string): string[] =>
  SOURCES.flatMap((folder) =>
    globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: (path) => basename(path) === 'node_modules' }),
  )
    .filter(isOurs)
    .toSorted();

const readArrows = async (root: string): Promise<ICruiseResult> => {
  const folders = SOURCES.filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      parser: 'swc',
      tsPreCompilationDeps: true,
      validate: true,
      ruleSet: { forbidden: BOUNDARY_RULES.map(toForbidden) },
      exclude: { path: '(^|/)(fixtures|dist)/' },
      doNotFollow: { path: '(^|/)node_modules/' },
    },
    {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  );
  if (typeof output === 'string') throw new Error(output);
  return output;
};

const brokenFolders = (sources: readonly string[]): BrokenBoundary[] => {
  const folders = new Set(sources.map((path) => dirname(path)));
  return [...folders]
    .filter((folder) => folder.split('/').some((name) => FORBIDDEN_FOLDERS.some((forbidden) => forbidden === name)))
    .map((folder) => ({ ...FOLDER_RULE, found: folder }));
};

const brokenDescriptions = (root: string): BrokenBoundary[] =>
  globSync('packages/*/package.json', { cwd: root })
    .filter((path) => !JSON.parse(readFileSync(join(root, path), 'utf8')).description)
    .map((path) => ({ ...DESCRIPTION_RULE, found: path }));

/** What is wrong with the repository in `root`; throws if it was not read in full, or holds fewer than `minimum` modules. */
export const checkBoundaries = async (root: string, minimum: number): Promise<BoundaryReport> => {
  const sources = listSources(root);
  if (sources.length < minimum)
    throw new Error(`found ${sources.length} modules where at least ${minimum} are expected`);
  const { modules, summary } = await readArrows(root);
  const read = new Set(modules.map(({ source }) => source));
  const unread = sources.filter((path) => !read.has(path));
  if (unread.length > 0) throw new Error(`${unread.length} modules were not read, ${unread[0]} for one`);
  const whys = new Map(BOUNDARY_RULES.map(({ name, why }) => [name, why]));
  const arrows = summary.violations.map(({ rule, from, to, cycle }) => ({
    name: rule.name,
    why: whys.get(rule.name) ?? '',
    found: [from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' → '),
  }));
  return { modulesRead: sources.length, broken: [...arrows, ...brokenFolders(sources), ...brokenDescriptions(root)] };
};

/** This repository has more; a check that reads fewer is looking in the wrong place. */
const MINIMUM_MODULES = 100;

if (import.meta.main) {
  const { modulesRead, broken } = await checkBoundaries(resolve(import.meta.dirname, '..'), MINIMUM_MODULES);
  for (const { name, why, found } of broken) console.error(`${found}\n    ${name}: ${why}`);
  console.log(`boundaries: ${modulesRead} modules read, ${broken.length} broken`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
