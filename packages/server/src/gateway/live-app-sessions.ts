import type { BindingModes } from '@sallyport/model/session';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { CHECK, codeOf } from '../sessions/check-result.ts';
import { SessionTable } from '../sessions/session-table.ts';
import { tokenHashOfDigest } from '../sessions/token-hash.ts';
import type { OrgSettings } from '../settings/org-settings.ts';
import type { Row } from '../store/tables.ts';
import { displayNameOf } from '../system-log/record-event.ts';
import { GATEWAY_APP_NAME, type GatewayApp, toGatewayApp } from './gateway-app.ts';
import { type Identity, identityHead } from './identity-headers.ts';

/** One app's door: its sessions are in a table of their own, so that a token of one host is unknown at every other. */
export interface AppDoor {
  readonly app: GatewayApp;
  readonly table: SessionTable;
  /** By slot of the table. */
  readonly slots: AppSlot[];
}

/** What a check needs besides the table: made once a session. */
export interface AppSlot {
  readonly id: string;
  /** The org session. */
  readonly parentId: string;
  /** Where the table of org sessions had it when it was last asked. */
  parentSlot: number;
  /** The head of the good answer. */
  readonly head: readonly string[];
  /** The same as it goes over the unix socket; made when it is first wanted, for most sessions rest. */
  plainAnswer: string | null;
}

interface Entry {
  readonly appId: string;
  readonly parentId: string;
  readonly userId: string;
}

/** The apps behind the gateway and their live sessions, in memory for the check of every request. */
export interface LiveAppSessions {
  /** Reads the apps anew; after each committed change of one. */
  reload(): Promise<void>;
  /** Reads the live app sessions from the store; once, at the start. */
  load(): Promise<void>;
  /** The door of a host as in a Host header, in any case, with or without the scheme's own port. */
  doorOfHost(host: string): AppDoor | undefined;
  doorOfApp(appId: string): AppDoor | undefined;
  /** Takes in a session whose row has been committed. */
  admit(row: Row<'sessions'>, identity: Identity): void;
  /** Modes of the apps that an org session has opened. */
  modesUnder(orgId: string): BindingModes[];
  /** Is an app open beneath the org session, by the clock? */
  isAnyLiveUnder(orgId: string): boolean;
  forget(id: string): void;
  forgetUnder(orgId: string): void;
  forgetUser(userId: string): void;
  /** The app is told the new name from the next request on. */
  rename(identity: Identity): void;
  /** Takes new binding modes to all live sessions. */
  applySettings(): void;
  /** When which session was last used, since the last call. */
  drainActivity(): Generator<{ readonly id: string; readonly lastActivityAt: number }>;
  /** Sessions that time has ended. */
  expired(): { readonly id: string; readonly userId: string; readonly reason: 'idle' | 'lifetime' }[];
}

interface Base {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: OrgSettings;
}

/** `host:443` over https is `host`: browsers leave the scheme's own port out, proxies do not always. */
const hostKeys = ({ host, isHttps }: GatewayApp): string[] =>
  /:\d+$/.test(host) ? [host] : [host, `${host}:${isHttps ? 443 : 80}`];

const slotFor = (id: string, parentId: string, identity: Identity): AppSlot => ({
  id,
  parentId,
  parentSlot: -1,
  head: identityHead(identity, id),
  plainAnswer: null,
});

const LOAD_PAGE = 2000;

