import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { AppAnswer, PolicyAnswer, UserAnswer, WhatIfAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { findPeople, findPolicies } from '../../ui/find-named.ts';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { policyPath } from '../../ui/policies/policy-words.ts';
import { isOfConsole, useMayChange } from '../../ui/policies/use-may-change.ts';
import { useNames } from '../../ui/policies/use-names.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { SaveTest } from './save-test.tsx';
import {
  bodyOf,
  commandOf,
  DEVICES,
  isAsked,
  RISKS,
  type Search,
  STATUSES,
  VERDICTS,
  valueWords,
  WITH,
} from './what-if-draft.ts';

/** Offers to keep the answer as a test, of a case that was imagined: facts of an event belong to that event. */
const KeepAsTest = ({ answer, search }: { readonly answer: WhatIfAnswer; readonly search: Search }) => {
  const mayReadApps = useMay('okta.apps.read');
  const path = policyPath(answer.policy.id);
  const policy = useQuery({ queryKey: ['policy', answer.policy.id], queryFn: () => get<PolicyAnswer>(path) });
  const apps = useQuery({
    queryKey: ['policy', answer.policy.id, 'apps'],
    queryFn: () => get<readonly AppAnswer[]>(`${path}/app`),
    enabled: mayReadApps,
  });
  const { mayChange, action } = useMayChange(policy.data?.type ?? '', isOfConsole(apps.data ?? []));
  const [isSaving, setIsSaving] = useState(false);
  if (search['event'] !== undefined || !mayChange) return null;
  return (
    <>
      <ProtectedButton action={action} variant="default" onClick={() => setIsSaving(true)}>
        Save as a test…
      </ProtectedButton>
      {isSaving && (
        <SaveTest
          search={search}
          answer={answer}
          action={action}
          onClose={() => setIsSaving(false)}
          onDone={(name) => {
            setIsSaving(false);
            toast(
              <GoTo href={`/policies/${answer.policy.id}?tab=tests`}>{`${name} is a test of the policy now.`}</GoTo>,
            );
          }}
        />
      )}
    </>
  );
};

const Answer = ({ answer, search }: { readonly answer: WhatIfAnswer; readonly search: Search }) => {
  const named = useNames([]);
  const nameOf = (id: string): string => (id === answer.person?.id ? answer.person.login : named(id));
  const [tone, words] = VERDICTS[answer.verdict];
  const { recorded } = answer;
  return (
    <div className="sp-stack">
      <Section title="Verdict" tools={<KeepAsTest answer={answer} search={search} />}>
        <p role="status">
          <Word tone={tone}>{words}</Word> by {answer.rule === null ? 'no rule' : <strong>{answer.rule.name}</strong>}{' '}
          of <GoTo href={`/policies/${answer.policy.id}`}>{answer.policy.name}</GoTo>.
        </p>
        <ul>
          {answer.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
          {answer.needs.length > 0 && <li>It would do with {answer.needs.join(', or ')}.</li>}
          {!answer.policy.isActive && <li>The policy is switched off: it lets nobody in.</li>}
          {recorded !== null && (
            <li>
              When it happened: {recorded.verdict.replace('_', ' ')}, by{' '}
              {recorded.rule === null ? 'no rule' : recorded.rule.name}.
            </li>
          )}
        </ul>
      </Section>
      <Section title="Rules" lead="In the order in which they are read; the first that applies decides.">
        <DataTable
          caption="What became of each rule"
          rows={answer.rules}
          rowKey={({ id }) => id}
          columns={[
            { key: 'rule', head: 'Rule', cell: ({ name }) => name },
            {
              key: 'did',
              head: 'What it did',
              cell: ({ status }) => <Word tone={STATUSES[status][0]}>{STATUSES[status][1]}</Word>,
            },
            { key: 'why', head: 'Because', cell: ({ failed }) => failed?.sentence ?? '' },
          ]}
        />
      </Section>
      <Section title="Facts" lead="What is not known never lets anybody in.">
        <DataTable
          caption="Facts that were judged"
          rows={answer.facts}
          rowKey={({ name }) => name}
          columns={[
            { key: 'fact', head: 'Fact', cell: ({ words: name }) => name },
            {
              key: 'value',
              head: 'Value',
              cell: (fact) => (fact.isKnown ? valueWords(fact, nameOf) : <Word tone="quiet">not known</Word>),
            },
            {
              key: 'from',
              head: 'From',
              cell: ({ source, observedAt }) =>
                source === null ? (
                  ''
                ) : (
                  <span>
                    {source}, <Instant at={observedAt} as="relative" />
                  </span>
                ),
            },
          ]}
        />
      </Section>
    </div>
  );
};

const choices = (list: Readonly<Record<string, string>>, none: string) => [
  { value: '', label: none },
  ...Object.entries(list).map(([value, label]) => ({ value, label })),
];

/** Would they get in? By the judgement that every sign-in passes, on facts that are imagined or that once were. */
export const WhatIf = () => {
  const { search, set } = useUrlState();
  const [typed, setTyped] = useState<Search>(search);
  const edit = (part: Search): void => setTyped((before) => ({ ...before, ...part }));
  const policies = useQuery({ queryKey: ['find', 'policies', ''], queryFn: () => findPolicies('') });
  const { user } = typed;
  const person = useQuery({
    queryKey: ['user', user],
    queryFn: () => get<UserAnswer>(`/api/v1/users/${encodeURIComponent(user ?? '')}`),
    enabled: user !== undefined,
  });
  const body = bodyOf(search);
  const query = useQuery({
    queryKey: ['what-if', body],
    queryFn: () => post<WhatIfAnswer>('/sallyport/v1/what-if', body),
    enabled: isAsked(search),
  });
  const none = search['event'] === undefined ? 'not known' : 'as in the event';
  return (
    <Page
      title="What if"
      lead="Would they get in? The same judgement that every sign-in passes. Nothing is changed, and nobody is signed in."
      command={isAsked(search) && <CliFor command={commandOf(search)} />}
    >
      <search className="sp-card">
        <form
          className="sp-form"
          onSubmit={(event) => {
            event.preventDefault();
            set(typed);
          }}
        >
          <NativeSelect
            data-search
            label="Whose door"
            value={typed['policy'] ?? ''}
            data={choices(
              Object.fromEntries((policies.data ?? []).map(({ id, name }) => [id, name])),
              typed['event'] === undefined ? 'choose one' : 'that of the event',
            )}
            onChange={(event) => edit({ policy: event.currentTarget.value || undefined, draft: undefined })}
          />
          {typed['draft'] !== undefined && (
            <p className="sp-actions">
              Judged by a draft of the policy, not by what counts.
              <Button size="xs" variant="default" onClick={() => edit({ draft: undefined })}>
                By what counts
              </Button>
            </p>
          )}
          <TextInput
            label="As of a past event"
            description="Id of a sign-in in the System Log. Its facts are taken; what is chosen here counts in place of them."
            value={typed['event'] ?? ''}
            maxLength={64}
            spellCheck={false}
            onChange={(event) => edit({ event: event.currentTarget.value.trim() || undefined })}
          />
          <NamePicker
            one="person"
            many="Who"
            ids={user === undefined ? [] : [user]}
            nameOf={(id) => (person.data?.id === id ? person.data.profile.login : id)}
            onChange={(ids) => edit({ user: ids.at(-1) })}
            find={findPeople}
            error={null}
          />
          <TextInput
            label="From which address"
            value={typed['ip'] ?? ''}
            maxLength={45}
            spellCheck={false}
            onChange={(event) => edit({ ip: event.currentTarget.value.trim() || undefined })}
          />
          <NativeSelect
            label="Signed in with"
            value={typed['auth'] ?? ''}
            data={choices(WITH, none)}
            onChange={(event) => edit({ auth: event.currentTarget.value || undefined })}
          />
          <NativeSelect
            label="On which device"
            value={typed['device'] ?? ''}
            data={choices(Object.fromEntries(Object.entries(DEVICES).map(([key, [label]]) => [key, label])), none)}
            onChange={(event) => edit({ device: event.currentTarget.value || undefined })}
          />
          <NativeSelect
            label="Risk"
            value={typed['risk'] ?? ''}
            data={choices(RISKS, none)}
            onChange={(event) => edit({ risk: event.currentTarget.value || undefined })}
          />
          <Button type="submit" disabled={!isAsked(typed)}>
            Judge
          </Button>
        </form>
      </search>
      {isAsked(search) && (
        <QueryView query={query} what="the verdict">
          {(answer) => <Answer answer={answer} search={search} />}
        </QueryView>
      )}
    </Page>
  );
};
