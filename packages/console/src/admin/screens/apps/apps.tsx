import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { durationWords } from '../../ui/time-words.ts';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { Word } from '../../ui/word.tsx';
import { APPS, type App, isGateway, isService } from './app-answer.ts';
import { AppForm } from './app-form.tsx';
import { ServiceAppForm } from './service-app-form.tsx';

const COLUMNS: readonly Column<App>[] = [
  {
    key: 'label',
    head: 'App',
    cell: ({ id, label }) => (
      <Link to={'/apps/$id' as '/'} params={{ id } as never}>
        {label}
      </Link>
    ),
  },
  {
    key: 'address',
    head: 'Address',
    cell: (app) =>
      isGateway(app) ? (
        app.settings.app?.externalUrl
      ) : (
        <span className="sp-quiet">{isService(app) ? 'a machine' : 'this server'}</span>
      ),
  },
  {
    key: 'status',
    head: 'Status',
    cell: ({ status }) => (status === 'ACTIVE' ? <Word tone="good">on</Word> : <Word tone="quiet">switched off</Word>),
  },
  {
    key: 'lifetimes',
    head: 'Idle, at the longest',
    cell: ({ settings: { app }, ...row }) =>
      app === undefined || !isGateway(row) ? (
        <span className="sp-quiet">{isService(row) ? 'tokens of an hour' : 'by the settings'}</span>
      ) : (
        `${durationWords(app.sessionIdleTimeoutMinutes * 60)}, ${durationWords(app.sessionMaxLifetimeMinutes * 60)}`
      ),
  },
  { key: 'updated', head: 'Changed', isNumeric: true, cell: ({ lastUpdated }) => <Instant at={lastUpdated} /> },
];

/** What stands behind the door? */
export const Apps = () => {
  const query = useList<App>(APPS);
  const mayManage = useMay('okta.apps.manage');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [adding, setAdding] = useState<'gateway' | 'service' | null>(null);
  const open = (id: string): void => void navigate({ to: '/apps/$id' as '/', params: { id } as never });
  return (
    <Page
      title="Apps"
      lead="The consoles that Sallyport guards, its own and those behind a proxy; and the machines that use its API."
      tools={
        mayManage && (
          <>
            <ProtectedButton action="app.create" onClick={() => setAdding('gateway')}>
              Put an app behind the gateway…
            </ProtectedButton>
            <ProtectedButton action="service-app.create" variant="default" onClick={() => setAdding('service')}>
              Create a service app…
            </ProtectedButton>
          </>
        )
      }
      command={<CliFor command={`sallyport api GET ${APPS}`} />}
    >
      <QueryView query={query} what="the apps">
        {(apps) => (
          <div className="sp-stack">
            <DataTable
              caption="Apps"
              columns={COLUMNS}
              rows={apps}
              rowKey={({ id }) => id}
              onOpen={({ id }) => open(id)}
            />
            <More query={query} count={apps.length} what="apps" />
          </div>
        )}
      </QueryView>
      {adding === 'gateway' && (
        <AppForm
          title="Put an app behind the gateway"
          app={null}
          protectedAction="app.create"
          save={(body) => post<App>(APPS, body)}
          onDone={({ id, label }) => {
            setAdding(null);
            toast(`${label} is behind the gateway. Until you say who may enter, only you may.`);
            void client.invalidateQueries({ queryKey: [APPS] });
            open(id);
          }}
          onClose={() => setAdding(null)}
        />
      )}
      {adding === 'service' && (
        <ServiceAppForm
          onDone={({ id, label }) => {
            setAdding(null);
            toast(`${label} is created. It may do nothing until it has scopes and a role.`);
            void client.invalidateQueries({ queryKey: [APPS] });
            open(id);
          }}
          onClose={() => setAdding(null)}
        />
      )}
    </Page>
  );
};
