import { strictestModes } from '@sallyport/decide/sessions/strictest-binding';
import type { RequestContext } from '@sallyport/model/principal';
import type { Baseline, BindingModes, SessionEndReason } from '@sallyport/model/session';
import { countExemptPass } from '../http/metrics.ts';
import { locksOn } from '../locks/store.ts';
import type { Services } from '../services.ts';
import { jobContext } from '../setup/announce-setup.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { type AddressProofs, createAddressProofs, type OpenProof } from './address-proofs.ts';
import { CHECK, codeOf, slotOf } from './check-result.ts';
import { endRoamingSession, type FailedProof, observeRoaming } from './end-roaming-session.ts';
import { doesEndCommandLines, endSession, publishEnded, sessionTarget } from './end-sessions.ts';
import { type BindingConditions, bindingFacts, judgeBinding } from './judge-binding.ts';
import type { ProofAsked } from './proof-required.ts';
import { SessionTable } from './session-table.ts';
import { appSessionsOf, sessionByTokenHash } from './store.ts';
import { tokenHash } from './token-hash.ts';
import { writeActivity, writeConsoleActivity } from './write-activity.ts';

export interface CheckedSession {
  readonly id: string;
  readonly userId: string;
  readonly hasConsole: boolean;
}

/** The sessions that live now, held in memory and bound to their networks. */
export interface LiveSessions {
  /** The table itself, for the raw check handler. */
  readonly table: SessionTable;
  /** Reads every live session from the store; once, at the start. */
  load(): Promise<void>;
  /** Takes in a session whose rows have been committed. */
  admit(org: Row<'sessions'>, app: Row<'sessions'> | null): void;
  /** Judges a presented token. Null: there is no such session here and now; the reason is in the log, not in the answer. */
  check(token: string, request: RequestContext): Promise<CheckedSession | null>;
  /** What sessions owe and have proved under `PROVE`. */
  readonly proofs: AddressProofs;
  /**
   * After `check` said null: what the page's key must sign so that the same request passes. A door that does not ask
   * stays shut, which is what a door without a page behind it must do.
   */
  proofAsked(token: string, request: RequestContext): ProofAsked | null;
  /** The same of a session that was seen at a new address at the host of an app. False when it owes too many already. */
  askProof(id: string, request: RequestContext, modes: BindingModes): Promise<boolean>;
  /** Ends a session whose challenge was failed, as roaming does, with the address that was challenged. */
  endUnproved(id: string, proof: OpenProof, failedProof: FailedProof): Promise<void>;
  /** Counts a pass by the exempt zone, of an org session or an app session. */
  noteExempt(id: string): void;
  /** Takes a session and the app sessions beneath it out of memory; the caller ends the rows. */
  forget(id: string): void;
  lastActivityAt(id: string): number | null;
  /** When a live session ends by itself, its Admin Console included, for that ends the whole; null for one that is not in memory. */
  deadlinesOf(id: string): { readonly idleEndsAt: number; readonly endsAt: number } | null;
  isLive(id: string): boolean;
  /** Counts as interaction. */
  touch(id: string): void;
  /** The binding modes that a live session has now: the strictest of the apps that it reaches. */
  modesOf(id: string): BindingModes;
  /** Takes new binding modes to all live sessions. */
  applySettings(): void;
  /** The same for one, which opened an app. */
  applySettingsTo(id: string): void;
  /** Writes last activity in one batch. */
  flush(): Promise<void>;
  /** Ends, with an event, a session that time has ended. Nothing that decides waits for it. */
  settle(id: string): Promise<void>;
  /** The same for all. */
  sweep(): Promise<void>;
  count(): number;
  close(): Promise<void>;
}

type Base = Omit<Services, 'sessions'>;

const LOAD_PAGE = 2000;

