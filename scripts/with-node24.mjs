/** `node scripts/with-node24.mjs <file.ts> [arguments]`: runs a file of this repository under Node 24. */
import { runNode24 } from './run-node24.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/with-node24.mjs <file.ts> [arguments]');
  process.exit(2);
}
runNode24(file, args);
