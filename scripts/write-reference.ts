/** `npm run reference`: writes `docs/reference/`, and how a client asks for each route, from the code. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTE_PATHS_FILE, routePaths } from './route-paths.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, ROUTE_PATHS_FILE), routePaths());

// The pages describe the command line, too, which asks for routes.
const { referencePages } = await import('./reference-pages.ts');
const folder = join(root, 'docs', 'reference');
mkdirSync(folder, { recursive: true });
for (const [name, text] of referencePages()) writeFileSync(join(folder, name), text);