export const createLiveSessions = (base: Base): LiveSessions => {
  const table = new SessionTable();
  const proofs = createAddressProofs(base);
  const { store, clock, settings, bus, logger, appSessions } = base;
  /** Unknown tokens ask the store (another node may have signed them in); a flood of them is answered from here. */
  const isShared = store.engine === 'postgres';
  let services: Services;
  /** Command-line sessions by the browser's session that allowed them. */
  const openedBy = new Map<string, Set<string>>();

  const hashOf = (digest: string): Buffer => Buffer.from(digest, 'base64url');
  /** The strictest of the apps that a session reaches (design §5.1): our own, and those it has opened at the gateway. */
  const modesOf = (id: string): BindingModes =>
    strictestModes([settings.modesFor('saasure'), settings.modesFor('okta_enduser'), ...appSessions.modesUnder(id)]);
  /** Out of memory with the app sessions that hang on it, in one turn. */
  const forget = (id: string): void => {
    table.remove(id);
    appSessions.forgetUnder(id);
    appSessions.forget(id);
  };

  const admit = (org: Row<'sessions'>, app: Row<'sessions'> | null, isLocked = false): void => {
    if (org.tokenHash === null) return;
    if (org.openedBySessionId !== null)
      openedBy.set(org.openedBySessionId, (openedBy.get(org.openedBySessionId) ?? new Set()).add(org.id));
    // A session that was proved anew opens its apps anew.
    appSessions.forgetUnder(org.id);
    const baseline = JSON.parse(org.baseline) as Baseline;
    table.insert(
      {
        id: org.id,
        userId: org.userId,
        baseline,
        modes: modesOf(org.id),
        isLocked,
        hasBoundKey: org.boundKey !== null,
        isProofOpen: proofs.hasOpen(org.id),
        createdAt: org.createdAt,
        lastActivityAt: org.lastActivityAt,
        endsAt: org.endsAt,
        idleTimeoutSeconds: org.idleTimeoutSeconds,
        console:
          app === null
            ? null
            : { endsAt: app.endsAt, lastActivityAt: app.lastActivityAt, idleTimeoutSeconds: app.idleTimeoutSeconds },
      },
      hashOf(org.tokenHash),
      org.previousTokenHash !== null && org.previousValidUntilAt !== null
        ? { tokenHash: hashOf(org.previousTokenHash), graceUntilAt: org.previousValidUntilAt }
        : null,
    );
  };

  const admitFromStore = async (org: Row<'sessions'>): Promise<void> => {
    const apps = await appSessionsOf(store.read, org.id);
    const now = clock.now();
    const locks = await Promise.all([
      locksOn(store.read, 'session', org.id, now),
      locksOn(store.read, 'user', org.userId, now),
      // Who is stopped in the browser is stopped in the terminal that hangs on it.
      org.openedBySessionId === null ? [] : locksOn(store.read, 'session', org.openedBySessionId, now),
    ]);
    proofs.restore(org);
    const consoleRow = apps.find((app) => app.endedAt === null && app.tokenHash === null) ?? null;
    admit(org, consoleRow, locks.flat().length > 0);
  };

  const conditionsOf = (slot: number, isPredecessor: boolean): BindingConditions => {
    const { id, modes: own, hasBoundKey } = table.view(slot);
    const provedAddress = proofs.provedAddress(id);
    // A replaced token is good from the same network only, whatever the modes say (design §5.1), and proves nothing.
    return isPredecessor
      ? { modes: { asnBinding: 'ENFORCED', ipBinding: own.ipBinding }, provedAddress, canProve: false }
      : { modes: own, provedAddress, canProve: hasBoundKey };
  };

  const endRoaming = async (
    slot: number,
    request: RequestContext,
    conditions: BindingConditions,
    failedProof?: FailedProof,
  ): Promise<void> => {
    const view = table.view(slot);
    const verdict = judgeBinding(base, view, request, conditions);
    const facts = bindingFacts(base, view, request, conditions);
    // Out of memory first, in the same turn: of twenty requests at once, none after this line passes.
    forget(view.id);
    await endRoamingSession(services, request, view, { facts, verdict, ...(failedProof && { failedProof }) });
  };

  const endUnproved = async (id: string, proof: OpenProof, failedProof: FailedProof): Promise<void> => {
    const slot = table.slotOfId(id);
    if (slot === -1) return;
    const request = proofs.requestOf(proof);
    const conditions = { modes: proof.modes, provedAddress: proofs.provedAddress(id), canProve: false };
    if (judgeBinding(base, table.view(slot), request, conditions).kind === 'end')
      return endRoaming(slot, request, conditions, failedProof);
    // By now it is the session's own address, or an exempt one: nothing is owed for it any more.
    await proofs.drop(id, proof);
    table.setProofOpen(id, proofs.hasOpen(id));
  };

  /** Ends an org session or an app session. */
  const endWith = async (
    id: string,
    userId: string,
    reason: SessionEndReason,
    request: RequestContext = jobContext(`end-${id}`),
  ): Promise<void> => {
    forget(id);
    const principal = { kind: 'job', job: 'sessions', permissions: new Set<never>(), request } as const;
    await store.transaction(async (tx) => {
      const isEnded = await endSession(services, tx, principal, { id, userId }, reason);
      if (!isEnded || reason !== 'token-reused') return;
      // Somebody kept a copy of the token that was replaced: from where it came is what a responder asks first.
      const user = await tx.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst();
      await recordEvent(services, tx, principal, {
        eventType: 'sallyport.session.token_reuse',
        ...(user === undefined ? {} : { actor: userAsActor(user) }),
        outcome: { result: 'DENY', reason: 'session-token-superseded' },
        target: [sessionTarget(id)],
        externalSessionId: id,
      });
    });
    publishEnded(services, [id], reason);
  };

  const closeConsole = async (id: string, userId: string, reason: 'idle' | 'lifetime'): Promise<void> => {
    table.setConsole(id, null);
    const request = jobContext(`console-${id}`);
    const principal = { kind: 'job', job: 'sessions', permissions: new Set<never>(), request } as const;
    await store.transaction(async (tx) => {
      const row = (await appSessionsOf(tx, id)).find((app) => app.endedAt === null && app.tokenHash === null);
      if (row !== undefined) await endSession(services, tx, principal, { id: row.id, userId }, reason);
    });
  };

  const exemptPasses = new Map<string, number>();
  const noteExempt = (id: string): void => {
    countExemptPass();
    exemptPasses.set(id, (exemptPasses.get(id) ?? 0) + 1);
  };

  const check = async (token: string, request: RequestContext): Promise<CheckedSession | null> => {
    const hash = tokenHash(token);
    const now = clock.now();
    const packed = request.client.kind === 'known' ? request.client.address : null;
    let result = table.check(hash, packed, now, request.isBackground, false);
    if (codeOf(result) === CHECK.SESSION_UNKNOWN && isShared) {
      const row = await sessionByTokenHash(store.read, hash.toString('base64url'));
      if (row === undefined || row.endedAt !== null || row.parentId !== null) return null;
      await admitFromStore(row);
      result = table.check(hash, packed, now, request.isBackground, false);
    }
    const code = codeOf(result);
    if (code === CHECK.SESSION_UNKNOWN) return null;
    const slot = slotOf(result);
    const id = table.idOf(slot);
    const userId = table.userIdOf(slot);
    // An unanswered challenge is a mismatch, also when the session would end for another reason, and whoever asks: the
    // owner must hear of the thief's attempt.
    const overdue = code === CHECK.HOLD ? null : proofs.overdue(id, now);
    if (overdue !== null) {
      await endUnproved(id, overdue, 'unanswered');
      return table.slotOfId(id) === -1 ? null : check(token, request);
    }
    if (code === CHECK.NEEDS_JUDGEMENT || code === CHECK.NEEDS_JUDGEMENT_OF_PREDECESSOR) {
      const conditions = conditionsOf(slot, code === CHECK.NEEDS_JUDGEMENT_OF_PREDECESSOR);
      const view = table.view(slot);
      const verdict = judgeBinding(base, view, request, conditions);
      if (verdict.kind === 'end') {
        await endRoaming(slot, request, conditions);
        return null;
      }
      if (verdict.kind === 'prove' && packed !== null) {
        // Asked before anything waits: of twenty requests at once all are refused, with one and the same challenge.
        table.setProofOpen(id, true);
        if (!(await proofs.ask(id, packed, request, view.modes)))
          await endRoaming(slot, request, { ...conditions, canProve: false }, 'unanswered');
        return null;
      }
      if (verdict.reasons.includes('address-exempt')) noteExempt(id);
      if (verdict.kind === 'observe') await observeRoaming(services, request, view, verdict);
      // The judgement took time in observe mode; the session may have ended meanwhile.
      if (table.slotOfId(id) !== slot) return null;
      result = table.pass(slot, now, request.isBackground, false);
    } else if (code !== CHECK.HOLD) {
      const reason =
        code === CHECK.TOKEN_SUPERSEDED
          ? 'token-reused'
          : code === CHECK.IDLE
            ? 'idle'
            : code === CHECK.LIFETIME_REACHED
              ? 'lifetime'
              : null;
      if (reason !== null) await endWith(id, userId, reason, reason === 'token-reused' ? request : undefined);
      return null;
    }
    const consoleResult = codeOf(table.pass(slot, now, request.isBackground, true));
    if (consoleResult === CHECK.CONSOLE_IDLE || consoleResult === CHECK.CONSOLE_LIFETIME_REACHED) {
      const reason = consoleResult === CHECK.CONSOLE_IDLE ? 'idle' : 'lifetime';
      // Where the console is all that an administrator's session is for, its end is the end of the whole. Who is at
      // work in an app behind the gateway goes on there, without the console (decision 9).
      if (appSessions.isAnyLiveUnder(id)) {
        await closeConsole(id, userId, reason);
        return { id, userId, hasConsole: false };
      }
      await endWith(id, userId, reason);
      return null;
    }
    return { id, userId, hasConsole: consoleResult === CHECK.HOLD };
  };

  const flush = async (): Promise<void> => {
    const touched = [...table.drainActivity()];
    const passes = [...exemptPasses];
    exemptPasses.clear();
    const touchedApps = [...appSessions.drainActivity()];
    if (touched.length === 0 && passes.length === 0 && touchedApps.length === 0) return;
    await store.transaction(async (tx) => {
      await writeActivity(tx, [...touched, ...touchedApps]);
      await writeConsoleActivity(
        tx,
        touched.flatMap(({ id, consoleLastActivityAt: at }) => (at === null ? [] : [{ id, lastActivityAt: at }])),
      );
      for (const [id, count] of passes)
        await tx
          .updateTable('sessions')
          .set((e) => ({ exemptPasses: e('exemptPasses', '+', count) }))
          .where('id', '=', id)
          .execute();
    });
  };

  const unsubscribe = bus.subscribe((revocation) => {
    if (revocation.kind === 'session') {
      forget(revocation.id);
      proofs.forget(revocation.id);
      const opened = openedBy.get(revocation.id) ?? [];
      openedBy.delete(revocation.id);
      // Their rows ended in the same transaction.
      if (doesEndCommandLines(revocation.reason))
        publishEnded(
          services,
          [...opened].filter((id) => table.slotOfId(id) !== -1),
          'browser-session-ended',
        );
    }
    if (revocation.kind === 'user' && revocation.reason !== 'rights-changed') {
      for (const id of table.endUser(revocation.id)) proofs.forget(id);
      appSessions.forgetUser(revocation.id);
    }
  });

  const live: LiveSessions = {
    table,
    async load() {
      let after = '';
      for (;;) {
        const rows = await store.read
          .selectFrom('sessions')
          .selectAll()
          .where('parentId', 'is', null)
          .where('endedAt', 'is', null)
          .where('id', '>', after)
          .orderBy('id')
          .limit(LOAD_PAGE)
          .execute();
        for (const row of rows) await admitFromStore(row);
        const last = rows.at(-1);
        if (last === undefined || rows.length < LOAD_PAGE) break;
        after = last.id;
      }
      await appSessions.load();
      live.applySettings();
    },
    admit(org, app) {
      proofs.forgetProved(org.id);
      admit(org, app);
    },
    check,
    proofs,
    async askProof(id, request, modes) {
      if (request.client.kind !== 'known' || !table.setProofOpen(id, true)) return false;
      return proofs.ask(id, request.client.address, request, modes);
    },
    endUnproved,
    noteExempt,
    forget,
    proofAsked(token, request) {
      if (request.client.kind !== 'known') return null;
      const { address } = request.client;
      const result = table.check(tokenHash(token), address, clock.now(), true, false);
      if (codeOf(result) !== CHECK.NEEDS_JUDGEMENT) return null;
      const sessionId = table.idOf(slotOf(result));
      const proof = proofs.openAt(sessionId, address);
      return proof === undefined || !(clock.now() < proof.expiresAt)
        ? null
        : { sessionId, challenge: proof.challenge, address: proof.address, expiresAt: proof.expiresAt };
    },
    lastActivityAt(id) {
      const slot = table.slotOfId(id);
      return slot === -1 ? null : table.view(slot).lastActivityAt;
    },
    deadlinesOf(id) {
      const slot = table.slotOfId(id);
      if (slot === -1) return null;
      const { console: app, ...org } = table.view(slot);
      const layers = app === null ? [org] : [org, app];
      return {
        idleEndsAt: Math.min(...layers.map((layer) => layer.lastActivityAt + layer.idleTimeoutSeconds * 1000)),
        endsAt: Math.min(...layers.map((layer) => layer.endsAt)),
      };
    },
    isLive(id) {
      const slot = table.slotOfId(id);
      if (slot === -1) return false;
      const { lastActivityAt, idleTimeoutSeconds, endsAt, isLocked, console: app } = table.view(slot);
      const now = clock.now();
      if (proofs.overdue(id, now) !== null) return false;
      const isConsoleAlive =
        app === null || (now < app.endsAt && now < app.lastActivityAt + app.idleTimeoutSeconds * 1000);
      const isOwnAlive = !isLocked && now < endsAt && now < lastActivityAt + idleTimeoutSeconds * 1000;
      return isOwnAlive && (isConsoleAlive || appSessions.isAnyLiveUnder(id));
    },
    touch(id) {
      const slot = table.slotOfId(id);
      if (slot !== -1) table.pass(slot, clock.now(), false, false);
    },
    modesOf,
    applySettingsTo(id) {
      table.setModes(id, modesOf(id));
    },
    applySettings() {
      for (const id of [...table.ids()]) table.setModes(id, modesOf(id));
      appSessions.applySettings();
    },
    flush,
    async settle(id) {
      const slot = table.slotOfId(id);
      if (slot === -1 || live.isLive(id)) return;
      const now = clock.now();
      const overdue = proofs.overdue(id, now);
      if (overdue !== null) return endUnproved(id, overdue, 'unanswered');
      const view = table.view(slot);
      const isOver = now >= view.endsAt || (view.console !== null && now >= view.console.endsAt);
      await endWith(id, view.userId, isOver ? 'lifetime' : 'idle');
    },
    async sweep() {
      for (const id of [...table.suspects(clock.now())]) await live.settle(id);
      for (const { id, userId, reason } of appSessions.expired()) await endWith(id, userId, reason);
    },
    count: () => table.size,
    async close() {
      unsubscribe();
      await flush().catch((error: unknown) => logger.error({ err: error }, 'the last activity could not be written'));
    },
  };
  services = { ...base, sessions: live };
  return live;
};
