import './setup.css';
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { put } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { type Tone, Word } from '../../ui/word.tsx';
import { CheckpointStep } from './checkpoint-step.tsx';
import { FinishStep } from './finish-step.tsx';
import { NetworkStep } from './network-step.tsx';
import { PostureStep } from './posture-step.tsx';
import { SecondAdminStep } from './second-admin-step.tsx';
import { SecondKeyStep } from './second-key-step.tsx';
import { SETUP_PATH, type SetupAnswer, type StepProps, setupQuery } from './setup-answer.ts';
import { ZeroStandingStep } from './zero-standing-step.tsx';

const STEPS: Readonly<
  Record<string, { readonly title: string; readonly body: ComponentType<StepProps>; readonly command: string | null }>
> = {
  claim: {
    title: 'Claim the server',
    body: () => <p>The server was claimed with the one-time code of its host.</p>,
    command: 'sallyport setup org --admin you@example.org',
  },
  'second-key': { title: 'Two keys', body: SecondKeyStep, command: 'sallyport setup key --owner you@example.org' },
  'second-admin': {
    title: 'A second administrator',
    body: SecondAdminStep,
    command: 'sallyport api POST /api/v1/users --body @second-admin.json',
  },
  network: { title: 'Network check', body: NetworkStep, command: 'sallyport api GET /sallyport/v1/setup/progress' },
  posture: {
    title: 'Session protection',
    body: PostureStep,
    command: null,
  },
  checkpoint: {
    title: 'The log leaves the host',
    body: CheckpointStep,
    command: 'sallyport api POST /sallyport/v1/setup/checkpoint-test',
  },
  'zero-standing': { title: 'Zero standing privilege', body: ZeroStandingStep, command: null },
  'what-is-left': {
    title: 'What is left',
    body: FinishStep,
    command: 'sallyport api POST /sallyport/v1/setup/progress/finish',
  },
};

const STATE: Readonly<Record<SetupAnswer['steps'][number]['state'], readonly [Tone, string]>> = {
  done: ['good', 'done'],
  skipped: ['warn', 'skipped'],
  waiting: ['info', 'waiting'],
  open: ['quiet', 'open'],
};
/** What is true without being marked, or is no step to skip. */
const NOT_SKIPPED = new Set(['claim', 'what-is-left']);

const Skip = ({
  onSkip,
  isBusy,
  was,
}: {
  readonly onSkip: (note: string) => void;
  readonly isBusy: boolean;
  readonly was: string | null;
}) => {
  const [note, setNote] = useState(was ?? '');
  return (
    <details className="sp-skip-step">
      <summary>Skip this step, with a note</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSkip(note.trim());
        }}
      >
        <Textarea
          label="Why, and until when? The overview shows this note until the step is done."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={500}
          rows={2}
        />
        <Button type="submit" variant="default" disabled={note.trim().length < 3} loading={isBusy}>
          Skip
        </Button>
        {note.trim().length < 3 && <span className="sp-quiet">A note of a few words is needed.</span>}
      </form>
    </details>
  );
};

const Steps = ({
  setup,
  current,
  onOpen,
}: {
  readonly setup: SetupAnswer;
  readonly current: string;
  readonly onOpen: (step: string) => void;
}) => (
  <ol className="sp-steps" aria-label="Steps">
    {setup.steps.map(({ step, state }, i) => (
      <li key={step}>
        <button
          type="button"
          className="sp-step"
          aria-current={step === current ? 'step' : undefined}
          onClick={() => onOpen(step)}
        >
          <span className="sp-step-number">{i + 1}</span>
          <span>
            {STEPS[step]?.title ?? step}
            <br />
            <Word tone={STATE[state][0]}>{STATE[state][1]}</Word>
          </span>
        </button>
      </li>
    ))}
  </ol>
);