export const createLiveAppSessions = ({ store, clock, settings }: Base): LiveAppSessions => {
  const doors = new Map<string, AppDoor>();
  let byHost = new Map<string, AppDoor>();
  const entries = new Map<string, Entry>();
  const children = new Map<string, Set<string>>();

  const doorOf = (id: string): AppDoor | undefined => doors.get(entries.get(id)?.appId ?? '');

  const forget = (id: string): void => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    const door = doors.get(entry.appId);
    const slot = door?.table.slotOfId(id) ?? -1;
    if (slot !== -1) delete door?.slots[slot];
    door?.table.remove(id);
    entries.delete(id);
    const siblings = children.get(entry.parentId);
    siblings?.delete(id);
    if (siblings?.size === 0) children.delete(entry.parentId);
  };

  const admit = (row: Row<'sessions'>, identity: Identity): void => {
    const door = doors.get(row.appId ?? '');
    if (door === undefined || row.tokenHash === null || row.parentId === null || row.appId === null) return;
    const slot = door.table.insert(
      {
        id: row.id,
        userId: row.userId,
        baseline: JSON.parse(row.baseline),
        modes: settings.modesFor(row.appId),
        isLocked: false,
        // The key of the page is the sign-in's, under our own host.
        hasBoundKey: false,
        isProofOpen: false,
        createdAt: row.createdAt,
        lastActivityAt: row.lastActivityAt,
        endsAt: row.endsAt,
        idleTimeoutSeconds: row.idleTimeoutSeconds,
        console: null,
      },
      tokenHashOfDigest(row.tokenHash),
    );
    door.slots[slot] = slotFor(row.id, row.parentId, identity);
    entries.set(row.id, { appId: row.appId, parentId: row.parentId, userId: row.userId });
    children.set(row.parentId, (children.get(row.parentId) ?? new Set()).add(row.id));
  };

  return {
    async reload() {
      const rows = await store.read.selectFrom('apps').selectAll().where('name', '=', GATEWAY_APP_NAME).execute();
      const next = new Map<string, AppDoor>();
      for (const row of rows) {
        const known = doors.get(row.id);
        const app = toGatewayApp(row);
        next.set(row.id, { app, table: known?.table ?? new SessionTable(), slots: known?.slots ?? [] });
      }
      for (const [id, entry] of entries) if (!next.has(entry.appId)) forget(id);
      doors.clear();
      for (const [id, door] of next) doors.set(id, door);
      byHost = new Map([...doors.values()].flatMap((door) => hostKeys(door.app).map((key) => [key, door] as const)));
    },
    async load() {
      let after = '';
      for (;;) {
        const rows = await store.read
          .selectFrom('sessions')
          .innerJoin('users', 'users.id', 'sessions.userId')
          .selectAll('sessions')
          .select(['users.login', 'users.profile'])
          .where('sessions.parentId', 'is not', null)
          .where('sessions.tokenHash', 'is not', null)
          .where('sessions.endedAt', 'is', null)
          .where('sessions.id', '>', after)
          .orderBy('sessions.id')
          .limit(LOAD_PAGE)
          .execute();
        for (const row of rows) {
          const displayName = displayNameOf(JSON.parse(row.profile), row.login);
          admit(row, { userId: row.userId, login: row.login, displayName });
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < LOAD_PAGE) return;
        after = last.id;
      }
    },
    doorOfHost: (host) => byHost.get(host) ?? byHost.get(host.toLowerCase()),
    doorOfApp: (appId) => doors.get(appId),
    admit,
    modesUnder: (orgId) =>
      [...(children.get(orgId) ?? [])].map((id) => settings.modesFor(entries.get(id)?.appId ?? '')),
    isAnyLiveUnder(orgId) {
      const now = clock.now();
      return [...(children.get(orgId) ?? [])].some((id) => {
        const table = doorOf(id)?.table;
        const slot = table?.slotOfId(id) ?? -1;
        return table !== undefined && slot !== -1 && codeOf(table.clockOf(slot, now)) === CHECK.HOLD;
      });
    },
    forget,
    forgetUnder(orgId) {
      for (const id of [...(children.get(orgId) ?? [])]) forget(id);
    },
    forgetUser(userId) {
      for (const [id, entry] of [...entries]) if (entry.userId === userId) forget(id);
    },
    rename(identity) {
      for (const [id, entry] of entries) {
        if (entry.userId !== identity.userId) continue;
        const door = doors.get(entry.appId);
        const slot = door?.table.slotOfId(id) ?? -1;
        if (door === undefined || slot === -1) continue;
        door.slots[slot] = slotFor(id, entry.parentId, identity);
      }
    },
    applySettings() {
      for (const [id, { appId }] of entries) doors.get(appId)?.table.setModes(id, settings.modesFor(appId));
    },
    *drainActivity() {
      for (const { table } of doors.values()) yield* table.drainActivity();
    },
    expired() {
      const now = clock.now();
      return [...doors.values()].flatMap(({ table }) =>
        [...table.suspects(now)].flatMap((id) => {
          const slot = table.slotOfId(id);
          const code = codeOf(table.clockOf(slot, now));
          const reason = code === CHECK.LIFETIME_REACHED ? 'lifetime' : code === CHECK.IDLE ? 'idle' : null;
          return reason === null ? [] : [{ id, userId: table.userIdOf(slot), reason } as const];
        }),
      );
    },
  };
};
