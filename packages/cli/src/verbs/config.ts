import type { Command } from 'commander';
import { note, printJson, printLines } from '../print.ts';
import { profilesFile } from '../profiles.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import { addConfigurationVerbs } from './configuration.ts';

/** `sallyport config …`: of this command line (`list`: what counts, and where each value was said; never a token), and of the org. */
export const addConfig = (program: Command): void => {
  const config = program
    .command('config')
    .description('the org as one document, and where this command line gets its values from');
  addVerb(
    config,
    {
      name: 'list',
      summary: 'server, credential and file',
      options: [
        ['--origin', 'say where each value comes from'],
        ['--url <url>', 'as if it were given to another verb'],
      ],
      examples: ['sallyport config list --origin'],
    },
    (turn) => {
      const { origin, originFrom, tokenFrom, profile } = turn.connection();
      const values = [
        { name: 'url', value: origin, origin: originFrom },
        { name: 'token', value: tokenFrom === null ? '' : 'set', origin: tokenFrom ?? 'nowhere' },
        {
          name: 'login',
          value: tokenFrom === 'profile' ? (profile?.login ?? '') : '',
          origin: tokenFrom === 'profile' ? 'profile' : 'nowhere',
        },
        {
          name: 'file',
          value: profilesFile(process.env),
          origin: process.env['XDG_CONFIG_HOME'] ? 'environment' : 'default',
        },
      ];
      if (turn.isJson) return printJson({ values });
      printLines(
        turn.is('origin')
          ? table(
              ['NAME', 'VALUE', 'FROM'],
              values.map((row) => [row.name, row.value, row.origin]),
            )
          : table(
              ['NAME', 'VALUE'],
              values.map((row) => [row.name, row.value]),
            ),
      );
      if (tokenFrom === null) note('hint: sallyport login');
    },
  );
  addConfigurationVerbs(config);
};
