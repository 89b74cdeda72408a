import { whyNotQualified } from '@sallyport/decide/authenticators/qualify-factor';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import { toIso } from '@sallyport/model/instant';
import { sentenceOf } from '@sallyport/model/reasons';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { keyFactsOf } from './factor-rows.ts';

const KINDS = {
  webauthn: { factorType: 'webauthn', provider: 'FIDO' },
  totp: { factorType: 'token:software:totp', provider: 'GOOGLE' },
} as const;

/** What a person reads of an authenticator, and whether it opens the Admin Console. */
export const describeFactor = (row: Row<'factors'>, settings: KeySettings) => {
  const reason = whyNotQualified({ kind: row.kind, isActive: row.status === 'ACTIVE', key: keyFactsOf(row) }, settings);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    isDeviceBound: row.kind === 'webauthn' && row.isBackupEligible === 0,
    isAttested: row.isAttested === 1,
    qualifies: reason === null,
    whyNot: reason === null ? null : sentenceOf(reason),
    createdAt: toIso(row.createdAt),
    lastUsedAt: row.lastUsedAt === null ? null : toIso(row.lastUsedAt),
  };
};

const link = (href: string, ...allow: readonly string[]) => ({ href, hints: { allow } });

/** An authenticator as the wire shows it; neither the challenge nor the secret of an unfinished one ever stands here. */
export const presentFactor = (
  s: Pick<Services, 'config' | 'settings'>,
  row: Row<'factors'>,
  user: Pick<Row<'users'>, 'id' | 'login'>,
) => {
  const { factorType, provider } = KINDS[row.kind];
  const person = `${s.config.publicUrl.origin}/api/v1/users/${user.id}`;
  const self = `${person}/factors/${row.id}`;
  const isActive = row.status === 'ACTIVE';
  return {
    id: row.id,
    factorType,
    provider,
    vendorName: provider,
    status: row.status,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    profile:
      row.kind === 'totp'
        ? { credentialId: user.login }
        : { authenticatorName: row.name, ...(row.credentialId === null ? {} : { credentialId: row.credentialId }) },
    _links: {
      ...(isActive ? {} : { activate: link(`${self}/lifecycle/activate`, 'POST') }),
      self: link(self, 'GET', 'DELETE'),
      user: link(person, 'GET'),
    },
    sallyport: describeFactor(row, s.settings.get('keys')),
  };
};
