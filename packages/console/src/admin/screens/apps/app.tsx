import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { del, get, post, put } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { RulesEditor } from '../../ui/policies/rules-editor.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RolesHeld } from '../../ui/roles/roles-held.tsx';
import { Failure } from '../../ui/states.tsx';
import { durationWords } from '../../ui/time-words.ts';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { APPS, type App, appPath, hasSessions, isBuiltIn, isGateway, isService, policyIdOf } from './app-answer.ts';
import { AppBinding } from './app-binding.tsx';
import { AppForm } from './app-form.tsx';
import { AppKeys } from './app-keys.tsx';
import { AppScopes } from './app-scopes.tsx';
import { GatewaySnippet } from './gateway-snippet.tsx';
import { MachineFacts } from './machine-facts.tsx';
import { ServiceAppChange } from './service-app-change.tsx';

const Facts = ({ app }: { readonly app: App }) => {
  const settings = isGateway(app) ? app.settings.app : undefined;
  return (
    <Section title="The door">
      <dl className="sp-facts">
        <dt>Address</dt>
        <dd>
          {settings === undefined ? (
            'this server'
          ) : (
            <a href={settings.externalUrl} rel="noreferrer">
              {settings.externalUrl}
            </a>
          )}
        </dd>
        <dt>Status</dt>
        <dd>
          {app.status === 'ACTIVE' ? (
            <Word tone="good">on</Word>
          ) : (
            <Word tone="quiet">switched off: nobody enters</Word>
          )}
        </dd>
        {settings !== undefined && (
          <>
            <dt>Sessions</dt>
            <dd>
              idle after {durationWords(settings.sessionIdleTimeoutMinutes * 60)}, at the longest{' '}
              {durationWords(settings.sessionMaxLifetimeMinutes * 60)}
            </dd>
            <dt>Polling</dt>
            <dd>
              {settings.backgroundPaths.length === 0
                ? 'what is marked X-Sallyport-Background: 1'
                : settings.backgroundPaths.join(', ')}
            </dd>
          </>
        )}
        <dt>Changed</dt>
        <dd>
          <Instant at={app.lastUpdated} />
        </dd>
        <dt>What happened</dt>
        <dd>
          <GoTo href={`/log?${new URLSearchParams({ filter: `target.id eq "${app.id}"` }).toString()}`}>
            System Log, as target
          </GoTo>
        </dd>
        <dt>Id</dt>
        <dd>
          <CopyId id={app.id} />
        </dd>
      </dl>
    </Section>
  );
};

type Asking = 'edit' | 'off' | 'delete' | null;

