import { Checkbox, NativeSelect } from '@mantine/core';
import { useMay } from '../../frame/me.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Word } from '../../ui/word.tsx';
import type { ActionSetting, KeyClass, ProtectedAction } from './protected-actions-answer.ts';
import { agesFor, type Draft, keyClassesFor, settingIn } from './setting-draft.ts';
import { ageWords, KEY_WORDS } from './setting-words.ts';

const THIRTY_DAYS_SECONDS = '2592000';
const logOf = (action: string): string =>
  `/log?${new URLSearchParams({
    filter: `eventType eq "security.protected_action.attempt" and target.id eq "${action}"`,
    last: THIRTY_DAYS_SECONDS,
  }).toString()}`;

const Use = ({ row: { action, usedIn30Days, lastUsedAt } }: { readonly row: ProtectedAction }) => {
  const mayReadLog = useMay('okta.logs.read');
  if (lastUsedAt === null) return <span className="sp-quiet">never</span>;
  const times = `${usedIn30Days} ${usedIn30Days === 1 ? 'time' : 'times'}`;
  return (
    <span>
      {mayReadLog ? <GoTo href={logOf(action)}>{times}</GoTo> : times}
      <br />
      <span className="sp-quiet">
        last <Instant at={lastUsedAt} as="relative" />
      </span>
    </span>
  );
};

/** `null` for whoever may only read. */
type Change = ((row: ProtectedAction, part: Partial<ActionSetting>) => void) | null;

const columnsFor = (draft: Draft, onChange: Change): readonly Column<ProtectedAction>[] => [
  {
    key: 'action',
    head: 'Action',
    cell: ({ words, why, action }) => (
      <span>
        <strong>{words}</strong>
        <br />
        <span className="sp-quiet">{why}</span>
        <br />
        <code>{action}</code>
      </span>
    ),
  },
  {
    key: 'on',
    head: 'Asks',
    cell: (row) => {
      const { isOn } = settingIn(draft, row);
      if (row.isFloor) return <Word tone="good">always</Word>;
      if (onChange === null) return <Word tone={isOn ? 'good' : 'quiet'}>{isOn ? 'yes' : 'no'}</Word>;
      return (
        <Checkbox
          aria-label={`Ask: ${row.words}`}
          label={isOn ? 'yes' : 'no'}
          checked={isOn}
          onChange={(event) => onChange(row, { isOn: event.currentTarget.checked })}
        />
      );
    },
  },
  {
    key: 'age',
    head: 'How often',
    cell: (row) => {
      const setting = settingIn(draft, row);
      if (!setting.isOn && !row.isFloor) return <span className="sp-quiet">not asked</span>;
      if (onChange === null) return ageWords(setting.maxAgeMinutes);
      return (
        <NativeSelect
          size="xs"
          aria-label={`How often: ${row.words}`}
          data={agesFor(row, setting).map((age) => ({ value: String(age), label: ageWords(age) }))}
          value={String(setting.maxAgeMinutes)}
          onChange={(event) => onChange(row, { maxAgeMinutes: Number(event.currentTarget.value) })}
        />
      );
    },
  },
  {
    key: 'key',
    head: 'With',
    cell: (row) => {
      const setting = settingIn(draft, row);
      if (!setting.isOn && !row.isFloor) return <span className="sp-quiet">no key</span>;
      if (onChange === null) return KEY_WORDS[setting.authenticator];
      return (
        <NativeSelect
          size="xs"
          aria-label={`With: ${row.words}`}
          data={keyClassesFor(row).map((value) => ({ value, label: KEY_WORDS[value] }))}
          value={setting.authenticator}
          onChange={(event) => onChange(row, { authenticator: event.currentTarget.value as KeyClass })}
        />
      );
    },
  },
  {
    key: 'second',
    head: 'Second person',
    cell: (row) => {
      const { isOn, needsApproval } = settingIn(draft, row);
      if (!isOn && !row.isFloor) return <span className="sp-quiet">none</span>;
      if (onChange === null) return needsApproval ? 'must approve' : <span className="sp-quiet">none</span>;
      return (
        <Checkbox
          aria-label={`Second person: ${row.words}`}
          label={needsApproval ? 'must approve' : 'none'}
          checked={needsApproval}
          onChange={(event) => onChange(row, { needsApproval: event.currentTarget.checked })}
        />
      );
    },
  },
  { key: 'used', head: 'Used in 30 days', cell: (row) => <Use row={row} /> },
];

/** The actions of the table that are looked at, each with what it asks. */
export const ActionTable = ({
  rows,
  draft,
  onChange,
}: {
  readonly rows: readonly ProtectedAction[];
  readonly draft: Draft;
  readonly onChange: Change;
}) => (
  <DataTable
    caption="Protected actions"
    columns={columnsFor(draft, onChange)}
    rows={rows}
    rowKey={({ action }) => action}
  />
);
