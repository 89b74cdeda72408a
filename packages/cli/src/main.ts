/**
 * Where the program begins: what Node compiled last time is kept, which halves the wait. In a folder of the person's
 * own: in the shared temporary folder, another user of the machine could lay code there for us to run.
 */
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sallyport'));
await import('./run.ts');
