import { NativeSelect } from '@mantine/core';
import type { RoleAnswer, RoleComparisonAnswer, RoleDetailAnswer, RoleHolderAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { del, get, getTagged } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { AssignRoleDialog } from '../../ui/roles/assign-role-dialog.tsx';
import { overWords } from '../../ui/roles/over-words.ts';
import { type TakeableRole, TakeRoleDialog } from '../../ui/roles/take-role-dialog.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { kindWords, permissionsQuery, ROLES } from './role-answer.ts';
import { conditionWords, draftOf, inAreas } from './role-draft.ts';
import { RoleForm } from './role-form.tsx';
import { RoleNotices } from './role-notices.tsx';

const NARROWED_WORDS = {
  group: 'everything, or narrowed to groups and their people',
  app: 'everything, or narrowed to apps',
  'resource-set': 'a resource set, and nothing beyond it',
} as const;

const Facts = ({ role }: { readonly role: RoleDetailAnswer }) => (
  <Section title="The role">
    <dl className="sp-facts">
      <dt>Kind</dt>
      <dd>{kindWords(role.kind)}</dd>
      {role.description !== '' && (
        <>
          <dt>What it is for</dt>
          <dd>{role.description}</dd>
        </>
      )}
      <dt>Held over</dt>
      <dd>{role.narrowedTo === null ? 'everything, always' : NARROWED_WORDS[role.narrowedTo]}</dd>
      {role.lastUpdatedAt !== null && (
        <>
          <dt>Changed</dt>
          <dd>
            <Instant at={role.lastUpdatedAt} /> {role.lastUpdatedBy !== null && `by ${role.lastUpdatedBy}`}
          </dd>
        </>
      )}
      <dt>Id</dt>
      <dd>
        <CopyId id={role.id} />
      </dd>
    </dl>
  </Section>
);

const Can = ({ role }: { readonly role: RoleDetailAnswer }) => {
  const working = role.permissions.filter(({ givesNothing }) => !givesNothing);
  const rest = role.permissions.length - working.length;
  return (
    <Section
      title="What it can"
      lead="Sensitive: its holder could turn it into the power of others, if nothing stood in the way."
    >
      {inAreas(working).map(([area, permissions]) => (
        <section key={area} aria-label={area}>
          <h3>{area}</h3>
          <ul className="sp-powers">
            {permissions.map(({ permission, words, isSensitive, isChosen, condition }) => (
              <li key={permission}>
                {words} {isSensitive && <Word tone="warn">sensitive</Word>}{' '}
                <span className="sp-quiet">
                  <code>{permission}</code>
                  {condition !== null && ` ${conditionWords(condition)}`}
                  {!isChosen && ' comes along'}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {rest > 0 && (
        <p className="sp-quiet">
          {rest} more {rest === 1 ? 'permission is' : 'permissions are'} kept by name and{' '}
          {rest === 1 ? 'gives' : 'give'} nothing: this server has no such things.
        </p>
      )}
    </Section>
  );
};

const Never = ({ role }: { readonly role: RoleDetailAnswer }) => (
  <Section title="What it never can" lead="By this role alone; what somebody holds beside it adds up.">
    {role.never.length === 0 ? (
      <p>Nothing: it is the whole power over this server.</p>
    ) : (
      <ul className="sp-powers">
        {role.never.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    )}
  </Section>
);

const Comparison = ({ id }: { readonly id: string }) => {
  const { search, set } = useUrlState();
  const other = search['with'];
  const roles = useQuery({ queryKey: [ROLES], queryFn: () => get<readonly RoleAnswer[]>(ROLES) });
  const path = `${ROLES}/${encodeURIComponent(id)}/compared-with/${encodeURIComponent(other ?? '')}`;
  const query = useQuery({
    queryKey: [path],
    queryFn: () => get<RoleComparisonAnswer>(path),
    enabled: other !== undefined,
  });
  const lines = ({ left, right, onlyLeft, onlyRight, otherCondition }: RoleComparisonAnswer) => [
    ...onlyLeft.map((one) => ({ ...one, held: `only ${left.label}` })),
    ...onlyRight.map((one) => ({ ...one, held: `only ${right.label}` })),
    ...otherCondition.map((one) => ({ ...one, held: 'both, for other attributes' })),
  ];
  return (
    <Section title="Compare">
      <NativeSelect
        label="With the role"
        value={other ?? ''}
        data={[
          { value: '', label: 'none' },
          ...(roles.data ?? []).filter((role) => role.id !== id).map(({ id: value, label }) => ({ value, label })),
        ]}
        onChange={(event) => set({ with: event.currentTarget.value || undefined })}
      />
      {other !== undefined && (
        <QueryView query={query} what="the comparison">
          {(comparison) =>
            lines(comparison).length === 0 ? (
              <p>Both give the same {comparison.both.length} permissions.</p>
            ) : (
              <>
                <DataTable
                  caption={`${comparison.left.label} and ${comparison.right.label}`}
                  rows={lines(comparison)}
                  rowKey={({ permission }) => permission}
                  columns={[
                    { key: 'area', head: 'Area', cell: ({ area }) => area },
                    { key: 'words', head: 'Can', cell: ({ words }) => words },
                    { key: 'held', head: 'Held by', cell: ({ held }) => <strong>{held}</strong> },
                  ]}
                />
                <p className="sp-quiet">{comparison.both.length} more are the same in both.</p>
              </>
            )
          }
        </QueryView>
      )}
    </Section>
  );
};

const Holders = ({
  role,
  onGive,
  onTake,
}: {
  readonly role: RoleDetailAnswer;
  readonly onGive: () => void;
  readonly onTake: (holder: TakeableRole) => void;
}) => {
  const mayManage = useMay('okta.roles.manage');
  return (
    <Section
      title="Who holds it"
      tools={
        mayManage && (
          <ProtectedButton action="role.assign" variant="default" onClick={onGive}>
            Give it to…
          </ProtectedButton>
        )
      }
    >
      {role.holders.length === 0 ? (
        <Empty title="Nobody holds it" />
      ) : (
        <DataTable
          caption={`Holders of ${role.label}`}
          rows={role.holders}
          rowKey={({ assignmentId }) => assignmentId}
          columns={[
            {
              key: 'name',
              head: 'Who',
              cell: ({ kind, id, name, people }) =>
                kind === 'user' ? (
                  <GoTo href={`/admins/${id}`}>{name}</GoTo>
                ) : kind === 'client' ? (
                  <span>
                    <GoTo href={`/apps/${id}`}>{name}</GoTo> <span className="sp-quiet">service app</span>
                  </span>
                ) : kind === 'bundle' ? (
                  <span>
                    {name} <span className="sp-quiet">bundle, which gives it for a while</span>
                  </span>
                ) : (
                  <span>
                    <GoTo href={`/groups/${id}`}>{name}</GoTo>{' '}
                    <span className="sp-quiet">group of {people === 1 ? 'one person' : `${people} people`}</span>
                  </span>
                ),
            },
            {
              key: 'over',
              head: 'Over',
              cell: (holder) =>
                holder.resourceSet === null ? (
                  overWords(holder)
                ) : (
                  <GoTo href={`/resource-sets/${holder.resourceSet.id}`}>{overWords(holder)}</GoTo>
                ),
            },
            {
              key: 'since',
              head: 'Since',
              isNumeric: true,
              cell: ({ since, by }) => (
                <span>
                  <Instant at={since} as="relative" /> <span className="sp-quiet">{by === null ? '' : `by ${by}`}</span>
                </span>
              ),
            },
            ...(mayManage
              ? [
                  {
                    key: 'take',
                    head: 'Take away',
                    cell: ({ kind, ...rest }: RoleHolderAnswer) =>
                      kind === 'bundle' ? (
                        <span className="sp-quiet">at the bundle</span>
                      ) : (
                        <ProtectedButton
                          action="role.unassign"
                          size="xs"
                          color="red"
                          variant="outline"
                          aria-label={`Take away from ${rest.name}…`}
                          onClick={() => onTake({ kind, ...rest })}
                        >
                          Take away…
                        </ProtectedButton>
                      ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </Section>
  );
};

type Asking =
  | { readonly kind: 'edit'; readonly opened: { readonly role: RoleDetailAnswer; readonly etag: string } }
  | { readonly kind: 'delete' }
  | { readonly kind: 'give' }
  | { readonly kind: 'take'; readonly holder: TakeableRole }
  | null;

/** One role: what it means, what it never means, and who has it. */
export const RoleScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayManage = useMay('okta.roles.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const [openError, setOpenError] = useState<unknown>(null);
  const path = `${ROLES}/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<RoleDetailAnswer>(path) });
  const catalogue = useQuery(permissionsQuery);
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries();
  };
  const edit = async (): Promise<void> => {
    try {
      const { body, etag } = await getTagged<RoleDetailAnswer>(path);
      setOpenError(null);
      setAsking({ kind: 'edit', opened: { role: body, etag } });
    } catch (error) {
      setOpenError(error);
    }
  };
  return (
    <Page
      title={query.data?.label ?? 'Role'}
      tools={
        query.data !== undefined && (
          <>
            <JsonButton title={query.data.label} value={query.data} />
            {mayManage && (
              <ProtectedButton
                action="role.create"
                variant="default"
                onClick={() => void navigate({ to: '/roles' as '/', search: { new: '1', from: id } as never })}
              >
                Duplicate…
              </ProtectedButton>
            )}
            {mayManage && query.data.kind === 'custom' && (
              <ProtectedButton action="role.update" onClick={() => void edit()}>
                Edit…
              </ProtectedButton>
            )}
          </>
        )
      }
      command={<CliFor command={`sallyport role show ${id}`} />}
    >
      {openError !== null && <Failure what="The role could not be opened" error={openError} />}
      <QueryView query={query} what="the role">
        {(role) => (
          <div className="sp-stack">
            <Facts role={role} />
            <Holders
              role={role}
              onGive={() => setAsking({ kind: 'give' })}
              onTake={(holder) => setAsking({ kind: 'take', holder })}
            />
            <Can role={role} />
            <Never role={role} />
            <RoleNotices role={role} />
            <Comparison id={role.id} />
            {mayManage && role.kind === 'custom' && (
              <p className="sp-actions">
                <ProtectedButton
                  action="role.delete"
                  color="red"
                  variant="outline"
                  onClick={() => setAsking({ kind: 'delete' })}
                >
                  Delete the role…
                </ProtectedButton>
              </p>
            )}
            {asking?.kind === 'edit' && catalogue.data !== undefined && (
              <RoleForm
                opened={asking.opened}
                start={draftOf(asking.opened.role, catalogue.data)}
                catalogue={catalogue.data}
                onClose={() => {
                  close();
                  // A refusal because somebody else was faster is answered with their version.
                  void query.refetch();
                }}
                onDone={({ label }) => done(`${label} is in force as saved.`)}
              />
            )}
            {asking?.kind === 'give' && (
              <AssignRoleDialog
                role={role}
                onClose={close}
                onDone={(name) => done(`${name} holds ${role.label} now.`)}
              />
            )}
            {asking?.kind === 'take' && (
              <TakeRoleDialog
                assignment={asking.holder}
                onClose={close}
                onDone={() => done(`${asking.holder.name} does not hold ${role.label} any more.`)}
              />
            )}
            {asking?.kind === 'delete' && (
              <ConfirmDialog
                title={`Delete ${role.label}?`}
                confirmLabel="Delete"
                protectedAction="role.delete"
                action={() => del(`/api/v1/iam/roles/${encodeURIComponent(role.id)}`)}
                onClose={close}
                onDone={() => {
                  done(`${role.label} is deleted.`);
                  void navigate({ to: '/roles' as '/' });
                }}
              >
                <p>
                  {role.people === 0
                    ? 'Nobody holds it.'
                    : `${role.people === 1 ? 'One person loses' : `${role.people} people lose`} it, at once and over every resource set.`}
                </p>
              </ConfirmDialog>
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
