import { ageMinutesMax, refusedSetting, settingOf } from '@sallyport/decide/protected-actions/setting-of';
import { ApiError, invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import {
  ACTION_NAMES,
  type ActionName,
  actionRow,
  defaultSetting,
  isActionName,
  type ProtectedActionSetting,
  type ProtectedActionsDocument,
  wordsOf,
} from '@sallyport/model/protected-actions';
import { peopleAmong } from '../approvals/accounts-of-human.ts';
import { superAdminVoices } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import { recordEvent } from '../system-log/record-event.ts';

/** The body that PUT takes: the switch, and those actions that shall change. */
export interface ProtectedActionsBody {
  readonly isOn?: boolean | undefined;
  readonly actions?: Readonly<Record<string, ProtectedActionSetting>> | undefined;
}

export const protectedActionsVersion = settingsVersion;

const USED_DAYS = 30;

/** How often each action was done with proof lately, and when last. */
const useOf = async (s: Services): Promise<ReadonlyMap<string, { count: number; lastAt: number }>> => {
  const rows = await s.store.read
    .selectFrom('actionProofs')
    .innerJoin('actionProofRequests', 'actionProofRequests.proofId', 'actionProofs.id')
    .select((e) => [
      'actionProofs.action',
      e.fn.countAll<number | string>().as('count'),
      e.fn.max('actionProofRequests.usedAt').as('lastAt'),
    ])
    .where('actionProofRequests.usedAt', '>', s.clock.now() - USED_DAYS * 86_400_000)
    .groupBy('actionProofs.action')
    .execute();
  return new Map(rows.map((row) => [row.action, { count: Number(row.count), lastAt: Number(row.lastAt) }]));
};

const lastChange = async (s: Services) => {
  const row = await s.store.read
    .selectFrom('settings')
    .leftJoin('users', 'users.id', 'settings.updatedBy')
    .select(['settings.updatedAt', 'settings.updatedBy', 'users.login'])
    .where('settings.key', '=', 'protectedActions')
    .executeTakeFirst();
  return row === undefined ? null : { at: toIso(row.updatedAt), by: row.updatedBy, byLogin: row.login };
};

/** `GET /sallyport/v1/protected-actions`: the whole table, what was chosen, and how often each was used in 30 days. */
export const getProtectedActions = async (s: Services) => {
  const document = await s.settings.read(s.store.read, 'protectedActions');
  const use = await useOf(s);
  return {
    isOn: document.isOn,
    actions: ACTION_NAMES.map((action) => {
      const row = actionRow(action);
      const used = use.get(action);
      return {
        action,
        words: wordsOf(action, '…'),
        group: row.group,
        why: row.why,
        isFloor: row.isFloor === true,
        maxAgeMinutesMax: ageMinutesMax(action),
        isChosen: document.actions[action] !== undefined,
        usual: defaultSetting(action),
        setting: { ...defaultSetting(action), ...document.actions[action] },
        inForce: settingOf(document, action),
        usedIn30Days: used?.count ?? 0,
        lastUsedAt: used === undefined ? null : toIso(used.lastAt),
      };
    }),
    changed: await lastChange(s),
    version: settingsVersion(document),
  };
};

const checked = (body: ProtectedActionsBody): ProtectedActionsDocument['actions'] => {
  const entries = Object.entries(body.actions ?? {});
  const causes = entries.flatMap(([name, setting]) =>
    isActionName(name)
      ? refusedSetting(name, setting).map(({ field, sentence }) => `actions.${name}.${field}: ${sentence}`)
      : [`actions.${name}: There is no such action`],
  );
  if (causes.length > 0) throw new ApiError('E0000001', { args: ['actions'], causes });
  return Object.fromEntries(entries) as ProtectedActionsDocument['actions'];
};

const isDefault = (action: ActionName, setting: ProtectedActionSetting): boolean => {
  const normal = defaultSetting(action);
  return (Object.keys(normal) as (keyof ProtectedActionSetting)[]).every((key) => normal[key] === setting[key]);
};

/** A second person who does not exist would lock the action, and this table, for good. */
const assertSecondPerson = async (
  s: Services,
  tx: Transaction,
  before: ProtectedActionsDocument,
  after: ProtectedActionsDocument,
): Promise<void> => {
  const asked = ACTION_NAMES.find(
    (action) => settingOf(after, action).needsApproval && !settingOf(before, action).needsApproval,
  );
  if (asked !== undefined && (await peopleAmong(tx, await superAdminVoices(s, tx, 'now'))) < 2)
    throw invalid(
      `actions.${asked}.needsApproval`,
      'There is no second person yet: two super admins must be able to sign in with a key that stays on its device',
    );
};

/**
 * `PUT /sallyport/v1/protected-actions`. What is not named stays; a setting that is the default is forgotten, so that a
 * later default counts. Errors: E0000001 by field, below the floor too; 412 when somebody else changed it meanwhile.
 */
export const putProtectedActions = async (
  s: Services,
  principal: Principal,
  body: ProtectedActionsBody,
  ifMatch?: string,
) => {
  const chosen = checked(body);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const before = await s.settings.read(tx, 'protectedActions');
    assertUnchanged(ifMatch, before);
    const merged = { ...before.actions, ...chosen };
    const actions = Object.fromEntries(
      ACTION_NAMES.flatMap((action) => {
        const setting = merged[action];
        return setting === undefined || isDefault(action, setting) ? [] : [[action, setting] as const];
      }),
    );
    const after: ProtectedActionsDocument = { isOn: body.isOn ?? before.isOn, actions };
    await assertSecondPerson(s, tx, before, after);
    await s.settings.put(tx, 'protectedActions', after, s.clock.now(), authorOf(principal));
    const changed = ACTION_NAMES.filter(
      (action) => JSON.stringify(settingOf(before, action)) !== JSON.stringify(settingOf(after, action)),
    );
    const shown = (document: ProtectedActionsDocument) => ({
      enabled: document.isOn,
      ...Object.fromEntries(
        changed.map((action) => {
          const { isOn, maxAgeMinutes, authenticator, needsApproval } = settingOf(document, action);
          const approval = needsApproval ? ', second person' : '';
          return [action, isOn ? `every ${maxAgeMinutes} min, ${authenticator}${approval}` : 'off'];
        }),
      ),
    });
    await recordEvent(s, tx, principal, {
      eventType: 'security.protected_action.settings.update',
      target: [
        {
          id: 'protected-actions',
          type: 'ProtectedActions',
          alternateId: 'protected-actions',
          displayName: 'Protected actions',
          detailEntry: null,
          changeDetails: { from: shown(before), to: shown(after) },
        },
      ],
      debugData: { changedActions: changed.join(',') },
    });
  });
  await s.settings.reload();
  return getProtectedActions(s);
};
