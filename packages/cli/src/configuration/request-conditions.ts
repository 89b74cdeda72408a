import type { RequestConditionAnswer } from '@sallyport/client/answers';
import { requestOf } from '@sallyport/client/client-request';
import type { RouteInput } from '@sallyport/client/route-input';
import { CliError } from '../cli-error.ts';
import { plainDuration } from './duration.ts';
import { isSame } from './is-same.ts';
import type { Names } from './names.ts';
import { readAll } from './read-all.ts';
import type { Entry, Live, Mention, Section, Step } from './section.ts';
import { isFields, isNames } from './shapes.ts';

const EVERYONE = 'everyone';
/** One of the conditions of a resource, as the document writes it: the order of the list is the order in which they decide. */
interface Condition {
  readonly name: string;
  readonly description: string;
  /** Groups, by name. */
  readonly requesters: typeof EVERYONE | readonly string[];
  /** What it gives: these, or the resource itself. */
  readonly bundles: readonly string[];
  readonly groups: readonly string[];
  readonly duration: { readonly fixed: string } | { readonly upTo: string } | null;
  readonly sequence: string;
  readonly ticket: RequestConditionAnswer['ticket'];
  readonly status: string;
}
type Said = Pick<Condition, 'name' | 'requesters' | 'sequence'> & Partial<Condition>;
const FIELDS = ['name', 'description', 'requesters', 'bundles', 'groups', 'duration', 'sequence', 'ticket', 'status'];

interface LiveCondition {
  readonly id: string;
  readonly condition: Condition;
  readonly openRequests: number;
}
interface LiveConditions extends Live {
  readonly conditions: readonly LiveCondition[];
}

const saidOf = (entry: Entry): readonly Said[] => entry['conditions'] as readonly Said[];
const wholeOf = (said: Said): Condition => {
  const { duration = null } = said;
  const plain = duration === null ? [] : Object.entries(duration).map(([kind, text]) => [kind, plainDuration(text)]);
  return {
    ...{ description: '', bundles: [], groups: [], ticket: 'optional', status: 'ACTIVE', ...said },
    duration: duration === null ? null : (Object.fromEntries(plain) as NonNullable<Condition['duration']>),
  };
};

/** `console`, `group Ops`, `app Wiki`, `service-account backup@example.org`. */
const resourceText = ({ kind, name, id }: RequestConditionAnswer['resource']): string =>
  kind === 'console' ? kind : `${kind} ${name ?? id}`;
const RESOURCE = /^(?:console|(group|app|service-account) (.+))$/s;
const resourceNamed = (key: string): Mention => {
  const [, kind, name] = RESOURCE.exec(key) ?? [];
  return kind === undefined
    ? { kind: 'console', name: 'console' }
    : { kind: kind === 'service-account' ? 'user' : (kind as 'group' | 'app'), name: name ?? '' };
};

/** Names of conditions need not differ from resource to resource. */
export const nameOfCondition = ({ resource, name }: Pick<RequestConditionAnswer, 'resource' | 'name'>): string =>
  conditionNamed(resourceText(resource), name);
const conditionNamed = (resource: string, name: string): string => JSON.stringify([resource, name]);

const conditionOf = (answer: RequestConditionAnswer): Condition => {
  const { scope, gives, duration, requesters } = answer;
  // What was deleted keeps its id: a condition that names it lets nobody ask.
  const names = (all: readonly { readonly id: string; readonly name: string | null }[]): string[] =>
    all.map(({ id, name }) => name ?? id).toSorted();
  return {
    name: answer.name,
    description: answer.description ?? '',
    requesters: requesters === null ? EVERYONE : names(requesters),
    bundles: scope === 'ENTITLEMENT_BUNDLES' ? names(gives) : [],
    groups: scope === 'GROUPS' ? names(gives) : [],
    duration:
      duration === null ? null : duration.kind === 'fixed' ? { fixed: duration.length } : { upTo: duration.length },
    sequence: answer.sequence.name ?? answer.sequence.id,
    ticket: answer.ticket,
    status: answer.status,
  };
};

