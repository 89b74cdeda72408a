import { html, type Markup, toText } from '../ui/html.ts';

/** What the page shows of a review; the server's report has more. */
interface ReportedReview {
  readonly campaign: { readonly name: string; readonly startDate: string; readonly endDate: string };
  readonly items: readonly {
    readonly subject: { readonly name: string };
    readonly resource: { readonly name: string };
    readonly evidence: {
      readonly grantedAt: string | null;
      readonly grantedBy: string | null;
      readonly lastUsedAt: string | null;
      readonly findings?: readonly { readonly kind: string; readonly count: number; readonly lastAt: string }[];
      readonly seal?: {
        readonly sealedAt: string;
        readonly unsealedAt: string | null;
        readonly lastDrillAt: string | null;
        readonly keys: number;
        readonly networks: number;
        readonly openReviews: number;
      };
    };
    readonly result: string;
    readonly decisions: readonly {
      readonly by: { readonly name: string };
      readonly at: string;
      readonly note: string | null;
    }[];
    readonly remediation: { readonly status: string; readonly reason: string | null };
  }[];
}

const RESULTS: Readonly<Record<string, string>> = {
  APPROVE: 'Kept',
  REVOKE: 'Revoked',
  NO_RESPONSE: 'No answer',
  UNREVIEWED: 'Not decided yet',
};
const CARRIED_OUT: Readonly<Record<string, string>> = {
  NONE: 'Nothing was taken',
  OPEN: 'Being taken',
  SUCCESS: 'Taken',
  MANUAL: 'To be done by hand',
  ERROR: 'Not taken',
};
const day = (at: string | null): string => at?.slice(0, 10) ?? 'never';

/** How a break-glass account stood. */
const sealWords = ({ seal }: ReportedReview['items'][number]['evidence']): string =>
  seal === undefined
    ? ''
    : `; sealed ${day(seal.sealedAt)}, ${seal.unsealedAt === null ? 'whole' : `broken ${day(seal.unsealedAt)}`}; last drill ${day(seal.lastDrillAt)}; keys: ${seal.keys}; networks: ${seal.networks}; not reviewed: ${seal.openReviews}`;

/** What the System Log held against somebody, in the words given for its kinds. */
const findingWords = (
  { findings = [] }: ReportedReview['items'][number]['evidence'],
  words: Readonly<Record<string, string>>,
): string =>
  findings.map(({ kind, count, lastAt }) => `; ${words[kind] ?? kind} (${count}, last ${day(lastAt)})`).join('');

const row = (
  { subject, resource, evidence, result, decisions, remediation }: ReportedReview['items'][number],
  words: Readonly<Record<string, string>>,
): Markup =>
  html`<tr>
<td>${subject.name}</td><td>${resource.name}${sealWords(evidence)}</td>
<td>${day(evidence.grantedAt)}${evidence.grantedBy === null ? '' : `, ${evidence.grantedBy}`}</td>
<td>${day(evidence.lastUsedAt)}${findingWords(evidence, words)}</td><td>${RESULTS[result] ?? result}</td>
<td>${decisions.map(({ by, at, note }) => `${by.name}, ${day(at)}: ${note ?? 'no reason given'}`).join(' · ')}</td>
<td>${CARRIED_OUT[remediation.status] ?? remediation.status}${remediation.reason === null ? '' : `: ${remediation.reason}`}</td>
</tr>
`;

/** The report of a review for a printer: no script, and no styles but the browser’s own. `words` are those of findings. */
export const reviewReportPage = (
  { campaign, items }: ReportedReview,
  digest: string | null,
  words: Readonly<Record<string, string>>,
): string =>
  toText(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Review of access: ${campaign.name}</title></head>
<body><main><h1>Review of access: ${campaign.name}</h1>
<p>From ${day(campaign.startDate)} to ${day(campaign.endDate)}. ${items.length === 1 ? 'One item' : `${items.length} items`}.</p>
<p>${
    digest === null
      ? 'The review is not closed; this is how it stands.'
      : `SHA-256 of the JSON report, as it stands in the System Log: ${digest}`
  }</p>
<table border="1" cellpadding="4"><thead><tr><th scope="col">Who</th><th scope="col">What</th><th scope="col">Given</th>
<th scope="col">Last used</th><th scope="col">Result</th><th scope="col">Decided</th><th scope="col">Carried out</th></tr></thead>
<tbody>
${items.map((item) => row(item, words))}</tbody></table></main></body></html>
`);
