import { useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import { useMe } from '../../frame/me.ts';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { EnrolmentLink } from '../admins/enrolment-link.tsx';
import type { Factor } from '../keys/authenticator.ts';
import { AuthenticatorTable } from '../keys/authenticator-table.tsx';
import { nameOfPerson, type PersonRow, USERS } from './person-words.ts';

/** In these a key can be registered for the account: the server answers the same. */
const TAKES_A_KEY = new Set(['STAGED', 'PROVISIONED', 'ACTIVE']);

/** With what this person signs in, for super admins: where there is nothing yet, the link for a first key. */
export const FirstKey = ({ person }: { readonly person: PersonRow }) => {
  const me = useMe();
  const isSuperAdmin = me?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  const path = `${USERS}/${encodeURIComponent(person.id)}/factors`;
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<readonly Factor[]>(path),
    enabled: isSuperAdmin,
  });
  if (!isSuperAdmin || person.sallyport !== undefined) return null;
  return (
    <Section title="Authenticators">
      <QueryView query={query} what="the authenticators">
        {(factors) => {
          const rows = factors.filter(({ status }) => status === 'ACTIVE').map(({ sallyport }) => sallyport);
          return (
            <>
              {rows.length === 0 ? (
                <p>No authenticator is enrolled yet.</p>
              ) : (
                <AuthenticatorTable caption={`Authenticators of ${nameOfPerson(person)}`} rows={rows} actions={null} />
              )}
              {(rows.length === 0 || person.status !== 'ACTIVE') && TAKES_A_KEY.has(person.status) && (
                <EnrolmentLink userId={person.id} name={nameOfPerson(person)} />
              )}
            </>
          );
        }}
      </QueryView>
    </Section>
  );
};
