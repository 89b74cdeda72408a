import type { FactorProof } from '@sallyport/model/facts';
import { toIso } from '@sallyport/model/instant';
import type { Row } from '../store/tables.ts';

const AMR: Readonly<Record<FactorProof['kind'], string>> = { password: 'pwd', webauthn: 'hwk', totp: 'otp' };

/**
 * The Session of the wire. `id` is the secret once, in the answer of `POST /sessions`, and the public id ever after.
 */
export const presentSession = (
  row: Row<'sessions'>,
  login: string,
  origin: string,
  expiresAt: number,
  id: string = row.id,
) => {
  const proofs = JSON.parse(row.proofs) as FactorProof[];
  const latest = (isPassword: boolean): string | null => {
    const times = proofs.filter((proof) => (proof.kind === 'password') === isPassword).map((proof) => proof.provedAt);
    return times.length === 0 ? null : toIso(Math.max(...times));
  };
  const amr = [...new Set(proofs.map((proof) => AMR[proof.kind]))];
  return {
    id,
    userId: row.userId,
    login,
    createdAt: toIso(row.createdAt),
    expiresAt: toIso(expiresAt),
    status: 'ACTIVE',
    lastPasswordVerification: latest(true),
    lastFactorVerification: latest(false),
    amr: amr.length > 1 || proofs.some((proof) => proof.isUserVerified) ? [...amr, 'mfa'] : amr,
    idp: { id: '00oSallyport000000000', type: 'OKTA' },
    mfaActive: proofs.some((proof) => proof.kind !== 'password'),
    _links: {
      self: { href: `${origin}/api/v1/sessions/me`, hints: { allow: ['GET', 'DELETE'] } },
      refresh: { href: `${origin}/api/v1/sessions/me/lifecycle/refresh`, hints: { allow: ['POST'] } },
      user: { name: 'me', href: `${origin}/api/v1/users/me`, hints: { allow: ['GET'] } },
    },
  };
};
