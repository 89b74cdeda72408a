import './session-protection.css';
import { NativeSelect } from '@mantine/core';
import type { SessionBindingReportAnswer, SessionProtectionAnswer } from '@sallyport/client/answers';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { protectionQuery } from '../../ui/session-binding/binding-editor.tsx';
import { ClientAddressCheck } from '../../ui/session-binding/client-address.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { BindingForm } from './binding-form.tsx';
import { LifetimesForm } from './lifetimes-form.tsx';

const DAYS = ['1', '7', '14', '30', '90'];

/** To what sessions are held, what that would have cost, how long they live, and who is excepted. */
export const SessionProtection = () => {
  const query = useQuery(protectionQuery);
  return (
    <Page
      title="Session protection"
      lead="A session is held to the network, the address and the browser that it began in."
      command={<CliFor command="sallyport settings show" />}
    >
      <QueryView query={query} what="the session protection" rows={8}>
        {(protection) => (
          <div className="sp-stack">
            <BindingForm protection={protection} />
            <MonitorReport />
            <Section
              title="Whose word counts for an address"
              lead="An address that a client can choose binds nobody: where one can, holding sessions to it cannot be enforced."
            >
              <ClientAddressCheck />
            </Section>
            <LifetimesForm protection={protection} />
            <Exempt exempt={protection.exempt} />
          </div>
        )}
      </QueryView>
    </Page>
  );
};

const MonitorReport = () => {
  const { search, set } = useUrlState();
  const maySeeSessions = useMay('okta.sessions.read');
  const days = DAYS.includes(search['days'] ?? '') ? String(search['days']) : '14';
  const query = useQuery({
    queryKey: ['session-binding', 'report', days],
    queryFn: () => get<SessionBindingReportAnswer>(`/sallyport/v1/session-binding/report?days=${days}`),
    placeholderData: keepPreviousData,
  });
  return (
    <Section
      title="Had both been enforced"
      tools={
        <NativeSelect
          size="xs"
          aria-label="Looking back"
          value={days}
          onChange={(event) => set({ days: event.currentTarget.value })}
          data={DAYS.map((value) => ({ value, label: value === '1' ? '1 day back' : `${value} days back` }))}
        />
      }
    >
      <QueryView query={query} what="the report" rows={3}>
        {(report) => (
          <div className="sp-stack">
            <p>
              <strong>{report.summary}</strong>
            </p>
            {report.rows.length > 0 && (
              <DataTable
                caption="People whose sessions were seen elsewhere"
                rows={report.rows}
                rowKey={({ userId }) => userId}
                columns={[
                  {
                    key: 'login',
                    head: 'Person',
                    cell: ({ login, userId }) =>
                      maySeeSessions ? (
                        <Link to="/sessions" search={{ userId } as never}>
                          {login}
                        </Link>
                      ) : (
                        login
                      ),
                  },
                  { key: 'sessions', head: 'Sessions', isNumeric: true, cell: ({ sessions }) => sessions },
                  { key: 'changes', head: 'Changes', isNumeric: true, cell: ({ changes }) => changes },
                  {
                    key: 'networks',
                    head: 'Networks',
                    cell: ({ networks }) => (
                      <ul>
                        {networks.map((network) => (
                          <li key={network}>{network}</li>
                        ))}
                      </ul>
                    ),
                  },
                  { key: 'last', head: 'Last', cell: ({ lastAt }) => <Instant at={lastAt} as="relative" /> },
                ]}
              />
            )}
          </div>
        )}
      </QueryView>
    </Section>
  );
};

const Exempt = ({ exempt: { zone, passes, sessions } }: { readonly exempt: SessionProtectionAnswer['exempt'] }) => (
  <Section title="Exempt zone" lead="Requests from these addresses are not held to where the session began.">
    {zone === null || zone.entries.length === 0 ? (
      <p>{zone?.name ?? 'The exempt zone'} is empty: nobody is excepted.</p>
    ) : (
      <>
        <p>
          <strong>{zone.name}</strong> has {zone.entries.length} {zone.entries.length === 1 ? 'entry' : 'entries'}:
        </p>
        <ul className="sp-entries">
          {zone.entries.map((entry) => (
            <li key={entry}>
              <code>{entry}</code>
            </li>
          ))}
        </ul>
      </>
    )}
    <p>
      {passes === 0
        ? 'No request has passed by it.'
        : `${passes} ${passes === 1 ? 'request' : 'requests'} of ${sessions} ${sessions === 1 ? 'session' : 'sessions'} passed by it.`}
    </p>
    <CliFor command={`sallyport zone show ${zone?.name ?? 'DefaultExemptIpZone'}`} />
  </Section>
);