/** What is behind this door, and who comes through? */
export const AppScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const path = appPath(id);
  const query = useQuery({ queryKey: [path], queryFn: () => get<App>(path) });
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayManage = useMay('okta.apps.manage');
  const mayReadRoles = useMay('okta.roles.read');
  const mayReadPolicy = useMay('okta.policies.read');
  const mayReadBinding = useMay('okta.sessionBinding.read');
  const [asking, setAsking] = useState<Asking>(null);
  const app = query.data;
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    close();
    toast(words);
    void client.invalidateQueries();
  };
  const switchOn = useMutation({
    mutationFn: () => post(`${path}/lifecycle/activate`),
    onSuccess: () => done(`${app?.label} is on.`),
  });
  const policyId = app === undefined ? null : policyIdOf(app);
  return (
    <Page
      title={app?.label ?? 'App'}
      {...(app === undefined
        ? {}
        : {
            tools: (
              <>
                {mayManage && !isBuiltIn(app) && (
                  <>
                    {(isGateway(app) || isService(app)) && (
                      <ProtectedButton
                        action={isService(app) ? 'service-app.update' : 'app.update'}
                        variant="default"
                        onClick={() => setAsking('edit')}
                      >
                        Change…
                      </ProtectedButton>
                    )}
                    {app.status === 'ACTIVE' ? (
                      <ProtectedButton
                        action={isService(app) ? 'service-app.delete' : 'app.deactivate'}
                        color="red"
                        variant="outline"
                        onClick={() => setAsking('off')}
                      >
                        Switch off…
                      </ProtectedButton>
                    ) : (
                      <>
                        <ProtectedButton
                          action={isService(app) ? 'service-app.update' : 'app.update'}
                          loading={switchOn.isPending}
                          onClick={() => switchOn.mutate()}
                        >
                          Switch on
                        </ProtectedButton>
                        <ProtectedButton
                          action={isService(app) ? 'service-app.delete' : 'app.delete'}
                          color="red"
                          variant="outline"
                          onClick={() => setAsking('delete')}
                        >
                          Delete…
                        </ProtectedButton>
                      </>
                    )}
                  </>
                )}
                <JsonButton title={app.label} value={app} />
              </>
            ),
          })}
      command={<CliFor command={`sallyport api GET ${path}`} />}
    >
      {switchOn.isError && <Failure what="The app was not switched on" error={switchOn.error} wasChange />}
      <QueryView query={query} what="the app">
        {(shown) => (
          <div className="sp-stack">
            {isService(shown) ? <MachineFacts app={shown} /> : <Facts app={shown} />}
            {policyId !== null && mayReadPolicy && (
              <RulesEditor
                policy={{ id: policyId, type: 'ACCESS_POLICY' }}
                isOfConsole={shown.name === 'saasure'}
                title="Who may enter"
                lead="The first rule that fits decides. It is judged when somebody opens the app."
              >
                <p>
                  <GoTo href={`/policies/${policyId}`}>The policy of these rules</GoTo>
                </p>
                <CliFor command={`sallyport policy show ${policyId}`} />
              </RulesEditor>
            )}
            {mayReadBinding && hasSessions(shown) && <AppBinding appKey={isGateway(shown) ? shown.id : shown.name} />}
            {isGateway(shown) && <GatewaySnippet appId={id} />}
            {isService(shown) && (
              <>
                <AppKeys app={shown} mayManage={mayManage} />
                <AppScopes app={shown} mayManage={mayManage} />
                {mayReadRoles && <RolesHeld holder={{ kind: 'client', id: shown.id, name: shown.label }} />}
              </>
            )}
          </div>
        )}
      </QueryView>
      {asking === 'edit' && app !== undefined && isService(app) && (
        <ServiceAppChange app={app} onDone={({ label }) => done(`${label} is saved.`)} onClose={close} />
      )}
      {asking === 'edit' && app !== undefined && isGateway(app) && (
        <AppForm
          title={`Change ${app.label}`}
          app={app}
          protectedAction="app.update"
          save={(body) => put<App>(path, body)}
          onDone={({ label }) => done(`${label} is saved.`)}
          onClose={close}
        />
      )}
      {asking === 'off' && app !== undefined && (
        <ConfirmDialog
          title={`Switch ${app.label} off?`}
          confirmLabel="Switch off"
          protectedAction={isService(app) ? 'service-app.delete' : 'app.deactivate'}
          action={() => post(`${path}/lifecycle/deactivate`)}
          onDone={() => done(`${app.label} is switched off.`)}
          onClose={close}
        >
          <p>
            {isService(app)
              ? 'Its tokens end at once, and it gets no other. What uses it stops working.'
              : `All its sessions end at once, and whoever opens ${app.settings.app?.externalUrl ?? 'it'} reads that it is off.`}
          </p>
        </ConfirmDialog>
      )}
      {asking === 'delete' && app !== undefined && (
        <ConfirmDialog
          title={`Delete ${app.label}?`}
          confirmLabel="Delete"
          protectedAction={isService(app) ? 'service-app.delete' : 'app.delete'}
          action={() => del(path)}
          onDone={() => {
            close();
            toast(`${app.label} is deleted.`);
            void navigate({ to: '/apps' as '/' }).then(() => client.invalidateQueries({ queryKey: [APPS] }));
          }}
          onClose={close}
        >
          <p>
            {isService(app)
              ? 'Its keys, scopes and roles go with it. It cannot be undone.'
              : 'Its policy and its binding modes go with it. A proxy that still asks for it gets 403.'}
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
