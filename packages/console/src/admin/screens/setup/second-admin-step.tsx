import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { notDoneAfter } from '../../../browser/action-proof.ts';
import { CallError } from '../../../browser/call.ts';
import { get, post } from '../../api.ts';
import { GoTo } from '../../ui/go-to.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { Word } from '../../ui/word.tsx';
import { EnrolmentLink } from '../admins/enrolment-link.tsx';
import { isComplete, NOBODY_YET, PersonFields, profileOf, type TypedPerson } from '../people/person-fields.tsx';
import type { StepProps } from './setup-answer.ts';

/** Who is there already is taken, so that a second try goes on where the first one stopped. */
const findOrCreate = async (person: TypedPerson): Promise<string> => {
  const profile = profileOf(person);
  try {
    return (await get<{ id: string }>(`/api/v1/users/${encodeURIComponent(profile.login)}`)).id;
  } catch (error) {
    if (!(error instanceof CallError) || error.status !== 404) throw error;
    return (await post<{ id: string }>('/api/v1/users?activate=true', { profile })).id;
  }
};

const makeSuperAdmin = async (person: TypedPerson): Promise<string> => {
  const id = await findOrCreate(person);
  try {
    await post(`/api/v1/users/${encodeURIComponent(id)}/roles`, { type: 'SUPER_ADMIN' });
  } catch (error) {
    // They hold it already.
    if (!(error instanceof CallError) || error.code !== 'E0000090')
      throw notDoneAfter(error, 'Cancelled. They have an account now, and no role: press again to give it.');
  }
  return id;
};

/** What needs two people needs two people; and one who is away must not be the only one. */
export const SecondAdminStep = ({ setup, onChanged }: StepProps) => {
  const [person, setPerson] = useState(NOBODY_YET);
  const { able, waiting } = setup.superAdmins;
  const create = useMutation({
    mutationFn: () => makeSuperAdmin(person),
    onSuccess: onChanged,
  });
  return (
    <>
      <p>
        {able >= 2 ? (
          <Word tone="good">{able} super admins are able to sign in.</Word>
        ) : (
          'You are the only super admin able to sign in. If you are away, or your account is taken over, nobody can act. A second one may be a colleague, or a break-glass account whose key lies in a safe.'
        )}
      </p>
      {waiting.map(({ id, login }) => (
        <div key={id} className="sp-waiting">
          <p>
            <Word tone="info">waiting</Word> {login} holds super admin, and has not enrolled a key yet.
          </p>
          <EnrolmentLink userId={id} name={login} />
        </div>
      ))}
      {waiting.length > 0 && able < 2 && (
        <p className="sp-actions">
          <Button variant="default" onClick={onChanged}>
            Look again
          </Button>
          <span className="sp-quiet">The step is done as soon as they have a key.</span>
        </p>
      )}
      {able < 2 && waiting.length === 0 && (
        <form
          className="sp-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (isComplete(person)) create.mutate();
          }}
        >
          <PersonFields person={person} onChange={setPerson} />
          <p className="sp-quiet">
            They get no password, and no mail is sent: you hand them a link for their first key.
          </p>
          {create.isError && <Failure what="That did not work" error={create.error} />}
          <p>
            Or make a{' '}
            <GoTo href="/break-glass" isOnlyLink>
              break-glass account
            </GoTo>
            : with two hardware keys the step is done, too.
          </p>
          <ProtectedButton action="role.assign" type="submit" disabled={!isComplete(person)} loading={create.isPending}>
            Make them a super admin
          </ProtectedButton>
        </form>
      )}
    </>
  );
};
