import { createHash, X509Certificate } from 'node:crypto';
import type { CustomAaguid } from '@sallyport/model/authenticator-settings';
import { ApiError, invalid, notFound } from '@sallyport/model/errors';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { keepingAWayIn } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { readCertificate } from './attestation-chain.ts';
import { findAuthenticator, recordUpdate } from './org-authenticators.ts';
import { refreshKeyModels } from './refresh-key-models.ts';

const MODELS_MAX = 100;
/** WebAuthn Level 3 §6.5.1: what keys that tell no model have. */
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

export interface CustomAaguidBody {
  readonly aaguid?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly attestationRootCertificates?: readonly { readonly x5c: string }[] | null | undefined;
  readonly authenticatorCharacteristics?:
    | {
        readonly fipsCompliant?: boolean | null | undefined;
        readonly hardwareProtected?: boolean | null | undefined;
        readonly platformAttached?: boolean | null | undefined;
      }
    | null
    | undefined;
}

const present = (s: Services, authenticatorId: string, model: CustomAaguid) => ({
  aaguid: model.aaguid,
  name: model.name,
  authenticatorCharacteristics: {
    platformAttached: model.platformAttached,
    fipsCompliant: model.fipsCompliant,
    hardwareProtected: model.hardwareProtected,
  },
  attestationRootCertificates: model.roots.map((x5c) => {
    const der = Buffer.from(x5c, 'base64');
    const root = new X509Certificate(der);
    return {
      x5c,
      'x5t#S256': createHash('sha256').update(der).digest('base64url'),
      iss: root.issuer,
      exp: new Date(root.validTo).toISOString(),
    };
  }),
  _links: {
    self: {
      href: `${s.config.publicUrl.origin}/api/v1/authenticators/${authenticatorId}/aaguids/${model.aaguid}`,
      hints: { allow: ['GET', 'PUT', 'PATCH', 'DELETE'] },
    },
  },
});

/** Base64 of DER, or PEM. */
const readRoot = (s: Services, x5c: string): string => {
  const text = x5c.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replaceAll(/\s/g, '');
  const root = readCertificate(Buffer.from(text, 'base64'));
  if (root === null)
    throw invalid('attestationRootCertificates', 'One of them is no X.509 certificate (DER in base64)');
  if (Date.parse(root.validTo) <= s.clock.now())
    throw invalid('attestationRootCertificates', `The certificate of ${root.subject} has expired`);
  return root.raw.toString('base64');
};

const changed = (s: Services, before: CustomAaguid, body: CustomAaguidBody): CustomAaguid => {
  const { fipsCompliant, hardwareProtected, platformAttached } = body.authenticatorCharacteristics ?? {};
  const roots = body.attestationRootCertificates?.map(({ x5c }) => readRoot(s, x5c)) ?? before.roots;
  if (roots.length === 0)
    throw invalid('attestationRootCertificates', 'Without a root no key could prove that it is of this model');
  return {
    aaguid: before.aaguid,
    name: body.name ?? before.name,
    roots,
    fipsCompliant: fipsCompliant ?? before.fipsCompliant,
    hardwareProtected: hardwareProtected ?? before.hardwareProtected,
    platformAttached: platformAttached ?? before.platformAttached,
  };
};

const NOTHING_KNOWN = { roots: [], fipsCompliant: false, hardwareProtected: false, platformAttached: false } as const;

const assertKeys = async (s: Services, authenticatorId: string): Promise<void> => {
  const { shown } = await findAuthenticator(s, authenticatorId);
  if (shown.key !== 'webauthn') throw notFound(authenticatorId, 'Authenticator');
};

const findModel = (models: readonly CustomAaguid[], aaguid: string): CustomAaguid => {
  const found = models.find((model) => model.aaguid === aaguid.toLowerCase());
  if (found === undefined) throw notFound(aaguid, 'AAGUID');
  return found;
};

