import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A maker of security keys: a root, and what the keys of one model sign their attestation with. */
export interface SoftMaker {
  /** DER of the root, as a metadata file names it in base64. */
  readonly root: Buffer;
  readonly rootKey: KeyObject;
  /** DER, leaf first; without the root, as keys send it. */
  readonly chain: readonly Buffer[];
  /** Of the leaf. */
  readonly attestationKey: KeyObject;
}

/** ASN.1 DER (ITU-T X.690): tag, length, content. */
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => der(0x31, ...parts);
const octets = (bytes: Buffer): Buffer => der(0x04, bytes);
const bits = (bytes: Buffer): Buffer => der(0x03, Buffer.from([0]), bytes);
const time = (at: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
const oid = (dotted: string): Buffer => {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [a * 40 + b];
  for (const value of rest) {
    const groups = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
};

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const ATTRIBUTES = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const;
type Name = Readonly<Partial<Record<keyof typeof ATTRIBUTES, string>>>;
const nameOf = (name: Name): Buffer =>
  sequence(
    ...Object.entries(name).map(([attribute, text]) =>
      set(sequence(oid(ATTRIBUTES[attribute as keyof Name]), der(attribute === 'C' ? 0x13 : 0x0c, Buffer.from(text)))),
    ),
  );
const extension = (id: string, isCritical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(isCritical ? [der(0x01, Buffer.from([0xff]))] : []), octets(value));

interface Certificate {
  readonly subject: Name;
  readonly issuer: Name;
  readonly publicKey: KeyObject;
  readonly signedBy: KeyObject;
  readonly isCa: boolean;
  readonly aaguid?: string | undefined;
  readonly validFrom: number;
  readonly validTo: number;
}

/** X.509 v3 (RFC 5280 §4.1). */
const certificateOf = (c: Certificate): Buffer => {
  const extensions = [
    extension('2.5.29.19', true, sequence(...(c.isCa ? [der(0x01, Buffer.from([0xff]))] : []))),
    // WebAuthn Level 3 §8.2.1: id-fido-gen-ce-aaguid, an octet string in the octet string.
    ...(c.aaguid === undefined
      ? []
      : [extension('1.3.6.1.4.1.45724.1.1.4', false, octets(Buffer.from(c.aaguid.replaceAll('-', ''), 'hex')))]),
  ];
  const serial = createHash('sha256').update(JSON.stringify(c.subject)).update(String(Math.random())).digest();
  serial[0] = 0x01;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial.subarray(0, 8)),
    ECDSA_SHA256,
    nameOf(c.issuer),
    sequence(time(c.validFrom), time(c.validTo)),
    nameOf(c.subject),
    c.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions)),
  );
  return sequence(body, ECDSA_SHA256, bits(sign('sha256', body, c.signedBy)));
};

export interface SoftMakerOptions {
  readonly name?: string;
  /** Stands in the leaf, so that it attests no other model. */
  readonly aaguid?: string;
  readonly validFrom?: number;
  readonly validTo?: number;
  /** What signs the leaf is no certificate authority: a chain that must not count. */
  readonly isIssuerCa?: boolean;
}

/** Makes a root and the certificate of one model, as makers of security keys do. */
export const createSoftMaker = (options: SoftMakerOptions = {}): SoftMaker => {
  const { name = 'Soft Keys', validFrom = Date.UTC(2020, 0), validTo = Date.UTC(2060, 0) } = options;
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [rootPair, leafPair] = [pair(), pair()];
  const rootName = { CN: `${name} Root` };
  const common = { issuer: rootName, signedBy: rootPair.privateKey, validFrom, validTo };
  const root = certificateOf({
    ...common,
    subject: rootName,
    publicKey: rootPair.publicKey,
    isCa: options.isIssuerCa ?? true,
  });
  const leaf = certificateOf({
    ...common,
    subject: { C: 'SE', O: name, OU: 'Authenticator Attestation', CN: `${name} Batch` },
    publicKey: leafPair.publicKey,
    isCa: false,
    aaguid: options.aaguid,
  });
  return { root, rootKey: rootPair.privateKey, chain: [leaf], attestationKey: leafPair.privateKey };
};

export interface SoftModel {
  readonly aaguid: string;
  readonly description: string;
  readonly roots: readonly Buffer[];
  readonly keyProtection?: readonly string[];
  readonly attachmentHint?: readonly string[];
  readonly statuses?: readonly string[];
}

/** A metadata file (FIDO Metadata Service 3.0 §3.1.7), signed by the leaf of a maker who plays the publisher. */
export const metadataBlob = (publisher: SoftMaker, models: readonly SoftModel[], number = 1): string => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = [
    part({ alg: 'ES256', typ: 'JWT', x5c: publisher.chain.map((one) => one.toString('base64')) }),
    part({
      legalHeader: 'For tests.',
      no: number,
      nextUpdate: '2027-01-01',
      entries: models.map((model) => ({
        aaguid: model.aaguid,
        metadataStatement: {
          description: model.description,
          attestationRootCertificates: model.roots.map((root) => root.toString('base64')),
          keyProtection: model.keyProtection ?? ['hardware', 'secure_element'],
          attachmentHint: model.attachmentHint ?? ['external', 'wired'],
        },
        statusReports: (model.statuses ?? ['FIDO_CERTIFIED']).map((status) => ({
          status,
          effectiveDate: '2026-01-01',
        })),
      })),
    }),
  ].join('.');
  const signature = sign('sha256', Buffer.from(signed), { key: publisher.attestationKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
};
