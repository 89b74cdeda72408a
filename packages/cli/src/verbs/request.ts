import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AccessRequestAnswer,
  AccessRequestDetailAnswer,
  DelegationAnswer,
  MyDelegationAnswer,
  RequestPersonAnswer,
  RequestStepAnswer,
} from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import type { Command } from 'commander';
import { byPrefix, notFound } from '../by-prefix.ts';
import { CliError, usageError } from '../cli-error.ts';
import { interruptible } from '../interrupts.ts';
import { fieldsOf } from '../json-fields.ts';
import { oneLine } from '../plain.ts';
import { note, printJson, printLines } from '../print.ts';
import { facts, table } from '../table.ts';
import { secondsOf } from '../time-text.ts';
import { addVerb, type Turn } from '../verb.ts';

/** What `--json` can name of a request. */
export const REQUEST_FIELDS = fieldsOf<AccessRequestDetailAnswer>({
  id: true,
  status: true,
  words: true,
  requestedBy: true,
  requestedFor: true,
  entitlement: true,
  duration: true,
  startsAt: true,
  extends: true,
  reason: true,
  ticket: true,
  createdAt: true,
  decideBy: true,
  resolvedAt: true,
  approvalsGiven: true,
  approvalsNeeded: true,
  grant: true,
  digest: true,
  condition: true,
  sequence: true,
  step: true,
  steps: true,
  weaknesses: true,
  decisions: true,
  messages: true,
  hasEarlierMessages: true,
  gains: true,
  about: true,
  approve: true,
  deny: true,
  cancel: true,
  nudge: true,
  insteadOf: true,
});
const ID = ['<id>', 'of an open one also its beginning'] as const;
const MESSAGES = (id: string): string => `/sallyport/v1/requests/${id}/messages`;
const WAIT = '30m';
const POLL_SECONDS = 2;

const STATUS: Readonly<Record<AccessRequestAnswer['status'], string>> = {
  PENDING: 'waits',
  APPROVED: 'approved',
  DENIED: 'denied',
  CANCELED: 'taken back',
  EXPIRED: 'nobody decided in time',
};
const nameOf = ({ login, name }: { readonly login: string | null; readonly name: string }): string => login ?? name;
/** `bo@example.org for ana@example.org`, where it is a vote in somebody's stead. */
const voiceOf = (one: RequestPersonAnswer, insteadOf: RequestPersonAnswer | null): string =>
  insteadOf === null ? nameOf(one) : `${nameOf(one)} for ${nameOf(insteadOf)}`;
const statusText = ({ status, approvalsGiven, approvalsNeeded, grant }: AccessRequestAnswer): string => {
  if (status === 'PENDING') return `${STATUS.PENDING}, ${approvalsGiven} of ${approvalsNeeded}`;
  if (status === 'APPROVED' && grant?.status === 'FAILED') return 'approved, not given';
  return status === 'APPROVED' && grant?.status === 'PENDING' ? 'approved, begins later' : STATUS[status];
};

/** An open one by its id or the beginning of it; any other by its whole id. */
const find = async (client: Client, typed: string): Promise<AccessRequestDetailAnswer> => {
  const open: AccessRequestAnswer[] = [];
  for (const show of ['decide', 'mine'] as const)
    for await (const page of client.pages('requests.list', { query: { show, status: 'OPEN', limit: '100' } }))
      open.push(...page.filter(({ id }) => !open.some((one) => one.id === id)));
  return client.call('requests.get', { params: { accessRequestId: byPrefix(open, typed)?.id ?? typed } });
};

const stepLines = (steps: readonly RequestStepAnswer[], open: number | null): string[] =>
  steps.flatMap(({ count, given, who, reassignment, escalation, able, ableCount, unable }, index) => {
    const more = ableCount - able.length;
    const names = `${able.map((one) => voiceOf(one, one.insteadOf)).join(', ') || 'nobody'}${more > 0 ? ` and ${more} more` : ''}`;
    return [
      `  ${index + 1}. ${count} of ${who}: ${given} given${open === index || open === null ? `; can say yes: ${names}` : ''}`,
      ...(reassignment === null
        ? []
        : [`     given to ${reassignment.to.map(nameOf).join(', ')} by ${nameOf(reassignment.by)}`]),
      ...(escalation === null
        ? []
        : [
            `     ${escalation.isNow ? 'by now' : 'later'} also ${escalation.who}${escalation.at === null || escalation.isNow ? '' : `, from ${escalation.at}`}`,
          ]),
      ...unable.map((one) => `     not ${nameOf(one)}: ${one.sentence}`),
    ];
  });

