import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { get } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Word } from '../../ui/word.tsx';
import { type Policy, TYPES } from './policies.tsx';
import { ifWords, type Rule, thenWords } from './rule-words.ts';

interface Named {
  readonly id: string;
  readonly name?: string;
  readonly profile?: { readonly name?: string };
}
interface PolicyWithRules {
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  readonly names: ReadonlyMap<string, string>;
}

const NAMED = ['/api/v1/zones?limit=200', '/api/v1/groups?limit=200'];

/** Names are a help: without them the rule shows ids. */
const namesOf = async (): Promise<ReadonlyMap<string, string>> => {
  const lists = await Promise.all(NAMED.map((path) => get<readonly Named[]>(path).catch(() => [])));
  return new Map(lists.flat().map(({ id, name, profile }) => [id, name ?? profile?.name ?? id]));
};

const load = async (path: string): Promise<PolicyWithRules> => {
  const [policy, rules, names] = await Promise.all([
    get<Policy>(path),
    get<readonly Rule[]>(`${path}/rules`),
    namesOf(),
  ]);
  return { policy, rules: rules.toSorted((a, b) => a.priority - b.priority), names };
};

const RuleCard = ({
  rule,
  place,
  names,
}: {
  readonly rule: Rule;
  readonly place: number;
  readonly names: ReadonlyMap<string, string>;
}) => {
  const then = thenWords(rule.actions);
  const isOff = rule.status !== 'ACTIVE';
  return (
    <li className="sp-card">
      <div className="sp-section-head">
        <h2>
          {place}. {rule.name}
        </h2>
        {isOff && <Word tone="quiet">off: not read</Word>}
      </div>
      <dl className="sp-facts">
        <dt>If</dt>
        <dd>{ifWords(rule.conditions, (id) => names.get(id) ?? id).join(', and ')}</dd>
        <dt>Then</dt>
        <dd>
          <Word tone={then.isAllowed ? 'good' : 'bad'}>{then.isAllowed ? 'allowed' : 'denied'}</Word>
          {then.words.length > 0 && `, with ${then.words.join('; ')}`}
        </dd>
      </dl>
    </li>
  );
};

/** A policy, rule by rule, in plain words. */
export const PolicyScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const path = `/api/v1/policies/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => load(path) });
  return (
    <Page
      title={query.data?.policy.name ?? 'Policy'}
      {...(query.data === undefined ? {} : { lead: `Decides ${TYPES[query.data.policy.type] ?? 'something'}.` })}
      {...(query.data === undefined
        ? {}
        : {
            tools: (
              <JsonButton title={query.data.policy.name} value={{ ...query.data.policy, rules: query.data.rules }} />
            ),
          })}
      command={<CliFor command={`sallyport policy show ${id}`} />}
    >
      <QueryView query={query} what="the policy">
        {({ rules, names }) => (
          <ol className="sp-stack sp-rules">
            {rules.map((rule, i) => (
              <RuleCard key={rule.id} rule={rule} place={i + 1} names={names} />
            ))}
            <li className="sp-quiet">Nothing matched: denied. What no rule allows is not allowed.</li>
          </ol>
        )}
      </QueryView>
    </Page>
  );
};
