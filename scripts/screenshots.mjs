/** `npm run screenshots`: installs and builds what changed, then takes a picture of every page and state. */
import { runNode24 } from './run-node24.mjs';

runNode24('scripts/screenshots.ts', process.argv.slice(2), { needsConsole: true });
