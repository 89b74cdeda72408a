import { requestOf } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { isSame, tidy } from './is-same.ts';
import type { Names } from './names.ts';
import type { Mention, NamedKind, Step } from './section.ts';

/** A rule as the document writes it: the order of the list is the order in which they are asked. */
export interface Rule {
  readonly name: string;
  readonly status?: string;
  readonly conditions?: Conditions;
  readonly actions: unknown;
}
interface Selection {
  readonly include?: readonly string[] | null | undefined;
  readonly exclude?: readonly string[] | null | undefined;
}
export type Conditions = Readonly<Record<string, unknown>> & {
  readonly people?: { readonly users?: Selection | null; readonly groups?: Selection | null } | null;
  readonly network?: (Selection & { readonly connection: string }) | null;
};
export type Translate = (kind: NamedKind, word: string) => Promise<string>;
const inSelection = async (kind: NamedKind, selection: Selection | null | undefined, translate: Translate) => {
  if (selection === null || selection === undefined) return selection;
  const all = (words: readonly string[] | null | undefined) =>
    words == null ? words : Promise.all(words.map((word) => translate(kind, word)));
  return { ...selection, include: await all(selection.include), exclude: await all(selection.exclude) };
};
/** The conditions with each id as a name, or each name as an id. */
const translated = async (conditions: Conditions, translate: Translate): Promise<Conditions> => {
  const { people, network, ...others } = conditions;
  return {
    ...others,
    ...(people == null
      ? {}
      : {
          people: {
            users: (await inSelection('user', people.users, translate)) ?? null,
            groups: (await inSelection('group', people.groups, translate)) ?? null,
          },
        }),
    ...(network == null ? {} : { network: { ...network, ...(await inSelection('zone', network, translate)) } }),
  };
};

/** What the conditions of some rules name. */
export const mentionsOf = (rules: readonly Rule[]): readonly Mention[] =>
  rules.flatMap(({ conditions }) => mentionsIn(conditions ?? {}));

const mentionsIn = ({ people, network }: Conditions): readonly Mention[] => {
  const of = (kind: NamedKind, selection: Selection | null | undefined): Mention[] =>
    [...(selection?.include ?? []), ...(selection?.exclude ?? [])].map((name) => ({ kind, name }));
  return [...of('user', people?.users), ...of('group', people?.groups), ...of('zone', network)];
};

interface Actions {
  readonly selfServicePasswordReset?: { readonly access: string };
  readonly selfServiceUnlock?: { readonly access: string };
  readonly appSignOn?: Readonly<Record<string, unknown>>;
  readonly signon?: Readonly<Record<string, unknown>>;
}
/** What a rule says, without what the server writes out of every rule. */
export const saidConditions = (conditions: Conditions): Conditions => {
  const { network, authContext, ...others } = (tidy(conditions) ?? {}) as Conditions;
  return {
    ...others,
    ...(network == null || network.connection === 'ANYWHERE' ? {} : { network }),
    ...(authContext === undefined || isSame(authContext, { authType: 'ANY' }) ? {} : { authContext }),
  };
};
/** What is done, without what the server writes out of every rule. */
export const saidActions = (actions: unknown): unknown => {
  const {
    appSignOn,
    signon,
    selfServicePasswordReset: reset,
    selfServiceUnlock: unlock,
    ...others
  } = (tidy(actions) ?? {}) as Actions;
  const { keepMeSignedIn, ...app } = appSignOn ?? {};
  const { primaryFactor, rememberDeviceByDefault, ...session } = signon ?? {};
  const isKept = keepMeSignedIn !== undefined && !isSame(keepMeSignedIn, { postAuth: 'NOT_ALLOWED' });
  return {
    ...others,
    ...(reset === undefined || reset.access === 'DENY' ? {} : { selfServicePasswordReset: reset }),
    ...(unlock === undefined || unlock.access === 'DENY' ? {} : { selfServiceUnlock: unlock }),
    ...(appSignOn === undefined ? {} : { appSignOn: { ...app, ...(isKept ? { keepMeSignedIn } : {}) } }),
    ...(signon === undefined
      ? {}
      : {
          signon: {
            ...session,
            ...(primaryFactor === undefined || primaryFactor === 'PASSWORD_IDP_ANY_FACTOR' ? {} : { primaryFactor }),
            ...(rememberDeviceByDefault === true ? { rememberDeviceByDefault } : {}),
          },
        }),
  };
};

/** A rule that the server has. */
export interface LiveRule {
  readonly id: string;
  readonly rule: Rule;
}