const gainText = ({ gains: { permissions } }: AccessRequestDetailAnswer): string | null => {
  const isNew = permissions.filter(({ isHeld }) => !isHeld);
  if (permissions.length === 0) return null;
  const power = isNew.filter(({ isSensitive }) => isSensitive).length;
  return `${isNew.length} of ${permissions.length} permissions, ${power} of them power over others`;
};

const extensionText = (turn: Turn, { id, endsAt, untilAt }: NonNullable<AccessRequestAnswer['extends']>): string =>
  `${id}, from ${turn.time(endsAt)} until ${turn.time(untilAt)}`;

const detail = (turn: Turn, request: AccessRequestDetailAnswer): string[] => {
  const { requestedBy, requestedFor, grant, decisions, messages, hasEarlierMessages } = request;
  return [
    ...facts([
      ['Id', request.id],
      ['What', request.words],
      ['For', nameOf(requestedFor)],
      ['Asked by', requestedBy.id === requestedFor.id ? null : nameOf(requestedBy)],
      ['Why', request.reason],
      ['Ticket', request.ticket],
      ['Status', statusText(request)],
      ['Begins', request.startsAt === null ? null : turn.time(request.startsAt)],
      ['Makes longer', request.extends === null ? null : extensionText(turn, request.extends)],
      ['Asked', turn.time(request.createdAt)],
      ['Decide by', request.status === 'PENDING' ? turn.time(request.decideBy) : null],
      ['Not given', grant?.sentence ?? null],
      ['Would gain', gainText(request)],
      [
        'Less would be',
        request.gains.smaller.map(({ name, permissions }) => `${name} (${permissions})`).join(', ') || null,
      ],
      ['Rule', `${request.condition.name}, ${request.sequence.name}`],
      ['You may approve', request.approve.isAllowed ? 'yes' : `no: ${request.approve.sentence ?? ''}`],
      ['In the stead of', request.insteadOf === null ? null : nameOf(request.insteadOf)],
    ]),
    '',
    ...(request.status === 'PENDING' ? stepLines(request.steps, request.step) : []),
    ...decisions.map(
      ({ by, insteadOf, kind, at, comment }) =>
        `  ${kind === 'approve' ? 'yes' : 'no'}: ${oneLine(voiceOf(by, insteadOf))}, ${turn.time(at)}${comment === null ? '' : `: ${oneLine(comment)}`}`,
    ),
    ...(hasEarlierMessages ? [`  (there was more before: sallyport api GET ${MESSAGES(request.id)})`] : []),
    ...messages.map(({ by, at, text }) => `  ${oneLine(nameOf(by))}, ${turn.time(at)}: ${oneLine(text)}`),
    ...(request.status === 'PENDING' ? request.weaknesses.map(({ sentence }) => `  Note: ${sentence}`) : []),
  ];
};

const show = (turn: Turn, request: AccessRequestDetailAnswer): void => {
  if (turn.isJson) printJson({ request: turn.jsonItem(request) });
  else printLines(detail(turn, request));
};

/** Waits until it is decided; exit code 8 where it still waits when the time is over, 3 where it ended without access. */
export const waitFor = async (turn: Turn, client: Client, asked: AccessRequestDetailAnswer): Promise<void> => {
  const given = turn.options['wait'];
  const seconds = secondsOf(given === true ? WAIT : String(given));
  if (seconds === null || seconds < 1) throw usageError('--wait: must be a time', '--wait 10m');
  const until = Date.now() + seconds * 1000;
  let request = asked;
  await interruptible(
    async () => {
      while (request.status === 'PENDING' && Date.now() < until) {
        await sleep(Math.min(POLL_SECONDS * 1000, Math.max(until - Date.now(), 1)));
        request = await client.call('requests.get', { params: { accessRequestId: request.id } });
      }
    },
    async () => note(`The request stays open: sallyport request show ${request.id}`),
  );
  show(turn, request);
  if (request.status === 'PENDING')
    throw new CliError('pending', 'nobody has decided yet', { hint: `sallyport request show ${request.id} --wait` });
  if (request.status !== 'APPROVED' || request.grant?.status === 'FAILED')
    throw new CliError('denied', `${request.words}: ${statusText(request)}`);
};

