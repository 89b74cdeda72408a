import type { PolicyAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import { byName, byPrefix, notFound } from './by-prefix.ts';
import { usageError } from './cli-error.ts';
import { allApps } from './find-app.ts';

/** Checked against the model's list by its type. */
const TYPES: readonly PolicyAnswer['type'][] = ['OKTA_SIGN_ON', 'ACCESS_POLICY', 'PASSWORD', 'MFA_ENROLL'];

export const DOOR: readonly [string, string] = [
  '<app|policy>',
  'an app or a policy: its name, its id, or the beginning of it',
];

export const allPolicies = async (client: Client): Promise<PolicyAnswer[]> => {
  const policies: PolicyAnswer[] = [];
  for (const type of TYPES)
    policies.push(...[...(await client.call('policies.list', { query: { type } }))].sort(byName));
  return policies;
};

/**
 * Of these the one of a name, an id or the beginning of it. Policies of two kinds may have one name: the default ones have, and
 * none of them is meant by chance.
 */
export const policyNamed = (policies: readonly PolicyAnswer[], typed: string): PolicyAnswer | null => {
  const named = policies.filter(({ name }) => name === typed);
  if (named.length > 1)
    throw usageError(
      `${typed} names ${named.length} policies`,
      `one of ${named.map(({ id, type }) => `${id} (${type})`).join(', ')}`,
    );
  return named[0] ?? byPrefix(policies, typed);
};

/** A policy by its name, its id or the beginning of it; or that of an app, by the same. */
export const policyIdOf = async (client: Client, typed: string): Promise<string> => {
  const policies = await allPolicies(client);
  const named = policyNamed(policies, typed);
  if (named !== null) return named.id;
  const apps = await allApps(client);
  const app = apps.find(({ label, name }) => label === typed || name === typed) ?? byPrefix(apps, typed);
  const id = app?._links?.accessPolicy?.href.split('/').at(-1);
  if (id === undefined) throw notFound('app or policy', typed, 'sallyport policy list');
  return id;
};
