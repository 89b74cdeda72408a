/** The pages of `docs/reference/`, made from the code that they describe. */
import { isMutating, type Route } from '../packages/api/src/define-route.ts';
import { routes } from '../packages/api/src/routes.ts';
import { ERRORS } from '../packages/model/src/errors.ts';
import { EVENT_TYPES } from '../packages/model/src/event-types.ts';
import { PERMISSION_FACTS, type PermissionFact } from '../packages/model/src/permissions.ts';
import { REASONS } from '../packages/model/src/reasons.ts';
import { ROLES } from '../packages/model/src/roles.ts';
import { WEBHOOK_TYPES } from '../packages/model/src/webhook-types.ts';
import { VARIABLES } from '../packages/server/src/config/config.ts';
import { NOTICE_KINDS } from '../packages/server/src/notices/notice-kinds.ts';
import { cliReference } from './cli-reference.ts';

const NOTE = '<!-- Written by `npm run reference`; a test compares it with the code. -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const page = (title: string, lead: string, body: string): string => `# ${title}\n\n${NOTE}\n\n${lead}\n\n${body}\n`;

const fallbackText = (value: unknown): string => {
  if (value === null) return 'none';
  return Array.isArray(value) ? value.join(',') || 'none' : `\`${String(value)}\``;
};

const accessText = ({ access }: Route): string => {
  if (access.kind === 'anonymous') return 'anybody';
  return access.kind === 'person' ? `signed in (${access.why})` : `\`${access.permission}\``;
};

const protectionText = (route: Route): string => {
  if (!isMutating(route)) return '';
  if ('none' in route.protection) return `none: ${route.protection.none}`;
  const { action, unless } = route.protection;
  return unless === undefined ? `\`${action}\`` : `\`${action}\`; none for \`${unless.is}\`: ${unless.why}`;
};

/** File name → text. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    [
      'configuration.md',
      page(
        'Configuration',
        'Set variables, or put the names in camel case (the second column) into a YAML file named by `SALLYPORT_CONFIG_FILE`. A variable wins over the file. A value that is wrong, or a name that does not exist, stops the start with a message that names it. `npx sallyport server doctor` checks the whole.',
        table(
          ['Variable', 'In the file', 'Default', 'Meaning'],
          VARIABLES.map(({ name, key, fallback, help }) => [`\`${name}\``, `\`${key}\``, fallbackText(fallback), help]),
        ),
      ),
    ],
    [
      'cli.md',
      page(
        'Command line',
        '`npx sallyport <noun> <verb>`; `sallyport login` signs in by your browser.',
        cliReference(table),
      ),
    ],
    [
      'errors.md',
      page(
        'Error codes',
        'Every refusal is `{errorCode, errorSummary, errorLink, errorId, errorCauses}`. Only the code is stable for programs; `errorId` finds the line of the process log.',
        table(
          ['Code', 'Status', 'Summary'],
          Object.entries(ERRORS).map(([code, { status, summary }]) => [`\`${code}\``, String(status), summary]),
        ),
      ),
    ],
    [
      'events.md',
      page(
        'Events',
        'The types that the System Log holds. Names are those that published detections know; our own begin with `sallyport.`',
        table(
          ['Type', 'Severity', 'Message'],
          Object.entries(EVENT_TYPES).map(([type, { severity, message }]) => [`\`${type}\``, severity, message]),
        ),
      ),
    ],
    [
      'mails.md',
      page(
        'Mails',
        'Every kind of mail that the server sends: to accounts in use, each human once, in plain text, with one link, to the page that it is about. [When they come, and where they wait](../approvals-and-mail.md#mail).',
        table(
          ['Kind', 'To', 'When'],
          Object.entries(NOTICE_KINDS).map(([kind, { to, when }]) => [`\`${kind}\``, to, when]),
        ),
      ),
    ],
    [
      'webhooks.md',
      page(
        'Webhooks',
        'Every kind of message that a webhook can choose to be told of, each sent once for each time, in the transaction of what it tells of. The list is closed, and a kind that is added reaches no webhook that did not choose it. [What is in one, and how it is signed](../webhooks.md).',
        table(
          ['Type', 'When'],
          Object.entries(WEBHOOK_TYPES).map(([type, when]) => [`\`${type}\``, when]),
        ),
      ),
    ],
    [
      'reasons.md',
      page(
        'Reasons',
        'Why a judgement came out as it did: the same words in the log, in error pages, on the command line and in `sallyport why`.',
        table(
          ['Reason', 'Sentence'],
          Object.entries(REASONS).map(([reason, sentence]) => [`\`${reason}\``, sentence]),
        ),
      ),
    ],
    [
      'roles.md',
      page(
        'Roles',
        'Standard admin roles and what they may do. Only a super admin manages the holder of a role.',
        table(
          ['Role', 'Name', 'Permissions'],
          Object.entries(ROLES).map(([type, { label, permissions }]) => [
            `\`${type}\``,
            label,
            type === 'SUPER_ADMIN' ? 'all' : permissions.map((permission) => `\`${permission}\``).join(' '),
          ]),
        ) +
          '\n\n## Permissions\n\nA custom role holds some of these over a resource set. What is *for standard roles* it cannot hold: nobody reaches a super admin’s power by it. *Nothing here* is kept and gives nothing, since this server has no such thing.\n\n' +
          table(
            ['Permission', 'Lets its holder', 'On', 'Brings with it'],
            Object.entries<PermissionFact>(PERMISSION_FACTS).map(([permission, { words, on, implies = [], isFor }]) => [
              `\`${permission}\``,
              isFor === 'standard-roles' ? `${words} (for standard roles)` : words,
              on === 'org' ? 'the organisation' : on === 'nothing' ? 'nothing here' : on,
              implies.map((one) => `\`${one}\``).join(' '),
            ]),
          ),
      ),
    ],
    [
      'api.md',
      page(
        'API',
        'Every route of the server. Reading routes change nothing; each of the others names who may call it, the protected action that it is (or why it is none), and the events that it writes.',
        table(
          ['Route', 'Does', 'Who', 'Protected action', 'Events'],
          (routes as readonly Route[]).map((route) => [
            `\`${route.method} ${route.path}\``,
            route.summary,
            accessText(route),
            protectionText(route),
            isMutating(route) ? route.events.map((event) => `\`${event}\``).join(' ') : '',
          ]),
        ),
      ),
    ],
  ]);
