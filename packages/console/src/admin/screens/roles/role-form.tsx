import { Button, Textarea, TextInput } from '@mantine/core';
import type { PermissionWordsAnswer, RoleDetailAnswer } from '@sallyport/client/answers';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { post, putTagged } from '../../api.ts';
import { ChangesTable } from '../../ui/changes-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import { ROLES } from './role-answer.ts';
import { bodyOf, EMPTY_ROLE, faultsOf, type RoleDraft, roleChanges } from './role-draft.ts';

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
  const [step, setStep] = useState<'form' | 'review'>('form');
  const [isTried, setIsTried] = useState(false);
  const action = opened === null ? 'role.create' : 'role.update';
  const faults = faultsOf(draft, catalogue);
  const isGood = Object.values(faults).every((fault) => fault === null);
  const shown = isTried ? faults : { label: null, chosen: null, condition: null };
  const changes = roleChanges(opened === null ? EMPTY_ROLE : start, draft, catalogue);
  const sensitive = catalogue.filter(
    ({ permission, isSensitive }) =>
      isSensitive && draft.chosen.includes(permission) && !start.chosen.includes(permission),
  );
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft, catalogue);
      return opened === null
        ? post<RoleDetailAnswer>(ROLES, body)
        : putTagged<RoleDetailAnswer>(`${ROLES}/${encodeURIComponent(opened.role.id)}`, body, opened.etag);
    },
    onSuccess: onDone,
  });
  const edit = (part: Partial<RoleDraft>): void => setDraft({ ...draft, ...part });
  return (
    <Dialog
      title={opened === null ? 'New role' : `Change ${opened.role.label}`}
      onClose={onClose}
      closeOnClickOutside={false}
      size="lg"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsTried(true);
          if (step === 'review') save.mutate();
          else if (isGood) setStep('review');
        }}
      >
        {step === 'form' ? (
          <div className="sp-form">
            <BeforeSaving action={action} />
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
          </div>
        ) : (
          <div className="sp-dialog-text">
            {changes.length === 0 ? (
              <p>Nothing is different from what is saved.</p>
            ) : (
              <ChangesTable caption="What saving changes" changes={changes} />
            )}
            {sensitive.length > 0 && (
              <p className="sp-state warn slim">
                {sensitive.map(({ words }) => words).join('; ')}: whoever holds it could turn it into the power of
                others, if nothing stood in the way.
              </p>
            )}
            <p>
              {opened === null || opened.role.people === 0
                ? 'Nobody holds it yet. It is given over a resource set.'
                : `${opened.role.people === 1 ? 'One person holds' : `${opened.role.people} people hold`} it; it counts at their next click.`}
            </p>
            {save.isError && <Failure what="The role was not saved" error={save.error} wasChange />}
          </div>
        )}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          {step === 'review' && (
            <Button variant="default" onClick={() => setStep('form')} disabled={save.isPending}>
              Back
            </Button>
          )}
          <ProtectedButton
            action={action}
            type="submit"
            loading={save.isPending}
            disabled={step === 'review' && changes.length === 0}
          >
            {step === 'form' ? 'Review…' : 'Save'}
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
