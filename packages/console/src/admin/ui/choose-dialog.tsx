import { NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { findGroups, findPeople } from './find-named.ts';
import { FormDialog } from './form-dialog.tsx';
import { type Named, NamePicker } from './name-picker.tsx';

const KINDS = {
  USER: { one: 'person', many: 'Person', find: findPeople },
  GROUP: { one: 'group', many: 'Group', find: findGroups },
} as const;
export type ChosenKind = keyof typeof KINDS;

/** Chooses a person, or a group where that may be one, and does one thing with them; a refusal stays in the dialog. */
export const ChooseDialog = ({
  title,
  kinds,
  action,
  confirmLabel,
  failed,
  children,
  choose,
  onDone,
  onClose,
}: {
  readonly title: string;
  readonly kinds: readonly ChosenKind[];
  readonly action: string;
  readonly confirmLabel: string;
  /** What to say when it was refused. */
  readonly failed: string;
  readonly children: ReactNode;
  readonly choose: (kind: ChosenKind, id: string) => Promise<unknown>;
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const [kind, setKind] = useState<ChosenKind>(kinds[0] ?? 'USER');
  const [chosen, setChosen] = useState<Named | null>(null);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const { one, many, find } = KINDS[kind];
  const chosenOne = async (): Promise<Named> => {
    if (chosen === null) throw new Error('nothing is chosen');
    await choose(kind, chosen.id);
    return chosen;
  };
  return (
    <FormDialog
      title={title}
      action={action}
      isReady={chosen !== null}
      save={chosenOne}
      saveLabel={confirmLabel}
      failed={failed}
      onDone={({ name }) => onDone(name)}
      onClose={onClose}
    >
      {kinds.length > 1 && (
        <NativeSelect
          label="Who"
          value={kind}
          data={[
            { value: 'USER', label: 'a person' },
            { value: 'GROUP', label: 'a group' },
          ]}
          onChange={(event) => {
            setKind(event.currentTarget.value as ChosenKind);
            setChosen(null);
          }}
        />
      )}
      <NamePicker
        key={kind}
        one={one}
        many={many}
        ids={chosen === null ? [] : [chosen.id]}
        nameOf={(id) => names[id] ?? id}
        onChange={(ids) => {
          const id = ids.at(-1);
          setChosen(id === undefined ? null : { id, name: names[id] ?? id });
        }}
        find={async (text) => {
          const found = await find(text);
          setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name }) => [id, name])) }));
          return found;
        }}
        error={null}
      />
      {children}
    </FormDialog>
  );
};
