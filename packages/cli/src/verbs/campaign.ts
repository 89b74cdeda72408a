import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { ReviewCampaignAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { CliError, usageError } from '../cli-error.ts';
import { fieldsOf } from '../json-fields.ts';
import { oneLine } from '../plain.ts';
import { note, printJson, printLines } from '../print.ts';
import { table } from '../table.ts';
import { addVerb, type Turn } from '../verb.ts';
import { groupOf } from './group.ts';

const FIELDS = fieldsOf<ReviewCampaignAnswer>({
  id: true,
  name: true,
  description: true,
  status: true,
  kinds: true,
  startsAt: true,
  endsAt: true,
  closedAt: true,
  repeats: true,
  createdBy: true,
  noResponse: true,
  accessRevoked: true,
  needsNote: true,
  remark: true,
  reportSha256: true,
  counts: true,
});
const ID = ['<id>', 'of the review, also its beginning or its name'] as const;
const STATUS: Readonly<Record<ReviewCampaignAnswer['status'], string>> = {
  SCHEDULED: 'planned',
  ACTIVE: 'running',
  COMPLETED: 'ended',
};

/** Every review that the caller may see. */
const allCampaigns = async (client: Client): Promise<ReviewCampaignAnswer[]> => {
  const found: ReviewCampaignAnswer[] = [];
  for await (const page of client.pages('reviewCampaigns.list', { query: { limit: '100' } })) found.push(...page);
  return found;
};

/** A review by its name, its id or the beginning of it. */
export const findCampaign = async (client: Client, typed: string): Promise<ReviewCampaignAnswer> => {
  const all = await allCampaigns(client);
  const named = all.filter(({ name }) => name === typed);
  if (named.length > 1)
    throw usageError(`${typed} names ${named.length} reviews`, `one of ${named.map(({ id }) => id).join(', ')}`);
  const found = named[0] ?? byPrefix(all, typed);
  if (found === null) throw notFound('review', typed, 'sallyport campaign list');
  return found;
};

const line = (turn: Turn, { id, status, counts, startsAt, endsAt, name }: ReviewCampaignAnswer): string[] => [
  id,
  STATUS[status],
  status === 'SCHEDULED' ? '' : `${counts.approved + counts.revoked + counts.unanswered}/${counts.items}`,
  status === 'SCHEDULED' ? '' : String(counts.revoked),
  status === 'ACTIVE' ? String(counts.waitingForMe) : '',
  turn.time(status === 'SCHEDULED' ? startsAt : endsAt),
  name,
];

const list = async (turn: Turn): Promise<void> => {
  const campaigns = await allCampaigns(turn.client());
  if (turn.isJson) return printJson({ campaigns: campaigns.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'STATUS', 'DECIDED', 'REVOKED', 'FOR YOU', 'BEGINS OR ENDS', 'NAME'],
      campaigns.map((campaign) => line(turn, campaign)),
    ),
  );
};

const PRESETS = {
  administrators: { name: 'Administrator review', kinds: ['ROLE'] },
  inactive: { name: 'Inactive people', kinds: ['ROLE'] },
  groups: { name: 'Memberships of groups', kinds: ['GROUP_MEMBERSHIP'] },
  machines: { name: 'Tokens and service apps', kinds: ['API_TOKEN', 'SERVICE_APP'] },
  'break-glass': { name: 'Break-glass accounts', kinds: ['BREAK_GLASS'] },
  all: { name: 'All power', kinds: ['ROLE', 'GRANT', 'API_TOKEN', 'SERVICE_APP', 'BREAK_GLASS'] },
} as const;
const isPreset = (text: string): text is keyof typeof PRESETS => Object.hasOwn(PRESETS, text);

const wholeNumber = (turn: Turn, option: string, usual: number, min: number, max: number): number => {
  const given = turn.text(option) ?? String(usual);
  const value = Number(given);
  if (!/^\d{1,4}$/.test(given) || value < min || value > max)
    throw usageError(`--${option}: must be between ${min} and ${max}`);
  return value;
};

const WAYS = ['person', 'manager', 'owner', 'group'] as const;
type Way = (typeof WAYS)[number];
const isWay = (text: string): text is Way => (WAYS as readonly string[]).includes(text);

