import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, put, withQuery } from '../../api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { findOwnGroups, findPeople } from '../../ui/find-named.ts';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { usePeopleNames } from '../../ui/policies/use-names.ts';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { type GroupRule, previewWords, RULES, type RulePreview } from './group-rule-answer.ts';

/** Makes or changes a rule, and tells whom it would add before it is saved. What was typed stays when the server refuses it. */
export const GroupRuleForm = ({
  rule,
  onDone,
  onClose,
}: {
  /** One that is off; null makes one. */
  readonly rule: GroupRule | null;
  readonly onDone: (saved: GroupRule) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(rule?.name ?? '');
  const [expression, setExpression] = useState(rule?.conditions.expression.value ?? '');
  const [groupIds, setGroupIds] = useState(rule?.actions.assignUserToGroups.groupIds ?? []);
  const [excludedIds, setExcludedIds] = useState(rule?.conditions.people.users.exclude ?? []);
  const [names, setNames] = useState<Readonly<Record<string, string>>>(rule?._embedded?.groupIdToGroupNameMap ?? {});
  const knownNameOf = usePeopleNames(rule?.conditions.people.users.exclude ?? []);
  const nameOf = (id: string): string => names[id] || knownNameOf(id);
  const finding = (find: (text: string) => Promise<readonly Named[]>) => async (text: string) => {
    const found = await find(text);
    setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name: of }) => [id, of])) }));
    return found;
  };
  const action = rule === null ? 'group-rule.create' : 'group-rule.update';
  const isReady = name.trim() !== '' && expression.trim() !== '' && groupIds.length > 0;
  const preview = useMutation({
    mutationFn: () =>
      get<RulePreview>(
        withQuery('/sallyport/v1/group-rules/preview', {
          expression: expression.trim(),
          groupIds: groupIds.join(','),
          excludedUserIds: excludedIds.join(','),
        }),
      ),
  });
  const save = useMutation({
    mutationFn: () => {
      const body = {
        type: 'group_rule',
        name: name.trim(),
        conditions: {
          expression: { value: expression.trim(), type: 'urn:okta:expression:1.0' },
          people: { users: { exclude: excludedIds } },
        },
        actions: { assignUserToGroups: { groupIds } },
      };
      return rule === null
        ? post<GroupRule>(RULES, body)
        : put<GroupRule>(`${RULES}/${encodeURIComponent(rule.id)}`, body);
    },
    onSuccess: onDone,
  });
  /** What was answered is of what stood here before. */
  const forgetAnswers = (): void => {
    preview.reset();
    save.reset();
  };
  return (
    <Dialog
      title={rule === null ? 'New group rule' : `Change ${rule.name}`}
      onClose={onClose}
      closeOnClickOutside={false}
    >
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) save.mutate();
        }}
      >
        <BeforeSaving action={action} />
        <TextInput
          label="Name"
          value={name}
          maxLength={50}
          required
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="When"
          description='For example user.department=="Ops" and !String.startsWith(user.title,"Ext"). Also isMemberOfAnyGroup("id") and String.stringContains.'
          value={expression}
          rows={3}
          maxLength={2000}
          spellCheck={false}
          required
          onChange={(event) => {
            forgetAnswers();
            setExpression(event.currentTarget.value);
          }}
        />
        <NamePicker
          one="group"
          many="Groups to put people into"
          ids={groupIds}
          nameOf={nameOf}
          onChange={(ids) => {
            forgetAnswers();
            setGroupIds(ids);
          }}
          find={finding(findOwnGroups)}
          error={null}
        />
        <NamePicker
          one="person"
          many="People it never adds"
          ids={excludedIds}
          nameOf={nameOf}
          onChange={(ids) => {
            forgetAnswers();
            setExcludedIds(ids);
          }}
          find={finding(findPeople)}
          error={null}
        />
        <div role="status">
          {preview.data !== undefined && <p className="sp-state slim">{previewWords(preview.data)}</p>}
        </div>
        {preview.isError && <Failure what="This cannot be tried" error={preview.error} />}
        {save.isError && <Failure what="The rule was not saved" error={save.error} wasChange />}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button
            variant="default"
            loading={preview.isPending}
            disabled={expression.trim() === '' || groupIds.length === 0}
            onClick={() => preview.mutate()}
          >
            Whom would it add?
          </Button>
          <ProtectedButton action={action} type="submit" loading={save.isPending} disabled={!isReady}>
            {rule === null ? 'Create' : 'Save'}
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
