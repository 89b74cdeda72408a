import type { X509Certificate } from 'node:crypto';
import type { CustomAaguid } from '@sallyport/model/authenticator-settings';
import { toIso } from '@sallyport/model/instant';
import type { Clock } from '../ports/clock.ts';
import { endsInRoot, readCertificate } from './attestation-chain.ts';
import type { KeyRow } from './factor-rows.ts';
import { type Metadata, metadataVersion, readMetadata } from './metadata-file.ts';

/** A model of key by its AAGUID, and what is known of it. */
export interface KeyModel {
  readonly aaguid: string;
  readonly name: string;
  readonly source: 'metadata' | 'custom';
  readonly roots: readonly X509Certificate[];
  readonly isHardwareProtected: boolean;
  readonly isFipsCompliant: boolean;
  readonly isCompromised: boolean;
  readonly attachment: 'BUILT_IN' | 'ROAMING' | null;
}

/** The models of the operator's metadata file; those that administrators added are a setting. */
export interface KeyModels {
  /** An administrator's own word on a model counts more than the file's. */
  find(aaguid: string, custom: readonly CustomAaguid[]): KeyModel | null;
  /** Null without a file. `problem`: a file that could not be read; what was known of keys stays. */
  describe(): {
    readonly number: number | null;
    readonly nextUpdate: string | null;
    readonly models: number;
    readonly isSignatureChecked: boolean;
    readonly modifiedAt: string | null;
    readonly problem: string | null;
  } | null;
  /** Reads the file when it changed; true when other models are known than before. */
  reload(): Promise<boolean>;
}

export const createKeyModels = (folder: string, clock: Clock): KeyModels => {
  let metadata: Metadata | null = null;
  let problem: string | null = null;
  let version: string | null = null;
  return {
    find(aaguid, custom) {
      const own = custom.find((model) => model.aaguid === aaguid);
      if (own === undefined) return metadata?.models.get(aaguid) ?? null;
      return {
        aaguid,
        name: own.name,
        source: 'custom',
        roots: own.roots.map((der) => readCertificate(Buffer.from(der, 'base64'))).filter((root) => root !== null),
        isHardwareProtected: own.hardwareProtected,
        isFipsCompliant: own.fipsCompliant,
        isCompromised: false,
        attachment: own.platformAttached ? 'BUILT_IN' : 'ROAMING',
      };
    },
    describe: () =>
      metadata === null && problem === null
        ? null
        : {
            number: metadata?.number ?? null,
            nextUpdate: metadata?.nextUpdate ?? null,
            models: metadata?.models.size ?? 0,
            isSignatureChecked: metadata?.isSignatureChecked ?? false,
            modifiedAt: metadata === null ? null : toIso(metadata.modifiedAt),
            problem,
          },
    async reload() {
      const found = metadataVersion(folder);
      if (found === version) return false;
      version = found;
      try {
        metadata = await readMetadata(folder, clock.now());
        problem = null;
        return true;
      } catch (error) {
        // Nobody is locked out by half a copied file: what was read before goes on counting.
        problem = error instanceof Error ? error.message.slice(0, 300) : String(error);
        return false;
      }
    },
  };
};

type ModelColumns = Pick<
  KeyRow,
  'isAttested' | 'isHardwareProtected' | 'isFipsCompliant' | 'isModelCompromised' | 'modelAttachment'
>;

/** What a key's own chain proves of its model. `at`: when it was registered, for that is when it signed. */
export const modelColumns = (model: KeyModel | null, chain: readonly string[] | null, at: number): ModelColumns => {
  const isAttested =
    model !== null &&
    chain !== null &&
    endsInRoot(
      chain.map((der) => Buffer.from(der, 'base64url')),
      model.roots,
      at,
    );
  return {
    isAttested: isAttested ? 1 : 0,
    isHardwareProtected: isAttested && model.isHardwareProtected ? 1 : 0,
    isFipsCompliant: isAttested && model.isFipsCompliant ? 1 : 0,
    isModelCompromised: isAttested && model.isCompromised ? 1 : 0,
    modelAttachment: isAttested ? model.attachment : null,
  };
};
