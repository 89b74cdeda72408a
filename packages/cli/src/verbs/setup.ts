import type { Command } from 'commander';
import { printJson, printLines } from '../print.ts';
import { runOnHost } from '../run-on-host.ts';

interface OrgAnswer {
  readonly orgId: string;
  readonly userId: string;
  readonly login: string;
  readonly enrolmentLink: string;
}
interface TokenAnswer {
  readonly token: string;
  readonly id: string;
  readonly expiresAt: string;
}
interface KeyAnswer {
  readonly userId: string;
  readonly enrolmentLink: string;
}

/** `sallyport setup …`: headless set-up on the host, which is the root of trust. Each use is logged. */
export const addSetupVerbs = (program: Command): void => {
  const setup = program.command('setup').description('set up an org, a token or a key from the host');
  setup
    .command('org')
    .description('create the org and its first super admin')
    .requiredOption('--admin <login>', 'login of the first super admin')
    .option('--organisation <name>', 'name of the organisation')
    .option('--json', 'print JSON')
    .action(async (options: { admin: string; organisation?: string; json?: boolean }) => {
      const result = await runOnHost<OrgAnswer>(
        'setup.org',
        { admin: options.admin, ...(options.organisation === undefined ? {} : { organisation: options.organisation }) },
        options.json === true,
      );
      if (result === null) return;
      if (options.json === true) return printJson({ ...result });
      printLines([
        `Created the org; ${result.login} is its super admin.`,
        'Register the first key within 30 minutes:',
        `  ${result.enrolmentLink}`,
      ]);
    });
  setup
    .command('token')
    .description('make an API token, shown once')
    .requiredOption('--owner <login>', 'whose rights the token has')
    .requiredOption('--zone <loopback|any>', 'where it may be used from')
    .option('--ttl <duration>', 'like 15m or 1h, at most 24h', '1h')
    .option('--name <name>', 'name of the token')
    .option('--protected-actions <all|names>', 'protected actions that it may perform')
    .option('--json', 'print JSON')
    .action(
      async (options: {
        owner: string;
        zone: string;
        ttl: string;
        name?: string;
        protectedActions?: string;
        json?: boolean;
      }) => {
        const { json, ...args } = options;
        const result = await runOnHost<TokenAnswer>(
          'setup.token',
          args,
          json === true,
          `npx sallyport setup token --owner ${options.owner} --zone loopback --ttl 1h`,
        );
        if (result === null) return;
        if (json === true) return printJson({ ...result });
        printLines([result.token]);
        process.stderr.write(`Shown once; it expires at ${result.expiresAt}.\n`);
      },
    );
  setup
    .command('key')
    .description('print a link with which a person registers a key, when all keys are lost')
    .requiredOption('--owner <login>', 'whose key')
    .option('--json', 'print JSON')
    .action(async (options: { owner: string; json?: boolean }) => {
      const result = await runOnHost<KeyAnswer>('setup.key', { owner: options.owner }, options.json === true);
      if (result === null) return;
      if (options.json === true) return printJson({ ...result });
      printLines([result.enrolmentLink]);
    });
};
