import { NativeSelect } from '@mantine/core';
import type { AppAnswer, RequestSequenceAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, patchTagged, post } from '../../api.ts';
import { SEQUENCES, SETTINGS_ACTION } from '../../ui/asking-paths.ts';
import { findBundles, findGroups, findOwnGroups, findServiceAccounts, findUsedApps } from '../../ui/find-named.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { readLength, writeLength } from '../../ui/length.ts';
import { LengthField } from '../../ui/length-field.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { NamedFields } from '../../ui/named-fields.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useFoundNames } from '../../ui/use-found-names.ts';
import { type Condition, conditionsOf, pathOf, resourceWords } from './condition-words.ts';

type ResourceKind = Condition['resource']['kind'];
type DurationKind = 'chosen' | 'fixed' | 'none';

const RESOURCES: readonly { readonly value: ResourceKind; readonly label: string }[] = [
  { value: 'console', label: 'admin roles, in bundles' },
  { value: 'group', label: 'membership in a group' },
  { value: 'app', label: 'an app' },
  { value: 'service-account', label: 'to sign in as a service account' },
];
const DURATIONS: readonly { readonly value: DurationKind; readonly label: string }[] = [
  { value: 'chosen', label: 'as long as they ask for, up to a maximum' },
  { value: 'fixed', label: 'always the same' },
  { value: 'none', label: 'a year: nothing shorter is said' },
];

const PICKED = {
  group: { one: 'group', many: 'The group', find: findOwnGroups },
  app: { one: 'app', many: 'The app', find: findUsedApps },
  'service-account': { one: 'service account', many: 'The service account', find: findServiceAccounts },
} as const;

/** Does it take the yes of two different people? */
const takesTwo = ({ steps }: RequestSequenceAnswer): boolean => steps.reduce((sum, { count }) => sum + count, 0) >= 2;

const last = (ids: readonly string[]): readonly string[] => ids.slice(-1);
const refs = (ids: readonly string[]) => ids.map((id) => ({ id }));

