import type { KeyAnswer } from '../authenticators/register-key.ts';
import type { Handler } from '../http/exchange.ts';
import { activateKey, enrolKey, removeKey } from './account-keys.ts';
import { announceDrill } from './announce-drill.ts';
import { currentUse, giveReason } from './in-use.ts';
import {
  createAccount,
  deleteAccount,
  getAccount,
  listAccounts,
  type NewAccount,
  sealAccount,
  updateNetworks,
} from './manage-accounts.ts';
import { listUses, reviewUse } from './review-use.ts';
import { testAlarm } from './test-alarm.ts';

const id = (params: Readonly<Record<string, string>>): string => params['breakGlassId'] ?? '';
const factorId = (params: Readonly<Record<string, string>>): string => params['factorId'] ?? '';

export const breakGlassHandlers = {
  'breakGlass.list': async ({ services, principal }) => ({ body: await listAccounts(services, principal) }),
  'breakGlass.create': async ({ services, principal, body }) => ({
    status: 201,
    body: await createAccount(services, principal, body as NewAccount),
  }),
  'breakGlass.current': async ({ services, principal }) => ({ body: await currentUse(services, principal) }),
  'breakGlass.giveReason': async ({ services, principal, body }) => ({
    body: await giveReason(services, principal, body as { reason: string }),
  }),
  'breakGlass.get': async ({ services, principal, params }) => ({
    body: await getAccount(services, principal, id(params)),
  }),
  'breakGlass.update': async ({ services, principal, params, body }) => ({
    body: await updateNetworks(services, principal, id(params), body as Pick<NewAccount, 'networks'>),
  }),
  'breakGlass.delete': async ({ services, principal, params }) => {
    await deleteAccount(services, principal, id(params));
    return {};
  },
  'breakGlass.seal': async ({ services, principal, params, body }) => ({
    body: await sealAccount(services, principal, id(params), body as Pick<NewAccount, 'split'> | undefined),
  }),
  'breakGlass.enrolKey': async ({ services, principal, params, body }) => ({
    body: await enrolKey(services, principal, id(params), body as { name: string }),
  }),
  'breakGlass.activateKey': async ({ services, principal, params, body }) => ({
    body: await activateKey(services, principal, id(params), factorId(params), body as KeyAnswer),
  }),
  'breakGlass.removeKey': async ({ services, principal, params }) => {
    await removeKey(services, principal, id(params), factorId(params));
    return {};
  },
  'breakGlass.drill': async ({ services, principal, params }) => ({
    body: await announceDrill(services, principal, id(params)),
  }),
  'breakGlass.testAlarm': async ({ services, principal, params }) => ({
    body: await testAlarm(services, principal, id(params)),
  }),
  'breakGlass.uses': async ({ services, principal, params }) => ({
    body: await listUses(services, principal, id(params)),
  }),
  'breakGlass.review': async ({ services, principal, params, body }) => ({
    body: await reviewUse(services, principal, id(params), params['useId'] ?? '', body as { note: string }),
  }),
} satisfies Record<string, Handler>;
