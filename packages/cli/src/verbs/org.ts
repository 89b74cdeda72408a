import type { OrgDetailAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';

const FIELDS = fieldsOf<OrgDetailAnswer>({
  id: true,
  companyName: true,
  address1: true,
  address2: true,
  city: true,
  state: true,
  postalCode: true,
  country: true,
  phoneNumber: true,
  website: true,
  supportPhoneNumber: true,
  endUserSupportHelpURL: true,
  lastUpdated: true,
  contacts: true,
  showEndUserFooter: true,
});

/** What may be said, by its option. */
const SAID = [
  ['name', 'companyName', 'Name', 'at the head of every page, and at the end of mails'],
  ['support-phone', 'supportPhoneNumber', 'Support phone', 'whom people call who cannot sign in'],
  ['help-page', 'endUserSupportHelpURL', 'Help page', 'beside it, like https://help.example.com'],
  ['website', 'website', 'Website', 'kept for programs'],
  ['phone', 'phoneNumber', 'Phone', 'kept for programs'],
  ['address1', 'address1', 'Address', 'kept for programs'],
  ['address2', 'address2', 'Address, line two', 'kept for programs'],
  ['postal-code', 'postalCode', 'Postal code', 'kept for programs'],
  ['city', 'city', 'City', 'kept for programs'],
  ['state', 'state', 'State', 'kept for programs'],
  ['country', 'country', 'Country', 'kept for programs'],
] as const;
const CONTACTS = [
  ['billing-contact', 'BILLING', 'Billing contact'],
  ['technical-contact', 'TECHNICAL', 'Technical contact'],
] as const;

/** As commander names the value of an option. */
const keyOf = (option: string): string => option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const contactText = (org: OrgDetailAnswer, type: (typeof CONTACTS)[number][1]): string => {
  const user = org.contacts.find(({ contactType }) => contactType === type)?.user ?? null;
  return user === null ? '' : (user.login ?? user.id);
};
const footerText = (isShown: boolean): string => (isShown ? 'shown' : 'hidden');

const footerOf = (turn: Turn): boolean | null => {
  const given = turn.text('helpLine');
  if (given === undefined) return null;
  if (given !== 'show' && given !== 'hide') throw usageError('--help-line: must be show or hide');
  return given === 'show';
};

/** One proof covers all of it; what is refused is told after what was saved. */
const update = async (turn: Turn): Promise<void> => {
  const said = SAID.flatMap(([option, field, label]) => {
    const given = turn.text(keyOf(option));
    return given === undefined ? [] : [{ field, label, to: given.trim() }];
  });
  const named = CONTACTS.flatMap(([option, type, label]) => {
    const given = turn.text(keyOf(option));
    return given === undefined ? [] : [{ type, label, to: given }];
  });
  const footer = footerOf(turn);
  if (said.length === 0 && named.length === 0 && footer === null)
    throw usageError('nothing to change', 'sallyport org update --help');
  const client = turn.client();
  const before = await client.call('orgDetails.get', {});
  const fields = said.filter(({ field, to }) => (before[field] ?? '') !== to);
  const contacts = named.filter(({ type, to }) => contactText(before, type) !== to);
  const isFooterChanged = footer !== null && footer !== before.showEndUserFooter;
  const changes = [
    ...fields.map(({ field, label, to }) => ({ what: label, from: before[field] ?? '', to })),
    ...contacts.map(({ type, label, to }) => ({ what: label, from: contactText(before, type), to })),
    ...(isFooterChanged ? [{ what: 'Line about help', from: footerText(!footer), to: footerText(footer) }] : []),
  ];
  if (turn.is('dryRun') || changes.length === 0) {
    if (turn.isJson) return printJson({ changes });
    if (changes.length === 0) return printLines(['It is so already.']);
    return printLines(
      table(
        ['WHAT', 'NOW', 'THEN'],
        changes.map(({ what, from, to }) => [what, from, to]),
      ),
    );
  }
  const steps = [
    ...(fields.length === 0
      ? []
      : [
          {
            words: fields.map(({ label }) => label).join(', '),
            request: requestOf('org.update', { body: Object.fromEntries(fields.map(({ field, to }) => [field, to])) }),
          },
        ]),
    ...contacts.map(({ type, label, to }) => ({
      words: label,
      request: requestOf('orgContacts.replace', { params: { contactType: type }, body: { userId: to } }),
    })),
    ...(isFooterChanged
      ? [
          {
            words: 'Line about help',
            request: requestOf(footer ? 'orgPreferences.showFooter' : 'orgPreferences.hideFooter', {}),
          },
        ]
      : []),
  ];
  const results = await client.sendAll(steps.map(({ request }) => request));
  const saved = steps.filter((_, i) => results[i]?.status === 'fulfilled').map(({ words }) => words);
  const refused = results.find((result) => result.status === 'rejected');
  if (!turn.isJson && saved.length > 0) printLines([`Saved: ${saved.join(', ')}.`]);
  if (refused !== undefined) throw refused.reason;
  if (turn.isJson) printJson({ organisation: turn.jsonItem(await client.call('orgDetails.get', {})) });
};

/** `sallyport org …`. */
export const addOrgVerbs = (program: Command): void => {
  const noun = program.command('org').description('what pages say of the organisation, and its contacts');
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'its name, whom people ask for help, its contacts',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport org show'],
    },
    async (turn) => {
      const org = await turn.client().call('orgDetails.get', {});
      if (turn.isJson) return printJson({ organisation: turn.jsonItem(org) });
      printLines(
        facts([
          ['Id', org.id],
          ...SAID.map(([, field, label]): [string, string | null] => [label, org[field]]),
          ...CONTACTS.map(([, type, label]): [string, string] => [label, contactText(org, type) || 'nobody']),
          ['Line about help', footerText(org.showEndUserFooter)],
          ['Changed', turn.time(org.lastUpdated)],
        ]),
      );
    },
  );
  addVerb(
    noun,
    {
      name: 'update',
      summary: 'change what is said about it; what is not named stays',
      options: [
        ...SAID.map(
          ([option, , , meaning]) =>
            [
              `--${option} <text>`,
              // The name alone is never empty.
              option === 'name' ? meaning : `${meaning}; "" empties it`,
            ] as const,
        ),
        ...CONTACTS.map(
          ([option, , label]) =>
            [`--${option} <person>`, `${label.toLowerCase()}, by login or id; gives no right`] as const,
        ),
        ['--help-line <show|hide>', 'whether pages end with whom to ask for help'],
        ['--dry-run', 'change nothing, print what would change'],
      ],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: [
        'sallyport org update --support-phone "+47 22 00 00 00" --help-page https://help.example.com',
        'sallyport org update --billing-contact olu@example.org --dry-run',
      ],
    },
    update,
  );
};
