import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { post } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import {
  type AttributeDraft,
  attributeOf,
  canBeUnique,
  draftOf,
  faultsOf,
  KINDS,
  type Kind,
  NEW_ATTRIBUTE,
  NO_FAULTS,
  SELF,
  type Self,
} from './attribute-draft.ts';
import type { Schema, SchemaPlace } from './schema-answer.ts';

/** Adds an attribute to profiles, or changes one. Its name and its type stay what they are. */
export const AttributeForm = ({
  place,
  schema,
  name,
  action,
  onDone,
  onClose,
}: {
  readonly place: SchemaPlace;
  readonly schema: Schema;
  /** Null makes one. */
  readonly name: string | null;
  readonly action: string;
  readonly onDone: (title: string) => void;
  readonly onClose: () => void;
}) => {
  const { custom, base } = schema.definitions;
  const before = name === null ? null : (custom.properties[name] ?? null);
  const [draft, setDraft] = useState<AttributeDraft>(() =>
    name === null || before === null ? NEW_ATTRIBUTE : draftOf(name, before, custom.required.includes(name)),
  );
  const [isTouched, setIsTouched] = useState(false);
  const edit = (part: Partial<AttributeDraft>): void => {
    setIsTouched(true);
    setDraft({ ...draft, ...part });
  };
  const taken = name === null ? [...Object.keys(custom.properties), ...Object.keys(base.properties)] : [];
  const faults = faultsOf(draft, taken);
  const isGood = Object.values(faults).every((fault) => fault === null);
  // While nothing is typed nothing is wrong yet.
  const shown = isTouched ? faults : NO_FAULTS;
  return (
    <FormDialog
      title={before === null ? 'New attribute' : `Change ${before.title}`}
      action={action}
      isReady={isGood}
      save={() =>
        post(place.path, {
          definitions: {
            custom: {
              id: '#custom',
              type: 'object',
              properties: { [draft.name]: attributeOf(draft, before, place.kind === 'people') },
            },
          },
        })
      }
      saveLabel={before === null ? 'Add it' : 'Save'}
      failed="The attribute was not saved"
      onDone={() => onDone(draft.title.trim())}
      onClose={onClose}
    >
      {before === null && (
        <TextInput
          label="Name"
          description="In rules, searches and the API. It stays."
          value={draft.name}
          maxLength={128}
          spellCheck={false}
          error={draft.name === '' ? null : shown.name}
          data-autofocus
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Title"
        description="What people read."
        value={draft.title}
        maxLength={255}
        error={before === null ? null : shown.title}
        onChange={(event) => edit({ title: event.currentTarget.value })}
      />
      <TextInput
        label="What it is for"
        value={draft.description}
        maxLength={1024}
        onChange={(event) => edit({ description: event.currentTarget.value })}
      />
      {before === null && (
        <NativeSelect
          label="It holds"
          value={draft.kind}
          data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
          onChange={(event) => edit({ kind: event.currentTarget.value as Kind })}
        />
      )}
      {draft.kind === 'string' && before?.oneOf == null && (
        <Textarea
          label="One of"
          description="One a line. Nothing here: any text."
          value={draft.choices}
          autosize
          minRows={2}
          maxRows={8}
          onChange={(event) => edit({ choices: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'string' && draft.choices.trim() === '' && (
        <TextInput
          label="At most so many characters"
          inputMode="numeric"
          value={draft.maxLength}
          error={shown.maxLength}
          onChange={(event) => edit({ maxLength: event.currentTarget.value })}
        />
      )}
      <Checkbox
        label="Required"
        description="A profile without it is refused when it is next saved."
        checked={draft.isRequired}
        onChange={(event) => edit({ isRequired: event.currentTarget.checked })}
      />
      {place.kind === 'people' && (
        <>
          {canBeUnique(draft.kind) && (
            <Checkbox
              label="Unique"
              description="No two people share a value, whatever its case."
              checked={draft.isUnique}
              onChange={(event) => edit({ isUnique: event.currentTarget.checked })}
            />
          )}
          <NativeSelect
            label="On their own profile people"
            value={draft.self}
            data={Object.entries(SELF).map(([value, label]) => ({ value, label }))}
            onChange={(event) => edit({ self: event.currentTarget.value as Self })}
          />
        </>
      )}
    </FormDialog>
  );
};
