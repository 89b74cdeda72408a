import { Button, TextInput } from '@mantine/core';
import type { ConsoleSettingsAnswer, SessionProtectionAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getTagged, putTagged } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Stale } from '../../ui/states.tsx';
import { durationWords } from '../../ui/time-words.ts';
import { toast } from '../../ui/toasts.tsx';
import { judgeLifetimes, type TypedLifetimes } from './judge-lifetimes.ts';

const PATH = '/api/v1/first-party-app-settings/admin-console';

interface Editing {
  readonly base: { readonly body: ConsoleSettingsAnswer; readonly etag: string };
  readonly typed: TypedLifetimes;
}

const typedOf = (settings: ConsoleSettingsAnswer): TypedLifetimes => ({
  idle: String(settings.sessionIdleTimeoutMinutes),
  lifetime: String(settings.sessionMaxLifetimeMinutes),
});
const minutes = (count: number): string => durationWords(count * 60);

/** How long a session of the Admin Console lives, at most and when nobody touches it. */
export const LifetimesForm = ({ protection }: { readonly protection: SessionProtectionAnswer }) => {
  const client = useQueryClient();
  const mayRead = useMay('okta.apps.read');
  const mayManageApps = useMay('okta.apps.manage');
  const mayManage = useMay('okta.sessionBinding.manage') && mayManageApps;
  const query = useQuery({
    queryKey: ['console-settings'],
    queryFn: () => getTagged<ConsoleSettingsAnswer>(PATH),
    enabled: mayRead,
  });
  const [editing, setEditing] = useState<Editing | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const { idleMinutes, lifetimeMinutes, aal3Minutes } = protection.consoleLimits;
  const changed = protection.changed.adminConsole;
  if (!mayRead) return null;
  return (
    <Section
      title="Sessions of the Admin Console"
      lead={
        changed === null ? (
          'As it came: nobody has changed it.'
        ) : (
          <>
            Changed by {changed.by} at <Instant at={changed.at} />.
          </>
        )
      }
    >
      <p>
        A key that was proved says who sat there then. The longer ago that is, the less it says: at the highest level of
        assurance (NIST SP 800-63B, AAL3) a person proves it again after {minutes(aal3Minutes.lifetime)}, or after{' '}
        {minutes(aal3Minutes.idle)} without a touch.
      </p>
      <QueryView query={query} what="the lifetimes" rows={2}>
        {(saved) => {
          const base = editing?.base ?? saved;
          const typed = editing?.typed ?? typedOf(saved.body);
          const judged = judgeLifetimes(typed, protection.consoleLimits);
          const before = typedOf(base.body);
          const isChanged = typed.idle !== before.idle || typed.lifetime !== before.lifetime;
          const isStale = isChanged && saved.etag !== base.etag;
          const type = (part: Partial<TypedLifetimes>): void => setEditing({ base, typed: { ...typed, ...part } });
          return mayManage ? (
            <form
              className="sp-stack"
              onSubmit={(event) => {
                event.preventDefault();
                if (isChanged && judged.settings !== null && !isStale) setIsAsking(true);
              }}
            >
              {isStale && (
                <Stale
                  what="The lifetimes"
                  onTakeTheirs={() => setEditing(null)}
                  onKeepMine={() => setEditing({ base: saved, typed })}
                >
                  <p>
                    They saved {minutes(saved.body.sessionIdleTimeoutMinutes)} idle and{' '}
                    {minutes(saved.body.sessionMaxLifetimeMinutes)} in all; you typed {typed.idle} and {typed.lifetime}{' '}
                    minutes.
                  </p>
                </Stale>
              )}
              <BeforeSaving action="admin-console-settings.update" />
              <div className="sp-columns">
                <TextInput
                  label="Ends after so many minutes without a touch"
                  description={`From ${idleMinutes.min} to ${idleMinutes.max}`}
                  inputMode="numeric"
                  autoComplete="off"
                  value={typed.idle}
                  error={judged.idleError}
                  onChange={(event) => type({ idle: event.currentTarget.value })}
                />
                <TextInput
                  label="Ends after so many minutes in all"
                  description={`From ${lifetimeMinutes.min} to ${lifetimeMinutes.max}`}
                  inputMode="numeric"
                  autoComplete="off"
                  value={typed.lifetime}
                  error={judged.lifetimeError}
                  onChange={(event) => type({ lifetime: event.currentTarget.value })}
                />
              </div>
              {judged.isBeyondAal3 && (
                <p role="status">Longer than AAL3 allows. It works, and whoever audits this org will ask why.</p>
              )}
              {isChanged && !isStale && (
                <p className="sp-actions">
                  <Button variant="default" onClick={() => setEditing(null)}>
                    Discard
                  </Button>
                  <ProtectedButton
                    action="admin-console-settings.update"
                    type="submit"
                    disabled={judged.settings === null}
                  >
                    Save the lifetimes…
                  </ProtectedButton>
                </p>
              )}
              {isAsking && judged.settings !== null && (
                <ConfirmDialog
                  title="Save the lifetimes?"
                  confirmLabel="Save"
                  protectedAction="admin-console-settings.update"
                  isDanger={false}
                  action={() => putTagged(PATH, judged.settings, base.etag)}
                  onClose={() => {
                    setIsAsking(false);
                    void query.refetch();
                  }}
                  onDone={() => {
                    setIsAsking(false);
                    setEditing(null);
                    toast('Saved. Sessions that begin from now on live so long.');
                    void client.invalidateQueries({ queryKey: ['console-settings'] });
                    void client.invalidateQueries({ queryKey: ['session-protection'] });
                  }}
                >
                  <dl className="sp-facts">
                    <dt>Without a touch</dt>
                    <dd>
                      {minutes(base.body.sessionIdleTimeoutMinutes)} →{' '}
                      <strong>{minutes(judged.settings.sessionIdleTimeoutMinutes)}</strong>
                    </dd>
                    <dt>In all</dt>
                    <dd>
                      {minutes(base.body.sessionMaxLifetimeMinutes)} →{' '}
                      <strong>{minutes(judged.settings.sessionMaxLifetimeMinutes)}</strong>
                    </dd>
                  </dl>
                  <p>Sessions that live now, yours too, keep their times.</p>
                </ConfirmDialog>
              )}
            </form>
          ) : (
            <dl className="sp-facts">
              <dt>Without a touch</dt>
              <dd>{minutes(saved.body.sessionIdleTimeoutMinutes)}</dd>
              <dt>In all</dt>
              <dd>{minutes(saved.body.sessionMaxLifetimeMinutes)}</dd>
            </dl>
          );
        }}
      </QueryView>
    </Section>
  );
};