/** The rules of a policy in their order, and the one that comes last and stays, where there is one. */
export const readRules = async (client: Client, names: Names, policyId: string) => {
  const all = await client.call('policyRules.list', { params: { policyId } });
  const written = all.filter(({ system }) => !system).toSorted((a, b) => a.priority - b.priority);
  const rules: LiveRule[] = [];
  for (const { id, name, status, conditions, actions } of written)
    rules.push({
      id,
      rule: {
        name,
        status,
        conditions: await translated(saidConditions((conditions ?? {}) as Conditions), names.nameOf),
        actions: saidActions(actions),
      },
    });
  const last = all.find(({ system }) => system);
  return {
    rules,
    catchAll: last === undefined ? null : { id: last.id, name: last.name, actions: saidActions(last.actions) },
  };
};

/** The rules as the server has them: without what it writes out of every rule. */
export const saidRules = (rules: readonly Rule[]): Rule[] =>
  rules.map((rule) => ({
    ...rule,
    status: rule.status ?? 'ACTIVE',
    ...(rule.conditions === undefined ? {} : { conditions: saidConditions(rule.conditions) }),
    actions: saidActions(rule.actions),
  }));

/** What makes the rule that comes last do as is wanted. */
export const catchAllStep = (
  policyId: string,
  batch: string,
  { id, name }: { readonly id: string; readonly name: string },
  actions: unknown,
): Step => ({
  batch,
  request: () => requestOf('policyRules.replace', { params: { policyId, ruleId: id }, body: { name, actions } }),
});

const bodyOf = async ({ name, conditions, actions }: Rule, priority: number | null, names: Names) => ({
  name,
  ...(priority === null ? {} : { priority }),
  conditions: await translated(conditions ?? {}, names.idOf),
  actions,
});

/**
 * What makes the rules of a policy those that are wanted, in their order. `policyId` is worked out when its turn comes: the
 * policy may be made before. All but the removals are of one batch.
 */
export const ruleSteps = (
  policyId: (names: Names) => Promise<string> | string,
  batch: string,
  live: readonly LiveRule[],
  wanted: readonly Rule[],
): Step[] => {
  const steps: Step[] = [];
  const step = (request: Step['request']) => steps.push({ batch, request });
  // The names in the order in which the server will have them, after each step.
  const order = live.map(({ rule }) => rule.name);
  for (const [i, rule] of wanted.entries()) {
    const priority = i + 1;
    const found = live.find((one) => one.rule.name === rule.name);
    const isActive = (rule.status ?? 'ACTIVE') === 'ACTIVE';
    if (found === undefined) {
      step(async (names) =>
        requestOf('policyRules.create', {
          params: { policyId: await policyId(names) },
          query: { activate: String(isActive) },
          body: await bodyOf(rule, priority, names),
        }),
      );
      order.splice(i, 0, rule.name);
      continue;
    }
    const at = async (names: Names) => ({ params: { policyId: await policyId(names), ruleId: found.id } });
    const { status: had = 'ACTIVE', ...before } = found.rule;
    const { status: _, ...after } = rule;
    if (order[i] !== rule.name || !isSame(before, after)) {
      step(async (names) =>
        requestOf('policyRules.replace', { ...(await at(names)), body: await bodyOf(rule, priority, names) }),
      );
      order.splice(order.indexOf(rule.name), 1);
      order.splice(i, 0, rule.name);
    }
    if ((had === 'ACTIVE') !== isActive)
      step(async (names) => requestOf(isActive ? 'policyRules.activate' : 'policyRules.deactivate', await at(names)));
  }
  // What lets people in goes only after what lets them in instead, and is asked for when that is there.
  for (const { id, rule } of live)
    if (!wanted.some(({ name }) => name === rule.name))
      steps.push({
        batch: `${batch}, removals`,
        request: async (names) =>
          requestOf('policyRules.delete', { params: { policyId: await policyId(names), ruleId: id } }),
      });
  return steps;
};

/** Sentences, each naming the place, of what are no rules. */
export const checkRules = (rules: unknown): string[] => {
  if (!Array.isArray(rules)) return ['rules: must be a list'];
  const known = new Set(['name', 'status', 'conditions', 'actions']);
  const seen = new Set<unknown>();
  return rules.flatMap((rule: unknown, i) => {
    if (typeof rule !== 'object' || rule === null) return [`rules.${i}: must be a rule`];
    const { name, actions } = rule as Partial<Rule>;
    const isTwice = seen.has(name);
    seen.add(name);
    return [
      ...Object.keys(rule)
        .filter((field) => !known.has(field))
        .map((field) => `rules.${i}: there is no field ${field}`),
      ...(typeof name === 'string' && name !== '' ? [] : [`rules.${i}.name: must be given`]),
      ...(actions === undefined ? [`rules.${i}.actions: must be given`] : []),
      ...(isTwice ? [`rules.${i}.name: ${String(name)} stands there twice`] : []),
    ];
  });
};
