import { Button, NativeSelect } from '@mantine/core';
import type { PermissionWordsAnswer, WhatCanAnswer, WhoCanAnswer } from '@sallyport/client/answers';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { get, withQuery } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { findApps, findGroups, findPeople, findPolicies, findZones } from '../../ui/find-named.ts';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { permissionsQuery } from '../roles/role-answer.ts';
import { conditionWords } from '../roles/role-draft.ts';

/** How things of a kind are found and named, and where the management API keeps them. */
const KINDS: Readonly<
  Record<
    string,
    { readonly one: string; readonly path: string; readonly find: (text: string) => Promise<readonly Named[]> }
  >
> = {
  user: { one: 'person', path: '/api/v1/users', find: findPeople },
  group: { one: 'group', path: '/api/v1/groups', find: findGroups },
  app: { one: 'app', path: '/api/v1/apps', find: findApps },
  policy: { one: 'policy', path: '/api/v1/policies', find: findPolicies },
  zone: { one: 'zone', path: '/api/v1/zones', find: findZones },
};

type Source = WhoCanAnswer['people'][number]['by'][number];
const Sources = ({ by }: { readonly by: readonly Source[] }) => (
  <ul>
    {by.map(({ role, group, until }) => (
      <li key={`${role.id} ${group?.id ?? ''} ${until ?? ''}`}>
        <GoTo href={`/roles/${role.id}`}>{role.label}</GoTo>
        {group !== null && <span className="sp-quiet"> through the group {group.name}</span>}
        {until !== null && (
          <span className="sp-quiet">
            {' '}
            until <Instant at={until} />
          </span>
        )}
      </li>
    ))}
  </ul>
);

const WhoTable = ({ answer }: { readonly answer: WhoCanAnswer }) => {
  const lines = [
    ...answer.people.map(({ id, login, status, by }) => ({
      id,
      name: <GoTo href={`/admins/${id}`}>{login}</GoTo>,
      is: status.toLowerCase(),
      by,
    })),
    ...answer.apps.map(({ id, label, by }) => ({ id, name: label, is: 'service app, as far as its scopes go', by })),
  ];
  return lines.length === 0 ? (
    <Empty title="Nobody can" />
  ) : (
    <>
      <DataTable
        caption={`Who can: ${answer.words}`}
        rows={lines}
        rowKey={({ id }) => id}
        columns={[
          { key: 'who', head: 'Who', cell: ({ name }) => name },
          { key: 'is', head: 'Is', cell: ({ is }) => is },
          { key: 'by', head: 'By', cell: ({ by }) => <Sources by={by} /> },
        ]}
      />
      <p className="sp-quiet" role="status">
        {lines.length === 1 ? 'One holds' : `${lines.length} hold`} it. What asks for a key or a second person asks
        them, too.
      </p>
    </>
  );
};

const Who = ({ catalogue }: { readonly catalogue: readonly PermissionWordsAnswer[] }) => {
  const { search, set } = useUrlState();
  const { permission, resource } = search;
  const kind = KINDS[catalogue.find((one) => one.permission === permission)?.on ?? ''];
  const path = withQuery('/sallyport/v1/access/who', { permission, resource });
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<WhoCanAnswer>(path),
    enabled: permission !== undefined,
  });
  return (
    <Section title="Who can…" lead="To this very thing, or, without one, to anything at all.">
      <NativeSelect
        label="Do what"
        value={permission ?? ''}
        data={[
          { value: '', label: 'choose one' },
          ...catalogue
            .filter(({ on }) => on !== 'nothing')
            .map(({ permission: value, words, area }) => ({ value, label: `${area}: ${words}` })),
        ]}
        onChange={(event) => set({ permission: event.currentTarget.value || undefined, resource: undefined })}
      />
      {kind !== undefined && (
        <NamePicker
          key={kind.one}
          one={kind.one}
          many={`To which ${kind.one}`}
          ids={resource === undefined ? [] : [resource]}
          nameOf={(id) => query.data?.resource?.name ?? id}
          onChange={(ids) => set({ resource: ids.at(-1) })}
          find={async (text) =>
            (await kind.find(text)).map(({ id, name }) => ({ id: `${kind.path}/${encodeURIComponent(id)}`, name }))
          }
          error={null}
        />
      )}
      {permission !== undefined && (
        <QueryView query={query} what="who can">
          {(answer) => <WhoTable answer={answer} />}
        </QueryView>
      )}
      {permission !== undefined && (
        <CliFor command={`sallyport access who ${permission}${resource === undefined ? '' : ` ${resource}`}`} />
      )}
    </Section>
  );
};

const recordedDays = ({ recordedSince }: WhatCanAnswer): number =>
  recordedSince === null ? 0 : Math.floor((Date.now() - Date.parse(recordedSince)) / 86_400_000);

