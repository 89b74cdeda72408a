import { Checkbox, NativeSelect } from '@mantine/core';
import type { ZeroStandingAnswer, ZeroStandingOutcomeAnswer } from '@sallyport/client/answers';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { lengthWords } from '../../ui/length.ts';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { Word } from '../../ui/word.tsx';
import type { StepProps } from './setup-answer.ts';

const PATH = '/sallyport/v1/zero-standing';
type Standing = ZeroStandingAnswer['standing'][number];

const LENGTHS = ['PT1H', 'PT2H', 'PT4H', 'PT8H'];
/** In place of a role: what else they hold is enough. */
const NONE = '';

const nameOf = ({ name, isYou }: { readonly name: string; readonly isYou: boolean }): string =>
  isYou ? `${name} (you)` : name;

/** Whose super admin goes, and what each gets for the day. */
const People = ({
  answer,
  chosen,
  onChange,
}: {
  readonly answer: ZeroStandingAnswer;
  /** By id, the role for the day. */
  readonly chosen: Readonly<Record<string, string>>;
  readonly onChange: (chosen: Readonly<Record<string, string>>) => void;
}) => {
  const first = ({ others }: Standing): string => (others.length > 0 ? NONE : 'READ_ONLY_ADMIN');
  return (
    <div className="sp-table-place">
      <table className="sp-table">
        <caption className="sp-unseen">Whoever holds super admin all the time</caption>
        <thead>
          <tr>
            <th scope="col">Take it from</th>
            <th scope="col">Holds now</th>
            <th scope="col">Role for the day</th>
          </tr>
        </thead>
        <tbody>
          {answer.standing.map((person) => {
            const { id, login, roles, others, lastUsedAt, isAble } = person;
            const role = chosen[id];
            return (
              <tr key={id}>
                <td data-label="Take it from">
                  <Checkbox
                    label={nameOf(person)}
                    description={
                      <>
                        {login}, {isAble ? '' : 'not able to sign in, '}
                        {lastUsedAt === null ? (
                          'power not used in 90 days'
                        ) : (
                          <>
                            used <Instant at={lastUsedAt} />
                          </>
                        )}
                      </>
                    }
                    checked={role !== undefined}
                    onChange={({ currentTarget: { checked } }) => {
                      const { [id]: _gone, ...rest } = chosen;
                      onChange(checked ? { ...rest, [id]: first(person) } : rest);
                    }}
                  />
                </td>
                <td data-label="Holds now">{roles.join('; ')}</td>
                <td data-label="Role for the day">
                  <NativeSelect
                    aria-label={`Role for the day of ${login}`}
                    disabled={role === undefined}
                    value={role ?? first(person)}
                    data={[
                      ...(others.length > 0 ? [{ value: NONE, label: 'What else they hold' }] : []),
                      ...answer.dayRoles.map(({ type, label }) => ({ value: type, label })),
                    ]}
                    onChange={({ currentTarget: { value } }) => onChange({ ...chosen, [id]: value })}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};

/** What would change for whom, before anything is done, and what is weak about it. */
const Outcome = ({ outcome }: { readonly outcome: ZeroStandingOutcomeAnswer }) => (
  <div className="sp-zero">
    {outcome.people.length > 0 && (
      <div className="sp-table-place">
        <table className="sp-table">
          <caption className="sp-unseen">What would change for whom</caption>
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Now</th>
              <th scope="col">Then</th>
              <th scope="col">Can say yes to them</th>
            </tr>
          </thead>
          <tbody>
            {outcome.people.map((person) => (
              <tr key={person.id}>
                <td data-label="Who">{nameOf(person)}</td>
                <td data-label="Now">
                  <del>{person.before.join('; ')}</del>
                </td>
                <td data-label="Then">
                  <ul className="sp-plain-list">
                    {person.after.map((words) => (
                      <li key={words}>
                        <ins>{words}</ins>
                      </li>
                    ))}
                  </ul>
                </td>
                <td data-label="Can say yes to them">
                  <div>
                    {person.canGetIt === null ? (
                      'not known yet'
                    ) : (
                      <>
                        <Word tone={person.canGetIt ? 'good' : 'bad'}>{person.canGetIt ? 'enough' : 'too few'}</Word>{' '}
                        {person.canSayYes.join(', ')}
                      </>
                    )}
                    <ul className="sp-plain-list sp-quiet">
                      {person.weaknesses.map((sentence) => (
                        <li key={sentence}>{sentence}</li>
                      ))}
                      {person.cannotSayYes.map(({ id, name, sentence }) => (
                        <li key={id}>
                          Not {name}: {sentence}
                        </li>
                      ))}
                    </ul>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
    {outcome.changes.length > 0 && (
      <>
        <h3>What is made for it</h3>
        <ul>
          {outcome.changes.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </>
    )}
    <p>
      {outcome.standing.length === 0 ? (
        <>
          <Word tone="good">Zero</Word> Nobody would hold super admin all the time.
        </>
      ) : (
        `Super admin would stand with ${outcome.standing.map(({ name }) => name).join(', ')}.`
      )}
    </p>
    {outcome.weaknesses.map((sentence) => (
      <p key={sentence}>
        <Word tone="warn">Weaker</Word> {sentence}
      </p>
    ))}
    {outcome.refusals.map((sentence) => (
      <p key={sentence} role="status">
        <Word tone="bad">Not yet</Word> {sentence}
      </p>
    ))}
  </div>
);

const Plan = ({ answer, onChanged }: { readonly answer: ZeroStandingAnswer } & Pick<StepProps, 'onChanged'>) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const [sequenceId, setSequenceId] = useState(answer.defaults.sequenceId);
  const [maximumDuration, setMaximumDuration] = useState(answer.defaults.maximumDuration);
  const people = answer.standing.flatMap(({ id }) => {
    const role = chosen[id];
    return role === undefined ? [] : [{ id, role: role === NONE ? null : role }];
  });
  const body = { people, sequenceId, maximumDuration };
  const settled = useSettled(JSON.stringify(body));
  const preview = useQuery({
    queryKey: ['zero-standing', 'preview', settled],
    queryFn: () => post<ZeroStandingOutcomeAnswer>(`${PATH}/preview`, JSON.parse(settled)),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const apply = useMutation({
    mutationFn: () => post<ZeroStandingOutcomeAnswer>(PATH, body),
    onSuccess: (done) => {
      setChosen({});
      if (!done.people.some(({ isYou }) => isYou)) return onChanged();
      // What this page shows is no longer theirs to see.
      toast('Your super admin has ended. From now on you ask for it.');
      void navigate({ to: '/me/access' }).then(() => client.invalidateQueries());
    },
  });
  const isReady = preview.data !== undefined && !preview.isFetching && settled === JSON.stringify(body);
  return (
    <div className="sp-zero">
      <People answer={answer} chosen={chosen} onChange={setChosen} />
      <div className="sp-pair">
        <NativeSelect
          label="Whose yes it takes"
          description={answer.sequences.find(({ id }) => id === sequenceId)?.description}
          data={answer.sequences.map(({ id, name }) => ({ value: id, label: name }))}
          value={sequenceId}
          onChange={({ currentTarget: { value } }) => setSequenceId(value)}
        />
        <NativeSelect
          label="For how long at most"
          data={[...new Set([...LENGTHS, answer.defaults.maximumDuration])].map((value) => ({
            value,
            label: lengthWords(value),
          }))}
          value={maximumDuration}
          onChange={({ currentTarget: { value } }) => setMaximumDuration(value)}
        />
      </div>
      <h3>What would change</h3>
      <QueryView query={preview} what="what would change">
        {(outcome) => <Outcome outcome={outcome} />}
      </QueryView>
      {apply.isError && <Failure what="Nothing was changed" error={apply.error} wasChange />}
      <ProtectedButton
        action="zero-standing.apply"
        disabled={!isReady || preview.data.refusals.length > 0}
        loading={apply.isPending}
        onClick={() => apply.mutate()}
      >
        {people.length === 0
          ? 'Make it something to ask for'
          : `Take super admin from ${people.length === 1 ? 'one person' : `${people.length} people`}`}
      </ProtectedButton>
      <CliFor
        command={`sallyport setup zero-standing ${answer.standing
          .filter(({ id }) => chosen[id] !== undefined)
          .map(({ id, login }) => `--take ${login}${chosen[id] === NONE ? '' : `=${chosen[id] ?? ''}`} `)
          .join('')}--dry-run`}
      />
    </div>
  );
};

/** Small roles for the day, super admin by asking, break-glass sealed: nobody stands with all power. */
export const ZeroStandingStep = ({ onChanged }: StepProps) => {
  const query = useQuery({ queryKey: ['zero-standing'], queryFn: () => get<ZeroStandingAnswer>(PATH) });
  return (
    <QueryView query={query} what="who holds super admin">
      {(answer) => (
        <>
          <p>
            {answer.isZero ? (
              <>
                <Word tone="good">Zero</Word> Nobody holds super admin all the time.
              </>
            ) : (
              <>
                <Word tone="warn">{answer.standing.length}</Word>{' '}
                {answer.standing.length === 1 ? 'person holds' : 'people hold'} super admin all the time.
              </>
            )}{' '}
            It should be break-glass accounts only: people keep a small role for the day, ask for super admin when they
            need it, others say yes, and it ends by itself.
          </p>
          <p>
            {answer.breakGlass.length === 0 ? (
              <>
                There is no break-glass account.{' '}
                <GoTo href="/break-glass" isOnlyLink>
                  Make one first
                </GoTo>
                : the last super admin goes only with it.
              </>
            ) : (
              answer.breakGlass.map(({ id, login, state }) => (
                <span key={id}>
                  Break-glass account{' '}
                  <GoTo href={`/break-glass/${id}`} isOnlyLink>
                    {login}
                  </GoTo>{' '}
                  <Word tone={state === 'READY' ? 'good' : 'warn'}>
                    {state === 'READY' ? 'ready' : 'not ready'}
                  </Word>{' '}
                </span>
              ))
            )}
          </p>
          {!answer.isZero && <Plan answer={answer} onChanged={onChanged} />}
        </>
      )}
    </QueryView>
  );
};
