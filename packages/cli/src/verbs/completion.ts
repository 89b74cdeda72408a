import { createClient } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { complete } from '../complete.ts';
import { credentialOf } from '../connection.ts';
import { printJson } from '../print.ts';
import { addVerb } from '../verb.ts';
import { USER_AGENT } from '../version.ts';

/**
 * Each shell asks the program itself what may follow, so that a new verb needs no new script. What comes back may be the
 * name of a zone that somebody else chose: each shell is left to quote it, or its script does, so that a name is never run.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_sallyport() {
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    COMPREPLY+=("$(printf %q "$candidate")")
  done < <(sallyport complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _sallyport sallyport
`,
  zsh: `#compdef sallyport
_sallyport() {
  local -a candidates
  candidates=(\${(f)"$(sallyport complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  compadd -a candidates
}
compdef _sallyport sallyport
# From a folder of $fpath this file is the function itself, and is called at the first key.
if [[ \${funcstack[1]} == _sallyport ]]; then _sallyport; fi
`,
  fish: `complete -c sallyport -f -a '(sallyport complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
  // An empty last word does not reach a program from every PowerShell, so it is told by an option.
  powershell: `Register-ArgumentCompleter -Native -CommandName sallyport -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
  $next = if ($wordToComplete -eq '') { @('--next') } else { @() }
  sallyport complete @next '--' @words 2>$null | ForEach-Object {
    $text = if ($_ -match '^[\\w./:=-][\\w./:@=-]*$') { $_ } else { "'" + $_.Replace("'", "''") + "'" }
    [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
  }
}
`,
};
const SHELLS = Object.keys(COMPLETION_SCRIPTS).join(', ');

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
        'sallyport completion powershell | Out-String | Invoke-Expression',
      ],
    },
    (turn) => {
      const shell = String(turn.args[0]);
      const script = COMPLETION_SCRIPTS[shell];
      if (script === undefined) throw usageError(`there is no completion for ${shell}`, SHELLS);
      if (turn.isJson) return printJson({ shell, script });
      process.stdout.write(script);
    },
  );
  addVerb(
    program,
    {
      name: 'complete',
      summary: 'what may follow',
      args: [['[words...]', 'so far']],
      options: [['--next', 'the word that is being typed is still empty']],
      isHidden: true,
    },
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
      const words = [...(turn.args[0] as readonly string[]), ...(turn.is('next') ? [''] : [])];
      const found = await complete(program, words, client).catch(() => []);
      // One a line: what would break the line, or speak to the terminal, is no candidate.
      process.stdout.write(
        found
          .filter((candidate) => !/\p{Cc}/u.test(candidate))
          .map((candidate) => `${candidate}\n`)
          .join(''),
      );
    },
  );
};
