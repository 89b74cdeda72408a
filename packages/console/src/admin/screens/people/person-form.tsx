import { useState } from 'react';
import { post } from '../../api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { isComplete, NOBODY_YET, PersonFields, profileOf } from './person-fields.tsx';
import { type PersonRow, USERS } from './person-words.ts';

/** Gives somebody an account. With what they sign in comes after: a link for their first key. */
export const PersonForm = ({
  onDone,
  onClose,
}: {
  readonly onDone: (created: PersonRow) => void;
  readonly onClose: () => void;
}) => {
  const [person, setPerson] = useState(NOBODY_YET);
  return (
    <FormDialog
      title="New person"
      action="user.create"
      isReady={isComplete(person)}
      save={() => post<PersonRow>(`${USERS}?activate=true`, { profile: profileOf(person) })}
      saveLabel="Create"
      failed="The account was not created"
      onDone={onDone}
      onClose={onClose}
    >
      <PersonFields person={person} onChange={setPerson} />
      <p className="sp-quiet">They get no password, and no mail is sent: you hand them a link for their first key.</p>
    </FormDialog>
  );
};