const create = async (turn: Turn): Promise<void> => {
  const wanted = String(turn.args[0]);
  const reason = turn.text('reason')?.trim() ?? '';
  if (reason === '') throw usageError('--reason: say why', "--reason 'Rotate the certificate'");
  const startsAt = turn.text('start');
  const duration = turn.text('for');
  const seconds = duration === undefined ? null : secondsOf(duration);
  if (duration !== undefined && seconds === null) throw usageError('--for: must be a time', '--for 2h');
  const client = turn.client();
  const { data } = await client.call('myCatalog.list', { query: { limit: '200' } });
  const entry = data.find(({ name }) => name === wanted) ?? byPrefix(data, wanted);
  if (entry === null) throw notFound('thing that you may ask for called', wanted, 'sallyport request catalog');
  const { kind, id } = entry.entitlement;
  const body = {
    entitlement: { kind, id },
    reason,
    ...(seconds === null ? {} : { duration: `PT${seconds}S` }),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(turn.text('ticket') === undefined ? {} : { ticket: turn.text('ticket') ?? '' }),
  };
  if (turn.is('preview')) {
    const preview = await client.call('requests.preview', { body });
    if (turn.isJson) return printJson({ preview });
    return printLines([
      `${preview.entitlement.name} by the rule ${preview.condition.name}, ${preview.sequence.name}:`,
      ...stepLines(preview.steps, null),
      ...preview.weaknesses.map(({ sentence }) => `  Note: ${sentence}`),
      ...(preview.ticket === 'required' && (turn.text('ticket') ?? '').trim() === ''
        ? ['  Note: a ticket is needed: it is not asked for without --ticket.']
        : []),
    ]);
  }
  const request = await client.call('requests.create', { body });
  if (turn.options['wait'] === undefined) return show(turn, request);
  if (!turn.isJson) note(...detail(turn, request), '');
  return waitFor(turn, client, request);
};

const list = async (turn: Turn): Promise<void> => {
  const given = turn.text('limit') ?? '50';
  const limit = Number(given);
  if (!/^\d{1,4}$/.test(given) || limit < 1) throw usageError('--limit: must be between 1 and 9999');
  const shown = turn.is('all') ? 'all' : turn.is('mine') ? 'mine' : 'decide';
  const state = turn.text('state');
  if (state !== undefined && state !== 'open' && state !== 'past') throw usageError('--state: must be open or past');
  const found: AccessRequestAnswer[] = [];
  const pages = turn.client().pages('requests.list', {
    query: {
      show: shown,
      ...(state === undefined ? {} : { status: state === 'open' ? 'OPEN' : 'PAST' }),
      limit: String(Math.min(limit + 1, 100)),
    },
  });
  for await (const page of pages) {
    found.push(...page);
    if (found.length > limit) break;
  }
  if (found.length > limit) note(`The newest ${limit} are shown; there are more: --limit.`);
  const requests = found.slice(0, limit);
  if (turn.isJson) return printJson({ requests: requests.map(turn.jsonItem) });
  printLines(
    table(
      ['ID', 'STATUS', 'FOR', 'DECIDE BY', 'WHAT'],
      requests.map((one) => [
        one.id,
        statusText(one),
        nameOf(one.requestedFor),
        one.status === 'PENDING' ? turn.time(one.decideBy) : '-',
        one.words,
      ]),
    ),
  );
};

