import { Textarea, TextInput } from '@mantine/core';

/** What nearly everything that an administrator makes begins with: a name, and what it is for. */
export const NamedFields = ({
  name,
  nameError = null,
  description,
  descriptionMax,
  onName,
  onDescription,
}: {
  readonly name: string;
  /** Why the server refused the name; null where it did not. */
  readonly nameError?: string | null;
  readonly description: string;
  /** Characters. */
  readonly descriptionMax: number;
  readonly onName: (name: string) => void;
  readonly onDescription: (description: string) => void;
}) => (
  <>
    <TextInput
      label="Name"
      value={name}
      maxLength={255}
      required
      data-autofocus
      error={nameError}
      onChange={(event) => onName(event.currentTarget.value)}
    />
    <Textarea
      label="What it is for"
      value={description}
      maxLength={descriptionMax}
      rows={2}
      onChange={(event) => onDescription(event.currentTarget.value)}
    />
  </>
);
