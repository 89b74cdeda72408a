import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { printJson, printLines } from '../print.ts';
import { runOnHost } from '../run-on-host.ts';

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly sentence: string;
  readonly mend: string | null;
}

/** `sallyport server …`: start, doctor, backup, restore. */
export const addServerVerbs = (program: Command): void => {
  const server = program.command('server').description('run and look after the server');
  server
    .command('start')
    .description('start the server in the foreground')
    .action(() => {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', new URL('../../../server/src/main.ts', import.meta.url).pathname],
        { stdio: 'inherit' },
      );
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
      child.on('close', (code) => process.exit(code ?? EXIT.failed));
    });
  server
    .command('doctor')
    .description('check configuration, data folder, lock, database, network data, proxies and clock')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const findings = await runOnHost<readonly Finding[]>('server.doctor', {}, options.json === true, null);
      if (findings === null) return;
      if (findings.some((finding) => finding.state === 'fault')) process.exitCode = EXIT.failed;
      if (options.json === true) return printJson({ findings });
      printLines(
        findings.flatMap((finding) => [
          `${finding.state.padEnd(8)} ${finding.check.padEnd(16)} ${finding.sentence}`,
          ...(finding.mend === null ? [] : [`         mend: ${finding.mend}`]),
        ]),
      );
    });
  server
    .command('backup')
    .description('copy all state into a new folder, also beside a running server')
    .argument('<folder>')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: { json?: boolean }) => {
      const result = await runOnHost<{ folder: string; note: string | null }>(
        'server.backup',
        { folder },
        options.json === true,
      );
      if (result === null) return;
      if (options.json === true) return printJson({ ...result });
      printLines([`Backed up to ${result.folder}`, ...(result.note === null ? [] : [result.note])]);
    });
  server
    .command('restore')
    .description('put a backup in place of the state; ends all sessions')
    .argument('<folder>')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: { json?: boolean }) => {
      const result = await runOnHost<{ endedSessions: number }>('server.restore', { folder }, options.json === true);
      if (result === null) return;
      if (options.json === true) return printJson({ ...result });
      printLines([`Restored; ${result.endedSessions} session(s) ended.`]);
    });
};