const catalog = async (turn: Turn): Promise<void> => {
  const { data } = await turn.client().call('myCatalog.list', { query: { limit: '200' } });
  if (turn.isJson) return printJson({ entries: data });
  printLines(
    table(
      ['ID', 'KIND', 'NAME'],
      data.map(({ id, name, entitlement }) => [id, entitlement.kind, name]),
    ),
  );
};

const approve = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const asked = await find(client, String(turn.args[0]));
  if (!turn.isJson) note(...detail(turn, asked), '');
  const comment = turn.text('comment');
  // The body is what the key signs: the digest of what was shown, and of nothing else.
  const request = await client.call('requests.approve', {
    params: { accessRequestId: asked.id },
    body: { digest: asked.digest, ...(comment === undefined ? {} : { comment }) },
  });
  if (turn.isJson) return printJson({ request: turn.jsonItem(request) });
  printLines([`Approved: ${oneLine(request.words)}. Now: ${statusText(request)}.`]);
};

const deny = async (turn: Turn): Promise<void> => {
  const comment = turn.text('reason')?.trim() ?? '';
  if (comment === '') throw usageError('--reason: whoever asked must read why', "--reason 'Use the read-only role'");
  const client = turn.client();
  const { id } = await find(client, String(turn.args[0]));
  const request = await client.call('requests.deny', { params: { accessRequestId: id }, body: { comment } });
  if (turn.isJson) return printJson({ request: turn.jsonItem(request) });
  printLines([`Denied: ${oneLine(request.words)}. ${nameOf(request.requestedBy)} reads why.`]);
};

/** What is asked back, and what is answered; whoever sees the request reads it. */
const comment = async (turn: Turn): Promise<void> => {
  const message = String(turn.args[1]).trim();
  if (message === '') throw usageError('<words>: say something', "sallyport request comment req4Qx 'Which tenant?'");
  const client = turn.client();
  const { id } = await find(client, String(turn.args[0]));
  await client.call('governanceRequests.addMessage', { params: { requestId: id }, body: { message } });
  const request = await client.call('requests.get', { params: { accessRequestId: id } });
  if (turn.isJson) return printJson({ request: turn.jsonItem(request) });
  printLines([`Said: whoever sees ${oneLine(request.words)} reads it.`]);
};

const nudge = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id } = await find(client, String(turn.args[0]));
  const request = await client.call('requests.nudge', { params: { accessRequestId: id } });
  if (turn.isJson) return printJson({ request: turn.jsonItem(request) });
  printLines([`Asked once more: ${oneLine(request.words)}. Whoever can decide is mailed; there is no third time.`]);
};

const reassign = async (turn: Turn): Promise<void> => {
  const client = turn.client();
  const { id, step } = await find(client, String(turn.args[0]));
  if (step === null) throw new CliError('denied', 'nothing of it waits for anybody');
  const assignees = turn.args[1] as readonly string[];
  const request = await client.call('requests.reassign', {
    params: { accessRequestId: id },
    body: { assignees: [...assignees], step },
  });
  if (turn.isJson) return printJson({ request: turn.jsonItem(request) });
  const to = request.steps[step]?.reassignment?.to ?? [];
  printLines([`Given to ${to.map(nameOf).join(', ')} to decide: ${oneLine(request.words)}. They are told by mail.`]);
};

const delegationLines = (turn: Turn, { given, received }: MyDelegationAnswer): string[] => {
  const line = ({ delegate, delegator, startsAt, endsAt, note: words }: DelegationAnswer): string =>
    `${nameOf(delegate)} decides in the stead of ${nameOf(delegator)}, from ${turn.time(startsAt)} until ${turn.time(endsAt)}${words === null ? '' : `: ${oneLine(words)}`}`;
  const all = [...(given === null ? [] : [given]), ...received];
  return all.length === 0 ? ['Nobody decides in your stead, and you in nobody’s.'] : all.map(line);
};

