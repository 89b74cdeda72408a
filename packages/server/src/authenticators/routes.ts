import type { Handler } from '../http/exchange.ts';
import { type ActivateFactor, activateFactor, type EnrolFactor, enrolFactor, renameFactor } from './enrol-factor.ts';
import { getFactor, listFactorCatalog, listFactors } from './list-factors.ts';
import {
  getAuthenticator,
  getAuthenticatorMethod,
  listAuthenticatorMethods,
  listAuthenticators,
  switchAuthenticator,
} from './org-authenticators.ts';
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

const switched =
  (isOn: boolean): Handler =>
  async ({ services, principal, params }) => ({
    body: await switchAuthenticator(services, principal, params['authenticatorId'] ?? '', isOn),
  });

export const authenticatorHandlers = {
  'authenticators.activate': switched(true),
  'authenticators.deactivate': switched(false),
  'authenticators.list': async ({ services }) => ({ body: await listAuthenticators(services) }),
  'authenticators.get': async ({ services, params }) => ({
    body: await getAuthenticator(services, params['authenticatorId'] ?? ''),
  }),
  'authenticators.listMethods': async ({ services, params }) => ({
    body: await listAuthenticatorMethods(services, params['authenticatorId'] ?? ''),
  }),
  'authenticators.getMethod': async ({ services, params }) => ({
    body: await getAuthenticatorMethod(services, params['authenticatorId'] ?? '', params['methodType'] ?? ''),
  }),
} satisfies Record<string, Handler>;
