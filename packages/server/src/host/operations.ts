/**
 * What may be done from the host: by the command line on an idle data folder, or beside a running server through its
 * control socket. One table, so that both ways do the same.
 */
import { ApiError, invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { type ActionName, isActionName } from '@sallyport/model/protected-actions';
import { sentenceOf } from '@sallyport/model/reasons';
import { z } from 'zod';
import { createApiToken } from '../api-tokens/create-api-token.ts';
import type { Services } from '../services.ts';
import { createFirstAdmin } from '../setup/create-first-admin.ts';
import { createSetupCode, setupLink } from '../setup/setup-code.ts';
import { userByLogin } from '../sign-in/store.ts';
import { listEvents } from '../system-log/list-events.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { verifyLog } from '../system-log/verify-log.ts';
import { whyEvent } from '../system-log/why.ts';
import { hostPrincipal } from './host-principal.ts';

type Operation = (s: Services, args: unknown) => Promise<unknown>;

const TTL_SECONDS_MAX = 24 * 3600;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `90s`, `15m`, `1h`; at most a day. */
export const parseTtl = (text: string): number => {
  const [, amount, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (!(seconds > 0 && seconds <= TTL_SECONDS_MAX)) throw invalid('ttl', 'must be like 15m or 1h, at most 24h');
  return seconds;
};

const login = z.string().trim().min(1).max(320);

const setupOrg: Operation = async (s, args) => {
  const input = z
    .object({
      admin: login,
      organisation: z.string().trim().min(1).max(100).default('My organisation'),
      firstName: z.string().max(100).default('First'),
      lastName: z.string().max(100).default('Admin'),
    })
    .parse(args);
  const principal = hostPrincipal(s.random);
  const made = await s.store.transaction(async (tx) => {
    if ((await tx.selectFrom('org').select('id').executeTakeFirst()) !== undefined)
      throw new ApiError('E0000079', {
        causes: ['The org exists. Use `sallyport setup key --owner <login>` to register a key for an administrator.'],
      });
    const user = await createFirstAdmin(s, tx, principal, {
      organisation: input.organisation,
      login: input.admin,
      firstName: input.firstName,
      lastName: input.lastName,
    });
    await tx.deleteFrom('setupCodes').where('purpose', '=', 'claim').execute();
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.server.host_recovery',
      target: [userAsActor(user)],
      outcome: { result: 'SUCCESS', reason: 'setup org' },
    });
    return {
      user,
      code: await createSetupCode(s, tx, 'enrol', user.id),
      org: await tx.selectFrom('org').select('id').executeTakeFirstOrThrow(),
    };
  });
  await Promise.all([s.settings.reload(), s.zones.reload(), s.policies.reload()]);
  return {
    orgId: made.org.id,
    userId: made.user.id,
    login: made.user.login,
    enrolmentLink: setupLink(s.config.publicUrl.origin, made.code),
  };
};

const setupKey: Operation = async (s, args) => {
  const input = z.object({ owner: login }).parse(args);
  const user = await userByLogin(s.store.read, input.owner);
  if (user === undefined) throw new ApiError('E0000007', { args: [`${input.owner} (User)`] });
  if (user.serviceAccountAt !== null) throw new ApiError('E0000038', { causes: [sentenceOf('service-account')] });
  const principal = hostPrincipal(s.random);
  const code = await s.store.transaction(async (tx) => {
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.server.host_recovery',
      target: [userAsActor(user)],
      outcome: { result: 'SUCCESS', reason: 'setup key' },
    });
    return createSetupCode(s, tx, 'enrol', user.id);
  });
  return { userId: user.id, enrolmentLink: setupLink(s.config.publicUrl.origin, code) };
};

/** `all`, or names of protected actions; a misspelt one must not be a token that does less than was thought. */
const readActions = (text: string): 'all' | readonly ActionName[] => {
  if (text === 'all') return 'all';
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      if (!isActionName(name)) throw invalid('protectedActions', `there is no protected action ${name.slice(0, 64)}`);
      return name;
    });
};

const setupToken: Operation = async (s, args) => {
  const input = z
    .object({
      owner: login,
      zone: z.enum(['loopback', 'any']),
      ttl: z.string().default('1h'),
      name: z.string().max(100).default('host set-up'),
      protectedActions: z.string().max(2000).optional(),
    })
    .parse(args);
  const user = await userByLogin(s.store.read, input.owner);
  if (user === undefined) throw new ApiError('E0000007', { args: [`${input.owner} (User)`] });
  const principal = hostPrincipal(s.random);
  const ttlSeconds = parseTtl(input.ttl);
  const made = await createApiToken(s, principal, {
    name: input.name,
    ownerId: user.id,
    purpose: 'made on the host',
    ttlSeconds,
    network: { connection: input.zone === 'any' ? 'ANYWHERE' : 'LOOPBACK' },
    protectedActions: readActions(input.protectedActions ?? ''),
  });
  await s.store.transaction((tx) =>
    recordEvent(s, tx, principal, {
      eventType: 'sallyport.server.host_recovery',
      target: [userAsActor(user)],
      outcome: { result: 'SUCCESS', reason: 'setup token' },
      debugData: { zone: input.zone, ttl: input.ttl },
    }),
  );
  return { token: made.token, id: made.id, expiresAt: toIso(s.clock.now() + ttlSeconds * 1000) };
};

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'setup.org': setupOrg,
  'setup.key': setupKey,
  'setup.token': setupToken,
  'log.verify': (s, args) =>
    verifyLog(
      s,
      z
        .object({
          checkpoints: z.string().optional(),
          proofs: z.boolean().default(false),
          verdicts: z.boolean().default(false),
        })
        .parse(args),
    ),
  'log.read': (s, args) =>
    listEvents(
      s,
      z
        .object({
          after: z.string().optional(),
          filter: z.string().optional(),
          since: z.string().optional(),
          limit: z.string().optional(),
        })
        .parse(args),
    ),
  'log.why': (s, args) => whyEvent(s, null, z.object({ uuid: z.string() }).parse(args).uuid),
  'server.backup': async (s, args) => {
    const { file } = z.object({ file: z.string().min(1) }).parse(args);
    if (s.store.backup === undefined)
      throw new ApiError('E0000060', {
        causes: ['On PostgreSQL take the copy with pg_dump; keep root.key of the data folder with it.'],
      });
    await s.store.backup(file);
    return { file };
  },
  'server.status': async (s) => ({
    engine: s.store.engine,
    node: s.node,
    sessions: s.sessions.count(),
    counters: s.store.counters(),
    intel: s.intel.describe(),
  }),
};
