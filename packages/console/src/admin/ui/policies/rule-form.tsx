import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { PolicyProofAnswer, PolicyRuleAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { findGroups, findPeople, findZones } from '../find-named.ts';
import { type Named, NamePicker } from '../name-picker.tsx';
import { ReviewForm } from '../review-form.tsx';
import { useSettled } from '../use-settled.ts';
import { ChangeProof } from './change-proof.tsx';
import { ChangeReplay } from './change-replay.tsx';
import {
  bodyOf,
  type Device,
  draftOf,
  type From,
  faultsOf,
  isDoorKind,
  newRule,
  PROOF_WORDS,
  type Proof,
  type Risk,
  type RuleBody,
  type RuleDraft,
  type RuleFaults,
  type RuleKind,
  ruleChanges,
  rulesWith,
  SESSION_PROOF_WORDS,
  type Who,
} from './rule-draft.ts';
import { ageWords, ifWords } from './rule-words.ts';

/** A rule that is there, and its place among those that people wrote. */
export interface OpenedRule {
  readonly rule: PolicyRuleAnswer;
  readonly place: number;
}

const NO_FAULTS: RuleFaults = { name: null, who: null, from: null, proof: null, idle: null, lifetime: null };
const AGES = ['PT0S', 'PT15M', 'PT1H', 'PT2H', 'PT8H', 'PT12H', 'P1D'];

const ACCESS: Readonly<Record<RuleKind, readonly (readonly [RuleDraft['access'], string])[]>> = {
  app: [
    ['ALLOW', 'They may enter, with this proof'],
    ['DENY', 'They are denied'],
  ],
  session: [
    ['ALLOW', 'They get a session'],
    ['DENY', 'They are denied'],
  ],
  password: [
    ['ALLOW', 'They change their own password'],
    ['DENY', 'They do not change it themselves'],
  ],
  enrolment: [
    ['ALLOW', 'They add an authenticator themselves'],
    ['DENY', 'They do not add one themselves'],
  ],
};
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
const DEVICES: readonly (readonly [Device, string])[] = [
  ['any', 'Any device'],
  ['registered', 'A registered one'],
  ['managed', 'A registered and managed one'],
];
const RISKS: readonly (readonly [Risk, string])[] = [
  ['ANY', 'Any'],
  ['LOW', 'Low'],
  ['MEDIUM', 'Medium'],
  ['HIGH', 'High'],
];
const UNKNOWN = 'Not known until signals arrive. A rule that allows does not match what is unknown.';
const options = <T extends string>(list: readonly (readonly [T, string])[], kept: string | null) => [
  ...list.map(([value, label]) => ({ value, label })),
  ...(kept === null ? [] : [{ value: 'kept', label: `As it is: ${kept}` }]),
];
const CONSEQUENCES: Readonly<Record<RuleKind, string>> = {
  app: 'It is judged when somebody opens the app. Who is inside stays until their session of the app ends.',
  session: 'It is judged at the next sign-in. Who has a session keeps it until it ends.',
  password: 'It is judged when somebody changes their own password the next time.',
  enrolment: 'It is judged when somebody adds an authenticator the next time. Those that they have stay.',
};

/** Asks who, from where, and with what proof; says as one types what it leads to; then what would change. Nothing typed is lost. */
export const RuleForm = ({
  policyId,
  kind,
  isOfConsole,
  action,
  opened,
  rules,
  nameOf,
  consequence = CONSEQUENCES[kind],
  save,
  dryRun,
  onDone,
  onClose,
}: {
  readonly policyId: string;
  readonly kind: RuleKind;
  /** Does it judge who opens the Admin Console? */
  readonly isOfConsole: boolean;
  /** The protected action that saving does, if any. */
  readonly action: string | null;
  readonly opened: OpenedRule | null;
  /** All rules of the policy, in their order. */
  readonly rules: readonly PolicyRuleAnswer[];
  readonly nameOf: (id: string) => string;
  /** From when on it counts. */
  readonly consequence?: string;
  readonly save: (body: RuleBody, place: number) => Promise<unknown>;
  /** What would be true of the policy, were it saved; fails as saving would. Asked of doors only. */
  readonly dryRun: (body: RuleBody, place: number) => Promise<PolicyProofAnswer>;
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const priorities = rules.filter(({ system }) => !system).map(({ priority }) => priority);
  const places = priorities.length + (opened === null ? 1 : 0);
  const [before] = useState(() => (opened === null ? newRule(places, kind) : draftOf(opened.rule, opened.place)));
  const [draft, setDraft] = useState<RuleDraft>(before);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const rule = opened?.rule ?? null;
  const isCatchAll = rule?.system === true;
  const isDenial = draft.access === 'DENY';
  const body = bodyOf(draft, rule, priorities);
  const edit = (part: Partial<RuleDraft>): void => setDraft({ ...draft, ...part });
  const faults = faultsOf(draft, isOfConsole);
  const isGood = Object.values(faults).every((fault) => fault === null);
  const named = (id: string): string => names[id] ?? nameOf(id);
  /** The finder's answers name what is chosen, also in the review. */
  const finding = (find: (text: string) => Promise<readonly Named[]>) => async (text: string) => {
    const found = await find(text);
    setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name }) => [id, name])) }));
    return found;
  };
  const changes = ruleChanges(opened, body, draft.place, named);
  const settled = useSettled(JSON.stringify({ body, place: draft.place }));
  const asked = JSON.parse(settled) as { readonly body: RuleBody; readonly place: number };
  const isDoor = isDoorKind(kind);
  const leadsTo = isDoor && isGood && changes.length > 0 && (
    <ChangeProof change={[policyId, rule?.id, settled]} dryRun={() => dryRun(asked.body, asked.place)} />
  );
  const ages = draft.maxAge === null || AGES.includes(draft.maxAge) ? AGES : [...AGES, draft.maxAge];
  return (
    <ReviewForm
      title={rule === null ? 'New rule' : `Change ${rule.name}`}
      action={action}
      isGood={isGood}
      changes={changes}
      save={() => save(body, draft.place)}
      failed="The rule was not saved"
      onDone={() => onDone(body.name)}
      onClose={onClose}
      review={
        <>
          {isDoor && changes.length > 0 && (
            <section aria-label="What it leads to">
              <h3>What it leads to</h3>
              {leadsTo}
              {kind === 'app' && !isCatchAll && (
                <ChangeReplay policyId={policyId} rules={rulesWith(rules, rule, body, draft.place)} />
              )}
            </section>
          )}
          {draft.who === 'everyone' && !isCatchAll && !isDenial && kind === 'app' && (
            <p>
              <strong>Everybody who has an account here may enter</strong>, as far as their proof is strong enough.
            </p>
          )}
          <p>{consequence}</p>
        </>
      }
    >
      {({ isTried }) => {
        const shown = isTried ? faults : NO_FAULTS;
        return (
          <>
            {isCatchAll ? (
              <p className="sp-quiet">
                The last rule is for whomever no rule before it fits. It keeps its name and its place.
              </p>
            ) : (
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
                {kind === 'app' && (
                  <Textarea
                    label="And only if"
                    description={
                      'An expression, or nothing. For example user.profile.department == "Ops" && security.risk.level == "LOW".'
                    }
                    value={draft.expression}
                    rows={2}
                    maxLength={2000}
                    spellCheck={false}
                    onChange={(event) => edit({ expression: event.currentTarget.value })}
                  />
                )}
                {kind === 'app' && (
                  <NativeSelect
                    label="On which device"
                    value={draft.device}
                    data={options(
                      DEVICES,
                      before.device === 'kept'
                        ? ifWords({ device: rule?.conditions?.device ?? null }, named).join(', and ')
                        : null,
                    )}
                    {...(draft.device === 'any' ? {} : { description: UNKNOWN })}
                    inputWrapperOrder={['label', 'input', 'description']}
                    onChange={(event) => edit({ device: event.currentTarget.value as Device })}
                  />
                )}
                {isDoor && (
                  <NativeSelect
                    label="At which risk"
                    value={draft.risk}
                    data={options(RISKS, null)}
                    {...(draft.risk === 'ANY' ? {} : { description: UNKNOWN })}
                    inputWrapperOrder={['label', 'input', 'description']}
                    onChange={(event) => edit({ risk: event.currentTarget.value as Risk })}
                  />
                )}
              </>
            )}
            <NativeSelect
              label="Then"
              value={draft.access}
              data={options(ACCESS[kind], null)}
              onChange={(event) => edit({ access: event.currentTarget.value as RuleDraft['access'] })}
            />
            {!isDoor ? null : isDenial ? (
              <p className="sp-quiet">Whoever this rule fits is denied, whatever they prove.</p>
            ) : (
              <NativeSelect
                label="With what proof"
                value={draft.proof}
                data={[
                  ...options(
                    Object.entries(kind === 'app' ? PROOF_WORDS : SESSION_PROOF_WORDS) as [Proof, string][],
                    before.proof === 'kept' ? 'what the policy says' : null,
                  ),
                ].map((choice) => ({ ...choice, disabled: isOfConsole && choice.value === 'one' }))}
                {...(isOfConsole
                  ? { description: 'One factor is not offered: it never opens the Admin Console.' }
                  : draft.proof === 'one' && kind === 'app'
                    ? { description: 'A stolen password is enough then.' }
                    : draft.proof === 'two' && kind === 'app'
                      ? { description: 'A look-alike page can ask for both and pass them on.' }
                      : {})}
                error={shown.proof}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                onChange={(event) => edit({ proof: event.currentTarget.value as Proof })}
              />
            )}
            {!isDenial && kind === 'app' && (
              <NativeSelect
                label="How long ago it was proved, at most"
                value={draft.maxAge ?? ''}
                data={[
                  ...ages.map((value) => ({ value, label: ageWords(value) })),
                  { value: '', label: 'of any age, as long as the session lives' },
                ]}
                onChange={(event) => edit({ maxAge: event.currentTarget.value || null })}
              />
            )}
            {!isDenial && kind === 'session' && (
              <>
                <TextInput
                  label="Ends without interaction after (minutes)"
                  description="Nothing here: two hours."
                  inputMode="numeric"
                  value={draft.idle}
                  error={shown.idle}
                  onChange={(event) => edit({ idle: event.currentTarget.value })}
                />
                <TextInput
                  label="Ends at the latest after (minutes)"
                  description="Nothing here, or 0: a day."
                  inputMode="numeric"
                  value={draft.lifetime}
                  error={shown.lifetime}
                  onChange={(event) => edit({ lifetime: event.currentTarget.value })}
                />
              </>
            )}
            {places > 1 && !isCatchAll && (
              <NativeSelect
                label="Read as number"
                description="The first rule that fits decides."
                value={String(draft.place)}
                data={Array.from({ length: places }, (_, i) => String(i + 1))}
                onChange={(event) => edit({ place: Number(event.currentTarget.value) })}
              />
            )}
            {leadsTo !== false && (
              <section className="sp-live" aria-label="What it leads to" aria-live="polite">
                <h3>What it leads to</h3>
                {leadsTo}
              </section>
            )}
          </>
        );
      }}
    </ReviewForm>
  );
};
