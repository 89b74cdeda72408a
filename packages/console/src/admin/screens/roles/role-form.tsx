import { Textarea, TextInput } from '@mantine/core';
import type { PermissionWordsAnswer, RoleDetailAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post, putTagged } from '../../api.ts';
import { ReviewForm } from '../../ui/review-form.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import { ROLES } from './role-answer.ts';
import { bodyOf, EMPTY_ROLE, faultsOf, type RoleDraft, roleChanges } from './role-draft.ts';

const NO_FAULTS = { label: null, chosen: null, condition: null };

/** Makes a custom role, or changes one: all of it in one change, after the difference was looked at. */
export const RoleForm = ({
  opened,
  start,
  catalogue,
  onDone,
  onClose,
}: {
  /** The role that is changed, as it was read; null makes one. */
  readonly opened: { readonly role: RoleDetailAnswer; readonly etag: string } | null;
  readonly start: RoleDraft;
  readonly catalogue: readonly PermissionWordsAnswer[];
  readonly onDone: (saved: RoleDetailAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [draft, setDraft] = useState(start);
  const action = opened === null ? 'role.create' : 'role.update';
  const faults = faultsOf(draft, catalogue);
  const isGood = Object.values(faults).every((fault) => fault === null);
  const changes = roleChanges(opened === null ? EMPTY_ROLE : start, draft, catalogue);
  const sensitive = catalogue.filter(
    ({ permission, isSensitive }) =>
      isSensitive && draft.chosen.includes(permission) && !start.chosen.includes(permission),
  );
  const save = (): Promise<RoleDetailAnswer> => {
    const body = bodyOf(draft, catalogue);
    return opened === null
      ? post(ROLES, body)
      : putTagged(`${ROLES}/${encodeURIComponent(opened.role.id)}`, body, opened.etag);
  };
  const edit = (part: Partial<RoleDraft>): void => setDraft({ ...draft, ...part });
  return (
    <ReviewForm
      title={opened === null ? 'New role' : `Change ${opened.role.label}`}
      action={action}
      isGood={isGood}
      changes={changes}
      save={save}
      failed="The role was not saved"
      onDone={onDone}
      onClose={onClose}
      review={
        <>
          {sensitive.length > 0 && (
            <p className="sp-state warn slim">
              {sensitive.map(({ words }) => words).join('; ')}: whoever holds it could turn it into the power of others,
              if nothing stood in the way.
            </p>
          )}
          <p>
            {opened === null || opened.role.people === 0
              ? 'Nobody holds it yet. It is given over a resource set.'
              : `${opened.role.people === 1 ? 'One person holds' : `${opened.role.people} people hold`} it; it counts at their next click.`}
          </p>
        </>
      }
    >
      {({ isTried }) => {
        const shown = isTried ? faults : NO_FAULTS;
        return (
          <>
            <TextInput
              label="Name"
              value={draft.label}
              maxLength={255}
              error={shown.label}
              data-autofocus
              onChange={(event) => edit({ label: event.currentTarget.value })}
            />
            <Textarea
              label="What it is for"
              description="Whoever reviews it in a year reads this."
              value={draft.description}
              maxLength={4096}
              rows={2}
              onChange={(event) => edit({ description: event.currentTarget.value })}
            />
            <PermissionPicker
              draft={draft}
              catalogue={catalogue}
              wrongCondition={shown.condition}
              error={shown.chosen}
              onChange={edit}
            />
          </>
        );
      }}
    </ReviewForm>
  );
};
