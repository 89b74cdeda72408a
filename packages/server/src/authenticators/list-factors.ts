import type { Principal } from '@sallyport/model/principal';
import type { Services } from '../services.ts';
import { enrolmentOfPerson } from './enrolment-of-person.ts';
import { factorsOf } from './factor-rows.ts';
import { findFactor, findHolder } from './holder.ts';
import { presentFactor } from './present-factor.ts';
import { takesCodes } from './takes-codes.ts';

const read = 'okta.users.read';

/** `GET /api/v1/users/{id}/factors`: unfinished ones too, by their status. */
export const listFactors = async (s: Services, principal: Principal, idOrLogin: string) => {
  const { user } = await findHolder(s.store.read, principal, idOrLogin, read);
  const rows = await factorsOf(s.store.read, user.id);
  return rows.map((row) => presentFactor(s, row, user));
};

/** `GET /api/v1/users/{id}/factors/{factorId}`. */
export const getFactor = async (s: Services, principal: Principal, idOrLogin: string, factorId: string) => {
  const { user } = await findHolder(s.store.read, principal, idOrLogin, read);
  return presentFactor(s, await findFactor(s.store.read, user.id, factorId), user);
};

/** `GET /api/v1/users/{id}/factors/catalog`. */
export const listFactorCatalog = async (s: Services, principal: Principal, idOrLogin: string) => {
  const { user } = await findHolder(s.store.read, principal, idOrLogin, read);
  const active = (await factorsOf(s.store.read, user.id)).filter(({ status }) => status === 'ACTIVE');
  const href = `${s.config.publicUrl.origin}/api/v1/users/${user.id}/factors`;
  const kinds = [
    ['webauthn', 'FIDO', 'webauthn'],
    ...(takesCodes(s) ? [['token:software:totp', 'GOOGLE', 'totp'] as const] : []),
  ] as const;
  const asked = await Promise.all(kinds.map(([, , kind]) => enrolmentOfPerson(s, s.store.read, user.id, kind)));
  return kinds.map(([factorType, provider, kind], i) => ({
    factorType,
    provider,
    vendorName: provider,
    enrollment: asked[i]?.self === 'REQUIRED' ? 'REQUIRED' : 'OPTIONAL',
    status: active.some((row) => row.kind === kind) ? 'ACTIVE' : 'NOT_SETUP',
    _links: { enroll: { href, hints: { allow: ['POST'] } } },
  }));
};
