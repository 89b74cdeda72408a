import { NativeSelect, TextInput } from '@mantine/core';
import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post, putTagged } from '../../api.ts';
import { findGroups, findPeople, findZones } from '../../ui/find-named.ts';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { ageWords, ifWords } from '../../ui/policies/rule-words.ts';
import { ReviewForm } from '../../ui/review-form.tsx';
import { DraftCheck } from './draft-check.tsx';
import {
  bodyOf,
  draftOf,
  type From,
  faultsOf,
  newRule,
  PROOF_WORDS,
  type Proof,
  type RuleDraft,
  type RuleFaults,
  ruleChanges,
  rulesWith,
  type Who,
} from './rule-draft.ts';

/** A rule that is there, as it was read. */
export interface OpenedRule {
  readonly rule: PolicyRuleAnswer;
  readonly etag: string;
  readonly place: number;
}

const NO_FAULTS: RuleFaults = { name: null, who: null, from: null };
const AGES = ['PT0S', 'PT15M', 'PT1H', 'PT2H', 'PT8H', 'PT12H', 'P1D'];

const WHO: readonly (readonly [Who, string])[] = [
  ['everyone', 'Everybody'],
  ['groups', 'Members of certain groups'],
  ['people', 'Certain people'],
];
const FROM: readonly (readonly [From, string])[] = [
  ['anywhere', 'Anywhere'],
  ['inside', 'Certain network zones only'],
  ['outside', 'Anywhere but certain network zones'],
];
const options = <T extends string>(list: readonly (readonly [T, string])[], kept: string | null) => [
  ...list.map(([value, label]) => ({ value, label })),
  ...(kept === null ? [] : [{ value: 'kept', label: `As it is: ${kept}` }]),
];