/** Who decides in somebody else's stead. */
const showOf = async (turn: Turn, client: Client, login: string): Promise<void> => {
  const { id } = await client.call('users.get', { params: { userId: login } });
  const { data } = await client.call('delegations.list', { query: { filter: `delegatorId eq "${id}"` } });
  if (turn.isJson) return printJson({ delegates: { appointments: data } });
  const lines: string[] = [];
  for (const { delegate: who, startTime, endTime, note: words } of data) {
    const { profile } = await client.call('users.get', { params: { userId: who.externalId } });
    lines.push(
      `${oneLine(String(profile.login))} decides in the stead of ${oneLine(login)}, from ${turn.time(startTime)} until ${turn.time(endTime)}${words === undefined ? '' : `: ${oneLine(words)}`}`,
    );
  }
  printLines(lines.length === 0 ? [`Nobody decides in the stead of ${oneLine(login)}.`] : lines);
};

const delegate = async (turn: Turn): Promise<void> => {
  const [login] = turn.args;
  const whose = turn.text('of');
  if (login !== undefined || turn.is('end')) {
    if (login !== undefined && turn.is('end'))
      throw usageError('--end: names nobody', 'sallyport request delegate --end');
    const until = turn.text('until');
    const startTime = turn.text('start');
    const begins = startTime === undefined ? Date.now() : Date.parse(startTime);
    if (Number.isNaN(begins)) throw usageError('--start: say from when', '--start 2026-07-01T08:00:00Z');
    const seconds = until === undefined ? null : secondsOf(until);
    const endTime = seconds === null ? until : new Date(begins + seconds * 1000).toISOString();
    const words = turn.text('note');
    if (login !== undefined && (endTime === undefined || Number.isNaN(Date.parse(endTime))))
      throw usageError('--until: say until when', `sallyport request delegate ${String(login)} --until 7d`);
    const appointment = {
      delegate: { type: 'OKTA_USER' as const, externalId: String(login) },
      ...(endTime === undefined ? {} : { endTime }),
      ...(startTime === undefined ? {} : { startTime }),
      ...(words === undefined ? {} : { note: words }),
    };
    const body = { delegates: { appointments: login === undefined ? [] : [appointment] } };
    if (whose === undefined) await turn.client().call('governanceSettings.updateMine', { body });
    else {
      const { delegates } = await turn
        .client()
        .call('governanceSettings.updateFor', { params: { userId: whose }, body });
      if (turn.isJson) return printJson({ delegates });
      return printLines([`Settled for ${oneLine(whose)}; both are told by mail.`]);
    }
  } else if (whose !== undefined) return showOf(turn, turn.client(), whose);
  const mine = await turn.client().call('delegations.mine', {});
  if (turn.isJson) return printJson({ delegation: mine });
  printLines(delegationLines(turn, mine));
};

