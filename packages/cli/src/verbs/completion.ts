import { createClient } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { complete } from '../complete.ts';
import { credentialOf } from '../connection.ts';
import { printJson } from '../print.ts';
import { addVerb } from '../verb.ts';
import { USER_AGENT } from '../version.ts';

/** Each shell asks the program itself what may follow, so that a new verb needs no new script. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_sallyport() {
  local IFS=$'\\n'
  COMPREPLY=($(sallyport complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _sallyport sallyport
`,
  zsh: `#compdef sallyport
_sallyport() {
  local -a candidates
  candidates=("\${(@f)$(sallyport complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a candidates
}
compdef _sallyport sallyport
`,
  fish: `complete -c sallyport -f -a '(sallyport complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};
const SHELLS = Object.keys(SCRIPTS).join(', ');

/** `sallyport completion <shell>`, and the hidden verb that its script calls. */
export const addCompletion = (program: Command): void => {
  addVerb(
    program,
    {
      name: 'completion',
      summary: 'the script with which a shell completes nouns, verbs, options and ids',
      args: [['<shell>', SHELLS]],
      examples: [
        'source <(sallyport completion bash)',
        'sallyport completion fish > ~/.config/fish/completions/sallyport.fish',
      ],
    },
    (turn) => {
      const shell = String(turn.args[0]);
      const script = SCRIPTS[shell];
      if (script === undefined) throw usageError(`there is no completion for ${shell}`, SHELLS);
      if (turn.isJson) return printJson({ shell, script });
      process.stdout.write(script);
    },
  );
  addVerb(
    program,
    { name: 'complete', summary: 'what may follow', args: [['[words...]', 'so far']], isHidden: true },
    async (turn) => {
      const client = () => {
        const { origin, token } = turn.connection();
        return createClient({
          origin,
          credential: token === null ? null : credentialOf(token),
          timeoutSeconds: 2,
          userAgent: USER_AGENT,
        });
      };
      const found = await complete(program, turn.args[0] as readonly string[], client).catch(() => []);
      process.stdout.write(found.map((candidate) => `${candidate}\n`).join(''));
    },
  );
};
