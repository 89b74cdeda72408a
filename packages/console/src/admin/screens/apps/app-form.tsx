import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { describeFailure } from '../../api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { type App, appBody, type GatewaySettings } from './app-answer.ts';

const USUAL: GatewaySettings = {
  externalUrl: '',
  sessionIdleTimeoutMinutes: 15,
  sessionMaxLifetimeMinutes: 720,
  backgroundPaths: [],
};

const FIELDS = ['externalUrl', 'sessionIdleTimeoutMinutes', 'sessionMaxLifetimeMinutes', 'backgroundPaths'] as const;

/** Asks for an app behind the gateway, new or changed. A refusal stays in the dialog, and what was typed, too. */
export const AppForm = ({
  title,
  submitLabel,
  app,
  protectedAction,
  save,
  onDone,
  onClose,
}: {
  readonly title: string;
  readonly submitLabel: string;
  readonly app: App | null;
  readonly protectedAction: string;
  readonly save: (body: ReturnType<typeof appBody>) => Promise<App>;
  readonly onDone: (saved: App) => void;
  readonly onClose: () => void;
}) => {
  const before = app?.settings.app ?? USUAL;
  const [label, setLabel] = useState(app?.label ?? '');
  const [externalUrl, setExternalUrl] = useState(before.externalUrl);
  const [idle, setIdle] = useState(String(before.sessionIdleTimeoutMinutes));
  const [lifetime, setLifetime] = useState(String(before.sessionMaxLifetimeMinutes));
  const [paths, setPaths] = useState(before.backgroundPaths.join('\n'));
  const run = useMutation({
    mutationFn: () =>
      save(
        appBody(label, {
          externalUrl: externalUrl.trim(),
          sessionIdleTimeoutMinutes: Number(idle),
          sessionMaxLifetimeMinutes: Number(lifetime),
          backgroundPaths: paths.split(/\s+/).filter((path) => path !== ''),
        }),
      ),
    onSuccess: onDone,
  });
  const causes = run.isError ? describeFailure(run.error).causes : [];
  /** What the server says of one field, at that field. */
  const faultOf = (field: keyof GatewaySettings): string | null => {
    const start = `settings.app.${field}`;
    const cause = causes.find((one) => one.startsWith(start));
    const [, sentence = ''] = cause === undefined ? [] : (/^[^:]*: (.*)$/s.exec(cause) ?? []);
    return sentence === '' ? null : `It ${sentence}.`;
  };
  const isAtField = FIELDS.some((field) => faultOf(field) !== null);
  const hasMoved = app !== null && externalUrl.trim() !== before.externalUrl;
  return (
    <Dialog onClose={onClose} title={title} closeOnClickOutside={false}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <div className="sp-stack">
          <BeforeSaving action={protectedAction} />
          <TextInput
            label="Name"
            description="What people read when they may not go in."
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            maxLength={100}
            required
            data-autofocus
          />
          <TextInput
            label="Address"
            description="As browsers see it: scheme, host and port, without a path."
            placeholder="https://grafana.example.org"
            value={externalUrl}
            onChange={(event) => setExternalUrl(event.currentTarget.value)}
            inputMode="url"
            error={faultOf('externalUrl')}
            maxLength={255}
            required
          />
          <TextInput
            label="Idle after (minutes)"
            description="Without interaction; 5 to 720."
            type="number"
            min={5}
            max={720}
            value={idle}
            error={faultOf('sessionIdleTimeoutMinutes')}
            onChange={(event) => setIdle(event.currentTarget.value)}
            required
          />
          <TextInput
            label="At the longest (minutes)"
            description="From entering, and never longer than the sign-in; 5 to 10 080."
            type="number"
            min={5}
            max={10_080}
            value={lifetime}
            error={faultOf('sessionMaxLifetimeMinutes')}
            onChange={(event) => setLifetime(event.currentTarget.value)}
            required
          />
          <Textarea
            label="Polling"
            description="Paths whose requests are no interaction, one a line; every path that begins so."
            placeholder="/api/live/"
            value={paths}
            error={faultOf('backgroundPaths')}
            onChange={(event) => setPaths(event.currentTarget.value)}
            autosize
            minRows={2}
          />
          {hasMoved && <p>A new address ends all sessions of the app, and needs a new snippet in the proxy.</p>}
        </div>
        {run.isError && !isAtField && <Failure what="It was not saved" error={run.error} wasChange />}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={run.isPending}>
            Cancel
          </Button>
          <ProtectedButton action={protectedAction} type="submit" loading={run.isPending}>
            {submitLabel}
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};