interface Reviewers {
  readonly way: Way;
  readonly named: string;
  readonly second: string | undefined;
}
/** Who is asked, as typed. */
const typedReviewers = (turn: Turn): Reviewers => {
  const way = turn.text('ask') ?? 'person';
  const named = turn.text('reviewer');
  if (!isWay(way)) throw usageError(`--ask: must be one of ${WAYS.join(', ')}`);
  if (named === undefined)
    throw usageError(
      '--reviewer: who is asked',
      `--reviewer ${way === 'group' ? "'Security team'" : 'bea@example.org'}`,
    );
  return { way, named, second: turn.text('second') };
};

/** Who is asked first, and who after them: people by their logins, a group by its name or id. */
const reviewersOf = async (client: Client, { way, named, second }: Reviewers) => {
  const personId = async (login: string): Promise<string> =>
    (await client.call('users.get', { params: { userId: login } })).id;
  const first = async () => {
    if (way === 'group') return { type: 'GROUP' as const, reviewerGroupId: (await groupOf(client, named)).id };
    const id = await personId(named);
    if (way === 'person') return { type: 'USER' as const, reviewerId: id };
    return way === 'owner'
      ? { type: 'RESOURCE_OWNER' as const, fallBackReviewerId: id }
      : {
          type: 'REVIEWER_EXPRESSION' as const,
          reviewerScopeExpression: 'user.profile.managerId',
          fallBackReviewerId: id,
        };
  };
  if (second === undefined) return first();
  return {
    type: 'MULTI_LEVEL' as const,
    reviewerLevels: [
      { ...(await first()), startReview: { onDay: 0 } },
      {
        type: 'USER' as const,
        reviewerId: await personId(second),
        startReview: { onDay: 0, when: 'LOWER_LEVEL_APPROVES' as const },
      },
    ],
  };
};

/** When it begins, and whether it comes again. */
const scheduleOf = (turn: Turn) => {
  const durationInDays = wholeNumber(turn, 'days', 14, 1, 365);
  const interval = turn.text('every');
  if (interval !== undefined && !/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/.test(interval))
    throw usageError('--every: must be a duration', '--every P3M');
  const startDate = turn.text('start') ?? new Date(turn.now).toISOString();
  if (Number.isNaN(Date.parse(startDate)))
    throw usageError('--start: must be an instant', '--start 2026-12-01T09:00:00Z');
  return {
    type: interval === undefined ? ('ONE_OFF' as const) : ('RECURRING' as const),
    startDate,
    durationInDays,
    timeZone: turn.text('timeZone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(interval === undefined ? {} : { recurrence: { interval } }),
  };
};

const namesIn = (turn: Turn, option: string): readonly string[] =>
  (turn.options[option] as readonly string[] | undefined) ?? [];

const create = async (turn: Turn): Promise<void> => {
  const preset = turn.text('preset') ?? 'administrators';
  if (!isPreset(preset)) throw usageError(`--preset: must be one of ${Object.keys(PRESETS).join(', ')}`);
  const inactiveDays = wholeNumber(turn, 'inactiveDays', 90, 30, 365);
  const [groups, membersOf] = [namesIn(turn, 'group'), namesIn(turn, 'membersOf')];
  if (groups.length > 0 && preset !== 'groups')
    throw usageError('--group: goes with --preset groups', '--members-of asks what people in a group have');
  const scheduleSettings = scheduleOf(turn);
  const reviewers = typedReviewers(turn);
  const client = turn.client();
  const groupIds = async (names: readonly string[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const name of names) ids.push((await groupOf(client, name)).id);
    return ids;
  };
  const scope = {
    ...(preset === 'inactive' ? { predefinedInactiveUsersScope: { inactiveDays } } : {}),
    ...(membersOf.length === 0 ? {} : { groupIds: await groupIds(membersOf) }),
  };
  const targets = await groupIds(groups);
  const made = await client.call('campaigns.create', {
    body: {
      name: turn.text('name') ?? PRESETS[preset].name,
      scheduleSettings,
      ...(Object.keys(scope).length === 0 ? {} : { principalScopeSettings: { type: 'USERS', ...scope } }),
      ...(targets.length === 0
        ? {}
        : {
            resourceSettings: {
              type: 'GROUP',
              targetResources: targets.map((resourceId) => ({ resourceId, resourceType: 'GROUP' })),
            },
          }),
      reviewerSettings: await reviewersOf(client, reviewers),
      notificationSettings: {
        notifyReviewerWhenReviewAssigned: true,
        notifyReviewerAtCampaignEnd: true,
        remindersReviewerBeforeCampaignCloseInSecs: [86_400, 172_800],
      },
      remediationSettings: {
        accessApproved: 'NO_ACTION',
        accessRevoked: 'DENY',
        noResponse: turn.is('takeUnanswered') ? 'DENY' : 'NO_ACTION',
      },
      sallyport: { kinds: [...PRESETS[preset].kinds] },
    },
  });
  if (turn.isJson) return printJson({ campaign: { id: made.id, name: made.name, status: made.status } });
  printLines([`Planned: ${oneLine(made.name)} (${made.id}). It begins by itself.`]);
};

/** One that is planned, or that is over; with the planned run of a repeated one the series ends. */
const remove = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name, status, repeats } = await findCampaign(client, String(turn.args[0]));
  const series = status === 'SCHEDULED' && repeats !== null ? ' It comes no more.' : '';
  const words = status === 'SCHEDULED' ? '' : ' Its answers and its report can be read no more.';
  if (!turn.is('yes')) await turn.confirm(`Delete ${oneLine(name)}?${words}${series}`, '--yes');
  await client.call('campaigns.delete', { params: { campaignId: id } });
  if (turn.isJson) return printJson({ deleted: id });
  printLines([`Deleted: ${oneLine(name)}.${series}`]);
};