/** `sallyport request …`: access for a while, and the yes of others that it takes. */
export const addRequestVerbs = (program: Command): void => {
  const noun = program.command('request').description('access for a while, and the yes of others that it takes');
  addVerb(
    noun,
    {
      name: 'catalog',
      summary: 'what you may ask for',
      talksTo: 'server',
      hasCurl: true,
      examples: ['sallyport request catalog'],
    },
    catalog,
  );
  addVerb(
    noun,
    {
      name: 'create',
      summary: 'ask for access; --wait until it is decided',
      args: [['<what>', 'its name in the catalog, or its id there']],
      talksTo: 'server',
      jsonFields: REQUEST_FIELDS,
      options: [
        ['--for <time>', 'for how long: 90m, 2h, 1d; not needed where it is fixed'],
        ['--reason <words>', 'why; whoever decides reads it'],
        ['--ticket <id>', 'the ticket or change that it is for'],
        ['--start <time>', 'when it shall begin, as RFC 3339 writes it; else with the approval'],
        ['--preview', 'only tell whose yes it would take'],
        ['--wait [time]', 'wait until it is decided, at most that long (default: 30m)'],
      ],
      examples: ["sallyport request create 'Payroll operators' --for 2h --reason 'Rotate the certificate' --wait"],
    },
    create,
  );
  addVerb(
    noun,
    {
      name: 'list',
      summary: 'what waits for your decision, or what you asked for',
      talksTo: 'server',
      hasCurl: true,
      jsonFields: REQUEST_FIELDS,
      options: [
        ['--mine', 'what you asked for, or get'],
        ['--all', 'everything; only for whoever manages access requests'],
        ['--state <state>', 'open or past (default: both)'],
        ['--limit <count>', 'how many at most (default: 50)'],
      ],
      examples: ['sallyport request list', 'sallyport request list --mine --state past'],
    },
    list,
  );
  addVerb(
    noun,
    {
      name: 'show',
      summary: 'what exactly is asked for, whose yes it takes, and who can give it',
      args: [ID],
      talksTo: 'server',
      jsonFields: REQUEST_FIELDS,
      options: [['--wait [time]', 'wait until it is decided, at most that long (default: 30m)']],
      examples: ['sallyport request show req4Qx', 'sallyport request show req4Qx --wait 10m'],
    },
    async (turn) => {
      const client = turn.client();
      const request = await find(client, String(turn.args[0]));
      return turn.options['wait'] === undefined ? show(turn, request) : waitFor(turn, client, request);
    },
  );
  addVerb(
    noun,
    {
      name: 'approve',
      summary: 'approve it with your key',
      args: [ID],
      talksTo: 'server',
      isProtected: true,
      jsonFields: REQUEST_FIELDS,
      options: [['--comment <words>', 'what whoever asked reads']],
      examples: ['sallyport request approve req4Qx'],
    },
    approve,
  );
  addVerb(
    noun,
    {
      name: 'deny',
      summary: 'deny it for good, without a key: a no gives nobody power',
      args: [ID],
      talksTo: 'server',
      jsonFields: REQUEST_FIELDS,
      options: [['--reason <words>', 'why; whoever asked reads it']],
      examples: ["sallyport request deny req4Qx --reason 'Use the read-only role'"],
    },
    deny,
  );
  addVerb(
    noun,
    {
      name: 'cancel',
      summary: 'take back what you asked for, also once it is approved and before it begins',
      args: [ID],
      talksTo: 'server',
      jsonFields: REQUEST_FIELDS,
      examples: ['sallyport request cancel req4Qx'],
    },
    async (turn) => {
      const client = turn.client();
      const { id } = await find(client, String(turn.args[0]));
      const request = await client.call('requests.cancel', { params: { accessRequestId: id } });
      if (turn.isJson) return printJson({ request: turn.jsonItem(request) });
      printLines([`Taken back: ${oneLine(request.words)}.`]);
    },
  );
  addVerb(
    noun,
    {
      name: 'comment',
      summary: 'ask back, or answer: whoever sees the request reads it',
      args: [ID, ['<words>', 'what you say']],
      talksTo: 'server',
      jsonFields: REQUEST_FIELDS,
      examples: ["sallyport request comment req4Qx 'Which tenant is it for?'"],
    },
    comment,
  );
  addVerb(
    noun,
    {
      name: 'nudge',
      summary: 'mail those who can decide what you asked for once more; once',
      args: [ID],
      talksTo: 'server',
      jsonFields: REQUEST_FIELDS,
      examples: ['sallyport request nudge req4Qx'],
    },
    nudge,
  );
  addVerb(
    noun,
    {
      name: 'reassign',
      summary: 'give what waits to people whom you name; whom it named before can still say no',
      args: [ID, ['<who...>', 'who shall decide, by login or id']],
      talksTo: 'server',
      isProtected: true,
      jsonFields: REQUEST_FIELDS,
      examples: ['sallyport request reassign req4Qx bo@example.org'],
    },
    reassign,
  );
  addVerb(
    noun,
    {
      name: 'delegate',
      summary: 'who decides in your stead while you are away; without a name only shows it',
      args: [['[login]', 'who shall decide']],
      talksTo: 'server',
      isProtected: true,
      options: [
        ['--until <time>', 'for how long (7d), or until when, as RFC 3339 writes it'],
        ['--start <time>', 'from when, as RFC 3339 writes it; else from now'],
        ['--note <words>', 'what both read'],
        ['--of <login>', 'in whose stead; only for whoever manages access requests'],
        ['--end', 'end it now'],
      ],
      examples: [
        'sallyport request delegate',
        'sallyport request delegate bo@example.org --until 7d',
        'sallyport request delegate --end',
      ],
    },
    delegate,
  );
};
