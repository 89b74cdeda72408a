import type { GroupRuleAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import { isSame } from './is-same.ts';
import type { Names } from './names.ts';
import { readAll } from './read-all.ts';
import type { Entry, Section, Step } from './section.ts';
import { isNames } from './shapes.ts';

type Rule = GroupRuleAnswer & {
  readonly conditions: { readonly people?: { readonly users?: { readonly exclude?: readonly string[] } } };
};

const STATUSES: readonly unknown[] = ['ACTIVE', 'INACTIVE'];

const bodyOf = async (name: string, { when, groups, except }: Entry, names: Names) => {
  const idsOf = async (kind: 'group' | 'user', all: unknown): Promise<string[]> => {
    const ids: string[] = [];
    for (const one of all as readonly string[]) ids.push(await names.idOf(kind, one));
    return ids;
  };
  return {
    type: 'group_rule' as const,
    name,
    conditions: {
      expression: { value: String(when), type: 'urn:okta:expression:1.0' as const },
      people: { users: { exclude: await idsOf('user', except) } },
    },
    actions: { assignUserToGroups: { groupIds: await idsOf('group', groups) } },
  };
};

// Each in a batch of its own: what comes after is refused as long as the rule is (not) active.
const switchTo = (verb: 'activate' | 'deactivate', name: string): Step => ({
  batch: `group-rule.${verb} ${name}`,
  request: async (names) =>
    requestOf(`groupRules.${verb}`, { params: { groupRuleId: await names.idOf('group rule', name) } }),
});

/** Rules that put people into groups; who is in them by a rule is no configuration. */
export const groupRules: Section = {
  key: 'groupRules',
  noun: 'group rule',
  names: 'group rule',
  fields: { when: undefined, groups: undefined, except: [], status: 'ACTIVE' },
  async read(client, names) {
    const all = await readAll<Rule>(client, '/api/v1/groups/rules?limit=200', null);
    return Promise.all(
      all.map(async ({ id, name, status, conditions, actions }) => {
        const namesOf = (kind: 'group' | 'user', ids: readonly string[]): Promise<string[]> =>
          Promise.all(ids.map((one) => names.nameOf(kind, one)));
        return {
          id,
          name,
          isBuiltIn: false,
          entry: {
            when: conditions.expression.value,
            groups: await namesOf('group', actions.assignUserToGroups.groupIds),
            except: await namesOf('user', conditions.people?.users?.exclude ?? []),
            status,
          },
        };
      }),
    );
  },
  check: ({ when, groups, except, status }) => [
    ...(typeof when === 'string' && when.trim() !== '' ? [] : ['when: must be an expression']),
    ...(isNames(groups) && groups.length > 0 ? [] : ['groups: must be a list of groups, by name']),
    ...(isNames(except) ? [] : ['except: must be a list of logins']),
    ...(STATUSES.includes(status) ? [] : [`status: must be ${STATUSES.join(' or ')}`]),
  ],
  mentions: ({ groups, except }) => [
    ...(groups as readonly string[]).map((name) => ({ kind: 'group', name }) as const),
    ...(except as readonly string[]).map((name) => ({ kind: 'user', name }) as const),
  ],
  create: (name, entry) => [
    {
      batch: 'group-rule.create',
      request: async (names) => requestOf('groupRules.create', { body: await bodyOf(name, entry, names) }),
    },
    ...(entry['status'] === 'ACTIVE' ? [switchTo('activate', name)] : []),
  ],
  update({ id, name, entry: before }, entry) {
    const [wanted, now] = [entry['status'], before['status']];
    const isChanged = !isSame({ ...entry, status: null }, { ...before, status: null });
    const isStopped = now !== 'INACTIVE' && (isChanged || wanted === 'INACTIVE');
    return [
      ...(isStopped ? [switchTo('deactivate', name)] : []),
      ...(isChanged
        ? [
            {
              batch: `group-rule.replace ${name}`,
              request: async (names: Names) =>
                requestOf('groupRules.replace', {
                  params: { groupRuleId: id },
                  body: await bodyOf(name, entry, names),
                }),
            },
          ]
        : []),
      ...(wanted === 'ACTIVE' ? [switchTo('activate', name)] : []),
    ];
  },
  remove: ({ id, name, entry }) => [
    ...(entry['status'] === 'ACTIVE' ? [switchTo('deactivate', name)] : []),
    {
      batch: `group-rule.delete ${name}`,
      request: () => requestOf('groupRules.delete', { params: { groupRuleId: id } }),
    },
  ],
};
