import { type CustomAaguid, DEFAULT_KEY_SETTINGS, type KeySettings } from '@sallyport/model/authenticator-settings';
import type { ProtectedActionsDocument } from '@sallyport/model/protected-actions';
import type { BindingMode, BindingModes } from '@sallyport/model/session';
import type { SetupProgress } from '@sallyport/model/setup-progress';
import type { AttributeSchema } from '@sallyport/model/user-schema';
import type { Store, Transaction } from '../ports/store.ts';

export interface AdminConsoleSettings {
  readonly sessionIdleTimeoutMinutes: number;
  readonly sessionMaxLifetimeMinutes: number;
}
export interface SessionBindingSettings extends BindingModes {
  readonly exemptZoneId: string | null;
  /** By the name of a built-in app, or the id of one behind the gateway. */
  readonly apps: Readonly<Record<string, { readonly asnBinding?: BindingMode; readonly ipBinding?: BindingMode }>>;
}
/** What is said about the organisation, in the words of the wire. Its name stands in its own row. */
export interface OrgProfile {
  readonly address1: string | null;
  readonly address2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
  readonly phoneNumber: string | null;
  readonly website: string | null;
  readonly supportPhoneNumber: string | null;
  readonly endUserSupportHelpURL: string | null;
}
/** Whom to ask about what; people by id. */
export type OrgContacts = Readonly<Partial<Record<'BILLING' | 'TECHNICAL', string>>>;
interface Documents {
  readonly adminConsole: AdminConsoleSettings;
  readonly sessionBinding: SessionBindingSettings;
  readonly setupProgress: SetupProgress;
  readonly protectedActions: ProtectedActionsDocument;
  readonly orgProfile: OrgProfile;
  readonly orgContacts: OrgContacts;
  /** What profiles of groups hold beside the base attributes, oldest first. */
  readonly groupSchema: { readonly attributes: Readonly<Record<string, AttributeSchema>> };
  readonly orgPreferences: { readonly showEndUserFooter: boolean };
  readonly keys: KeySettings;
  /** What was changed of an authenticator, by its key on the wire. */
  readonly authenticators: Readonly<
    Record<string, { readonly name?: string; readonly isOff?: boolean; readonly lastUpdatedAt: number }>
  >;
  readonly customAaguids: { readonly models: readonly CustomAaguid[] };
}

/** NIST SP 800-63B AAL3 limits: twelve hours, fifteen minutes. ASN enforced, IP observed (design §5.2). */
export const DEFAULT_SETTINGS: Documents = {
  adminConsole: { sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 720 },
  sessionBinding: { asnBinding: 'ENFORCED', ipBinding: 'MONITOR', exemptZoneId: null, apps: {} },
  setupProgress: { marks: {}, finishedAt: null },
  protectedActions: { isOn: true, actions: {} },
  orgProfile: {
    address1: null,
    address2: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    phoneNumber: null,
    website: null,
    supportPhoneNumber: null,
    endUserSupportHelpURL: null,
  },
  orgContacts: {},
  orgPreferences: { showEndUserFooter: true },
  keys: DEFAULT_KEY_SETTINGS,
  customAaguids: { models: [] },
  authenticators: {},
  groupSchema: { attributes: {} },
};

/** Settings documents of the org, held in memory for the hot path and written with their event. */
export interface OrgSettings {
  get<K extends keyof Documents>(key: K): Documents[K];
  /** What is stored, as a transaction sees it: what is about to be replaced. */
  read<K extends keyof Documents>(tx: Transaction, key: K): Promise<Documents[K]>;
  /** Writes within a transaction; call `reload` after commit. */
  put<K extends keyof Documents>(tx: Transaction, key: K, body: Documents[K], at: number, by: string): Promise<void>;
  reload(): Promise<void>;
  /** Modes for an app: the org's, with the app's own in place where set. */
  modesFor(app: string): BindingModes;
}

/** Modes for an app in given settings: the org's, with the app's own in place where set. */
export const modesIn = (
  { asnBinding, ipBinding, apps }: Pick<SessionBindingSettings, 'asnBinding' | 'ipBinding' | 'apps'>,
  app: string,
): BindingModes => ({ asnBinding, ipBinding, ...apps[app] });

/** A document as it is stored. */
export const readSettings = async <K extends keyof Documents>(db: Transaction, key: K): Promise<Documents[K]> => {
  const row = await db.selectFrom('settings').select('body').where('key', '=', key).executeTakeFirst();
  return { ...DEFAULT_SETTINGS[key], ...(row === undefined ? {} : (JSON.parse(row.body) as object)) };
};

export const createOrgSettings = (store: Store): OrgSettings => {
  let documents: Documents = DEFAULT_SETTINGS;
  return {
    get: (key) => documents[key],
    read: readSettings,
    async put(tx, key, body, at, by) {
      const row = { key, body: JSON.stringify(body), updatedAt: at, updatedBy: by };
      await tx
        .insertInto('settings')
        .values(row)
        .onConflict((c) => c.column('key').doUpdateSet({ body: row.body, updatedAt: at, updatedBy: by }))
        .execute();
    },
    async reload() {
      const rows = await store.read.selectFrom('settings').select(['key', 'body']).execute();
      const stored = Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.body) as object]));
      documents = {
        adminConsole: { ...DEFAULT_SETTINGS.adminConsole, ...stored['adminConsole'] },
        sessionBinding: { ...DEFAULT_SETTINGS.sessionBinding, ...stored['sessionBinding'] },
        setupProgress: { ...DEFAULT_SETTINGS.setupProgress, ...stored['setupProgress'] },
        protectedActions: { ...DEFAULT_SETTINGS.protectedActions, ...stored['protectedActions'] },
        orgProfile: { ...DEFAULT_SETTINGS.orgProfile, ...stored['orgProfile'] },
        orgContacts: { ...DEFAULT_SETTINGS.orgContacts, ...stored['orgContacts'] },
        groupSchema: { ...DEFAULT_SETTINGS.groupSchema, ...stored['groupSchema'] },
        orgPreferences: { ...DEFAULT_SETTINGS.orgPreferences, ...stored['orgPreferences'] },
        keys: { ...DEFAULT_SETTINGS.keys, ...stored['keys'] },
        authenticators: { ...stored['authenticators'] },
        customAaguids: { ...DEFAULT_SETTINGS.customAaguids, ...stored['customAaguids'] },
      };
    },
    modesFor: (app) => modesIn(documents.sessionBinding, app),
  };
};
