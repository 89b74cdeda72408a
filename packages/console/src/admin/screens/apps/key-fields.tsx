import { NativeSelect, Textarea, TextInput } from '@mantine/core';

/** Where the public keys of a service app come from. */
export interface KeySource {
  readonly way: 'make' | 'paste' | 'address';
  readonly pasted: string;
  readonly uri: string;
}
export const NEW_KEY: KeySource = { way: 'make', pasted: '', uri: '' };

const WAYS: readonly { readonly value: KeySource['way']; readonly label: string }[] = [
  { value: 'make', label: 'make a key in this browser' },
  { value: 'paste', label: 'paste public keys (JWK or JWKS)' },
  { value: 'address', label: 'the app publishes them at an address' },
];

/** Asks for the public keys of a service app. */
export const KeyFields = ({
  value,
  onChange,
  error,
  hasAddress,
}: {
  readonly value: KeySource;
  readonly onChange: (value: KeySource) => void;
  readonly error: string | null;
  /** May they be behind an address? */
  readonly hasAddress: boolean;
}) => (
  <>
    <NativeSelect
      label="Its key"
      description="The machine proves itself with the private half, which the server never sees."
      value={value.way}
      data={WAYS.filter(({ value: way }) => hasAddress || way !== 'address')}
      onChange={(event) => onChange({ ...value, way: event.currentTarget.value as KeySource['way'] })}
    />
    {value.way === 'paste' && (
      <Textarea
        label="Public keys"
        description="RSA of 2048 bits and more, or EC on P-256."
        value={value.pasted}
        error={error}
        rows={6}
        spellCheck={false}
        onChange={(event) => onChange({ ...value, pasted: event.currentTarget.value })}
        required
      />
    )}
    {value.way === 'address' && (
      <TextInput
        label="Address of the keys"
        description="A public address over https; it is asked when a token is wanted, and remembered for five minutes."
        placeholder="https://ci.example.org/jwks.json"
        value={value.uri}
        error={error}
        inputMode="url"
        onChange={(event) => onChange({ ...value, uri: event.currentTarget.value })}
        required
      />
    )}
  </>
);
