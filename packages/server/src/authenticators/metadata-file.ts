import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compactVerify } from 'jose';
import { z } from 'zod';
import { endsInRoot, readCertificate } from './attestation-chain.ts';
import type { KeyModel } from './key-models.ts';

export const BLOB_FILE = 'blob.jwt';
export const ROOT_FILE = 'root.pem';

const entry = z.looseObject({
  aaguid: z.string().optional(),
  metadataStatement: z
    .looseObject({
      description: z.string().optional(),
      attestationRootCertificates: z.array(z.string()).default([]),
      keyProtection: z.array(z.string()).default([]),
      attachmentHint: z.array(z.string()).default([]),
    })
    .optional(),
  statusReports: z.array(z.looseObject({ status: z.string() })).default([]),
});
const payload = z.looseObject({
  no: z.number(),
  nextUpdate: z.string(),
  entries: z.array(entry),
});
const header = z.looseObject({ alg: z.string(), x5c: z.array(z.string()).default([]) });

/** FIDO Metadata Service 3.0 §3.1.4: after one of these a model is not what it was certified as. */
const COMPROMISED = new Set([
  'REVOKED',
  'ATTESTATION_KEY_COMPROMISE',
  'USER_VERIFICATION_BYPASS',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_KEY_PHYSICAL_COMPROMISE',
]);

const certificates = (texts: readonly string[]): X509Certificate[] =>
  texts.map((text) => readCertificate(Buffer.from(text.replaceAll(/\s/g, ''), 'base64'))).filter((one) => one !== null);

const attachmentOf = (hints: readonly string[]): KeyModel['attachment'] => {
  if (hints.includes('internal')) return 'BUILT_IN';
  return hints.includes('external') ? 'ROAMING' : null;
};

export interface Metadata {
  readonly models: ReadonlyMap<string, KeyModel>;
  /** Serial number of the file. */
  readonly number: number;
  /** Day (`YYYY-MM-DD`) by which its publisher promised a newer one. */
  readonly nextUpdate: string;
  /** Whether its own signature was checked, which it is when a root lies beside it. */
  readonly isSignatureChecked: boolean;
  readonly modifiedAt: number;
}

/** What is read again when one of the two files changes. */
export const metadataVersion = (folder: string): string =>
  [BLOB_FILE, ROOT_FILE]
    .map((name) => join(folder, name))
    .map((file) => (existsSync(file) ? `${statSync(file).mtimeMs} ${statSync(file).size}` : '-'))
    .join(' ');

const decode = (part: string | undefined): unknown => JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));

/**
 * The operator's file of models and their roots (FIDO Metadata Service 3.0 §3.1, "BLOB": a JWT). Null without one. Its own
 * signature is checked when `root.pem` lies beside it; without that it is believed as everything in the data folder is.
 * Throws what is wrong with a file.
 */
export const readMetadata = async (folder: string, now: number): Promise<Metadata | null> => {
  const file = join(folder, BLOB_FILE);
  if (!existsSync(file)) return null;
  const blob = readFileSync(file, 'utf8').trim();
  const [head, body] = blob.split('.');
  const rootFile = join(folder, ROOT_FILE);
  const isSignatureChecked = existsSync(rootFile);
  if (isSignatureChecked) {
    const chain = header.parse(decode(head)).x5c.map((text) => Buffer.from(text, 'base64'));
    if (!endsInRoot(chain, [new X509Certificate(readFileSync(rootFile))], now))
      throw new Error(`${BLOB_FILE}: its certificates do not end in ${ROOT_FILE}`);
    await compactVerify(blob, new X509Certificate(chain[0] ?? Buffer.alloc(0)).publicKey, {
      algorithms: ['ES256', 'ES384', 'RS256', 'PS256'],
    });
  }
  const { no, nextUpdate, entries } = payload.parse(decode(body));
  const models = entries.flatMap(({ aaguid, metadataStatement, statusReports }): KeyModel[] =>
    aaguid === undefined || metadataStatement === undefined
      ? []
      : [
          {
            aaguid: aaguid.toLowerCase(),
            name: metadataStatement.description ?? aaguid,
            source: 'metadata',
            roots: certificates(metadataStatement.attestationRootCertificates),
            isHardwareProtected: metadataStatement.keyProtection.some((one) =>
              ['hardware', 'secure_element'].includes(one),
            ),
            isFipsCompliant: statusReports.some(({ status }) => status.startsWith('FIPS140_CERTIFIED')),
            isCompromised: statusReports.some(({ status }) => COMPROMISED.has(status)),
            attachment: attachmentOf(metadataStatement.attachmentHint),
          },
        ],
  );
  return {
    models: new Map(models.map((model) => [model.aaguid, model])),
    number: no,
    nextUpdate,
    isSignatureChecked,
    modifiedAt: statSync(file).mtimeMs,
  };
};
