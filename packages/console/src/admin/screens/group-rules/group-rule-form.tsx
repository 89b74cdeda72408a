import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, withQuery } from '../../api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { type GroupRule, previewWords, RULES, type RulePreview } from './group-rule-answer.ts';

/** Makes a rule, and tells whom it would add before it is made. What was typed stays when the server refuses it. */
export const GroupRuleForm = ({
  onDone,
  onClose,
}: {
  readonly onDone: (made: GroupRule) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState('');
  const [expression, setExpression] = useState('');
  const [groupIds, setGroupIds] = useState<readonly string[]>([]);
  const [groupNames, setGroupNames] = useState<Readonly<Record<string, string>>>({});
  const isReady = name.trim() !== '' && expression.trim() !== '' && groupIds.length > 0;
  const preview = useMutation({
    mutationFn: () =>
      get<RulePreview>(
        withQuery('/sallyport/v1/group-rules/preview', { expression: expression.trim(), groupIds: groupIds.join(',') }),
      ),
  });
  const save = useMutation({
    mutationFn: () =>
      post<GroupRule>(RULES, {
        type: 'group_rule',
        name: name.trim(),
        conditions: { expression: { value: expression.trim(), type: 'urn:okta:expression:1.0' } },
        actions: { assignUserToGroups: { groupIds } },
      }),
    onSuccess: onDone,
  });
  return (
    <Dialog title="New group rule" onClose={onClose} closeOnClickOutside={false}>
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <BeforeSaving action="group-rule.create" />
        <TextInput
          label="Name"
          value={name}
          maxLength={50}
          required
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
          nameOf={(id) => groupNames[id] ?? id}
          onChange={(ids) => {
            preview.reset();
            setGroupIds(ids);
          }}
          find={async (text) => {
            const rows = await get<readonly { id: string; type: string; profile: { name: string } }[]>(
              withQuery('/api/v1/groups', { q: text === '' ? undefined : text, limit: 50 }),
            );
            // Everybody is in a built-in group anyway.
            const named = rows
              .filter(({ type }) => type !== 'BUILT_IN')
              .map(({ id, profile }) => ({ id, name: profile.name }));
            setGroupNames((names) => ({ ...names, ...Object.fromEntries(named.map(({ id, name: of }) => [id, of])) }));
            return named;
          }}
          error={null}
        />
        <div role="status">
          {preview.data !== undefined && <p className="sp-state slim">{previewWords(preview.data)}</p>}
        </div>
        {preview.isError && <Failure what="This cannot be tried" error={preview.error} />}
        {save.isError && <Failure what="The rule was not made" error={save.error} wasChange />}
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
          <ProtectedButton action="group-rule.create" type="submit" loading={save.isPending} disabled={!isReady}>
            Create
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
