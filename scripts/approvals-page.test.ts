/** `docs/approvals-and-mail.md` copies times, limits and sentences: each is what the program has. */
import { readFileSync } from 'node:fs';
import { type Reason, sentenceOf } from '@sallyport/model/reasons';
import { describe, expect, it } from 'vitest';
import { APPROVED_SECONDS } from '../packages/server/src/approvals/decide-approval.ts';
import { MAIL_LIMIT, TOLD_MAX } from '../packages/server/src/approvals/tell-approvers.ts';
import { TIE_DAYS } from '../packages/server/src/approvals/ties.ts';
import { QUIET_SECONDS } from '../packages/server/src/notices/mail-use.ts';
import { ATTEMPTS_MAX, BACKOFF_SECONDS_MAX } from '../packages/server/src/outbox/deliver-outbox.ts';
import {
  APPROVAL_SECONDS,
  HAND_OFF_SECONDS,
  PAGE_SECONDS,
} from '../packages/server/src/protected-actions/ask-proof.ts';
import { FAILURE_SECONDS, FAILURES_MAX } from '../packages/server/src/protected-actions/caller.ts';
import { PROVED_SECONDS } from '../packages/server/src/protected-actions/give-proof.ts';

const page = readFileSync(new URL('../docs/approvals-and-mail.md', import.meta.url), 'utf8');
/** The cells of the table under a heading, row by row. */
const rowsUnder = (heading: string): string[][] =>
  (page.split(`## ${heading}\n`)[1] ?? '')
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => /^\| (?!-)/.test(line))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ) ?? [];

describe('the page of approvals and mail', () => {
  it('tells the times that count', () => {
    expect(rowsUnder('Times').map(([, time]) => time)).toEqual([
      ...[PAGE_SECONDS, HAND_OFF_SECONDS, PROVED_SECONDS, APPROVAL_SECONDS, APPROVED_SECONDS, FAILURE_SECONDS].map(
        (seconds) => (seconds === 60 ? '1 minute' : `${seconds / 60} minutes`),
      ),
      `${TIE_DAYS} days`,
    ]);
    expect(page).toContain(`after ${FAILURES_MAX} wrong answers`);
  });

  it('tells the sentences that people read', () => {
    const reasons = rowsUnder('Deciding');
    expect(reasons.length).toBeGreaterThan(5);
    for (const [name = '', sentence] of reasons)
      expect([name, sentence]).toEqual([name, sentenceOf(name.replaceAll('`', '') as Reason)]);
  });

  it('tells the limits of mail', () => {
    for (const words of [
      `up to ${TOLD_MAX} who may approve`,
      `one mail in ${QUIET_SECONDS} seconds`,
      `get ${MAIL_LIMIT.limit} in ${MAIL_LIMIT.windowSeconds} seconds`,
      `${ATTEMPTS_MAX} times, at most ${BACKOFF_SECONDS_MAX} seconds apart`,
    ])
      expect(page).toContain(words);
  });

  it('names routes and verbs that exist', () => {
    const commands = readFileSync(new URL('../docs/reference/cli.md', import.meta.url), 'utf8');
    for (const [, verb = ''] of page.matchAll(/sallyport ((?:approval|log|server|protected-action) \w+)/g))
      expect(commands, verb).toContain(`sallyport ${verb}`);
  });
});