const Suggestion = ({ answer }: { readonly answer: WhatCanAnswer }) => {
  const navigate = useNavigate();
  const mayManage = useMay('okta.roles.manage');
  const { permissions, onlyStandard, unused } = answer.suggestion;
  const days = recordedDays(answer);
  if (unused.length === 0) return <p>All of it was used: there is nothing to take away.</p>;
  return (
    <>
      <p>
        <strong>{unused.length}</strong> of {answer.can.length} permissions were not used
        {days < answer.days
          ? ` since uses are written down, ${days === 0 ? 'today' : `${days} days ago`}`
          : ` in ${answer.days} days`}
        .{days < 30 && ' That is too short to judge by: what is done once a quarter is not in it.'}
      </p>
      {permissions.length > 0 && (
        <>
          <p>A custom role of these would let them go on:</p>
          <ul className="sp-powers">
            {permissions.map(({ permission, words, isSensitive }) => (
              <li key={permission}>
                {words} {isSensitive && <Word tone="warn">sensitive</Word>}{' '}
                <code className="sp-quiet">{permission}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {onlyStandard.length > 0 && (
        <p>What they used beside it is for standard roles only: {onlyStandard.map(({ words }) => words).join('; ')}.</p>
      )}
      {mayManage && permissions.length > 0 && (
        <p className="sp-actions">
          <Button
            variant="default"
            onClick={() =>
              void navigate({
                to: '/roles' as '/',
                search: {
                  new: '1',
                  label: `As used by ${answer.user.login}`,
                  permissions: permissions.map(({ permission }) => permission).join(','),
                } as never,
              })
            }
          >
            Draft this role…
          </Button>
        </p>
      )}
    </>
  );
};

const What = () => {
  const { search, set } = useUrlState();
  const { user } = search;
  const path = `/sallyport/v1/access/what/${encodeURIComponent(user ?? '')}`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<WhatCanAnswer>(path), enabled: user !== undefined });
  return (
    <Section
      title="What can…"
      lead="Everything that a person holds now, by which role, over what, and when they last used it."
    >
      <NamePicker
        one="person"
        many="Person"
        ids={user === undefined ? [] : [user]}
        nameOf={(id) => (query.data?.user.id === id ? query.data.user.login : id)}
        onChange={(ids) => set({ user: ids.at(-1) })}
        find={findPeople}
        error={null}
      />
      {user !== undefined && (
        <QueryView query={query} what="what they can do">
          {(answer) =>
            answer.can.length === 0 ? (
              <Empty title="Nothing">They hold no admin role.</Empty>
            ) : (
              <>
                <Suggestion answer={answer} />
                <DataTable
                  caption={`What ${answer.user.login} can do`}
                  rows={answer.can}
                  rowKey={({ permission }) => permission}
                  columns={[
                    {
                      key: 'can',
                      head: 'Can',
                      cell: ({ words, area, isSensitive }) => (
                        <span>
                          {words} {isSensitive && <Word tone="warn">sensitive</Word>}
                          <br />
                          <span className="sp-quiet">{area}</span>
                        </span>
                      ),
                    },
                    {
                      key: 'by',
                      head: 'By, and over what',
                      cell: ({ by }) => (
                        <ul>
                          {by.map(({ role, group, until, over, condition }) => (
                            <li
                              key={`${role.id} ${group?.id ?? ''} ${until ?? ''} ${over.join()} ${conditionWords(condition)}`}
                            >
                              <GoTo href={`/roles/${role.id}`}>{role.label}</GoTo>{' '}
                              <span className="sp-quiet">
                                {group !== null && `through the group ${group.name} `}over {over.join(', ')}
                                {condition !== null && `, ${conditionWords(condition)}`}
                                {until !== null && (
                                  <>
                                    , until <Instant at={until} />
                                  </>
                                )}
                              </span>
                            </li>
                          ))}
                        </ul>
                      ),
                    },
                    {
                      key: 'used',
                      head: 'Last used',
                      isNumeric: true,
                      cell: ({ lastUsedAt, usedDays }) =>
                        lastUsedAt === null ? (
                          'not known'
                        ) : (
                          <span>
                            <Instant at={lastUsedAt} as="relative" />{' '}
                            <span className="sp-quiet">on {usedDays === 1 ? 'one day' : `${usedDays} days`}</span>
                          </span>
                        ),
                    },
                  ]}
                />
              </>
            )
          }
        </QueryView>
      )}
      {user !== undefined && <CliFor command={`sallyport access what ${query.data?.user.login ?? user}`} />}
    </Section>
  );
};

/** Who can do what, by the judgement that every door asks. */
export const Access = () => {
  const catalogue = useQuery(permissionsQuery);
  return (
    <Page title="Who can do what" lead="By the same judgement that every request passes.">
      <div className="sp-stack">
        <QueryView query={catalogue} what="the permissions">
          {(permissions) => <Who catalogue={permissions} />}
        </QueryView>
        <What />
      </div>
    </Page>
  );
};
