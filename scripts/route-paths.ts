import { routes } from '../packages/api/src/routes.ts';

/** Where it is written to, from the root of the repository. */
export const ROUTE_PATHS_FILE = 'packages/client/src/route-paths.ts';
const LINE_MAX = 120;

const lineOf = ({ name, method, path }: { name: string; method: string; path: string }): string => {
  const line = `  '${name}': '${method} ${path}',`;
  return line.length <= LINE_MAX ? line : `  '${name}':\n    '${method} ${path}',`;
};

/** The text of the file that tells a client how each route is asked. */
export const routePaths = (): string => `import type { RouteName } from '@sallyport/api/routes';

/**
 * How each route is asked, without what it takes and answers: whoever only sends need not read the whole route table first.
 * Written by \`npm run reference\`; a test compares it with the code.
 */
export const ROUTE_PATHS: Readonly<Record<RouteName, string>> = {
${routes.map(lineOf).join('\n')}
};
`;
