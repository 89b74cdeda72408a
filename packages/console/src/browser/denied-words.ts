/** To whom a policy said no: why, and what would help. Rules, their names and their networks are told to nobody. */
export interface DeniedWords {
  readonly why: string;
  readonly help: string;
}

const GENERAL: DeniedWords = {
  why: 'Your organisation’s rules do not let you in with what you have here.',
  help: 'Try again from the network and the device that you usually sign in with. If that does not help, ask an administrator.',
};
const WORDS: ReadonlyMap<string, DeniedWords> = new Map([
  [
    'service-account',
    {
      why: 'This is a service account: nobody signs in as it.',
      help: 'Sign in with an account of your own. A program uses an API token of the service account.',
    },
  ],
  [
    'service-account-no-rule',
    {
      why: 'Somebody may sign in as this service account now, but not here: no rule names it.',
      help: 'Ask an administrator to name the account in a rule of this policy.',
    },
  ],
  [
    'assurance-missing',
    {
      why: 'Your organisation’s rules ask for a stronger proof than you gave.',
      help: 'Sign in with a security key. If you have none, ask an administrator for one.',
    },
  ],
]);

/** The words for the reasons of a verdict. */
export const deniedWords = (reasons: readonly string[]): DeniedWords =>
  reasons.map((reason) => WORDS.get(reason)).find((words) => words !== undefined) ?? GENERAL;
