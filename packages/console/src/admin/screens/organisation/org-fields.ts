import type { OrgDetailAnswer } from '@sallyport/client/answers';
import type { Change } from '../../ui/changes-table.tsx';

interface OrgField {
  readonly name: Exclude<keyof OrgDetailAnswer, 'id' | 'lastUpdated' | 'contacts' | 'showEndUserFooter'>;
  readonly label: string;
  readonly description?: string;
}

/** What people see on pages, and in mails. */
export const SHOWN_FIELDS: readonly OrgField[] = [
  { name: 'companyName', label: 'Name', description: 'At the head of every page, and at the end of every mail.' },
  {
    name: 'supportPhoneNumber',
    label: 'Support phone',
    description: 'Whom people call who cannot sign in. Anybody who opens the sign-in page sees it.',
  },
  { name: 'endUserSupportHelpURL', label: 'Help page', description: 'Like https://help.example.com' },
];
/** What no page shows: it is there for programs that read or set it. */
export const KEPT_FIELDS: readonly OrgField[] = [
  { name: 'website', label: 'Website', description: 'Like https://www.example.com' },
  { name: 'phoneNumber', label: 'Phone' },
  { name: 'address1', label: 'Address' },
  { name: 'address2', label: 'Address, second line' },
  { name: 'postalCode', label: 'Postal code' },
  { name: 'city', label: 'City' },
  { name: 'state', label: 'State or region' },
  { name: 'country', label: 'Country' },
];

/** What was typed, by field; what is not in it was left alone, and stays as it is saved. */
export type TypedOrg = { readonly [K in OrgField['name']]?: string };

const changed = (org: OrgDetailAnswer, typed: TypedOrg) =>
  [...SHOWN_FIELDS, ...KEPT_FIELDS].flatMap(({ name, label }) => {
    const [from, to] = [org[name] ?? '', (typed[name] ?? org[name] ?? '').trim()];
    return from === to ? [] : [{ name, label, from, to }];
  });

/** What saving changes, in words. */
export const changesOf = (org: OrgDetailAnswer, typed: TypedOrg): readonly Change[] =>
  changed(org, typed).map(({ label, from, to }) => ({ what: label, from: from || 'nothing', to: to || 'nothing' }));

/** Only what is different: what others change in the meantime stays. An emptied field is said to be empty. */
export const bodyOf = (org: OrgDetailAnswer, typed: TypedOrg): Readonly<Record<string, string>> =>
  Object.fromEntries(changed(org, typed).map(({ name, to }) => [name, to]));

/** What pages for everybody end with; null where they name nobody. */
export const helpWords = ({ supportPhoneNumber, endUserSupportHelpURL }: OrgDetailAnswer): string | null => {
  const ways = [
    ...(supportPhoneNumber === null ? [] : [`call ${supportPhoneNumber}`]),
    ...(endUserSupportHelpURL === null ? [] : ['open the help page']),
  ].join(' or ');
  return ways === '' ? null : `Need help? ${ways.charAt(0).toUpperCase()}${ways.slice(1)}.`;
};
