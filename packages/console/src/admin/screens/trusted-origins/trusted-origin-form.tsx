import { Checkbox, TextInput } from '@mantine/core';
import type { TrustedOriginAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post, put } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';

export const ORIGINS = '/api/v1/trustedOrigins';

type ScopeType = TrustedOriginAnswer['scopes'][number]['type'];
export const SCOPE_WORDS: Readonly<Record<ScopeType, string>> = {
  CORS: 'its pages may call the API',
  REDIRECT: 'redirects, kept for clients: allows nothing',
  IFRAME_EMBED: 'embedding, kept for clients: allows nothing',
};
const TYPES = Object.keys(SCOPE_WORDS) as ScopeType[];

/** Trusts another site, or changes what it is trusted with. What was typed stays when the server refuses it. */
export const TrustedOriginForm = ({
  origin: before,
  onDone,
  onClose,
}: {
  readonly origin: TrustedOriginAnswer | null;
  readonly onDone: (saved: TrustedOriginAnswer) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState(before?.name ?? '');
  const [origin, setOrigin] = useState(before?.origin ?? '');
  const [types, setTypes] = useState<readonly ScopeType[]>(before?.scopes.map(({ type }) => type) ?? ['CORS']);
  const save = (): Promise<TrustedOriginAnswer> => {
    const body = {
      name: name.trim(),
      origin: origin.trim(),
      // What else is kept with a scope stays with it.
      scopes: types.map((type) => before?.scopes.find((scope) => scope.type === type) ?? { type }),
    };
    return before === null
      ? post<TrustedOriginAnswer>(ORIGINS, body)
      : put<TrustedOriginAnswer>(`${ORIGINS}/${encodeURIComponent(before.id)}`, body);
  };
  return (
    <FormDialog
      title={before === null ? 'Trust another site' : `Change ${before.name}`}
      action={before === null ? 'trusted-origin.create' : 'trusted-origin.update'}
      isReady={name.trim() !== '' && origin.trim() !== '' && types.length > 0}
      save={save}
      saveLabel={before === null ? 'Trust it' : 'Save'}
      failed="The origin was not saved"
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        value={name}
        maxLength={255}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Origin"
        description="Scheme and host, and a port if it has one: https://status.example.com. No path."
        value={origin}
        maxLength={255}
        spellCheck={false}
        required
        onChange={(event) => setOrigin(event.currentTarget.value)}
      />
      <Checkbox.Group
        label="Trusted with"
        value={[...types]}
        onChange={(chosen) => setTypes(TYPES.filter((type) => chosen.includes(type)))}
      >
        {TYPES.map((type) => (
          <Checkbox key={type} value={type} label={SCOPE_WORDS[type]} mt="xs" />
        ))}
      </Checkbox.Group>
      <p className="sp-quiet">
        Its pages never use the power of an administrator who sits there: for that they bring a token of their own.
      </p>
    </FormDialog>
  );
};