const launch = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, name } = await findCampaign(client, String(turn.args[0]));
  await client.call('campaigns.launch', { params: { campaignId: id } });
  const campaign = await client.call('reviewCampaigns.get', { params: { campaignId: id } });
  if (turn.isJson) return printJson({ campaign: turn.jsonItem(campaign) });
  const remark = campaign.remark === null ? '' : ` ${campaign.remark}`;
  printLines([`Begun: ${oneLine(name)}, ${campaign.counts.items} item(s).${remark}`]);
};

const end = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const before = await findCampaign(client, String(turn.args[0]));
  const { counts, name, id } = before;
  const open = counts.items - counts.approved - counts.revoked;
  const isTaken = before.noResponse === 'DENY' && !turn.is('keepUnanswered');
  if (!turn.is('yes'))
    await turn.confirm(
      `End ${oneLine(name)}? ${open} item(s) have no answer: ${isTaken ? 'they are taken' : 'they stay'}.`,
      '--yes',
    );
  await client.call('campaigns.end', {
    params: { campaignId: id },
    body: { skipRemediation: turn.is('keepUnanswered') },
  });
  const campaign = await client.call('reviewCampaigns.get', { params: { campaignId: id } });
  if (turn.isJson) return printJson({ campaign: turn.jsonItem(campaign) });
  printLines([
    `Ended: ${oneLine(name)}. ${campaign.counts.revoked} revoked, ${campaign.counts.unanswered} without an answer.`,
  ]);
};

/** The digest that the System Log has of a closed review's report; null where it has none. */
const digestInLog = async (client: Client, id: string): Promise<string | null> => {
  const events = await client.call('logs.list', {
    query: {
      filter: `eventType eq "certification.campaign.close" and target.id eq "${id}"`,
      since: '2000-01-01T00:00:00.000Z',
    },
  });
  return events[0]?.debugContext.debugData['reportSha256'] ?? null;
};

const report = async (turn: Turn): Promise<void> => {
  const format = turn.text('format') ?? 'json';
  if (format !== 'json' && format !== 'csv' && format !== 'html')
    throw usageError('--format: must be json, csv or html');
  const client = turn.client();
  const { id, name } = await findCampaign(client, String(turn.args[0]));
  const fetchReport = async (as: 'json' | 'csv' | 'html'): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    const request = requestOf('reviewCampaigns.report', { params: { campaignId: id }, query: { format: as } });
    for await (const part of client.download(request)) parts.push(part);
    return Buffer.concat(parts);
  };
  if (turn.is('verify')) {
    const computed = createHash('sha256')
      .update(await fetchReport('json'))
      .digest('hex');
    const logged = await digestInLog(client, id);
    if (turn.isJson) printJson({ computed, logged, isSame: computed === logged });
    else printLines([`Report      ${computed}`, `System Log  ${logged ?? 'no close of this review is in the log'}`]);
    if (computed === logged) return;
    throw new CliError('failed', `the report of ${oneLine(name)} is not the one that the log tells of`, {
      code: 'report_differs',
      hint: logged === null ? 'is the review closed?' : 'sallyport log verify',
    });
  }
  const bytes = await fetchReport(format);
  const file = turn.text('out');
  if (file === undefined) {
    process.stdout.write(bytes);
    return;
  }
  // Names, and who may do what: for its owner's eyes. A file that is there stays.
  writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 });
  note(`Written to ${file}.`);
};

