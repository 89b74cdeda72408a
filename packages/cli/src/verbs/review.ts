import type { ReviewItemAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { oneLine } from '../plain.ts';
import { printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { findCampaign } from './campaign.ts';

const FIELDS = fieldsOf<ReviewItemAnswer>({
  id: true,
  kind: true,
  kindWords: true,
  subject: true,
  resource: true,
  gives: true,
  grantedAt: true,
  grantedBy: true,
  how: true,
  lastUsedAt: true,
  usedDays: true,
  lastSignInAt: true,
  subjectIsActive: true,
  findings: true,
  requests: true,
  seal: true,
  suggestion: true,
  level: true,
  reviewers: true,
  reviewersVia: true,
  decision: true,
  isUnanswered: true,
  answers: true,
  remediation: true,
  restorableUntil: true,
  restore: true,
  restoredAt: true,
  restoredBy: true,
  decide: true,
});
const CAMPAIGN = ['<campaign>', 'the review: its id, the beginning of it, or its name'] as const;

const itemsOf = async (client: Client, campaignId: string, isAll: boolean): Promise<ReviewItemAnswer[]> => {
  const found: ReviewItemAnswer[] = [];
  const pages = client.pages('reviewCampaigns.items', {
    params: { campaignId },
    query: { show: isAll ? 'all' : 'mine', limit: '200' },
  });
  for await (const page of pages) found.push(...page);
  return found;
};

const stateOf = ({ decision, isUnanswered, remediation, restoredAt }: ReviewItemAnswer): string => {
  if (restoredAt !== null) return 'given back';
  if (remediation.status === 'ERROR') return 'not taken';
  if (remediation.status === 'MANUAL') return 'to do by hand';
  if (decision !== null) return decision === 'APPROVE' ? 'kept' : 'revoked';
  return isUnanswered ? 'no answer' : 'open';
};

const list = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id } = await findCampaign(client, String(turn.args[0]));
  const items = await itemsOf(client, id, turn.is('all'));
  if (turn.isJson) return printJson({ items: items.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'STATE', 'WHO', 'HAS', 'GIVEN', 'LAST USED', 'SUGGESTION'],
      items.map((item) => [
        item.id,
        stateOf(item),
        item.subject.name,
        item.resource.name,
        turn.time(item.grantedAt),
        turn.time(item.lastUsedAt),
        item.suggestion.decision === null
          ? ''
          : `${item.suggestion.decision === 'APPROVE' ? 'keep' : 'revoke'}: ${item.suggestion.sentence ?? ''}`,
      ]),
    ),
  );
};

const idsIn = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');

const decide = async (turn: Turn): Promise<void> => {
  const [approved, revoked] = [idsIn(turn.text('approve')), idsIn(turn.text('revoke'))];
  if (approved.length + revoked.length === 0)
    throw usageError('name what to decide: --approve <ids>, --revoke <ids>', 'sallyport review list <campaign>');
  const reason = turn.text('reason')?.trim() ?? '';
  const client = turn.client();
  const campaign = await findCampaign(client, String(turn.args[0]));
  if (campaign.needsNote && reason === '')
    throw usageError('--reason: this review asks for a reason', "--reason 'left the team'");
  const items = await itemsOf(client, campaign.id, false);
  const given = (typed: string, decision: 'APPROVE' | 'REVOKE') => {
    const item = byPrefix(items, typed);
    if (item === null) throw notFound('item', typed, `sallyport review list ${campaign.id}`);
    return { reviewId: item.id, decision, ...(reason === '' ? {} : { note: reason }) };
  };
  const decisions = [...approved.map((id) => given(id, 'APPROVE')), ...revoked.map((id) => given(id, 'REVOKE'))];
  const { decided } = await client.call('reviewCampaigns.decide', {
    params: { campaignId: campaign.id },
    body: { decisions },
  });
  if (turn.isJson) return printJson({ decided });
  printLines([`${decided} decision(s) count: ${approved.length} kept, ${revoked.length} revoked.`]);
};

const restore = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const campaign = await findCampaign(client, String(turn.args[0]));
  const typed = String(turn.args[1]);
  const item = byPrefix(await itemsOf(client, campaign.id, true), typed);
  if (item === null) throw notFound('item', typed, `sallyport review list ${campaign.id} --all`);
  const { sallyport: given } = await client.call('reviews.restore', { params: { reviewId: item.id } });
  if (turn.isJson) return printJson({ item: turn.jsonItem(given) });
  printLines([`Given back: ${oneLine(given.resource.name)} to ${oneLine(given.subject.name)}, as it was.`]);
};

const LEVELS = { first: 'FIRST', second: 'SECOND' } as const;
const isLevel = (text: string): text is keyof typeof LEVELS => Object.hasOwn(LEVELS, text);
/** What one request moves at most; of more, each has the one proof that is asked for. */
const MOVED_AT_ONCE = 50;

