import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ReviewForm } from '../../ui/review-form.tsx';
import { type App, appBody } from './app-answer.ts';
import { type AppDraft, appChanges, draftOf, faultsOf, NO_FAULTS, refusedFields, settingsOf } from './app-draft.ts';

/** Asks for an app behind the gateway, new or changed, and shows what saving changes. */
export const AppForm = ({
  title,
  app,
  protectedAction,
  save,
  onDone,
  onClose,
}: {
  readonly title: string;
  readonly app: App | null;
  readonly protectedAction: string;
  readonly save: (body: ReturnType<typeof appBody>) => Promise<App>;
  readonly onDone: (saved: App) => void;
  readonly onClose: () => void;
}) => {
  const [draft, setDraft] = useState<AppDraft>(() => draftOf(app));
  const edit = (part: Partial<AppDraft>): void => setDraft({ ...draft, ...part });
  const faults = faultsOf(draft);
  const after = settingsOf(draft);
  const before = app?.settings.app;
  return (
    <ReviewForm
      title={title}
      action={protectedAction}
      isGood={Object.values(faults).every((fault) => fault === null)}
      changes={appChanges(app, draft)}
      save={() => save(appBody(draft.label.trim(), after))}
      failed="It was not saved"
      onDone={onDone}
      onClose={onClose}
      review={
        before !== undefined && (
          <>
            {before.externalUrl !== after.externalUrl && (
              <p className="sp-state warn slim">
                A new address ends all sessions of the app, and needs a new snippet in the proxy.
              </p>
            )}
            {(before.sessionIdleTimeoutMinutes !== after.sessionIdleTimeoutMinutes ||
              before.sessionMaxLifetimeMinutes !== after.sessionMaxLifetimeMinutes) && (
              <p>The lifetimes count for whoever enters from now on. Who is inside keeps those they entered with.</p>
            )}
          </>
        )
      }
    >
      {({ isTried, error }) => {
        const own = isTried ? faults : NO_FAULTS;
        const refused = refusedFields(error);
        return (
          <>
            <TextInput
              label="Name"
              description="What people read when they may not go in."
              value={draft.label}
              error={own.label}
              onChange={(event) => edit({ label: event.currentTarget.value })}
              maxLength={100}
              data-autofocus
            />
            <TextInput
              label="Address"
              description="As browsers see it: scheme, host and port, without a path."
              placeholder="https://grafana.example.org"
              value={draft.externalUrl}
              onChange={(event) => edit({ externalUrl: event.currentTarget.value })}
              inputMode="url"
              error={own.externalUrl ?? refused.externalUrl}
              maxLength={255}
            />
            <TextInput
              label="Idle after (minutes)"
              description="Without interaction; 5 to 720."
              inputMode="numeric"
              value={draft.idle}
              error={own.idle ?? refused.idle}
              onChange={(event) => edit({ idle: event.currentTarget.value })}
            />
            <TextInput
              label="At the longest (minutes)"
              description="From entering, and never longer than the sign-in; 5 to 10 080."
              inputMode="numeric"
              value={draft.lifetime}
              error={own.lifetime ?? refused.lifetime}
              onChange={(event) => edit({ lifetime: event.currentTarget.value })}
            />
            <Textarea
              label="Polling"
              description="Paths whose requests are no interaction, one a line; every path that begins so."
              placeholder="/api/live/"
              value={draft.paths}
              error={refused.paths}
              onChange={(event) => edit({ paths: event.currentTarget.value })}
              autosize
              minRows={2}
            />
          </>
        );
      }}
    </ReviewForm>
  );
};
