import { TextInput } from '@mantine/core';
import type { WhatIfAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Word } from '../../ui/word.tsx';
import { bodyOf, type Search, VERDICTS } from './what-if-draft.ts';

/** Keeps a case and its verdict as a test: what decides otherwise later is not published. */
export const SaveTest = ({
  search,
  answer,
  action,
  onDone,
  onClose,
}: {
  readonly search: Search;
  readonly answer: WhatIfAnswer;
  readonly action: string;
  readonly onDone: (name: string) => void;
  readonly onClose: () => void;
}) => {
  const [name, setName] = useState('');
  const [tone, words] = VERDICTS[answer.verdict];
  return (
    <FormDialog
      title={`A test of ${answer.policy.name}`}
      action={action}
      isReady={name.trim() !== ''}
      save={() =>
        post(`/sallyport/v1/policies/${encodeURIComponent(answer.policy.id)}/tests`, {
          name: name.trim(),
          facts: bodyOf(search).facts,
          expected: answer.verdict,
        })
      }
      saveLabel="Save the test"
      failed="The test was not saved"
      onDone={() => onDone(name.trim())}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What must stay so: it is read when a draft is refused for it."
        value={name}
        maxLength={255}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <p>
        With these facts the verdict must be <Word tone={tone}>{words}</Word>. A draft by which it is another is not
        published.
      </p>
    </FormDialog>
  );
};
