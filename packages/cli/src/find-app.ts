import type { AppAnswer } from '@sallyport/client/answers';
import type { Client } from '@sallyport/client/create-client';
import { byPrefix, notFound } from './by-prefix.ts';
import { usageError } from './cli-error.ts';

export const allApps = async (client: Client): Promise<AppAnswer[]> => {
  const apps: AppAnswer[] = [];
  for await (const page of client.pages('apps.list', {})) apps.push(...page);
  return apps.sort((a, b) => a.label.localeCompare(b.label));
};

/** An app by its name, its id or the beginning of it. Names may be given twice; then the id says which. */
export const findApp = async (client: Client, typed: string): Promise<AppAnswer> => {
  const apps = await allApps(client);
  const named = apps.filter(({ label }) => label === typed);
  if (named.length > 1)
    throw usageError(`${typed} names ${named.length} apps`, `one of ${named.map(({ id }) => id).join(', ')}`);
  const found = named[0] ?? byPrefix(apps, typed);
  if (found === null) throw notFound('app', typed, 'sallyport app list');
  return found;
};
