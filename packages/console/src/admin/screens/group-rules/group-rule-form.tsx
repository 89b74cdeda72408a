import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, put, withQuery } from '../../api.ts';
import { findOwnGroups, findPeople } from '../../ui/find-named.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { usePeopleNames } from '../../ui/policies/use-names.ts';
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
  const save = (): Promise<GroupRule> => {
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
  };
  return (
    <FormDialog
      title={rule === null ? 'New group rule' : `Change ${rule.name}`}
      action={rule === null ? 'group-rule.create' : 'group-rule.update'}
      isReady={name.trim() !== '' && expression.trim() !== '' && groupIds.length > 0}
      save={save}
      saveLabel={rule === null ? 'Create' : 'Save'}
      failed="The rule was not saved"
      onDone={onDone}
      onClose={onClose}
      buttons={
        <Button
          variant="default"
          loading={preview.isPending}
          disabled={expression.trim() === '' || groupIds.length === 0}
          onClick={() => preview.mutate()}
        >
          Whom would it add?
        </Button>
      }
    >
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
          preview.reset();
          setExpression(event.currentTarget.value);
        }}
      />
      <NamePicker
        one="group"
        many="Groups to put people into"
        ids={groupIds}
        nameOf={nameOf}
        onChange={(ids) => {
          preview.reset();
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
          preview.reset();
          setExcludedIds(ids);
        }}
        find={finding(findPeople)}
        error={null}
      />
      <div role="status">
        {preview.data !== undefined && <p className="sp-state slim">{previewWords(preview.data)}</p>}
      </div>
      {preview.isError && <Failure what="This cannot be tried" error={preview.error} />}
    </FormDialog>
  );
};
