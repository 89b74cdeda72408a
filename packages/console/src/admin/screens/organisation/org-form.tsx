import { TextInput } from '@mantine/core';
import type { OrgDetailAnswer } from '@sallyport/client/answers';
import { useState } from 'react';
import { post } from '../../api.ts';
import { faultOf } from '../../ui/fault-of.ts';
import { type FormState, ReviewForm } from '../../ui/review-form.tsx';
import { bodyOf, changesOf, helpWords, KEPT_FIELDS, SHOWN_FIELDS, type TypedOrg } from './org-fields.ts';

/** What is said about the organisation, and what saving it changes. */
export const OrgForm = ({
  org,
  onDone,
  onClose,
}: {
  readonly org: OrgDetailAnswer;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const [typed, setTyped] = useState<TypedOrg>({});
  const hasName = (typed.companyName ?? org.companyName).trim() !== '';
  const field =
    ({ isTried, error }: FormState) =>
    ({ name, label, description }: (typeof SHOWN_FIELDS)[number]) => (
      <TextInput
        key={name}
        label={label}
        description={description}
        value={typed[name] ?? org[name] ?? ''}
        maxLength={255}
        autoComplete="off"
        required={name === 'companyName'}
        data-autofocus={name === 'companyName' || undefined}
        error={name === 'companyName' && isTried && !hasName ? 'Every page is headed by it.' : faultOf(error, name)}
        onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
      />
    );
  return (
    <ReviewForm
      title="Change what is said about the organisation"
      action="org.update"
      isGood={hasName}
      changes={changesOf(org, typed)}
      save={() => post('/api/v1/org', bodyOf(org, typed))}
      failed="The organisation was not changed"
      review={<p>It counts at once, for everybody who opens a page.</p>}
      onDone={onDone}
      onClose={onClose}
    >
      {(state) => (
        <>
          <h3>What people see</h3>
          {SHOWN_FIELDS.map(field(state))}
          {helpWords(org) !== null && !org.showEndUserFooter && (
            <p className="sp-quiet">The line about help is hidden now: nobody sees the phone or the page.</p>
          )}
          <h3>Kept for programs, shown on no page</h3>
          {KEPT_FIELDS.map(field(state))}
        </>
      )}
    </ReviewForm>
  );
};
