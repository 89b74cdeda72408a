import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compileRanges, parseCidr, type RangeSet } from '@sallyport/decide/address/address-range';
import { ORN_PARTITIONS, type OrnPartition } from '@sallyport/decide/roles/resource-name';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

/** What an operator may set, by `SALLYPORT_*` variables or a YAML file of the same names in camel case. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly publicUrl: URL;
  readonly trustedProxies: RangeSet;
  /** As written, for doctor and the set-up page. */
  readonly trustedProxyTexts: readonly string[];
  readonly clientHeader: 'x-forwarded-for' | 'forwarded';
  readonly node: string;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly checkpointFile: string | null;
  readonly eventsRetentionDays: number;
  /** What this installation is called in the console's header; null shows nothing. */
  readonly environment: string | null;
  /** Path of the unix socket for proxies on this host; whoever may open it is a trusted proxy. */
  readonly gatewaySocket: string | null;
  /** Private addresses at which key sets of service apps may be fetched. */
  readonly keySetRanges: RangeSet;
  /** The partition in the names of resources (ORNs); clients of a preview organisation expect theirs. */
  readonly ornPartition: OrnPartition;
  /** Null where nobody is to be mailed. */
  readonly mail: { readonly smtpUrl: URL; readonly from: string } | null;
}

interface Variable {
  readonly name: string;
  readonly key: string;
  readonly schema: z.ZodType<unknown>;
  readonly fallback: unknown;
  readonly help: string;
}

const port = z.coerce.number().int().min(0).max(65535);
const list = z
  .union([
    z.array(z.string()),
    z.string().transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  ])
  .refine((items) => items.every((item) => parseCidr(item) !== null), {
    message: 'each entry must be an address or a CIDR, for example 10.0.0.0/8',
  });

/** The table of variables: documentation (`docs/reference/configuration.md`) and parser read the same rows. */
export const VARIABLES: readonly Variable[] = [
  { name: 'SALLYPORT_PORT', key: 'port', schema: port, fallback: 7070, help: 'Port to listen on.' },
  {
    name: 'SALLYPORT_HOST',
    key: 'host',
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    help: 'Address to listen on.',
  },
  {
    name: 'SALLYPORT_DATA_DIR',
    key: 'dataDir',
    schema: z.string().min(1),
    fallback: '.data',
    help: 'Folder that holds all state of the embedded engine, the root key and the control socket.',
  },
  {
    name: 'SALLYPORT_DATABASE_URL',
    key: 'databaseUrl',
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
      .nullable(),
    fallback: null,
    help: 'PostgreSQL in place of the embedded SQLite.',
  },
  {
    name: 'SALLYPORT_PUBLIC_URL',
    key: 'publicUrl',
    schema: z.url({ protocol: /^https?$/ }).nullable(),
    fallback: null,
    help: 'The URL that browsers use; default http://localhost:<port>. Plain http is for localhost only.',
  },
  {
    name: 'SALLYPORT_TRUSTED_PROXIES',
    key: 'trustedProxies',
    schema: list,
    fallback: [],
    help: 'CIDRs of the proxies whose forwarding header is believed. None by default.',
  },
  {
    name: 'SALLYPORT_CLIENT_HEADER',
    key: 'clientHeader',
    schema: z.enum(['x-forwarded-for', 'forwarded']),
    fallback: 'x-forwarded-for',
    help: 'The one forwarding header that is read; the other is ignored and counted.',
  },
  {
    name: 'SALLYPORT_NODE',
    key: 'node',
    schema: z.string().regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -'),
    fallback: 'n1',
    help: 'Name of this node; each node has its own log chain.',
  },
  {
    name: 'SALLYPORT_LOG_LEVEL',
    key: 'logLevel',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    fallback: 'info',
    help: 'Level of the process log on standard output.',
  },
  {
    name: 'SALLYPORT_CHECKPOINT_FILE',
    key: 'checkpointFile',
    schema: z.string().min(1).nullable(),
    fallback: null,
    help: 'File, on another host or write-once storage, that receives the signed checkpoints of the System Log.',
  },
  {
    name: 'SALLYPORT_EVENTS_RETENTION_DAYS',
    key: 'eventsRetentionDays',
    schema: z.coerce.number().int().min(7).max(3650),
    fallback: 90,
    help: 'How long events are shown by default.',
  },
  {
    name: 'SALLYPORT_ENVIRONMENT',
    key: 'environment',
    schema: z.string().min(1).max(24).nullable(),
    fallback: null,
    help: 'What this installation is called in the console’s header, for example production.',
  },
  {
    name: 'SALLYPORT_GATEWAY_SOCKET',
    key: 'gatewaySocket',
    schema: z
      .string()
      .regex(/^\/.{1,100}$/, 'must be an absolute path of at most 100 characters')
      .nullable(),
    fallback: null,
    help: 'Unix socket (mode 0660) for proxies on this host. Whoever may open it is a trusted proxy: it chooses the client address.',
  },
  {
    name: 'SALLYPORT_KEY_SET_RANGES',
    key: 'keySetRanges',
    schema: list,
    fallback: [],
    help: 'Private addresses (CIDRs) at which key sets of service apps may be fetched and webhooks be sent. Public ones over https may always; plain http only from this host, where it is named here.',
  },
  {
    name: 'SALLYPORT_ORN_PARTITION',
    key: 'ornPartition',
    schema: z.enum(ORN_PARTITIONS),
    fallback: 'okta',
    help: 'Partition in the names of resources (orn:okta:…). Both are read; clients that were written for a preview organisation expect oktapreview.',
  },
  {
    name: 'SALLYPORT_SMTP_URL',
    key: 'smtpUrl',
    schema: z
      .url({
        protocol: /^smtps?$/,
        error: 'must be smtp:// or smtps://, for example smtps://user:password@mail.example.org',
      })
      .nullable(),
    fallback: null,
    help: 'Mail server for notices. Without it nobody is mailed. Beyond this host TLS is required.',
  },
  {
    name: 'SALLYPORT_MAIL_FROM',
    key: 'mailFrom',
    schema: z.email('must be one mail address').nullable(),
    fallback: null,
    help: 'Address that notices come from; goes with SALLYPORT_SMTP_URL.',
  },
];

