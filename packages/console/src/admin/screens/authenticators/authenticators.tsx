import type { OrgAuthenticatorAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { KeyModels } from './key-models.tsx';
import { KeySettingsForm } from './key-settings-form.tsx';
import { Quarantine } from './quarantine.tsx';

const PATH = '/api/v1/authenticators';
const pathOf = ({ id }: OrgAuthenticatorAnswer): string => `${PATH}/${encodeURIComponent(id)}`;

const NOTES: Readonly<Record<string, string>> = {
  webauthn: 'Opens the Admin Console. Nothing else does.',
  google_otp: 'Six digits of an app. They can be phished, so they open no Admin Console.',
  okta_password:
    'At least 12 characters, more where a policy asks for it; none that are commonly used; kept as an Argon2id hash. Opens no Admin Console.',
};

/** With what people prove who they are, what is asked of keys, and whose keys are not taken. */
export const Authenticators = () => {
  const query = useQuery({
    queryKey: ['authenticators', 'list'],
    queryFn: () => get<readonly OrgAuthenticatorAnswer[]>(PATH),
  });
  return (
    <Page
      title="Authenticators"
      lead="With what people prove who they are, and which keys are taken."
      command={<CliFor command="sallyport authenticator show" />}
    >
      <QueryView query={query} what="the authenticators" rows={8}>
        {(all) => {
          const keys = all.find(({ key }) => key === 'webauthn');
          return (
            <div className="sp-stack">
              {keys !== undefined && <KeySettingsForm path={`${pathOf(keys)}/methods/webauthn`} />}
              <Quarantine />
              {keys !== undefined && <KeyModels path={`${pathOf(keys)}/aaguids`} />}
              <Kinds all={all} />
            </div>
          );
        }}
      </QueryView>
    </Page>
  );
};

const Kinds = ({ all }: { readonly all: readonly OrgAuthenticatorAnswer[] }) => {
  const client = useQueryClient();
  const mayManage = useMay('okta.authenticators.manage');
  const [asked, setAsked] = useState<OrgAuthenticatorAnswer | null>(null);
  const verb = asked?.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return (
    <Section title="Kinds of authenticators">
      <DataTable
        caption="Kinds of authenticators"
        rows={all}
        rowKey={({ id }) => id}
        columns={[
          { key: 'name', head: 'Kind', cell: ({ name }) => name },
          {
            key: 'status',
            head: 'Status',
            cell: ({ status }) => (status === 'ACTIVE' ? <Word tone="good">on</Word> : <Word tone="quiet">off</Word>),
          },
          {
            key: 'note',
            head: 'What it is good for',
            cell: ({ key }) => NOTES[key] ?? 'Proves nobody in this server.',
          },
          {
            key: 'switch',
            head: 'Change',
            cell: (one) =>
              mayManage && one.key === 'google_otp' ? (
                <ProtectedButton
                  action="authenticator.update"
                  variant="default"
                  size="xs"
                  onClick={() => setAsked(one)}
                >
                  {one.status === 'ACTIVE' ? 'Switch off…' : 'Switch on…'}
                </ProtectedButton>
              ) : (
                '–'
              ),
          },
        ]}
      />
      {asked !== null && (
        <ConfirmDialog
          title={verb === 'deactivate' ? 'Switch one-time codes off?' : 'Switch one-time codes on?'}
          confirmLabel={verb === 'deactivate' ? 'Switch off' : 'Switch on'}
          protectedAction="authenticator.update"
          isDanger={verb === 'deactivate'}
          action={() => post(`${pathOf(asked)}/lifecycle/${verb}`)}
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            toast(verb === 'deactivate' ? 'One-time codes are off.' : 'One-time codes are on.');
            void client.invalidateQueries({ queryKey: ['authenticators'] });
          }}
        >
          <p>
            {verb === 'deactivate'
              ? 'Nobody is asked for a code and nobody sets one up. Where a code was asked for, the password alone is not enough then: whoever has no key needs an enrolment link.'
              : 'Codes that people had set up work again.'}
          </p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
