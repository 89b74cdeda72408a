import type { PersonToEnterAnswer, WayInAnswer, WaysInAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Word } from '../../ui/word.tsx';

const PATH = '/sallyport/v1/ways-in';

const Rule = ({ of }: { readonly of: WayInAnswer['console'] }) =>
  of === null ? null : (
    <>
      “{of.rule.name}” of <GoTo href={`/policies/${of.policy.id}`}>{of.policy.name}</GoTo>
    </>
  );

const authenticatorWords = ({
  name,
  isHardwareProtected,
  asksPassword,
}: WayInAnswer['authenticators'][number]): string =>
  `${name}${isHardwareProtected ? ' (kept by hardware)' : ''}${asksPassword ? ' after the password' : ''}`;

const Way = ({ way }: { readonly way: WayInAnswer }) => (
  <li>
    <Rule of={way.console} />
    <br />
    With {way.authenticators.map(authenticatorWords).join(', or ')}
    <br />
    <span className="sp-quiet">
      From {way.networks}
      {way.from !== null && way.networks !== 'anywhere' && `, ${way.from} for one`}; the session by{' '}
      <Rule of={way.session} />
    </span>
  </li>
);

const Ways = ({ ways, why }: Pick<PersonToEnterAnswer, 'ways' | 'why'>) => (
  <ul className="sp-stack">
    {ways.map((way) => (
      <Way key={`${way.console?.rule.id ?? ''} ${way.session?.rule.id ?? ''}`} way={way} />
    ))}
    {why.map((sentence) => (
      <li key={sentence}>{sentence}</li>
    ))}
  </ul>
);

const ableWord = ({ isAble, isAbleInTime }: PersonToEnterAnswer) =>
  isAble ? (
    isAbleInTime ? (
      <Word tone="good">able</Word>
    ) : (
      <Word tone="warn">able for now</Word>
    )
  ) : (
    <Word tone={isAbleInTime ? 'warn' : 'bad'}>{isAbleInTime ? 'not now' : 'not able'}</Word>
  );

const People = ({ people, caption }: { readonly people: readonly PersonToEnterAnswer[]; readonly caption: string }) => (
  <DataTable
    caption={caption}
    rows={people}
    rowKey={({ id }) => id}
    columns={[
      {
        key: 'who',
        head: 'Person',
        cell: ({ id, name, login }) => (
          <span>
            <GoTo href={`/people/${id}`}>{name}</GoTo>
            <br />
            <span className="sp-quiet">{login}</span>
          </span>
        ),
      },
      { key: 'able', head: 'Able to sign in', cell: ableWord },
      { key: 'ways', head: 'By which way, or why not', cell: (person) => <Ways {...person} /> },
    ]}
  />
);

const BreakGlass = ({ accounts }: { readonly accounts: WaysInAnswer['breakGlass'] }) => {
  const mayOpen = useMay('okta.roles.manage');
  return (
    <DataTable
      caption="Break-glass accounts"
      rows={accounts}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'who',
          head: 'Account',
          cell: ({ id, login }) => (mayOpen ? <GoTo href={`/break-glass/${id}`}>{login}</GoTo> : login),
        },
        {
          key: 'able',
          head: 'Able to sign in',
          cell: ({ isAble }) => <Word tone={isAble ? 'good' : 'bad'}>{isAble ? 'able' : 'not able'}</Word>,
        },
        {
          key: 'way',
          head: 'By which way, or why not',
          cell: ({ isAble, networks }) =>
            isAble
              ? `The sealed secret and a hardware key of its own, by its sealed policy${networks === null ? '' : `, from ${networks.join(', ')}`}`
              : 'It is not active, is locked, or has no key that its sealed policy takes.',
        },
      ]}
    />
  );
};

const count = (people: readonly { readonly isAble: boolean }[]): string =>
  `${people.filter(({ isAble }) => isAble).length} of ${people.length}`;

/** Who could come in and undo whatever is wrong, by which way, or why not. */
export const WaysIn = () => {
  const query = useQuery({ queryKey: [PATH], queryFn: () => get<WaysInAnswer>(PATH) });
  return (
    <Page
      title="Super admins able to sign in"
      lead="Who could open the Admin Console now: by their keys, today’s policies and zones, from any address that there is. What would leave nobody is refused."
      tools={
        query.data !== undefined && (
          <span className="sp-quiet">
            As of <Instant at={query.data.at} />
          </span>
        )
      }
      command={<CliFor command={`sallyport api GET ${PATH}`} />}
    >
      <QueryView query={query} what="the ways in">
        {({ superAdmins, askers, breakGlass }) => (
          <div className="sp-stack">
            <Section title="Super admins all the time" lead={`${count(superAdmins)} able to sign in.`}>
              {superAdmins.length > 0 && <People people={superAdmins} caption="Super admins" />}
            </Section>
            {askers.length > 0 && (
              <Section
                title="May become one by request"
                lead={`${count(askers)} able to sign in. Somebody else says yes before they hold it, and it ends by itself.`}
              >
                <People people={askers} caption="Whoever may ask for super admin" />
              </Section>
            )}
            <Section
              title="Break-glass accounts"
              lead={breakGlass.length === 0 ? 'There is none.' : `${count(breakGlass)} able to sign in.`}
            >
              {breakGlass.length > 0 && <BreakGlass accounts={breakGlass} />}
            </Section>
          </div>
        )}
      </QueryView>
    </Page>
  );
};