/** Makes or changes a condition. What was typed stays when it is refused, or while it is not known whose yes there is. */
export const ConditionForm = ({
  condition,
  onDone,
  onClose,
}: {
  /** Null makes one. */
  readonly condition: Condition | null;
  readonly onDone: (saved: { readonly name: string }) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(condition?.name ?? '');
  const [description, setDescription] = useState(condition?.description ?? '');
  const [kind, setKind] = useState<ResourceKind>(condition?.resource.kind ?? 'console');
  const [resourceIds, setResourceIds] = useState<readonly string[]>(
    condition === null || kind === 'console' ? [] : [condition.resource.id],
  );
  // What is gone is left out: the server takes none that does not exist.
  const [givenIds, setGivenIds] = useState<readonly string[]>(
    condition === null || condition.scope === 'RESOURCE_DEFAULT'
      ? []
      : condition.gives.flatMap((one) => (one.name === null ? [] : [one.id])),
  );
  const [isOfGroups, setIsOfGroups] = useState(condition?.scope === 'GROUPS');
  const [isForAll, setIsForAll] = useState(condition?.requesters === null);
  const [requesterIds, setRequesterIds] = useState<readonly string[]>(
    (condition?.requesters ?? []).flatMap((one) => (one.name === null ? [] : [one.id])),
  );
  const [durationKind, setDurationKind] = useState<DurationKind>(
    condition === null ? 'chosen' : (condition.duration?.kind ?? 'none'),
  );
  const [length, setLength] = useState(readLength(condition?.duration?.length ?? 'PT8H'));
  const [ticket, setTicket] = useState(condition?.ticket ?? 'optional');
  const basis = useQuery({
    queryKey: [SEQUENCES, 'for a condition'],
    queryFn: async () => ({
      consoleId: (await get<readonly AppAnswer[]>('/api/v1/apps?filter=name%20eq%20%22saasure%22'))[0]?.id ?? null,
      sequences: await get<readonly RequestSequenceAnswer[]>(SEQUENCES),
    }),
  });
  const { consoleId = null, sequences: all = [] } = basis.data ?? {};
  const sequences = kind === 'service-account' ? all.filter(takesTwo) : all;
  const saved = sequences.find(({ id }) => id === condition?.sequence.id);
  const [chosenSequence, setSequenceId] = useState<string | null>(null);
  // Of another resource another one may be needed.
  const chosen = sequences.find(({ id }) => id === chosenSequence);
  const sequenceId = chosen?.id ?? saved?.id ?? (condition === null ? sequences[0]?.id : null) ?? '';
  const { nameOf, finding } = useFoundNames([...(condition?.gives ?? []), ...(condition?.requesters ?? [])]);
  const isOfConsole = kind === 'console';
  const wire = writeLength(length);
  const needsDuration = isOfConsole || kind === 'service-account';
  const hasDuration = needsDuration || durationKind !== 'none';
  const resourceId = isOfConsole ? consoleId : resourceIds[0];
  const gives = isOfConsole || isOfGroups;
  const isReady =
    name.trim() !== '' &&
    resourceId != null &&
    (!gives || givenIds.length > 0) &&
    (isForAll || requesterIds.length > 0) &&
    (!hasDuration || wire !== null) &&
    sequenceId !== '';
  const scope = () => {
    if (isOfConsole) return { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: refs(givenIds) };
    return isOfGroups ? { type: 'GROUPS', groups: refs(givenIds) } : { type: 'RESOURCE_DEFAULT' };
  };
  const duration = () => {
    if (!hasDuration) return null;
    return durationKind === 'fixed'
      ? { type: 'ADMIN_FIXED_DURATION', duration: wire }
      : { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: wire };
  };
  const save = (): Promise<{ readonly name: string }> => {
    const body = {
      name: name.trim(),
      description: description.trim() === '' ? null : description.trim(),
      requesterSettings: isForAll ? { type: 'EVERYONE' } : { type: 'GROUPS', groups: refs(requesterIds) },
      accessScopeSettings: scope(),
      accessDurationSettings: duration(),
      approvalSequenceId: sequenceId,
      sallyport: { ticket: ticket === 'required' ? 'REQUIRED' : 'OPTIONAL' },
    };
    return condition === null
      ? post(conditionsOf(resourceId ?? ''), body)
      : patchTagged(pathOf(condition), body, condition.version);
  };
  const sequence = sequences.find(({ id }) => id === sequenceId);
  return (
    <FormDialog
      title={condition === null ? 'Let something be asked for' : `Change ${condition.name}`}
      action={SETTINGS_ACTION}
      isReady={isReady}
      save={save}
      saveLabel={condition === null ? 'Create' : 'Save'}
      failed="It was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      <NamedFields
        name={name}
        description={description}
        descriptionMax={2000}
        onName={setName}
        onDescription={setDescription}
      />
      {condition === null ? (
        <NativeSelect
          label="What can be asked for"
          value={kind}
          data={[...RESOURCES]}
          onChange={(event) => {
            setKind(event.currentTarget.value as ResourceKind);
            setResourceIds([]);
            setGivenIds([]);
            setIsOfGroups(false);
          }}
        />
      ) : (
        <p>Of: {resourceWords(condition)}</p>
      )}
      {condition === null && !isOfConsole && (
        <NamePicker
          key={kind}
          one={PICKED[kind].one}
          many={PICKED[kind].many}
          ids={resourceIds}
          nameOf={nameOf}
          onChange={(ids) => setResourceIds(last(ids))}
          find={finding(PICKED[kind].find)}
          error={null}
        />
      )}
      {kind === 'service-account' && (
        <p className="sp-quiet">
          For a day at most, with the yes of two people. Whoever has its key or password signs in then, where a rule of
          a policy names the account.
        </p>
      )}
      {kind === 'app' && (
        <NativeSelect
          label="It gives"
          value={isOfGroups ? 'groups' : 'app'}
          data={[
            { value: 'app', label: 'the app itself' },
            { value: 'groups', label: 'membership in groups' },
          ]}
          onChange={(event) => {
            setIsOfGroups(event.currentTarget.value === 'groups');
            setGivenIds([]);
          }}
        />
      )}
      {gives && (
        <NamePicker
          key={isOfConsole ? 'bundles' : 'groups'}
          one={isOfConsole ? 'bundle' : 'group'}
          many={isOfConsole ? 'Bundles of admin roles' : 'Groups it gives'}
          ids={givenIds}
          nameOf={nameOf}
          onChange={setGivenIds}
          find={finding(isOfConsole ? findBundles : findOwnGroups)}
          error={null}
        />
      )}
      <NativeSelect
        label="Who may ask"
        value={isForAll ? 'all' : 'groups'}
        data={[
          { value: 'groups', label: 'people in certain groups' },
          { value: 'all', label: 'everybody' },
        ]}
        onChange={(event) => setIsForAll(event.currentTarget.value === 'all')}
      />
      {!isForAll && (
        <NamePicker
          one="group"
          many="Groups that may ask"
          ids={requesterIds}
          nameOf={nameOf}
          onChange={setRequesterIds}
          find={finding(findGroups)}
          error={null}
        />
      )}
      <NativeSelect
        label="For how long"
        value={needsDuration && durationKind === 'none' ? 'chosen' : durationKind}
        data={DURATIONS.filter(({ value }) => !needsDuration || value !== 'none')}
        onChange={(event) => setDurationKind(event.currentTarget.value as DurationKind)}
      />
      {hasDuration && (
        <LengthField
          label={durationKind === 'fixed' ? 'It lasts' : 'At most'}
          value={length}
          error={length.count !== '' && wire === null ? 'A whole number above zero.' : null}
          onChange={setLength}
        />
      )}
      <NativeSelect
        label="A ticket"
        value={ticket}
        data={[
          { value: 'optional', label: 'may be named' },
          { value: 'required', label: 'must be named in each request' },
        ]}
        onChange={(event) => setTicket(event.currentTarget.value as Condition['ticket'])}
      />
      <QueryView query={basis} what="whose yes there is to choose from" rows={1}>
        {() =>
          sequences.length === 0 ? (
            <Empty title="There is no sequence">
              Say first whose yes it can take: <GoTo href="/request-sequences">make a sequence</GoTo>.
            </Empty>
          ) : (
            <NativeSelect
              label="Whose yes it takes"
              value={sequenceId}
              data={[
                ...(sequenceId === '' ? [{ value: '', label: 'choose one: the one before was deleted' }] : []),
                ...sequences.map(({ id, name: label }) => ({ value: id, label })),
              ]}
              onChange={(event) => setSequenceId(event.currentTarget.value)}
            />
          )
        }
      </QueryView>
      {sequence !== undefined && (
        <p className="sp-quiet">{sequence.outlook.map(({ words }) => words).join(', then ')}.</p>
      )}
      <p className="sp-quiet">
        {condition === null
          ? 'It is off until you turn it on.'
          : 'It counts for what is asked from now on. Open requests keep their steps and time; who no longer may ask is given nothing.'}
      </p>
    </FormDialog>
  );
};
