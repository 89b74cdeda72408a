import { requestOf } from '@sallyport/client/client-request';
import type { RouteInput } from '@sallyport/client/route-input';
import type { ApproverRule } from '@sallyport/model/access-request';
import { plainDuration } from './duration.ts';
import type { Names } from './names.ts';
import type { Entry, Mention, Section } from './section.ts';
import { isFields, isNames } from './shapes.ts';

/** Whose yes a step asks for: one word, or who by name. */
const WORDS = ['admins', 'super-admins', 'manager', 'owner'] as const;
type Approvers =
  | (typeof WORDS)[number]
  | { readonly people: readonly string[] }
  | { readonly group: string }
  | { readonly permission: string };
interface SaidStep {
  readonly approvers: Approvers;
  readonly count?: number;
  readonly escalateAfter?: string;
  readonly escalateTo?: Approvers;
}
const STEP_FIELDS = ['approvers', 'count', 'escalateAfter', 'escalateTo'];
const stepsOf = (entry: Entry): readonly SaidStep[] => entry['steps'] as readonly SaidStep[];

const saidRule = async (rule: ApproverRule, names: Names): Promise<Approvers> => {
  if (rule.by === 'people') {
    const people: string[] = [];
    for (const id of rule.ids) people.push(await names.nameOf('user', id));
    return { people: people.toSorted() };
  }
  if (rule.by === 'group') return { group: await names.nameOf('group', rule.id) };
  return rule.by === 'permission' ? { permission: rule.permission } : rule.by;
};
const ruleOf = async (said: Approvers, names: Names): Promise<ApproverRule> => {
  if (typeof said === 'string') return { by: said };
  if ('group' in said) return { by: 'group', id: await names.idOf('group', said.group) };
  // The server knows which there are.
  if ('permission' in said) return { by: 'permission', permission: said.permission } as ApproverRule;
  const ids: string[] = [];
  for (const login of said.people) ids.push(await names.idOf('user', login));
  return { by: 'people', ids };
};
const mentionsOf = (said: Approvers | undefined): readonly Mention[] => {
  if (said === undefined || typeof said === 'string') return [];
  if ('group' in said) return [{ kind: 'group', name: said.group }];
  return 'people' in said ? said.people.map((name) => ({ kind: 'user', name })) : [];
};

/** With what is meant where nothing is said, and lengths of time as the server writes them. */
const wholeStep = ({ approvers, count = 1, escalateAfter, escalateTo }: SaidStep): SaidStep => ({
  approvers,
  count,
  ...(escalateAfter === undefined ? {} : { escalateAfter: plainDuration(escalateAfter) }),
  ...(escalateTo === undefined ? {} : { escalateTo }),
});

type Body = NonNullable<RouteInput<'requestSequences.create'>['body']>;
const bodyOf = async (name: string, entry: Entry, names: Names): Promise<Body> => {
  const steps = [];
  for (const { approvers, count, escalateAfter, escalateTo } of stepsOf(entry).map(wholeStep))
    steps.push({
      approvers: await ruleOf(approvers, names),
      count,
      ...(escalateAfter === undefined ? {} : { escalateAfter }),
      ...(escalateTo === undefined ? {} : { escalateTo: await ruleOf(escalateTo, names) }),
    });
  return {
    name,
    description: String(entry['description']),
    steps,
    decideWithin: String(entry['decideWithin']),
  } as Body;
};

const isApprovers = (said: unknown): boolean => {
  if (typeof said === 'string') return (WORDS as readonly string[]).includes(said);
  const [only, ...more] = isFields(said) ? Object.entries(said) : [];
  if (only === undefined || more.length > 0) return false;
  const [by, who] = only;
  return by === 'people'
    ? isNames(who) && who.length > 0
    : ['group', 'permission'].includes(by) && typeof who === 'string';
};
const checkStep = (step: unknown, i: number): readonly string[] => {
  if (!isFields(step)) return [`steps.${i}: must have fields`];
  const { approvers, count = 1, escalateAfter, escalateTo } = step;
  const who = `must be ${WORDS.join(', ')}, or have people, a group or a permission`;
  return [
    ...Object.keys(step)
      .filter((field) => !STEP_FIELDS.includes(field))
      .map((field) => `steps.${i}: there is no field ${field}`),
    ...(isApprovers(approvers) ? [] : [`steps.${i}.approvers: ${who}`]),
    ...(Number.isInteger(count) ? [] : [`steps.${i}.count: must be a number`]),
    ...(escalateAfter === undefined || typeof escalateAfter === 'string'
      ? []
      : [`steps.${i}.escalateAfter: must be a duration, such as PT4H`]),
    ...(escalateTo === undefined || isApprovers(escalateTo) ? [] : [`steps.${i}.escalateTo: ${who}`]),
  ];
};

/** Whose yes it takes to have what is asked for, one step after another. */
export const requestSequences: Section = {
  key: 'requestSequences',
  noun: 'request sequence',
  fields: { description: '', decideWithin: 'P1D', steps: undefined },
  async read(client, names) {
    const live = [];
    for (const { id, name, description, decideWithin, steps } of await client.call('requestSequences.list', {})) {
      const said: SaidStep[] = [];
      for (const { approvers, count, escalateAfter, escalateTo } of steps)
        said.push(
          wholeStep({
            approvers: await saidRule(approvers, names),
            count,
            ...(escalateAfter === undefined ? {} : { escalateAfter }),
            ...(escalateTo === undefined ? {} : { escalateTo: await saidRule(escalateTo, names) }),
          }),
        );
      live.push({ id, name, isBuiltIn: false, entry: { description, decideWithin, steps: said } });
    }
    return live;
  },
  check: ({ steps, decideWithin }) => [
    ...(typeof decideWithin === 'string' ? [] : ['decideWithin: must be a duration, such as PT24H']),
    ...(Array.isArray(steps) && steps.length > 0 ? steps.flatMap(checkStep) : ['steps: must be a list of steps']),
  ],
  fill: (entry) => ({
    ...entry,
    decideWithin: plainDuration(String(entry['decideWithin'])),
    steps: stepsOf(entry).map(wholeStep),
  }),
  mentions: (entry) =>
    stepsOf(entry).flatMap(({ approvers, escalateTo }) => [...mentionsOf(approvers), ...mentionsOf(escalateTo)]),
  create: (name, entry) => [
    {
      batch: 'request-sequence',
      request: async (names) => requestOf('requestSequences.create', { body: await bodyOf(name, entry, names) }),
    },
  ],
  update: ({ id, name }, entry) => [
    {
      batch: 'request-sequence',
      request: async (names) =>
        requestOf('requestSequences.replace', { params: { sequenceId: id }, body: await bodyOf(name, entry, names) }),
    },
  ],
  remove: ({ id }) => [
    {
      batch: 'request-sequence',
      request: () => requestOf('requestSequences.delete', { params: { sequenceId: id } }),
    },
  ],
};
