import { TextInput } from '@mantine/core';

/** What is typed about somebody who gets an account. */
export interface TypedPerson {
  readonly firstName: string;
  readonly lastName: string;
  readonly login: string;
}
export const NOBODY_YET: TypedPerson = { firstName: '', lastName: '', login: '' };

const FIELDS = [
  ['firstName', 'First name', 50],
  ['lastName', 'Last name', 50],
  ['login', 'Login (their e-mail address)', 320],
] as const;

export const isComplete = ({ firstName, lastName, login }: TypedPerson): boolean =>
  firstName.trim() !== '' && lastName.trim() !== '' && /^\S+@\S+\.\S+$/.test(login.trim());

/** The profile that is made of it: whose login is their address. */
export const profileOf = ({ firstName, lastName, login }: TypedPerson) => ({
  firstName: firstName.trim(),
  lastName: lastName.trim(),
  login: login.trim(),
  email: login.trim(),
});

export const PersonFields = ({
  person,
  onChange,
}: {
  readonly person: TypedPerson;
  readonly onChange: (change: (before: TypedPerson) => TypedPerson) => void;
}) =>
  FIELDS.map(([name, label, maxLength]) => (
    <TextInput
      key={name}
      label={label}
      type={name === 'login' ? 'email' : 'text'}
      autoComplete="off"
      maxLength={maxLength}
      value={person[name]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChange((before) => ({ ...before, [name]: value }));
      }}
    />
  ));
