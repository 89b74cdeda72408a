import type { OrgDetailAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, put } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ChooseDialog } from '../../ui/choose-dialog.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { helpWords, KEPT_FIELDS, SHOWN_FIELDS } from './org-fields.ts';
import { OrgForm } from './org-form.tsx';

const PATH = '/sallyport/v1/organisation';

type Contact = OrgDetailAnswer['contacts'][number];
const CONTACT_WORDS: Readonly<Record<Contact['contactType'], string>> = {
  BILLING: 'Billing',
  TECHNICAL: 'Technical questions',
};
const contactName = ({ user }: Contact): string =>
  user === null ? 'nobody' : (user.login ?? 'somebody whom you may not see');

type Asking = 'profile' | 'footer' | Contact | null;

const FieldFacts = ({ org, fields }: { readonly org: OrgDetailAnswer; readonly fields: typeof SHOWN_FIELDS }) => (
  <dl className="sp-facts">
    {fields.map(({ name, label }) => [
      <dt key={`${name} label`}>{label}</dt>,
      <dd key={name}>{org[name] ?? <span className="sp-quiet">nothing</span>}</dd>,
    ])}
  </dl>
);

const Footer = ({ org, onChange }: { readonly org: OrgDetailAnswer; readonly onChange: (() => void) | null }) => {
  const words = helpWords(org);
  return (
    <Section
      title="The line about help"
      lead="It stands at the end of pages for everybody: where people sign in, at their sessions, below refusals."
      tools={
        onChange !== null && (
          <ProtectedButton action="org.update" variant="default" onClick={onChange}>
            {org.showEndUserFooter ? 'Hide it…' : 'Show it…'}
          </ProtectedButton>
        )
      }
    >
      <p>
        <Word tone={org.showEndUserFooter && words !== null ? 'good' : 'quiet'}>
          {org.showEndUserFooter ? (words === null ? 'nothing to show' : 'shown') : 'hidden'}
        </Word>
      </p>
      <p>{words ?? 'Neither a support phone nor a help page is named, so pages name nobody.'}</p>
    </Section>
  );
};

const Contacts = ({
  org,
  onChange,
}: {
  readonly org: OrgDetailAnswer;
  readonly onChange: ((contact: Contact) => void) | null;
}) => {
  const seesPeople = useMay('okta.users.read');
  return (
    <Section title="Contacts" lead="Whom to ask about what. A contact gets no right and no mail by it.">
      <DataTable
        caption="Contacts"
        rows={org.contacts}
        rowKey={({ contactType }) => contactType}
        columns={[
          { key: 'for', head: 'For', cell: ({ contactType }) => CONTACT_WORDS[contactType] },
          {
            key: 'who',
            head: 'Who',
            cell: (contact) =>
              contact.user !== null && contact.user.login !== null && seesPeople ? (
                <GoTo href={`/people/${contact.user.id}`}>{contact.user.login}</GoTo>
              ) : (
                <span className="sp-quiet">{contactName(contact)}</span>
              ),
          },
          ...(onChange === null
            ? []
            : [
                {
                  key: 'change',
                  head: 'Change',
                  cell: (contact: Contact) => (
                    <ProtectedButton
                      action="org.update"
                      variant="default"
                      size="xs"
                      aria-label={`Choose the contact: ${CONTACT_WORDS[contact.contactType]}…`}
                      onClick={() => onChange(contact)}
                    >
                      Choose…
                    </ProtectedButton>
                  ),
                },
              ]),
        ]}
      />
    </Section>
  );
};

/** What the organisation is called, whom people ask for help, and who answers for it. */
export const Organisation = () => {
  const client = useQueryClient();
  const mayManage = useMay('okta.orgs.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const query = useQuery({ queryKey: [PATH], queryFn: () => get<OrgDetailAnswer>(PATH) });
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries({ queryKey: [PATH] });
    // The name stands in the frame, too.
    void client.invalidateQueries({ queryKey: ['me'] });
  };
  return (
    <Page
      title="Organisation"
      lead="What pages and mails say of it, and whom people ask for help."
      tools={
        query.data !== undefined && (
          <>
            <JsonButton title={query.data.companyName} value={query.data} />
            {mayManage && (
              <ProtectedButton action="org.update" onClick={() => setAsking('profile')}>
                Change…
              </ProtectedButton>
            )}
          </>
        )
      }
      command={<CliFor command="sallyport org show" />}
    >
      <QueryView query={query} what="the organisation">
        {(org) => (
          <div className="sp-stack">
            <Section title="What people see">
              <FieldFacts org={org} fields={SHOWN_FIELDS} />
            </Section>
            <Footer org={org} onChange={mayManage ? () => setAsking('footer') : null} />
            <Contacts org={org} onChange={mayManage ? setAsking : null} />
            <Section title="Kept for programs" lead="Shown on no page: programs read it, and set it.">
              <FieldFacts org={org} fields={KEPT_FIELDS} />
            </Section>
            <Section title="This organisation">
              <dl className="sp-facts">
                <dt>Id</dt>
                <dd>
                  <CopyId id={org.id} />
                </dd>
                <dt>Changed</dt>
                <dd>
                  <Instant at={org.lastUpdated} />
                </dd>
              </dl>
            </Section>
            {asking === 'profile' && (
              <OrgForm org={org} onClose={close} onDone={() => done('Saved. Pages say it from now on.')} />
            )}
            {asking === 'footer' && (
              <ConfirmDialog
                title={org.showEndUserFooter ? 'Hide the line about help?' : 'Show the line about help?'}
                confirmLabel={org.showEndUserFooter ? 'Hide it' : 'Show it'}
                isDanger={false}
                protectedAction="org.update"
                action={() =>
                  post(`/api/v1/org/preferences/${org.showEndUserFooter ? 'hideEndUserFooter' : 'showEndUserFooter'}`)
                }
                onClose={close}
                onDone={() =>
                  done(
                    org.showEndUserFooter ? 'Pages name nobody for help now.' : 'Pages say whom to ask for help now.',
                  )
                }
              >
                <p>
                  {org.showEndUserFooter
                    ? 'Whoever cannot sign in is not told any more whom to call.'
                    : (helpWords(org) ?? 'There is nothing to show yet: name a support phone or a help page first.')}
                </p>
              </ConfirmDialog>
            )}
            {asking !== null && typeof asking === 'object' && (
              <ChooseDialog
                title={`Contact for: ${CONTACT_WORDS[asking.contactType]}`}
                kinds={['USER']}
                action="org.update"
                confirmLabel="Name them"
                failed="The contact was not changed"
                choose={(_, userId) => put(`/api/v1/org/contacts/${asking.contactType}`, { userId })}
                onClose={close}
                onDone={(name) => done(`${name} is the contact for: ${CONTACT_WORDS[asking.contactType]}.`)}
              >
                <p className="sp-quiet">
                  Named now: {contactName(asking)}. Whoever you choose takes that place, and gets no right by it.
                </p>
              </ChooseDialog>
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
