import type { GrantAnswer } from '@sallyport/client/answers';
import { useMe } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { GrantTable } from '../../ui/grants/grant-table.tsx';
import { GRANTS } from '../../ui/grants/grant-words.ts';
import { More } from '../../ui/more.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useList } from '../../ui/use-list.ts';
import { WhileAway } from './while-away.tsx';

const OwnGrants = ({ status }: { readonly status: 'OPEN' | 'ENDED' }) => {
  const query = useList<GrantAnswer>(GRANTS, { whose: 'mine', status });
  const isOpen = status === 'OPEN';
  return (
    <QueryView query={query} what="your access" rows={1}>
      {(grants) =>
        grants.length === 0 ? (
          <p className="sp-quiet">{isOpen ? 'Nothing now.' : 'Nothing yet.'}</p>
        ) : (
          <div className="sp-stack">
            <GrantTable
              caption={isOpen ? 'What I have for a while' : 'What I had'}
              grants={grants}
              isOwn
              mayEnd={isOpen}
            />
            <More query={query} count={grants.length} what={grants.length === 1 ? 'grant' : 'grants'} />
          </div>
        )
      }
    </QueryView>
  );
};

/** What may I do, and until when? */
export const MyAccess = () => {
  const me = useMe();
  const standing = me?.standing ?? [];
  return (
    <Page
      title="My access"
      lead="What you may do as an administrator: what stays, and what ends by itself."
      command={<CliFor command="sallyport grant list" />}
    >
      <div className="sp-stack">
        <Section title="For a while" lead="End it as soon as you are done: less can happen then.">
          <OwnGrants status="OPEN" />
        </Section>
        <Section title="Roles that stay">
          {standing.length === 0 ? (
            <p className="sp-quiet">None. What you need you get for a while.</p>
          ) : (
            <ul>
              {standing.map(({ type, label }) => (
                <li key={type}>{label}</li>
              ))}
            </ul>
          )}
        </Section>
        {me !== null && <WhileAway me={me} />}
        <Section title="What you had">
          <OwnGrants status="ENDED" />
        </Section>
      </div>
    </Page>
  );
};
