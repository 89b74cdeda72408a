/** `npm run demo`: installs and builds what changed, then becomes a server with a filled organisation. */
import { runNode24 } from './run-node24.mjs';

runNode24('demo/run.ts', process.argv.slice(2), { needsConsole: true });
