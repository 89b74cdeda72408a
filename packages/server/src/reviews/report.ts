import { createHash } from 'node:crypto';
import { toIso } from '@sallyport/model/instant';
import { isReason, type Reason, sentenceOf } from '@sallyport/model/reasons';
import type { SealEvidence } from '@sallyport/model/review';
import { csvCell } from '../log-exports/export-line.ts';
import type { Transaction } from '../ports/store.ts';
import { answersOf, type Campaign, evidenceOf, type ReviewItem, settingsOf } from './store.ts';

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));
const resultOf = (item: ReviewItem): string =>
  item.decision ?? (item.isUnanswered === 1 ? 'NO_RESPONSE' : 'UNREVIEWED');

/** How a break-glass account stood, in numbers: where it opens and by which keys is for no report. */
const sealOf = ({ sealedAt, unsealedAt, lastDrillAt, keys, networks, openReviews }: SealEvidence) => ({
  sealedAt: toIso(sealedAt),
  unsealedAt: iso(unsealedAt),
  lastDrillAt: iso(lastDrillAt),
  keys: keys.length,
  networks: Object.values(networks).flat().length,
  openReviews,
});

/** What is reported of an item: nothing that changes after the close, or the digest would. */
const lineOf = (item: ReviewItem, answers: Awaited<ReturnType<typeof answersOf>>) => {
  const evidence = evidenceOf(item);
  return {
    id: item.id,
    kind: item.kind,
    subject: { id: item.subjectId, name: item.subjectLabel },
    resource: { id: item.resourceId, name: item.resourceLabel },
    evidence: {
      grantedAt: iso(evidence.grantedAt),
      grantedBy: evidence.grantedBy,
      how: evidence.how,
      lastUsedAt: iso(evidence.lastUsedAt),
      lastSignInAt: iso(evidence.lastSignInAt),
      gives: evidence.gives,
      // What was gathered before these were is reported as it was: its digest stands in the log.
      ...(evidence.findings === undefined
        ? {}
        : { findings: evidence.findings.map(({ kind, count, lastAt }) => ({ kind, count, lastAt: toIso(lastAt) })) }),
      ...(evidence.requests === undefined ? {} : { requests: evidence.requests }),
      ...(evidence.seal === undefined ? {} : { seal: sealOf(evidence.seal) }),
    },
    suggestion: { decision: item.suggestion, reason: item.suggestionReason },
    result: resultOf(item),
    decisions: (answers.get(item.id) ?? []).map(({ level, decision, note, decidedBy, decidedByLabel, decidedAt }) => ({
      ...{ level, decision, note, by: { id: decidedBy, name: decidedByLabel }, at: toIso(decidedAt) },
    })),
    remediation: {
      status: item.remediationStatus,
      reason: isReason(item.remediationReason ?? '') ? sentenceOf(item.remediationReason as Reason) : null,
    },
  };
};
type Line = ReturnType<typeof lineOf>;
export interface Report {
  readonly campaign: {
    readonly id: string;
    readonly name: string;
    readonly startDate: string;
    readonly endDate: string;
    readonly [more: string]: unknown;
  };
  readonly items: readonly Line[];
}

/** The whole of a campaign: what was asked, what was answered and by whom, and what came of it. */
export const reportOf = async (db: Transaction, row: Campaign): Promise<Report> => {
  const items = await db
    .selectFrom('reviewItems')
    .selectAll()
    .where('campaignId', '=', row.id)
    .orderBy('seq')
    .execute();
  const answers = await answersOf(
    db,
    items.map(({ id }) => id),
  );
  return {
    campaign: {
      id: row.id,
      name: row.name,
      description: row.description,
      startDate: toIso(row.startAt),
      endDate: toIso(row.endsAt),
      launched: iso(row.launchedAt),
      closed: iso(row.closedAt),
      remark: row.remark,
      noResponse: row.skipsRemediation === 1 ? 'NO_ACTION' : settingsOf(row).remediationSettings.noResponse,
    },
    items: items.map((item) => lineOf(item, answers)),
  };
};

/** The bytes that the digest is of: `sha256sum` of the JSON report gives it. */
export const reportText = (report: Report): string => `${JSON.stringify(report, null, 1)}\n`;
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const COLUMNS: Readonly<Record<string, (line: Line) => string | null>> = {
  item: ({ id }) => id,
  kind: ({ kind }) => kind,
  who: ({ subject }) => subject.name,
  whoId: ({ subject }) => subject.id,
  what: ({ resource }) => resource.name,
  given: ({ evidence }) => evidence.grantedAt,
  givenBy: ({ evidence }) => evidence.grantedBy,
  lastUsed: ({ evidence }) => evidence.lastUsedAt,
  findings: ({ evidence }) => (evidence.findings ?? []).map(({ kind, count }) => `${kind} ${count}`).join(' '),
  requests: ({ evidence }) => String(evidence.requests?.asked ?? ''),
  suggestion: ({ suggestion }) => suggestion.decision,
  result: ({ result }) => result,
  decidedBy: ({ decisions }) => decisions.at(-1)?.by.name ?? null,
  decided: ({ decisions }) => decisions.at(-1)?.at ?? null,
  note: ({ decisions }) => decisions.at(-1)?.note ?? null,
  remediation: ({ remediation }) => remediation.status,
};

export const reportCsv = ({ items }: Report): string =>
  [
    Object.keys(COLUMNS).map(csvCell).join(','),
    ...items.map((line) =>
      Object.values(COLUMNS)
        .map((read) => csvCell(read(line)))
        .join(','),
    ),
    '',
  ].join('\r\n');
