import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { BreakGlassAnswer, BreakGlassNetworksAnswer, SealedAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post, put } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';

export const BREAK_GLASS = '/sallyport/v1/break-glass';
export const accountPath = (id: string): string => `${BREAK_GLASS}/${encodeURIComponent(id)}`;

const RANKS = [
  ['primary', 'Primary network', 'Where you are on most days: a CIDR, an address or a range in each line.'],
  ['secondary', 'Secondary network', 'For the day on which the first is what is broken. May stay empty.'],
  ['tertiary', 'Tertiary network', 'And a third way round. May stay empty.'],
] as const;
type Texts = Readonly<Record<keyof BreakGlassNetworksAnswer, string>>;

const textsOf = (networks: BreakGlassNetworksAnswer | undefined): Texts => ({
  primary: networks?.primary.join('\n') ?? '',
  secondary: networks?.secondary.join('\n') ?? '',
  tertiary: networks?.tertiary.join('\n') ?? '',
});
const linesOf = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
const networksOf = ({ primary, secondary, tertiary }: Texts): BreakGlassNetworksAnswer => ({
  primary: linesOf(primary),
  secondary: linesOf(secondary),
  tertiary: linesOf(tertiary),
});

const Networks = ({ texts, onChange }: { readonly texts: Texts; readonly onChange: (texts: Texts) => void }) =>
  RANKS.map(([rank, label, description]) => (
    <Textarea
      key={rank}
      label={label}
      description={description}
      value={texts[rank]}
      autosize
      minRows={1}
      spellCheck={false}
      required={rank === 'primary'}
      onChange={(event) => onChange({ ...texts, [rank]: event.currentTarget.value })}
    />
  ));

type Split = BreakGlassAnswer['split'];
const SPLITS: readonly Split[] = [
  null,
  ...[
    [2, 2],
    [3, 2],
    [3, 3],
    [5, 3],
    [7, 4],
  ].map(([count = 0, needed = 0]) => ({ count, needed })),
];
const textOfSplit = (split: Split): string => (split === null ? 'whole' : `${split.needed} of ${split.count}`);
const splitOfValue = (value: string): Split => {
  const [needed, count] = value.split(' of ').map(Number);
  return needed === undefined || count === undefined ? null : { count, needed };
};
const wordsOf = (split: Split): string => {
  if (split === null) return 'One paper, which opens it';
  const { count, needed } = split;
  return count === needed
    ? `${count} shares, all of which are needed`
    : `${count} shares, any ${needed} of which open it`;
};

/** In how many envelopes the secret goes. What an account has now can be kept, also where it is none of the usual ones. */
export const SplitSelect = ({
  split,
  onChange,
}: {
  readonly split: Split;
  readonly onChange: (split: Split) => void;
}) => {
  const values = [...new Set([...SPLITS.map(textOfSplit), textOfSplit(split)])];
  return (
    <NativeSelect
      label="Print it as"
      description="Shares are for different hands and different safes: fewer than are needed tell nothing of the secret."
      data={values.map((value) => ({ value, label: wordsOf(splitOfValue(value)) }))}
      value={textOfSplit(split)}
      onChange={(event) => onChange(splitOfValue(event.currentTarget.value))}
    />
  );
};

/** Gives an account a new secret, in as many shares as before unless somebody says otherwise. */
export const SealForm = ({
  account,
  onDone,
  onClose,
}: {
  readonly account: BreakGlassAnswer;
  readonly onDone: (sealed: SealedAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [split, setSplit] = useState(account.split);
  return (
    <FormDialog
      title="Give it a new secret?"
      action="break-glass.seal"
      isReady
      save={() => post<SealedAnswer>(`${accountPath(account.id)}/seal`, { split })}
      saveLabel="Make a new secret"
      failed="The old secret stays"
      onDone={onDone}
      onClose={onClose}
    >
      <p>The old one opens nothing from then on, and whoever is in by it is signed out.</p>
      <SplitSelect split={split} onChange={setSplit} />
    </FormDialog>
  );
};

/** Makes an account. What was typed stays when the server refuses it. */
export const NewAccountForm = ({
  onDone,
  onClose,
}: {
  readonly onDone: (sealed: SealedAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [login, setLogin] = useState('');
  const [name, setName] = useState('Break-glass');
  const [texts, setTexts] = useState(textsOf(undefined));
  const [split, setSplit] = useState<Split>(null);
  return (
    <FormDialog
      title="Create a break-glass account"
      action="break-glass.create"
      isReady={login.trim().length >= 5 && name.trim() !== '' && linesOf(texts.primary).length > 0}
      save={() =>
        post<SealedAnswer>(BREAK_GLASS, { login: login.trim(), name: name.trim(), networks: networksOf(texts), split })
      }
      saveLabel="Create, and show its secret"
      failed="The account was not created"
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput
        label="Login"
        description="A name that nobody has, in the form of a mail address. Nothing is mailed to it."
        value={login}
        maxLength={100}
        spellCheck={false}
        required
        data-autofocus
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        value={name}
        maxLength={50}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Networks texts={texts} onChange={setTexts} />
      <SplitSelect split={split} onChange={setSplit} />
    </FormDialog>
  );
};

/** Changes where an account signs in from. */
export const NetworksForm = ({
  account,
  onDone,
  onClose,
}: {
  readonly account: BreakGlassAnswer;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [texts, setTexts] = useState(textsOf(account.networks));
  return (
    <FormDialog
      title={`Networks of ${account.login}`}
      action="break-glass.update"
      isReady={linesOf(texts.primary).length > 0}
      save={() => put(accountPath(account.id), { networks: networksOf(texts) })}
      failed="The networks were not saved"
      onDone={onDone}
      onClose={onClose}
    >
      <Networks texts={texts} onChange={setTexts} />
    </FormDialog>
  );
};
