/** `npm test`: installs and builds what changed, then runs every stage of run-tests.ts under Node 24. */
import { runNode24 } from './run-node24.mjs';

runNode24('scripts/run-tests.ts', process.argv.slice(2), { needsConsole: true });