/** Asks somebody else about the items that were named, or about all that are open: those of one person, or of the review. */
const reassign = async (turn: Turn): Promise<void> => {
  const to = turn.text('to');
  if (to === undefined) throw usageError('--to: who is asked from now on', '--to kim@example.org');
  const note = turn.text('reason')?.trim() ?? '';
  if (note === '') throw usageError('--reason: say why', "--reason 'Bea is away'");
  const level = turn.text('level');
  if (level !== undefined && !isLevel(level)) throw usageError('--level: must be first or second');
  const [, named] = turn.args as readonly [string, readonly string[]];
  const from = turn.text('from');
  if (named.length > 0 && from !== undefined)
    throw usageError('--from: either items or all that somebody is asked about');
  const client = turn.client();
  const campaign = await findCampaign(client, String(turn.args[0]));
  const personOf = (login: string) => client.call('users.get', { params: { userId: login } });
  const person = await personOf(to);
  const items = await itemsOf(client, campaign.id, true);
  const moved = async (): Promise<readonly ReviewItemAnswer[]> => {
    if (named.length > 0)
      return named.map((typed) => {
        const item = byPrefix(items, typed);
        if (item === null) throw notFound('item', typed, `sallyport review list ${campaign.id} --all`);
        return item;
      });
    const fromId = from === undefined ? null : (await personOf(from)).id;
    return items.filter(
      ({ decision, isUnanswered, subject, reviewers }) =>
        decision === null &&
        !isUnanswered &&
        // Their own are for others, and one that is refused keeps all where they are.
        subject.id !== person.id &&
        (fromId === null || reviewers.some(({ id }) => id === fromId)),
    );
  };
  const ids = [...new Set((await moved()).map(({ id }) => id))];
  if (ids.length === 0) throw notFound('open item for', to, `sallyport review list ${campaign.id} --all`);
  if (named.length === 0 && !turn.is('yes'))
    await turn.confirm(
      `Ask ${person.profile.login} about ${ids.length} item(s) of ${oneLine(campaign.name)}?`,
      '--yes',
    );
  const parts = Array.from({ length: Math.ceil(ids.length / MOVED_AT_ONCE) }, (_, part) =>
    ids.slice(part * MOVED_AT_ONCE, (part + 1) * MOVED_AT_ONCE),
  );
  const results = await client.sendAll(
    parts.map((reviewIds) =>
      requestOf('campaigns.reassign', {
        params: { campaignId: campaign.id },
        body: {
          reviewerId: person.id,
          reviewIds,
          note,
          ...(level === undefined ? {} : { reviewerLevel: LEVELS[level] }),
        },
      }),
    ),
    { stopsAtFailure: true },
  );
  const refused = results.find((result) => result.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
  if (turn.isJson) return printJson({ reassigned: ids, to: person.id });
  printLines([
    `${ids.length} item(s) of ${oneLine(campaign.name)}: ${person.profile.login} is asked, and nobody else.`,
  ]);
};

/** `sallyport review …`: what you are asked about in a review, and what you say. */
export const addReviewVerbs = (program: Command): void => {
  const noun = program.command('review').description('what you are asked about in a review, and what you say');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'items with what is known of them, and a suggestion with its reason',
      args: [CAMPAIGN],
      talksTo: 'server',
      jsonFields: FIELDS,
      options: [['--all', 'also what others are asked about']],
      examples: ['sallyport review list ici4Qx', 'sallyport review list ici4Qx --all --json=id,decision'],
    },
    list,
  );
  addVerb(
    noun,
    {
      name: 'decide',
      summary: 'submit decisions with your key; all of them count, or none, and they are final',
      args: [CAMPAIGN],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--approve <ids>', 'these items stay; ids, or their beginnings, with commas'],
        [
          '--revoke <ids>',
          'these items are taken; a super admin can give them back for seven days; break-glass stays, to do by hand',
        ],
        ['--reason <words>', 'why; reviews of administrators ask for it'],
      ],
      examples: ["sallyport review decide ici4Qx --approve icr1a,icr2b --revoke icr3c --reason 'left the team'"],
    },
    decide,
  );
  addVerb(
    noun,
    {
      name: 'reassign',
      summary: 'ask somebody else, and nobody but them; only for super admins',
      args: [CAMPAIGN, ['[item...]', 'ids in the review, or their beginnings (default: all that have no answer yet)']],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--to <login>', 'who is asked from now on; what is about themselves stays with whom it is'],
        ['--reason <words>', 'why; it stands in the System Log'],
        ['--from <login>', 'all that this person is asked about'],
        ['--level <level>', 'first or second (default: the one that has no answer yet)'],
        ['--yes', 'do not ask'],
      ],
      examples: [
        "sallyport review reassign ici4Qx icr1a icr2b --to kim@example.org --reason 'Bea is away'",
        "sallyport review reassign ici4Qx --from bea@example.org --to kim@example.org --reason 'Bea is away'",
      ],
    },
    reassign,
  );
  addVerb(
    noun,
    {
      name: 'restore',
      summary: 'give back what a review took, within seven days; only for super admins',
      args: [CAMPAIGN, ['<item>', 'its id in the review, or the beginning of it']],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: ['sallyport review restore ici4Qx icr3c'],
    },
    restore,
  );
};