/** Changes the list; what keys proved is looked at again with it. Refused (E0000006) when no super admin could sign in. */
const changeModels = async <T>(
  s: Services,
  principal: Principal,
  authenticatorId: string,
  change: (tx: Transaction, models: readonly CustomAaguid[]) => Promise<{ models: CustomAaguid[]; result: T }>,
): Promise<T> => {
  await assertKeys(s, authenticatorId);
  const result = await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const { models: before } = await s.settings.read(tx, 'customAaguids');
    const after = await change(tx, before);
    await keepingAWayIn(s, tx, async () => {
      await s.settings.put(tx, 'customAaguids', { models: after.models }, s.clock.now(), authorOf(principal));
      await refreshKeyModels(s, tx, after.models);
    });
    await recordUpdate(s, tx, principal, authenticatorId, { from: { models: before }, to: { models: after.models } });
    return after.result;
  });
  await s.settings.reload();
  return result;
};

/** `GET …/authenticators/{id}/aaguids`. */
export const listCustomAaguids = async (s: Services, authenticatorId: string) => {
  await assertKeys(s, authenticatorId);
  return s.settings.get('customAaguids').models.map((model) => present(s, authenticatorId, model));
};

export const getCustomAaguid = async (s: Services, authenticatorId: string, aaguid: string) => {
  await assertKeys(s, authenticatorId);
  return present(s, authenticatorId, findModel(s.settings.get('customAaguids').models, aaguid));
};

/** `POST …/aaguids`. E0000001 for a model that is there, an AAGUID of no model, or roots that are none. */
export const createCustomAaguid = (
  s: Services,
  principal: Principal,
  authenticatorId: string,
  body: CustomAaguidBody,
) =>
  changeModels(s, principal, authenticatorId, async (_tx, models) => {
    const aaguid = (body.aaguid ?? '').toLowerCase();
    if (aaguid === NO_MODEL) throw invalid('aaguid', 'All zeros is what keys have that tell no model');
    if (models.some((model) => model.aaguid === aaguid)) throw invalid('aaguid', 'This model is there already');
    if (models.length >= MODELS_MAX) throw invalid('aaguid', `There are at most ${MODELS_MAX} models of one’s own`);
    const model = changed(s, { aaguid, name: aaguid, ...NOTHING_KNOWN }, body);
    return { models: [...models, model], result: present(s, authenticatorId, model) };
  });

/** `PUT` and `PATCH …/aaguids/{aaguid}`: with PUT what is not named goes back to nothing known. */
export const updateCustomAaguid = (
  s: Services,
  principal: Principal,
  authenticatorId: string,
  aaguid: string,
  body: CustomAaguidBody,
  isWhole: boolean,
) =>
  changeModels(s, principal, authenticatorId, async (_tx, models) => {
    const before = findModel(models, aaguid);
    const base = isWhole ? { ...NOTHING_KNOWN, aaguid: before.aaguid, name: before.name } : before;
    const model = changed(s, base, body);
    return {
      models: models.map((one) => (one === before ? model : one)),
      result: present(s, authenticatorId, model),
    };
  });

/** `DELETE …/aaguids/{aaguid}`. E0000209 while a group names it and no metadata file knows it. */
export const deleteCustomAaguid = (s: Services, principal: Principal, authenticatorId: string, aaguid: string) =>
  changeModels(s, principal, authenticatorId, async (tx, models) => {
    const gone = findModel(models, aaguid);
    const { aaguidGroups } = await s.settings.read(tx, 'keys');
    const group = aaguidGroups.find(({ aaguids }) => aaguids.includes(gone.aaguid));
    if (group !== undefined && s.keyModels.find(gone.aaguid, []) === null)
      throw new ApiError('E0000209', {
        args: [gone.name],
        causes: [`The group “${group.name}” names this model. Take it out of the group first.`],
      });
    return { models: models.filter((one) => one !== gone), result: undefined };
  });
