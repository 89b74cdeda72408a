import type { PolicyAnswer, PolicyProofAnswer, PolicyRuleAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { get } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProofView } from '../../ui/policies/proof-view.tsx';
import { RuleList } from '../../ui/policies/rule-list.tsx';
import { useNames } from '../../ui/policies/use-names.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { TYPES } from './policies.tsx';

const load = async (path: string) => {
  const [policy, rules] = await Promise.all([
    get<PolicyAnswer>(path),
    get<readonly PolicyRuleAnswer[]>(`${path}/rules`),
  ]);
  return { policy, rules };
};

/** What is true of it for every request. */
const Proof = ({ id }: { readonly id: string }) => {
  const path = `/sallyport/v1/policies/${encodeURIComponent(id)}/proof`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<PolicyProofAnswer>(path) });
  return (
    <Section
      title="Who comes in"
      lead="For every request there can be, not for one."
      tools={<GoTo href={`/what-if?policy=${encodeURIComponent(id)}`}>What if…</GoTo>}
    >
      <QueryView query={query} what="who comes in">
        {(proof) => <ProofView proof={proof} />}
      </QueryView>
      <CliFor command={`sallyport policy prove ${id}`} />
    </Section>
  );
};

/** A policy, rule by rule, in plain words. */
export const PolicyScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const path = `/api/v1/policies/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => load(path) });
  const nameOf = useNames(query.data?.rules ?? []);
  return (
    <Page
      title={query.data?.policy.name ?? 'Policy'}
      {...(query.data === undefined
        ? {}
        : {
            lead: `Decides ${TYPES[query.data.policy.type] ?? 'something'}.`,
            tools: (
              <JsonButton title={query.data.policy.name} value={{ ...query.data.policy, rules: query.data.rules }} />
            ),
          })}
      command={<CliFor command={`sallyport policy show ${id}`} />}
    >
      <QueryView query={query} what="the policy">
        {({ rules }) => (
          <div className="sp-stack">
            <RuleList rules={rules} nameOf={nameOf} heading="h2" />
            <Proof id={id} />
          </div>
        )}
      </QueryView>
    </Page>
  );
};