/** Both halves or none: half a configuration would look like mail, and send none. */
const mailOf = (smtpUrl: string | null, from: string | null): Config['mail'] => {
  if (smtpUrl === null && from === null) return null;
  if (smtpUrl === null) throw new ConfigError('SALLYPORT_SMTP_URL: is missing, and SALLYPORT_MAIL_FROM needs it');
  if (from === null) throw new ConfigError('SALLYPORT_MAIL_FROM: is missing, and SALLYPORT_SMTP_URL needs it');
  return { smtpUrl: new URL(smtpUrl), from };
};

/** A mistake in the configuration; the message names the variable and says what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const readFile = (path: string): Record<string, unknown> => {
  if (!existsSync(path)) throw new ConfigError(`SALLYPORT_CONFIG_FILE: ${path} does not exist`);
  const parsed: unknown = parseYaml(readFileSync(path, 'utf8')) ?? {};
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new ConfigError(`${path}: must be a mapping of names to values`);
  const known = new Set(VARIABLES.map((variable) => variable.key));
  const unknown = Object.keys(parsed).find((key) => !known.has(key));
  if (unknown !== undefined)
    throw new ConfigError(`${path}: ${unknown} is not a setting; the settings are ${[...known].join(', ')}`);
  return parsed as Record<string, unknown>;
};

/**
 * Reads the configuration. Throws ConfigError on the first value that is wrong, and on a `SALLYPORT_*` variable that
 * does not exist: a misspelt one must not be ignored silently.
 */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>, cwd = '.'): Config => {
  const names = new Set([
    ...VARIABLES.map((variable) => variable.name),
    'SALLYPORT_CONFIG_FILE',
    'SALLYPORT_URL',
    'SALLYPORT_TOKEN',
  ]);
  const stray = Object.keys(env).find((name) => name.startsWith('SALLYPORT_') && !names.has(name));
  if (stray !== undefined)
    throw new ConfigError(`${stray} is not a variable of Sallyport; the variables are ${[...names].join(', ')}`);
  const file = env['SALLYPORT_CONFIG_FILE'] === undefined ? {} : readFile(resolve(cwd, env['SALLYPORT_CONFIG_FILE']));
  const values: Record<string, unknown> = {};
  for (const { name, key, schema, fallback } of VARIABLES) {
    const given = env[name] !== undefined && env[name] !== '' ? env[name] : file[key];
    if (given === undefined) {
      values[key] = fallback;
      continue;
    }
    const result = schema.safeParse(given);
    if (!result.success)
      throw new ConfigError(
        `${name}: ${result.error.issues[0]?.message ?? 'is wrong'}${name === 'SALLYPORT_SMTP_URL' ? '' : ` (got ${JSON.stringify(given).slice(0, 100)})`}`,
      );
    values[key] = result.data;
  }
  const publicUrl = new URL((values['publicUrl'] as string | null) ?? `http://localhost:${String(values['port'])}`);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(publicUrl.hostname);
  if (publicUrl.protocol === 'http:' && !isLoopback)
    throw new ConfigError('SALLYPORT_PUBLIC_URL: must be https, except on localhost: keys and cookies need it');
  const texts = values['trustedProxies'] as string[];
  return {
    ...(values as unknown as Config),
    dataDir: resolve(cwd, values['dataDir'] as string),
    publicUrl,
    mail: mailOf(values['smtpUrl'] as string | null, values['mailFrom'] as string | null),
    trustedProxyTexts: texts,
    keySetRanges: compileRanges(values['keySetRanges'] as string[]),
    ornPartition: values['ornPartition'] as OrnPartition,
    trustedProxies: compileRanges(texts),
  };
};
