import { invalid } from '@sallyport/model/errors';
import { toIso } from '@sallyport/model/instant';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { Transaction } from '../ports/store.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { DEFAULT_SETTINGS, type OrgProfile } from '../settings/org-settings.ts';
import { recordEvent } from '../system-log/record-event.ts';
import { orgAsTarget } from './org-as-target.ts';

type Profile = { readonly [K in keyof OrgProfile]?: string | null | undefined };
export interface OrgBody extends Profile {
  readonly companyName?: string | undefined;
}

const FIELDS = Object.keys(DEFAULT_SETTINGS.orgProfile) as readonly (keyof OrgProfile)[];

const present = async (s: Services, db: Transaction) => {
  const org = await db.selectFrom('org').selectAll().executeTakeFirstOrThrow();
  const profile = await s.settings.read(db, 'orgProfile');
  const written = await db
    .selectFrom('settings')
    .select('updatedAt')
    .where('key', '=', 'orgProfile')
    .executeTakeFirst();
  const { origin, hostname } = s.config.publicUrl;
  return {
    id: org.id,
    companyName: org.name,
    subdomain: hostname.split('.')[0] ?? hostname,
    status: 'ACTIVE',
    created: toIso(org.createdAt),
    lastUpdated: toIso(written?.updatedAt ?? org.createdAt),
    expiresAt: null,
    ...profile,
    _links: {
      self: { href: `${origin}/api/v1/org`, hints: { allow: ['GET', 'POST', 'PUT'] } },
      contacts: { href: `${origin}/api/v1/org/contacts` },
      preferences: { href: `${origin}/api/v1/org/preferences` },
    },
  };
};

/** `GET /api/v1/org`. */
export const getOrg = (s: Services) => present(s, s.store.read);

/**
 * The address of a page as a link has it, also of one that was written without `https://`; null for what is none. It
 * stands on the page where people sign in: `javascript:` or a name and password before the host have no place there.
 */
export const pageAddress = (text: string): string | null => {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const isPage =
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && !/[\s\\]/.test(text);
  return isPage && (url.hostname.includes('.') || url.hostname === 'localhost') ? url.href : null;
};

const readProfile = (body: OrgBody, kept: Partial<OrgProfile>): OrgProfile => {
  const named = Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = body[field];
      return value === undefined ? [] : [[field, value === '' ? null : value]];
    }),
  ) as Partial<OrgProfile>;
  for (const field of ['website', 'endUserSupportHelpURL'] as const) {
    const text = named[field] ?? null;
    if (text !== null && pageAddress(text) === null)
      throw invalid(field, 'must be the address of a page, like https://help.example.com');
  }
  return { ...DEFAULT_SETTINGS.orgProfile, ...kept, ...named };
};

/** `POST` (what is named) and `PUT` (the whole) `/api/v1/org`. E0000001 for an address that is none. */
export const putOrg = async (s: Services, principal: Principal, body: OrgBody, isReplacing: boolean) => {
  assertHolds(principal, 'okta.orgs.manage');
  const shown = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const org = await tx.selectFrom('org').selectAll().executeTakeFirstOrThrow();
    const before = await s.settings.read(tx, 'orgProfile');
    const after = readProfile(body, isReplacing ? {} : before);
    const name = body.companyName ?? org.name;
    if (name !== org.name) await tx.updateTable('org').set({ name }).where('id', '=', org.id).execute();
    await s.settings.put(tx, 'orgProfile', after, s.clock.now(), authorOf(principal));
    await recordEvent(s, tx, principal, {
      eventType: 'sallyport.settings.update',
      target: [
        {
          ...orgAsTarget({ ...org, name }),
          changeDetails: { from: { companyName: org.name, ...before }, to: { companyName: name, ...after } },
        },
      ],
    });
    return present(s, tx);
  });
  await s.settings.reload();
  return shown;
};