type Body = NonNullable<RouteInput<'requestConditions.create'>['body']>;
const bodyOf = async (condition: Condition, names: Names): Promise<Body> => {
  const { name, description, requesters, bundles, groups, duration, sequence, ticket } = condition;
  const idsOf = async (kind: 'group' | 'bundle', all: readonly string[]): Promise<{ id: string }[]> => {
    const ids: { id: string }[] = [];
    for (const one of all) ids.push({ id: await names.idOf(kind, one) });
    return ids;
  };
  return {
    name,
    description: description === '' ? null : description,
    requesterSettings:
      requesters === EVERYONE ? { type: 'EVERYONE' } : { type: 'GROUPS', groups: await idsOf('group', requesters) },
    accessScopeSettings:
      bundles.length > 0
        ? { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: await idsOf('bundle', bundles) }
        : groups.length > 0
          ? { type: 'GROUPS', groups: await idsOf('group', groups) }
          : { type: 'RESOURCE_DEFAULT' },
    accessDurationSettings:
      duration === null
        ? null
        : 'fixed' in duration
          ? { type: 'ADMIN_FIXED_DURATION', duration: duration.fixed }
          : { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: duration.upTo },
    approvalSequenceId: await names.idOf('request sequence', sequence),
    sallyport: { ticket: ticket === 'required' ? 'REQUIRED' : 'OPTIONAL' },
  };
};

/**
 * What makes the conditions of a resource be as wanted. Whatever lets somebody ask comes last, so that nobody asks by a
 * condition that is on its way.
 */
const changeConditions = (resource: string, live: readonly LiveCondition[], wanted: readonly Condition[]): Step[] => {
  const steps: Step[] = [];
  const { kind, name: resourceName } = resourceNamed(resource);
  const known = new Map(live.map((one) => [one.condition.name, one]));
  const at = async (names: Names, name: string) => ({
    resourceId: await names.idOf(kind, resourceName),
    requestConditionId: known.get(name)?.id ?? (await names.idOf('request condition', conditionNamed(resource, name))),
  });
  // One that is made has an id only when the requests before it were sent.
  const batchOf = (name: string): string =>
    known.has(name) ? 'request-condition' : `request-condition.new ${resource}`;
  const order: string[] = live.map(({ condition }) => condition.name);
  const step = (request: Step['request'], batch = 'request-condition') => steps.push({ batch, request });
  for (const { name, status } of wanted)
    if (known.get(name)?.condition.status === 'ACTIVE' && status === 'INACTIVE')
      step(async (names) => requestOf('requestConditions.deactivate', { params: await at(names, name) }));
  for (const condition of wanted) {
    const { name } = condition;
    const before = known.get(name)?.condition;
    if (before === undefined) {
      order.push(name);
      step(async (names) =>
        requestOf('requestConditions.create', {
          params: { resourceId: await names.idOf(kind, resourceName) },
          body: await bodyOf(condition, names),
        }),
      );
    } else if (!isSame({ ...before, status: null }, { ...condition, status: null }))
      step(async (names) =>
        requestOf('requestConditions.update', { params: await at(names, name), body: await bodyOf(condition, names) }),
      );
  }
  for (const { condition } of live) {
    if (wanted.some(({ name }) => name === condition.name)) continue;
    order.splice(order.indexOf(condition.name), 1);
    step(async (names) => requestOf('requestConditions.delete', { params: await at(names, condition.name) }));
  }
  for (const [priority, { name }] of wanted.entries()) {
    if (order[priority] === name) continue;
    order.splice(order.indexOf(name), 1);
    order.splice(priority, 0, name);
    step(
      async (names) => requestOf('requestConditions.update', { params: await at(names, name), body: { priority } }),
      batchOf(name),
    );
  }
  for (const { name, status } of wanted)
    if (status === 'ACTIVE' && known.get(name)?.condition.status !== 'ACTIVE')
      step(async (names) => requestOf('requestConditions.activate', { params: await at(names, name) }), batchOf(name));
  return steps;
};

