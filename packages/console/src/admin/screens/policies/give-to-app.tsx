import type { AppAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { type Policy, policyPath } from '../../ui/policies/policy-words.ts';

/** Apps whose door somebody may enter, and that another policy judges now. */
const findOthers = async (policyId: string, text: string): Promise<readonly Named[]> =>
  (await get<readonly AppAnswer[]>('/api/v1/apps?limit=200'))
    .filter(
      ({ label, _links }) =>
        _links.accessPolicy !== undefined &&
        !_links.accessPolicy.href.endsWith(`/${policyId}`) &&
        label.toLowerCase().startsWith(text.toLowerCase()),
    )
    .map(({ id, label }) => ({ id, name: label }));

/** Lets an app be judged by this policy in place of the one that judges it now. */
export const GiveToApp = ({
  policy,
  action,
  onDone,
  onClose,
}: {
  readonly policy: Policy;
  readonly action: string;
  readonly onDone: (appName: string) => void;
  readonly onClose: () => void;
}) => {
  const [app, setApp] = useState<Named | null>(null);
  const [found, setFound] = useState<readonly Named[]>([]);
  return (
    <FormDialog
      title={`Let ${policy.name} judge an app`}
      action={action}
      isReady={app !== null}
      save={() => post(`${policyPath(policy.id)}/mappings`, { resourceId: app?.id, resourceType: 'APP' })}
      saveLabel="Let it judge"
      failed="The app was not given to it"
      onDone={() => onDone(app?.name ?? 'The app')}
      onClose={onClose}
    >
      <NamePicker
        one="app"
        many="App"
        ids={app === null ? [] : [app.id]}
        nameOf={() => app?.name ?? ''}
        onChange={(ids) => setApp(found.find(({ id }) => id === ids.at(-1)) ?? null)}
        find={async (text) => {
          const others = await findOthers(policy.id, text);
          setFound((known) => [...known, ...others]);
          return others;
        }}
        error={null}
      />
      <p className="sp-quiet">
        It counts when somebody opens the app the next time. The policy that judges it now stays, and can be given back.
      </p>
    </FormDialog>
  );
};
