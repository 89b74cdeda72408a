import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { KeyMethodAnswer, OrgAuthenticatorAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import {
  type AskedDraft,
  dueFault,
  ENROLMENTS,
  type EnrolmentDraft,
  type EnrolmentKey,
  type SelfEnrolment,
} from '../../ui/policies/enrolment-draft.ts';
import { utcWords } from '../../ui/time-words.ts';

const SELF: readonly { readonly value: SelfEnrolment; readonly label: string }[] = [
  { value: 'NOT_ALLOWED', label: 'Not allowed' },
  { value: 'OPTIONAL', label: 'As they like' },
  { value: 'REQUIRED', label: 'Required' },
];
const HELP: Readonly<Record<SelfEnrolment, string>> = {
  NOT_ALLOWED: 'Nobody adds one: not its holder, not an administrator, not a link. Those that are there stay.',
  OPTIONAL: 'Whoever wants one adds it.',
  REQUIRED: 'Whoever has none is asked for it after each sign-in. Without one no app behind the gateway opens.',
};
const OF_ADMINS = 'Keys of administrators are allowed whatever is chosen here.';

/** Names of the groups of models that the settings of keys have. */
const useModelGroups = (): readonly string[] => {
  const query = useQuery({
    queryKey: ['groups of models'],
    queryFn: async () => {
      const found = await get<readonly OrgAuthenticatorAnswer[]>('/api/v1/authenticators');
      const id = found.find(({ key }) => key === 'webauthn')?.id ?? '';
      const method = await get<KeyMethodAnswer>(`/api/v1/authenticators/${encodeURIComponent(id)}/methods/webauthn`);
      return method.settings.aaguidGroups.map(({ name }) => name);
    },
  });
  return query.data ?? [];
};

/** Which authenticators somebody may, must and may not have. */
export const EnrolmentFields = ({
  draft,
  onChange,
}: {
  readonly draft: EnrolmentDraft;
  readonly onChange: (draft: EnrolmentDraft) => void;
}) => {
  const known = useModelGroups();
  const fields = (key: EnrolmentKey, label: string) => {
    const asked = draft[key];
    const edit = (part: Partial<AskedDraft>): void => onChange({ ...draft, [key]: { ...asked, ...part } });
    const readDue = ({ value, validity: { badInput } }: HTMLInputElement): void => {
      if (value !== asked.dueAt || badInput !== asked.isHalf) edit({ dueAt: value, isHalf: badInput });
    };
    const models = [...new Set([...known, ...asked.groups])];
    return (
      <fieldset className="sp-picker" key={key}>
        <legend>{label}</legend>
        <NativeSelect
          label={`${label}: may people have them?`}
          value={asked.self}
          data={[...SELF]}
          description={
            key === 'webauthn' && asked.self === 'NOT_ALLOWED' ? `${HELP[asked.self]} ${OF_ADMINS}` : HELP[asked.self]
          }
          inputWrapperOrder={['label', 'input', 'description']}
          // The field of the day is empty again when it comes back.
          onChange={(event) => edit({ self: event.currentTarget.value as SelfEnrolment, isHalf: false })}
        />
        {asked.self === 'REQUIRED' && (
          <TextInput
            type="datetime-local"
            step={1}
            label={`${label}: asked for only, until`}
            value={asked.dueAt}
            error={dueFault(asked)}
            description={
              asked.dueAt === '' || dueFault(asked) !== null
                ? 'Left empty, apps are closed to whoever has none from now on.'
                : `${utcWords(Date.parse(asked.dueAt))}. From then on apps are closed to whoever has none.`
            }
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            onChange={(event) => readDue(event.currentTarget)}
            // Of a part that is typed into an empty field the browser tells nothing: it is looked at.
            onKeyUp={(event) => readDue(event.currentTarget)}
            onBlur={(event) => readDue(event.currentTarget)}
          />
        )}
        {key === 'webauthn' && asked.self !== 'NOT_ALLOWED' && models.length > 0 && (
          <Checkbox.Group
            label="Only keys of these groups of models"
            description="None chosen: whatever the organisation takes. What is chosen is proved by a certificate of the maker."
            value={[...asked.groups]}
            onChange={(groups) => edit({ groups })}
          >
            {models.map((name) => (
              <Checkbox key={name} value={name} label={name} mt="xs" />
            ))}
          </Checkbox.Group>
        )}
      </fieldset>
    );
  };
  return (
    <>
      {ENROLMENTS.map(([key, label]) => fields(key, label))}
      <p className="sp-quiet">
        A password is for those who have one: nobody gives themselves a first one here, and whether it counts is what
        policies of sessions and apps say.
      </p>
    </>
  );
};