const isDuration = (said: unknown): boolean => {
  const [only, ...more] = isFields(said) ? Object.entries(said) : [];
  return only !== undefined && more.length === 0 && ['fixed', 'upTo'].includes(only[0]) && typeof only[1] === 'string';
};
const checkOne = (said: unknown, i: number): readonly string[] => {
  const path = `conditions.${i}`;
  if (!isFields(said)) return [`${path}: must have fields`];
  const { name, description = '', requesters, bundles = [], groups = [], duration = null, sequence } = said;
  const { status = 'ACTIVE', ticket = 'optional' } = said;
  const isGiven = (text: unknown): boolean => typeof text === 'string' && text.trim() !== '';
  return [
    ...Object.keys(said)
      .filter((field) => !FIELDS.includes(field))
      .map((field) => `${path}: there is no field ${field}`),
    ...(isGiven(name) ? [] : [`${path}.name: must be given`]),
    ...(typeof description === 'string' ? [] : [`${path}.description: must be text`]),
    // No list is not nobody, and must not become everybody.
    ...(requesters === EVERYONE || (isNames(requesters) && requesters.length > 0)
      ? []
      : [`${path}.requesters: must be ${EVERYONE}, or a list of groups, by name`]),
    ...(isNames(bundles) ? [] : [`${path}.bundles: must be a list of names`]),
    ...(isNames(groups) ? [] : [`${path}.groups: must be a list of names`]),
    ...(isNames(bundles) && isNames(groups) && bundles.length > 0 && groups.length > 0
      ? [`${path}: gives bundles or groups, not both`]
      : []),
    ...(duration === null || isDuration(duration) ? [] : [`${path}.duration: must be fixed or upTo, such as PT8H`]),
    ...(isGiven(sequence) ? [] : [`${path}.sequence: must be the name of a request sequence`]),
    ...(ticket === 'required' || ticket === 'optional' ? [] : [`${path}.ticket: must be required or optional`]),
    ...(status === 'ACTIVE' || status === 'INACTIVE' ? [] : [`${path}.status: must be ACTIVE or INACTIVE`]),
  ];
};

const sayOpen = (gone: readonly LiveCondition[]): readonly string[] =>
  gone
    .filter(({ openRequests }) => openRequests > 0)
    .map(({ condition, openRequests }) => `${openRequests} open request(s) by ${condition.name} give nothing any more`);

/** Who may ask for what, for how long, and whose yes it takes: those of each resource in the order in which they decide. */
export const requestConditions: Section = {
  key: 'requestConditions',
  noun: 'request conditions of',
  fields: { conditions: undefined },
  async read(client) {
    const all = await readAll<RequestConditionAnswer>(client, '/sallyport/v1/request-conditions?limit=200', null);
    // Of a resource that is gone nothing can be asked for, and no document can name it.
    const there = all.filter(({ resource }) => resource.kind === 'console' || resource.name !== null);
    const resources = new Map<string, { name: string; conditions: LiveCondition[] }>();
    for (const answer of there) {
      const { id, name, resource, openRequests } = answer;
      const of = resources.get(resource.id) ?? { name: resourceText(resource), conditions: [] };
      if (of.conditions.some(({ condition }) => condition.name === name))
        throw new CliError('conflict', `two request conditions of ${of.name} are called ${name}: rename one`, {
          code: 'name_not_unique',
        });
      of.conditions.push({ id, condition: conditionOf(answer), openRequests });
      resources.set(resource.id, of);
    }
    return [...resources].map(
      ([id, { name, conditions }]): LiveConditions => ({
        id,
        name,
        isBuiltIn: false,
        conditions,
        entry: { conditions: conditions.map(({ condition }) => condition) },
      }),
    );
  },
  check({ conditions: all }, resource) {
    const wrong = RESOURCE.test(resource)
      ? []
      : ['must be console, group and its name, app and its name, or service-account and its login'];
    if (!Array.isArray(all) || all.length === 0) return [...wrong, 'conditions: must be a list with one at least'];
    const names = all.map((said: unknown) => (isFields(said) ? said['name'] : undefined));
    const twice = names.filter((name, i) => typeof name === 'string' && names.indexOf(name) < i);
    return [
      ...wrong,
      ...all.flatMap(checkOne),
      ...twice.map((name) => `conditions: ${String(name)} stands there twice`),
    ];
  },
  fill: (entry) => ({ conditions: saidOf(entry).map(wholeOf) }),
  mentions: (entry, resource) => [
    resourceNamed(resource),
    ...saidOf(entry)
      .map(wholeOf)
      .flatMap(({ requesters, bundles, groups, sequence }): Mention[] => [
        { kind: 'request sequence', name: sequence },
        ...bundles.map((name) => ({ kind: 'bundle', name }) as const),
        ...[...groups, ...(requesters === EVERYONE ? [] : requesters)].map(
          (name) => ({ kind: 'group', name }) as const,
        ),
      ]),
  ],
  create: (resource, entry) => changeConditions(resource, [], saidOf(entry).map(wholeOf)),
  update: (live, entry) => changeConditions(live.name, (live as LiveConditions).conditions, saidOf(entry).map(wholeOf)),
  remove: (live) => changeConditions(live.name, (live as LiveConditions).conditions, []),
  ends(live, entry) {
    const wanted = entry === null ? [] : saidOf(entry);
    return sayOpen(
      (live as LiveConditions).conditions.filter(
        ({ condition }) => !wanted.some(({ name }) => name === condition.name),
      ),
    );
  },
};