/** Asks who may enter, from where, and with what proof; then shows what would change, and saves. Nothing typed is lost on the way. */
export const RuleForm = ({
  policyPath,
  opened,
  rules,
  priorities,
  nameOf,
  onDone,
  onClose,
}: {
  readonly policyPath: string;
  readonly opened: OpenedRule | null;
  /** All rules of the policy, in their order. */
  readonly rules: readonly PolicyRuleAnswer[];
  /** Of the rules that people wrote, in their order. */
  readonly priorities: readonly number[];
  readonly nameOf: (id: string) => string;
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const places = priorities.length + (opened === null ? 1 : 0);
  const [before] = useState(() => (opened === null ? newRule(places) : draftOf(opened.rule, opened.place)));
  const [draft, setDraft] = useState<RuleDraft>(before);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const rule = opened?.rule ?? null;
  const body = bodyOf(draft, rule, priorities);
  const save = (): Promise<unknown> =>
    opened === null
      ? post(`${policyPath}/rules`, body)
      : putTagged(`${policyPath}/rules/${encodeURIComponent(opened.rule.id)}`, body, opened.etag);
  const edit = (part: Partial<RuleDraft>): void => setDraft({ ...draft, ...part });
  const faults = faultsOf(draft);
  const isGood = Object.values(faults).every((fault) => fault === null);
  const named = (id: string): string => names[id] ?? nameOf(id);
  /** The finder's answers name what is chosen, also in the review. */
  const finding = (find: (text: string) => Promise<readonly Named[]>) => async (text: string) => {
    const found = await find(text);
    setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name }) => [id, name])) }));
    return found;
  };
  const isDenial = rule !== null && rule.actions.appSignOn?.access !== 'ALLOW';
  const changes = ruleChanges(opened, body, draft.place, named);
  const ages = draft.maxAge === null || AGES.includes(draft.maxAge) ? AGES : [...AGES, draft.maxAge];
  return (
    <ReviewForm
      title={rule === null ? 'Let somebody in' : `Change ${rule.name}`}
      action="policy-rule.update"
      isGood={isGood}
      changes={changes}
      save={save}
      failed="The rule was not saved"
      onDone={() => onDone(body.name)}
      onClose={onClose}
      review={
        <>
          {changes.length > 0 && (
            <DraftCheck
              policyId={policyPath.split('/').at(-1) ?? ''}
              rules={rulesWith(rules, rule, body, draft.place)}
            />
          )}
          {draft.who === 'everyone' && !isDenial && (
            <p>
              <strong>Everybody who has an account here may enter</strong>, as far as their proof is strong enough.
            </p>
          )}
          <p>It is judged when somebody opens the app. Who is inside stays until their session of the app ends.</p>
        </>
      }
    >
      {({ isTried }) => {
        const shown = isTried ? faults : NO_FAULTS;
        return (
          <>
            <TextInput
              label="Name of the rule"
              description="The log names it when it decided."
              value={draft.name}
              maxLength={255}
              error={shown.name}
              data-autofocus
              onChange={(event) => edit({ name: event.currentTarget.value })}
            />
            <NativeSelect
              label="Who"
              value={draft.who}
              data={options(
                WHO,
                before.who === 'kept'
                  ? ifWords({ people: rule?.conditions?.people ?? null }, named).join(', and ')
                  : null,
              )}
              onChange={(event) => edit({ who: event.currentTarget.value as Who })}
            />
            {draft.who === 'groups' && (
              <NamePicker
                one="group"
                many="Groups"
                ids={draft.groupIds}
                nameOf={named}
                onChange={(groupIds) => edit({ groupIds })}
                find={finding(findGroups)}
                error={shown.who}
              />
            )}
            {draft.who === 'people' && (
              <NamePicker
                one="person"
                many="People"
                ids={draft.userIds}
                nameOf={named}
                onChange={(userIds) => edit({ userIds })}
                find={finding(findPeople)}
                error={shown.who}
              />
            )}
            <NativeSelect
              label="From where"
              value={draft.from}
              data={options(
                FROM,
                before.from === 'kept'
                  ? ifWords({ network: rule?.conditions?.network ?? null }, named).join(', and ')
                  : null,
              )}
              onChange={(event) => edit({ from: event.currentTarget.value as From })}
            />
            {(draft.from === 'inside' || draft.from === 'outside') && (
              <NamePicker
                one="zone"
                many="Network zones"
                ids={draft.zoneIds}
                nameOf={named}
                onChange={(zoneIds) => edit({ zoneIds })}
                find={finding(findZones)}
                error={shown.from}
              />
            )}
            {isDenial ? (
              <p className="sp-quiet">Whoever this rule fits is denied, whatever they prove.</p>
            ) : (
              <>
                <NativeSelect
                  label="With what proof"
                  value={draft.proof}
                  data={options(
                    Object.entries(PROOF_WORDS) as [Proof, string][],
                    before.proof === 'kept' ? 'what the policy says' : null,
                  )}
                  {...(draft.proof === 'one'
                    ? { description: 'A stolen password is enough then.' }
                    : draft.proof === 'two'
                      ? { description: 'A look-alike page can ask for both and pass them on.' }
                      : {})}
                  inputWrapperOrder={['label', 'input', 'description']}
                  onChange={(event) => edit({ proof: event.currentTarget.value as Proof })}
                />
                <NativeSelect
                  label="How long ago it was proved, at most"
                  value={draft.maxAge ?? ''}
                  data={[
                    ...ages.map((value) => ({ value, label: ageWords(value) })),
                    { value: '', label: 'of any age, as long as the session lives' },
                  ]}
                  onChange={(event) => edit({ maxAge: event.currentTarget.value || null })}
                />
              </>
            )}
            {places > 1 && (
              <NativeSelect
                label="Read as number"
                description="The first rule that fits decides."
                value={String(draft.place)}
                data={Array.from({ length: places }, (_, i) => String(i + 1))}
                onChange={(event) => edit({ place: Number(event.currentTarget.value) })}
              />
            )}
          </>
        );
      }}
    </ReviewForm>
  );
};