/** `sallyport campaign …`: reviews of access, for whoever plans them. */
export const addCampaignVerbs = (program: Command): void => {
  const noun = program.command('campaign').description('reviews of access: do people still need what they have');
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'reviews with their numbers; without a role for it those that you are asked in',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: FIELDS,
      examples: ['sallyport campaign list'],
    },
    list,
  );
  addVerb(
    noun,
    {
      name: 'create',
      summary: 'plan a review, once or again and again',
      talksTo: 'server',
      isProtected: true,
      options: [
        [
          '--preset <preset>',
          'administrators, inactive, groups, machines, break-glass or all (default: administrators)',
        ],
        [
          '--reviewer <name>',
          'who is asked: a login, or a group; of themselves the other super admins are. With --ask manager or owner: who is asked where there is none',
        ],
        [
          '--ask <way>',
          'person, the manager of whoever has it, the owner of each group, or members of a group (default: person)',
        ],
        ['--second <login>', 'who looks after them at what they keep'],
        ['--name <name>', 'what it is called (default: that of the preset)'],
        ['--start <instant>', 'when it begins (default: now)'],
        ['--days <days>', 'how long there is to answer (default: 14)'],
        ['--every <duration>', 'repeat it: P1M, P3M, P1Y, P2W'],
        ['--group <group...>', 'with the preset groups: who is in these alone (default: in any)'],
        ['--members-of <group...>', 'only what people in these groups have, five groups at most'],
        ['--time-zone <zone>', 'whose clock a repeated one follows (default: that of this machine)'],
        ['--inactive-days <days>', 'of the preset inactive: days without a sign-in, 30 to 365 (default: 90)'],
        ['--take-unanswered', 'what nobody answers for is taken at the end'],
      ],
      examples: [
        'sallyport campaign create --reviewer bea@example.org',
        'sallyport campaign create --preset inactive --reviewer bea@example.org --every P3M --take-unanswered',
        "sallyport campaign create --preset groups --group 'On call' --ask owner --reviewer bea@example.org",
      ],
    },
    create,
  );
  addVerb(
    noun,
    {
      name: 'launch',
      summary: 'begin a planned review now',
      args: [ID],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      examples: ['sallyport campaign launch ici4Qx'],
    },
    launch,
  );
  addVerb(
    noun,
    {
      name: 'end',
      summary: 'end a review now, and carry out what it says of no answer',
      args: [ID],
      talksTo: 'server',
      isProtected: true,
      jsonFields: FIELDS,
      options: [
        ['--keep-unanswered', 'what nobody answered for stays, whatever the review says'],
        ['--yes', 'do not ask'],
      ],
      examples: ['sallyport campaign end ici4Qx --keep-unanswered'],
    },
    end,
  );
  addVerb(
    noun,
    {
      name: 'delete',
      summary: 'delete a review that is not running; without its planned run a repeated one comes no more',
      args: [ID],
      talksTo: 'server',
      isProtected: true,
      options: [['--yes', 'do not ask']],
      examples: ['sallyport campaign delete ici4Qx'],
    },
    remove,
  );
  addVerb(
    noun,
    {
      name: 'report',
      summary: 'the report; from the close on its SHA-256 stands in the System Log',
      args: [ID],
      talksTo: 'server',
      options: [
        ['--format <format>', 'json, csv or html (default: json)'],
        ['--out <file>', 'write it there, for your eyes only (default: standard output)'],
        ['--verify', 'compute the SHA-256 of the JSON report, and compare it with the System Log'],
      ],
      examples: [
        'sallyport campaign report ici4Qx --format csv --out review.csv',
        'sallyport campaign report ici4Qx --verify',
      ],
    },
    report,
  );
};
