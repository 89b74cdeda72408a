import { X509Certificate } from 'node:crypto';

/** Makers use one or two certificates between a key and their root. */
const CHAIN_MAX = 6;

const isValidAt = (certificate: X509Certificate, at: number): boolean =>
  Date.parse(certificate.validFrom) <= at && at <= Date.parse(certificate.validTo);

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** DER, or null for bytes that are no certificate. */
export const readCertificate = (der: Uint8Array): X509Certificate | null => {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
};

/**
 * Does a chain of certificates (leaf first) end in one of the roots, all of it valid at an instant (RFC 5280 §6.1, as far
 * as attestation uses it)? FIDO metadata may name a leaf itself as root (Metadata Statement §4, attestationRootCertificates).
 * The library's own walk is not used: it downloads whatever revocation list the chain names, so that whoever registers a
 * key would choose whom this server calls (SSRF). A model whose certificates are revoked is known by its metadata.
 */
export const endsInRoot = (chain: readonly Uint8Array[], roots: readonly X509Certificate[], at: number): boolean => {
  if (chain.length === 0 || chain.length > CHAIN_MAX) return false;
  const certificates = chain.map(readCertificate);
  const usable = roots.filter((root) => isValidAt(root, at));
  for (const [index, certificate] of certificates.entries()) {
    if (certificate === null || !isValidAt(certificate, at)) return false;
    const below = certificates[index - 1];
    if (below != null && !isIssuedBy(below, certificate)) return false;
    if (usable.some((root) => root.raw.equals(certificate.raw) || isIssuedBy(certificate, root))) return true;
  }
  return false;
};
