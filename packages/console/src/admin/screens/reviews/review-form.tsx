import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { CampaignAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post } from '../../api.ts';
import { findOwnGroups } from '../../ui/find-named.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NamePicker } from '../../ui/name-picker.tsx';
import { useFoundNames } from '../../ui/use-found-names.ts';
import { CAMPAIGNS } from './review-words.ts';
import { isWhole, NOBODY_YET, reviewerSettingsOf, WhoIsAskedFields } from './who-is-asked.tsx';

const PRESETS = {
  administrators: { label: 'Administrators: who holds which role', kinds: ['ROLE'], name: 'Administrator review' },
  inactive: { label: 'People who do not sign in, and what they hold', kinds: ['ROLE'], name: 'Inactive people' },
  groups: { label: 'Groups: who is in which', kinds: ['GROUP_MEMBERSHIP'], name: 'Memberships of groups' },
  machines: {
    label: 'Machines: API tokens and service apps',
    kinds: ['API_TOKEN', 'SERVICE_APP'],
    name: 'Tokens and service apps',
  },
  breakGlass: {
    label: 'Break-glass accounts: seals, keys, networks and drills',
    kinds: ['BREAK_GLASS'],
    name: 'Break-glass accounts',
  },
  all: {
    label: 'All power: roles, access for a while, tokens, service apps and break-glass',
    kinds: ['ROLE', 'GRANT', 'API_TOKEN', 'SERVICE_APP', 'BREAK_GLASS'],
    name: 'All power',
  },
} as const;
type Preset = keyof typeof PRESETS;
const REPEATS = [
  { value: '', label: 'once' },
  { value: 'P1M', label: 'every month' },
  { value: 'P3M', label: 'every three months' },
  { value: 'P1Y', label: 'every year' },
];

/** Plans a review from a preset. Whoever is asked never answers for themselves: the super admins do. */
export const ReviewForm = ({
  onDone,
  onClose,
}: {
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const [preset, setPreset] = useState<Preset>('administrators');
  const [name, setName] = useState<string>(PRESETS.administrators.name);
  const [who, setWho] = useState(NOBODY_YET);
  const [days, setDays] = useState<number | string>(14);
  const [inactiveDays, setInactiveDays] = useState<number | string>(90);
  const [groupIds, setGroupIds] = useState<readonly string[]>([]);
  const { nameOf, finding } = useFoundNames([]);
  const [interval, setInterval] = useState('');
  const [noResponse, setNoResponse] = useState<'NO_ACTION' | 'DENY'>('NO_ACTION');
  const save = () =>
    post<CampaignAnswer>(CAMPAIGNS, {
      name: name.trim(),
      scheduleSettings: {
        type: interval === '' ? 'ONE_OFF' : 'RECURRING',
        startDate: new Date().toISOString(),
        durationInDays: Number(days),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...(interval === '' ? {} : { recurrence: { interval } }),
      },
      ...(preset === 'inactive'
        ? {
            principalScopeSettings: {
              type: 'USERS',
              predefinedInactiveUsersScope: { inactiveDays: Number(inactiveDays) },
            },
          }
        : {}),
      ...(preset === 'groups' && groupIds.length > 0
        ? {
            resourceSettings: {
              type: 'GROUP',
              targetResources: groupIds.map((resourceId) => ({ resourceId, resourceType: 'GROUP' })),
            },
          }
        : {}),
      reviewerSettings: reviewerSettingsOf(who),
      notificationSettings: {
        notifyReviewerWhenReviewAssigned: true,
        notifyReviewerAtCampaignEnd: true,
        remindersReviewerBeforeCampaignCloseInSecs: [86_400, 172_800],
      },
      remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse },
      sallyport: { kinds: PRESETS[preset].kinds },
    });
  const isWithin = (value: number | string, min: number, max: number): boolean =>
    value !== '' && Number(value) >= min && Number(value) <= max;
  return (
    <FormDialog
      title="Plan a review"
      action="campaign.create"
      isReady={
        name.trim() !== '' &&
        isWhole(who) &&
        isWithin(days, 1, 365) &&
        (preset !== 'inactive' || isWithin(inactiveDays, 30, 365))
      }
      save={save}
      saveLabel="Plan it"
      failed="The review was not planned"
      onDone={() => onDone(name.trim())}
      onClose={onClose}
    >
      <NativeSelect
        label="What is asked about"
        data={Object.entries(PRESETS).map(([value, { label }]) => ({ value, label }))}
        value={preset}
        data-autofocus
        onChange={({ currentTarget: { value } }) => {
          const next = value as Preset;
          // A name that somebody chose stays.
          if (name === PRESETS[preset].name) setName(PRESETS[next].name);
          setPreset(next);
        }}
      />
      {preset === 'inactive' && (
        <NumberInput
          label="Days without a sign-in"
          description="From 30 to 365."
          value={inactiveDays}
          min={30}
          max={365}
          onChange={setInactiveDays}
        />
      )}
      {preset === 'groups' && (
        <NamePicker
          one="group"
          many="In these groups alone; with none chosen, in any"
          ids={groupIds}
          nameOf={nameOf}
          onChange={setGroupIds}
          find={finding(findOwnGroups)}
          error={null}
        />
      )}
      <TextInput
        label="Name"
        value={name}
        maxLength={255}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <WhoIsAskedFields who={who} onChange={setWho} />
      <p className="sp-quiet">
        Nobody is asked about themselves, under whichever account, or about somebody whose account, role or keys they
        made in the last 30 days: then the other super admins are.
      </p>
      {PRESETS[preset].kinds.some((kind) => kind === 'BREAK_GLASS') && (
        <p className="sp-quiet">
          About break-glass accounts only super admins decide. None is taken: revoked, it is a task to seal it anew or
          to retire it.
        </p>
      )}
      <NumberInput label="Days to answer" value={days} min={1} max={365} onChange={setDays} />
      <NativeSelect
        label="How often"
        data={REPEATS}
        value={interval}
        onChange={(event) => setInterval(event.currentTarget.value)}
      />
      <NativeSelect
        label="Without an answer"
        data={[
          { value: 'NO_ACTION', label: 'everybody keeps what they have' },
          { value: 'DENY', label: 'it is taken, and can be given back for seven days' },
        ]}
        value={noResponse}
        onChange={(event) => setNoResponse(event.currentTarget.value as 'NO_ACTION' | 'DENY')}
      />
    </FormDialog>
  );
};
