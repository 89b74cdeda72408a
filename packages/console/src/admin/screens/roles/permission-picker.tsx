import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { PermissionWordsAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { SearchBox } from '../../ui/search-box.tsx';
import { Word } from '../../ui/word.tsx';
import { type Attributes, type ConditionDraft, conditionOf, inAreas, type RoleDraft } from './role-draft.ts';

const ATTRIBUTES: readonly { readonly value: Attributes; readonly label: string }[] = [
  { value: 'all', label: 'all attributes of profiles' },
  { value: 'include', label: 'only these attributes' },
  { value: 'exclude', label: 'all attributes but these' },
];

const Condition = ({
  words,
  condition,
  isWrong,
  onChange,
}: {
  readonly words: string;
  readonly condition: ConditionDraft;
  readonly isWrong: boolean;
  readonly onChange: (condition: ConditionDraft) => void;
}) => (
  <div className="sp-condition">
    <NativeSelect
      size="xs"
      label={`“${words}” reaches`}
      data={[...ATTRIBUTES]}
      value={condition.kind}
      onChange={(event) => onChange({ ...condition, kind: event.currentTarget.value as Attributes })}
    />
    {condition.kind !== 'all' && (
      <TextInput
        size="xs"
        label="Attributes, with commas between"
        description="The login is always seen: it names the person."
        placeholder="city, department"
        value={condition.text}
        error={isWrong && 'Name at least one; none would read as either nothing or everything.'}
        onChange={(event) => onChange({ ...condition, text: event.currentTarget.value })}
      />
    )}
  </div>
);

/** Chooses permissions by their words, area by area. What comes along with a chosen one is shown as held. */
export const PermissionPicker = ({
  draft,
  catalogue,
  wrongCondition,
  error,
  onChange,
}: {
  readonly draft: RoleDraft;
  readonly catalogue: readonly PermissionWordsAnswer[];
  readonly wrongCondition: string | null;
  readonly error: string | null;
  readonly onChange: (part: Partial<RoleDraft>) => void;
}) => {
  const [text, setText] = useState('');
  const chosen = new Set(draft.chosen);
  const broughtBy = (permission: string): PermissionWordsAnswer | undefined =>
    catalogue.find((one) => chosen.has(one.permission) && one.bringsWithIt.includes(permission));
  const open = catalogue.filter(
    ({ permission, words, isForCustomRoles, on }) =>
      isForCustomRoles &&
      (on !== 'nothing' || chosen.has(permission)) &&
      `${permission} ${words}`.toLowerCase().includes(text.toLowerCase()),
  );
  const toggle = (permission: string, isOn: boolean): void =>
    onChange({ chosen: isOn ? [...draft.chosen, permission] : draft.chosen.filter((one) => one !== permission) });
  return (
    <fieldset className="sp-picker">
      <legend>What it can ({draft.chosen.length})</legend>
      {error !== null && (
        <p className="sp-picker-error" role="alert">
          {error}
        </p>
      )}
      <SearchBox label="Find a permission" value={text} onChange={setText} onEnter={() => undefined} />
      {open.length === 0 && <p role="status">No permission has {text} in its words.</p>}
      {inAreas(open).map(([area, items]) => (
        <section key={area} aria-label={area}>
          <h3>{area}</h3>
          {items.map(({ permission, words, isSensitive, takesCondition }) => {
            const by = chosen.has(permission) ? undefined : broughtBy(permission);
            return (
              <div key={permission} className="sp-permission">
                <Checkbox
                  label={
                    <>
                      {words} {isSensitive && <Word tone="warn">sensitive</Word>}
                    </>
                  }
                  aria-label={words}
                  description={by === undefined ? permission : `${permission}: comes with “${by.words}”`}
                  checked={chosen.has(permission) || by !== undefined}
                  disabled={by !== undefined}
                  onChange={(event) => toggle(permission, event.currentTarget.checked)}
                />
                {takesCondition && chosen.has(permission) && (
                  <Condition
                    words={words}
                    condition={conditionOf(draft, permission)}
                    isWrong={wrongCondition === permission}
                    onChange={(condition) => onChange({ conditions: { ...draft.conditions, [permission]: condition } })}
                  />
                )}
              </div>
            );
          })}
        </section>
      ))}
    </fieldset>
  );
};
