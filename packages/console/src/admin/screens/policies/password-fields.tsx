import { Checkbox, TextInput } from '@mantine/core';
import {
  causeAt,
  numberFault,
  PASSWORD_CLASSES,
  PASSWORD_NUMBERS,
  type PasswordDraft,
} from '../../ui/policies/password-draft.ts';

/** What a policy of passwords asks, part by part; what was refused of it stands at its field. */
export const PasswordFields = ({
  draft,
  causes,
  onChange,
}: {
  readonly draft: PasswordDraft;
  /** Why the server refused what was sent. */
  readonly causes: readonly string[];
  readonly onChange: (draft: PasswordDraft) => void;
}) => {
  const numbers = (part: keyof typeof PASSWORD_NUMBERS) =>
    PASSWORD_NUMBERS[part].map(([name, label, help]) => (
      <TextInput
        key={name}
        label={label}
        description={help}
        inputMode="numeric"
        maxLength={6}
        value={draft.numbers[name]}
        error={numberFault(draft.numbers[name]) ?? causeAt(causes, `settings.password.${name}`)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        onChange={(event) => onChange({ ...draft, numbers: { ...draft.numbers, [name]: event.currentTarget.value } })}
      />
    ));
  return (
    <>
      <fieldset className="sp-picker">
        <legend>What it must be</legend>
        {numbers('must')}
        {PASSWORD_CLASSES.map(([name, label]) => (
          <Checkbox
            key={name}
            label={`${label} in it`}
            checked={draft.classes.includes(name)}
            onChange={(event) => {
              const others = draft.classes.filter((each) => each !== name);
              onChange({ ...draft, classes: event.currentTarget.checked ? [...others, name] : others });
            }}
          />
        ))}
        <p className="sp-quiet">
          Whatever is chosen here, no password is a common one, and none holds the login or the name of its owner.
        </p>
      </fieldset>
      <fieldset className="sp-picker">
        <legend>How long it lives</legend>
        {numbers('lives')}
      </fieldset>
      <fieldset className="sp-picker">
        <legend>When it locks</legend>
        {numbers('locks')}
        <Checkbox
          label="Tell whoever types the name that it is locked"
          description="It tells strangers, too, that there is such an account."
          checked={draft.isLockTold}
          onChange={(event) => onChange({ ...draft, isLockTold: event.currentTarget.checked })}
        />
      </fieldset>
    </>
  );
};