const Walk = ({ setup }: { readonly setup: SetupAnswer }) => {
  const client = useQueryClient();
  const { search, set } = useUrlState();
  const heading = useRef<HTMLHeadingElement>(null);
  const firstOpen = setup.steps.find(({ state }) => state === 'open')?.step ?? 'what-is-left';
  const asked = setup.steps.find(({ step }) => step === search['step'])?.step;
  const current = asked ?? firstOpen;
  useEffect(() => {
    // From here on it is said in the address: what is done in a step does not take it away before its outcome was read.
    if (asked === undefined) set({ step: firstOpen }, 'replace');
  }, [asked, firstOpen, set]);
  const at = setup.steps.findIndex(({ step }) => step === current);
  const state = setup.steps[at];
  const shown = useRef(current);
  useEffect(() => {
    // Not on arrival: there the heading of the page has the focus.
    if (shown.current !== current) heading.current?.focus();
    shown.current = current;
  }, [current]);
  const mark = useMutation({
    mutationFn: (body: { state: 'done' | 'skipped' | 'open'; note?: string }) =>
      put<SetupAnswer>(`${SETUP_PATH}/${current}`, body),
    onSuccess: (next, { state: marked }) => {
      client.setQueryData(setupQuery.queryKey, next);
      void client.invalidateQueries({ queryKey: ['overview'] });
      if (marked !== 'open') set({ step: next.steps[at + 1]?.step });
    },
  });
  const open = (step: string | undefined): void => {
    mark.reset();
    set({ step });
  };
  const step = STEPS[current];
  if (step === undefined || state === undefined) return null;
  return (
    <div className="sp-setup">
      <Steps setup={setup} current={current} onOpen={open} />
      <section className="sp-card" aria-labelledby="step-title">
        <p className="sp-quiet">
          Step {at + 1} of {setup.steps.length}
        </p>
        <h2 id="step-title" ref={heading} tabIndex={-1}>
          {step.title}
        </h2>
        {state.state === 'skipped' && (
          <p className="sp-state warn slim">
            <span>
              Skipped: “{state.note}”{' '}
              <Button
                size="xs"
                variant="default"
                loading={mark.isPending}
                onClick={() => mark.mutate({ state: 'open' })}
              >
                Take it up again
              </Button>
            </span>
          </p>
        )}
        <step.body
          key={current}
          setup={setup}
          isBusy={mark.isPending}
          onChanged={() => void client.invalidateQueries()}
          onDone={(note) => mark.mutate({ state: 'done', note })}
        />
        {mark.isError && <Failure what="This was not saved" error={mark.error} wasChange />}
        {state.state !== 'done' && state.state !== 'skipped' && !NOT_SKIPPED.has(current) && (
          <Skip
            key={`skip ${current}`}
            was={state.note}
            isBusy={mark.isPending}
            onSkip={(note) => mark.mutate({ state: 'skipped', note })}
          />
        )}
        {step.command !== null && <CliFor command={step.command} />}
        <div className="sp-dialog-actions">
          {at > 0 && (
            <Button variant="default" onClick={() => open(setup.steps[at - 1]?.step)}>
              Back
            </Button>
          )}
          {at < setup.steps.length - 1 && (
            <Button variant="default" onClick={() => open(setup.steps[at + 1]?.step)}>
              {state.state === 'open' ? 'Later' : 'Next'}
            </Button>
          )}
        </div>
      </section>
    </div>
  );
};

/** The first run, from where it was left: can we be safe in ten minutes? */
export const Setup = () => {
  const query = useQuery(setupQuery);
  return (
    <Page
      title="Set-up"
      lead={
        query.data?.finishedAt == null ? (
          'It stays where you leave it; each step can be skipped with a note.'
        ) : (
          <>
            Finished <Instant at={query.data.finishedAt} />. What is open shows in the <GoTo href="/">overview</GoTo>.
          </>
        )
      }
    >
      <QueryView query={query} what="the set-up">
        {(setup) => <Walk setup={setup} />}
      </QueryView>
    </Page>
  );
};
