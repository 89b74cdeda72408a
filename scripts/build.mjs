/** `npm run build`: the Admin Console, if its sources or the lockfile changed since the last time. */
import { ensureBuilt } from './build-console.mjs';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
ensureBuilt();
