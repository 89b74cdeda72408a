import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { get } from '../../api.ts';
import { type Me, useMay, useMe } from '../../frame/me.ts';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RolesHeld } from '../../ui/roles/roles-held.tsx';
import { Word } from '../../ui/word.tsx';
import { FirstKey } from './first-key.tsx';
import { nameOfPerson, type PersonRow, statusWords, USERS } from './person-words.ts';
import { ServiceAccount } from './service-account.tsx';
import { WhileTheyAreAway } from './while-they-are-away.tsx';

interface Group {
  readonly id: string;
  readonly profile: { readonly name: string };
}

const logOf = (id: string): string => `/log?${new URLSearchParams({ filter: `target.id eq "${id}"` }).toString()}`;

const Groups = ({ id }: { readonly id: string }) => {
  const path = `${USERS}/${encodeURIComponent(id)}/groups`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<readonly Group[]>(path) });
  return (
    <Section title="Groups">
      <QueryView query={query} what="the groups">
        {(groups) =>
          groups.length === 0 ? (
            <p className="sp-quiet">None that you may see.</p>
          ) : (
            <ul>
              {groups.map((group) => (
                <li key={group.id}>
                  <GoTo href={`/groups/${group.id}`}>{group.profile.name}</GoTo>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Section>
  );
};

const Facts = ({ person }: { readonly person: PersonRow }) => (
  <Section title="About it">
    <dl className="sp-facts">
      <dt>Login</dt>
      <dd>{person.profile.login}</dd>
      <dt>Status</dt>
      <dd>
        <Word tone={statusWords(person.status).tone}>{statusWords(person.status).word}</Word>
      </dd>
      <dt>Last sign-in</dt>
      <dd>
        <Instant at={person.lastLogin} />
      </dd>
      <dt>Created</dt>
      <dd>
        <Instant at={person.created} />
      </dd>
      <dt>What happened to it</dt>
      <dd>
        <GoTo href={logOf(person.id)}>System Log, as target</GoTo>
      </dd>
      <dt>Id</dt>
      <dd>
        <CopyId id={person.id} />
      </dd>
    </dl>
  </Section>
);

/** An active person, and not oneself: one’s own vote is lent under _My access_. */
const isSomebodyElse = (person: PersonRow, me: Me | null): boolean =>
  person.status === 'ACTIVE' && person.sallyport === undefined && me !== null && person.id !== me.user.id;

/** Whose account is this, and what does it give? */
export const PersonScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const mayReadRoles = useMay('okta.roles.read');
  const mayReadGroups = useMay('okta.groups.read');
  const maySettleVotes = useMay('okta.governance.accessRequests.manage');
  const me = useMe();
  const path = `${USERS}/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<PersonRow>(path) });
  return (
    <Page
      title={query.data === undefined ? 'Account' : nameOfPerson(query.data)}
      {...(query.data === undefined
        ? {}
        : { tools: <JsonButton title={nameOfPerson(query.data)} value={query.data} /> })}
      command={<CliFor command={`sallyport api GET ${path}`} />}
    >
      <QueryView query={query} what="the account">
        {(person) => (
          <div className="sp-stack">
            <Facts person={person} />
            <FirstKey person={person} />
            <ServiceAccount account={{ id: person.id, name: nameOfPerson(person), login: person.profile.login }} />
            {mayReadGroups && <Groups id={person.id} />}
            {mayReadRoles && <RolesHeld holder={{ kind: 'user', id: person.id, name: nameOfPerson(person) }} />}
            {maySettleVotes && isSomebodyElse(person, me) && (
              <WhileTheyAreAway person={{ id: person.id, name: nameOfPerson(person) }} />
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
