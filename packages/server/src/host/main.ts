/**
 * The host side of the command line: `node main.ts <operation> <JSON arguments>` prints one JSON answer. The CLI starts
 * it as a program of its own, so that it imports nothing of the server.
 */
import { loadConfig } from '../config/config.ts';
import { backUp, restore } from './backup.ts';
import { callHost, type HostAnswer } from './call-host.ts';
import { describeFailure } from './control-socket.ts';
import { runDoctor } from './doctor.ts';

const run = async (operation: string, args: Record<string, unknown>): Promise<HostAnswer> => {
  if (operation === 'server.doctor') return { ok: true, result: await runDoctor(process.env) };
  const config = loadConfig(process.env);
  if (operation === 'server.backup') return backUp(config, String(args['folder']));
  if (operation === 'server.restore') return restore(config, String(args['folder']));
  return callHost(config, operation, args);
};

const [operation = '', json = '{}'] = process.argv.slice(2);
const answer = await run(operation, JSON.parse(json) as Record<string, unknown>).catch(
  (error: unknown): HostAnswer => ({ ok: false, error: describeFailure(error) }),
);
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(answer.ok ? 0 : 1);
