import type { Handler } from '../http/exchange.ts';
import { settingsVersion } from '../settings/settings-version.ts';
import {
  type CustomAaguidBody,
  createCustomAaguid,
  deleteCustomAaguid,
  getCustomAaguid,
  listCustomAaguids,
  updateCustomAaguid,
} from './custom-aaguids.ts';
import { type ActivateFactor, activateFactor, type EnrolFactor, enrolFactor, renameFactor } from './enrol-factor.ts';
import { getFactor, listFactorCatalog, listFactors } from './list-factors.ts';
import { listKeyModels } from './list-key-models.ts';
import {
  getAuthenticator,
  getAuthenticatorMethod,
  listAuthenticatorMethods,
  listAuthenticators,
  previewAuthenticatorMethod,
  type ReplaceAuthenticator,
  type ReplaceMethod,
  replaceAuthenticator,
  replaceAuthenticatorMethod,
  switchAuthenticator,
  switchAuthenticatorMethod,
} from './org-authenticators.ts';
import { getQuarantine } from './quarantine.ts';
import { removeFactor, resetFactors } from './remove-factors.ts';

export const userFactorHandlers = {
  'userFactors.list': async ({ services, principal, params }) => ({
    body: await listFactors(services, principal, params['userId'] ?? ''),
  }),
  'userFactors.catalog': async ({ services, principal, params }) => ({
    body: await listFactorCatalog(services, principal, params['userId'] ?? ''),
  }),
  'userFactors.get': async ({ services, principal, params }) => ({
    body: await getFactor(services, principal, params['userId'] ?? '', params['factorId'] ?? ''),
  }),
  'userFactors.enrol': async ({ services, principal, params, body }) => ({
    body: await enrolFactor(services, principal, params['userId'] ?? '', body as EnrolFactor),
  }),
  'userFactors.activate': async ({ services, principal, params, body }) => ({
    body: await activateFactor(
      services,
      principal,
      params['userId'] ?? '',
      params['factorId'] ?? '',
      body as ActivateFactor,
    ),
  }),
  'userFactors.remove': async ({ services, principal, params }) => {
    await removeFactor(services, principal, params['userId'] ?? '', params['factorId'] ?? '');
    return {};
  },
  'userFactors.rename': async ({ services, principal, params, body }) => ({
    body: await renameFactor(
      services,
      principal,
      params['userId'] ?? '',
      params['factorId'] ?? '',
      (body as { name: string }).name,
    ),
  }),
  'userFactors.reset': async ({ services, principal, params }) => ({
    body: await resetFactors(services, principal, params['userId'] ?? ''),
  }),
} satisfies Record<string, Handler>;

const idOf = (params: Readonly<Record<string, string>>): string => params['authenticatorId'] ?? '';
const typeOf = (params: Readonly<Record<string, string>>): string => params['methodType'] ?? '';
const aaguidOf = (params: Readonly<Record<string, string>>): string => params['aaguid'] ?? '';

export const authenticatorHandlers = {
  'authenticators.list': async ({ services }) => ({ body: await listAuthenticators(services) }),
  'authenticators.get': async ({ services, params }) => ({ body: await getAuthenticator(services, idOf(params)) }),
  'authenticators.replace': async ({ services, principal, params, body }) => ({
    body: await replaceAuthenticator(services, principal, idOf(params), body as ReplaceAuthenticator),
  }),
  'authenticators.activate': async ({ services, principal, params }) => ({
    body: await switchAuthenticator(services, principal, idOf(params), true),
  }),
  'authenticators.deactivate': async ({ services, principal, params }) => ({
    body: await switchAuthenticator(services, principal, idOf(params), false),
  }),
  'authenticators.listMethods': async ({ services, params }) => ({
    body: await listAuthenticatorMethods(services, idOf(params)),
  }),
  'authenticators.getMethod': async ({ services, params }) => ({
    body: await getAuthenticatorMethod(services, idOf(params), typeOf(params)),
    headers: { ETag: settingsVersion(services.settings.get('keys')) },
  }),
  'authenticators.replaceMethod': async ({ services, principal, params, query, body, request }) => {
    const [id, type, input] = [idOf(params), typeOf(params), body as ReplaceMethod];
    if (query['dryRun'] === 'true')
      return { body: await previewAuthenticatorMethod(services, principal, id, type, input) };
    const ifMatch = request.headers['if-match'];
    return {
      body: await replaceAuthenticatorMethod(services, principal, id, type, input, ifMatch),
      headers: { ETag: settingsVersion(services.settings.get('keys')) },
    };
  },
  'authenticators.activateMethod': async ({ services, principal, params }) => ({
    body: await switchAuthenticatorMethod(services, principal, idOf(params), typeOf(params), true),
  }),
  'authenticators.deactivateMethod': async ({ services, principal, params }) => ({
    body: await switchAuthenticatorMethod(services, principal, idOf(params), typeOf(params), false),
  }),
  'aaguids.list': async ({ services, params }) => ({ body: await listCustomAaguids(services, idOf(params)) }),
  'aaguids.create': async ({ services, principal, params, body }) => ({
    body: await createCustomAaguid(services, principal, idOf(params), body as CustomAaguidBody),
  }),
  'aaguids.get': async ({ services, params }) => ({
    body: await getCustomAaguid(services, idOf(params), aaguidOf(params)),
  }),
  'aaguids.replace': async ({ services, principal, params, body }) => ({
    body: await updateCustomAaguid(services, principal, idOf(params), aaguidOf(params), body as CustomAaguidBody, true),
  }),
  'aaguids.update': async ({ services, principal, params, body }) => ({
    body: await updateCustomAaguid(
      services,
      principal,
      idOf(params),
      aaguidOf(params),
      body as CustomAaguidBody,
      false,
    ),
  }),
  'aaguids.delete': async ({ services, principal, params }) => {
    await deleteCustomAaguid(services, principal, idOf(params), aaguidOf(params));
    return {};
  },
  'authenticators.quarantine': async ({ services, principal }) => ({ body: await getQuarantine(services, principal) }),
  'authenticators.models': async ({ services }) => ({ body: await listKeyModels(services) }),
} satisfies Record<string, Handler>;
