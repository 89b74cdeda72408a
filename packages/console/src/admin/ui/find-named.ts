import { get, getAll, pathIn, withQuery } from '../api.ts';
import type { Named } from './name-picker.tsx';

interface ListedUser {
  readonly id: string;
  readonly profile: { readonly login: string };
}
interface ListedGroup {
  readonly id: string;
  readonly type: string;
  readonly profile: { readonly name: string };
}
const LIMIT = 20;

const beginsWith = (text: string, q: string): boolean => text.toLowerCase().startsWith(q.toLowerCase());

/** People whose login or name begins with the text. */
export const findPeople = async (q: string): Promise<readonly Named[]> =>
  (await get<readonly ListedUser[]>(withQuery('/api/v1/users', { q, limit: LIMIT }))).map(({ id, profile }) => ({
    id,
    name: profile.login,
  }));
/** Accounts that nobody signs in as, whose login begins with the text. */
export const findServiceAccounts = async (q: string): Promise<readonly Named[]> =>
  (await getAll<ListedUser>(withQuery('/api/v1/users', { search: 'sallyport.serviceAccountSince pr', limit: 200 })))
    .map(({ id, profile }) => ({ id, name: profile.login }))
    .filter(({ name }) => beginsWith(name, q));
const listGroups = (q: string): Promise<readonly ListedGroup[]> =>
  get(withQuery('/api/v1/groups', { q, limit: LIMIT }));
const asNamed = ({ id, profile }: ListedGroup): Named => ({ id, name: profile.name });
/** Groups whose name begins with the text. */
export const findGroups = async (q: string): Promise<readonly Named[]> => (await listGroups(q)).map(asNamed);
/** The same without the built-in ones: everybody is in them anyway. */
export const findOwnGroups = async (q: string): Promise<readonly Named[]> =>
  (await listGroups(q)).filter(({ type }) => type !== 'BUILT_IN').map(asNamed);

/** All of a list that stands under a name of its answer, as does the way to the next page. */
const getAllNamed = async <T, N extends string>(name: N, path: string): Promise<readonly T[]> => {
  const found: T[] = [];
  for (let next: string | null = path; next !== null; ) {
    const page: Readonly<Record<N, readonly T[]>> & {
      readonly _links?: { readonly next?: { readonly href: string } };
    } = await get(next);
    found.push(...page[name]);
    next = pathIn(page._links?.next?.href);
  }
  return found;
};

/** Kinds of apps: the console, the pages around it, and machines. */
const NOT_USED: readonly string[] = ['saasure', 'okta_enduser', 'oidc_client'];

/** Apps whose label begins with the text. */
export const findApps = async (q: string): Promise<readonly Named[]> =>
  (await getAll<{ readonly id: string; readonly label: string }>('/api/v1/apps?limit=200'))
    .filter(({ label }) => beginsWith(label, q))
    .map(({ id, label }) => ({ id, name: label }));

/** Network zones whose name begins with the text. */
export const findZones = async (q: string): Promise<readonly Named[]> =>
  (await getAll<Named>('/api/v1/zones?limit=200')).filter(({ name }) => beginsWith(name, q));

/** Policies of every type whose name begins with the text. */
export const findPolicies = async (q: string): Promise<readonly Named[]> =>
  (
    await Promise.all(
      ['ACCESS_POLICY', 'OKTA_SIGN_ON'].map((type) => get<readonly Named[]>(`/api/v1/policies?type=${type}`)),
    )
  )
    .flat()
    .filter(({ name }) => beginsWith(name, q));

/** Apps that are somebody's to use, neither the console nor a machine, whose label begins with the text. */
export const findUsedApps = async (q: string): Promise<readonly Named[]> =>
  (await getAll<{ readonly id: string; readonly label: string; readonly name: string }>('/api/v1/apps?limit=200'))
    .filter(({ name, label }) => !NOT_USED.includes(name) && beginsWith(label, q))
    .map(({ id, label }) => ({ id, name: label }));

/** Bundles of admin roles whose name begins with the text. */
export const findBundles = async (q: string): Promise<readonly Named[]> =>
  (await getAllNamed<Named, 'bundles'>('bundles', '/api/v1/iam/governance/bundles?limit=200')).filter(({ name }) =>
    beginsWith(name, q),
  );

/** Resource sets whose label begins with the text. */
export const findResourceSets = async (q: string): Promise<readonly Named[]> =>
  (
    await getAllNamed<{ readonly id: string; readonly label: string }, 'resource-sets'>(
      'resource-sets',
      '/api/v1/iam/resource-sets?limit=200',
    )
  )
    .filter(({ label }) => beginsWith(label, q))
    .map(({ id, label }) => ({ id, name: label }));
