/** `npm start`: installs if the lockfile changed, builds the console if its sources did, then becomes the server. */
import { runNode24 } from './run-node24.mjs';

runNode24('packages/server/src/main.ts', process.argv.slice(2), { needsConsole: true });
