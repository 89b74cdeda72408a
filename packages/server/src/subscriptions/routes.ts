import type { SubscriptionStatus } from '@sallyport/model/subscriptions';
import type { Handler } from '../http/exchange.ts';
import { getMySubscription, listMySubscriptions, setMySubscription } from './my-subscriptions.ts';
import { getRoleSubscription, listRoleSubscriptions, setRoleSubscription } from './role-subscriptions.ts';

type Params = Readonly<Record<string, string>>;
const type = (params: Params): string => params['notificationType'] ?? '';
const role = (params: Params): string => params['roleRef'] ?? '';
const user = (params: Params): string => params['userId'] ?? '';

const ofRole =
  (status: SubscriptionStatus): Handler =>
  async ({ services, principal, params }) => {
    await setRoleSubscription(services, principal, role(params), type(params), status);
    return { body: {} };
  };
const ofUser =
  (status: SubscriptionStatus): Handler =>
  async ({ services, principal, params }) => {
    await setMySubscription(services, principal, user(params), type(params), status);
    return { body: {} };
  };

export const subscriptionHandlers = {
  'roleSubscriptions.list': async ({ services, params }) => ({
    body: await listRoleSubscriptions(services, role(params)),
  }),
  'roleSubscriptions.get': async ({ services, params }) => ({
    body: await getRoleSubscription(services, role(params), type(params)),
  }),
  'roleSubscriptions.subscribe': ofRole('subscribed'),
  'roleSubscriptions.unsubscribe': ofRole('unsubscribed'),
  'userSubscriptions.list': async ({ services, principal, params }) => ({
    body: await listMySubscriptions(services, principal, user(params)),
  }),
  'userSubscriptions.get': async ({ services, principal, params }) => ({
    body: await getMySubscription(services, principal, user(params), type(params)),
  }),
  'userSubscriptions.subscribe': ofUser('subscribed'),
  'userSubscriptions.unsubscribe': ofUser('unsubscribed'),
} satisfies Record<string, Handler>;
