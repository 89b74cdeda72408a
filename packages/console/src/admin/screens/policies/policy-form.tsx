import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { describeFailure, post, putTagged } from '../../api.ts';
import { ChangesTable } from '../../ui/changes-table.tsx';
import { findGroups } from '../../ui/find-named.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';
import {
  type EnrolmentDraft,
  enrolmentDraftOf,
  enrolmentSettingsOf,
  isEnrolmentDraftGood,
} from '../../ui/policies/enrolment-draft.ts';
import {
  isPasswordDraftGood,
  type PasswordDraft,
  type PolicySettings,
  passwordDraftOf,
  passwordSettingsOf,
} from '../../ui/policies/password-draft.ts';
import {
  groupsOf,
  isOrdered,
  POLICIES,
  type Policy,
  policyBody,
  policyPath,
  TYPES,
} from '../../ui/policies/policy-words.ts';
import { settingChanges } from '../../ui/policies/setting-words.ts';
import { EnrolmentFields } from './enrolment-fields.tsx';
import { PasswordFields } from './password-fields.tsx';

const BEGINS: Readonly<Record<string, string>> = {
  ACCESS_POLICY: 'It begins with a last rule that denies. Give it rules, and then to an app.',
  OKTA_SIGN_ON: 'It begins without a rule, and decides nothing until it has one.',
  PASSWORD:
    'It begins with what holds for everybody. Until a rule of it says so, the policies after it say from where its people change their own.',
  MFA_ENROLL:
    'It begins with what holds for everybody. Until a rule of it says so, the policies after it say from where its people add one.',
};

/**
 * The name of a policy, what it is for, for whom where it has an order, and what it settles where it holds for people. Its
 * rules are changed on its page.
 */
export const PolicyForm = ({
  opened,
  types,
  standards = {},
  action,
  nameOf,
  onDone,
  onClose,
}: {
  /** Null makes one. */
  readonly opened: { readonly policy: Policy; readonly etag: string } | null;
  /** The types that this person may make: whoever makes any makes those of apps. */
  readonly types: readonly string[];
  /** What the default policies settle, by their type: a new one begins with it. */
  readonly standards?: Readonly<Record<string, PolicySettings | undefined>>;
  readonly action: string;
  readonly nameOf: (id: string) => string;
  readonly onDone: (saved: Policy) => void;
  readonly onClose: () => void;
}) => {
  const before = opened?.policy ?? null;
  const [type, setType] = useState(before?.type ?? 'ACCESS_POLICY');
  const [name, setName] = useState(before?.name ?? '');
  const [description, setDescription] = useState(before?.description ?? '');
  const [groupIds, setGroupIds] = useState<readonly string[]>(before === null ? [] : groupsOf(before));
  const settings = before?.settings ?? standards[type] ?? {};
  const [typedPassword, setPassword] = useState<PasswordDraft | null>(null);
  const [causes, setCauses] = useState<readonly string[]>([]);
  // What was refused may be far above the button.
  useEffect(() => {
    if (causes.length > 0) document.querySelector<HTMLElement>('form [aria-invalid=true]')?.focus();
  }, [causes]);
  const password = typedPassword ?? (settings.password === undefined ? null : passwordDraftOf(settings.password));
  const [typedEnrolment, setEnrolment] = useState<EnrolmentDraft | null>(null);
  const enrolment = typedEnrolment ?? (type === 'MFA_ENROLL' ? enrolmentDraftOf(settings) : null);
  const isPassword = type === 'PASSWORD' && password !== null;
  const isEnrolment = type === 'MFA_ENROLL' && enrolment !== null;
  const isGood = isPassword ? isPasswordDraftGood(password) : !isEnrolment || isEnrolmentDraftGood(enrolment);
  const wanted = !isGood
    ? null
    : isPassword
      ? passwordSettingsOf(password, settings)
      : isEnrolment
        ? enrolmentSettingsOf(enrolment, settings)
        : null;
  const changes = before === null || wanted === null ? [] : settingChanges(settings, wanted);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const hasGroups = isOrdered({ type }) && before?.system !== true;
  const save = (): Promise<Policy> => {
    const { people: _groups, ...others } = before?.conditions ?? {};
    const chosen = { ...others, ...(groupIds.length === 0 ? {} : { people: { groups: { include: groupIds } } }) };
    const conditions = hasGroups ? chosen : (before?.conditions ?? null);
    const typed = { type, name: name.trim(), description: description.trim() || null, conditions };
    const settled = wanted === null ? {} : { settings: wanted };
    if (opened !== null) {
      const body = { ...policyBody(typed, opened.policy.priority), ...settled };
      return putTagged<Policy>(policyPath(opened.policy.id), body, opened.etag);
    }
    const { priority: _last, ...body } = policyBody(typed, 0);
    return post<Policy>(POLICIES, { ...body, ...settled });
  };
  return (
    <FormDialog
      title={before === null ? 'New policy' : `Change ${before.name}`}
      action={action}
      isReady={name.trim() !== '' && isGood}
      save={() => {
        setCauses([]);
        return save().catch((error: unknown) => {
          setCauses(describeFailure(error).causes);
          throw error;
        });
      }}
      saveLabel={before === null ? 'Create' : 'Save'}
      failed="The policy was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      {before === null && types.length > 1 && (
        <NativeSelect
          label="It decides"
          value={type}
          data={types.map((value) => ({ value, label: TYPES[value]?.decides ?? value }))}
          onChange={(event) => setType(event.currentTarget.value)}
        />
      )}
      <NamedFields
        name={name}
        description={description}
        descriptionMax={1024}
        onName={setName}
        onDescription={setDescription}
      />
      {hasGroups && (
        <>
          <NamePicker
            one="group"
            many="For members of"
            ids={groupIds}
            nameOf={(id) => names[id] ?? nameOf(id)}
            onChange={setGroupIds}
            find={async (text) => {
              const found = await findGroups(text);
              setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name: of }) => [id, of])) }));
              return found;
            }}
            error={null}
          />
          {groupIds.length === 0 && <p className="sp-quiet">No group is chosen: it is for everybody.</p>}
        </>
      )}
      {isPassword && (
        <PasswordFields
          draft={password}
          causes={causes}
          onChange={(typed) => {
            setCauses([]);
            setPassword(typed);
          }}
        />
      )}
      {isEnrolment && (
        <EnrolmentFields
          draft={enrolment}
          onChange={(typed) => {
            setCauses([]);
            setEnrolment(typed);
          }}
        />
      )}
      {changes.length > 0 && <ChangesTable caption="What saving changes" changes={changes} />}
      {before === null && <p className="sp-quiet">{BEGINS[type]}</p>}
    </FormDialog>
  );
};
