import type { ResourceSetDetailAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { del, get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { AddResourcesDialog } from './add-resources-dialog.tsx';
import { ResourceSetForm, SETS } from './resource-set-form.tsx';

type Resource = ResourceSetDetailAnswer['resources'][number];
type Binding = ResourceSetDetailAnswer['bindings'][number];
type Asking =
  | { readonly kind: 'edit' | 'add' | 'delete' }
  | { readonly kind: 'remove'; readonly resource: Resource }
  | { readonly kind: 'unbind'; readonly binding: Binding }
  | null;

const SCREEN_OF = { user: 'admins', group: 'groups', client: 'apps' } as const;
const countHolders = (set: ResourceSetDetailAnswer): number =>
  set.bindings.reduce((sum, { holders }) => sum + holders.length, 0);
const countWords = (count: number): string =>
  count === 0
    ? 'Nobody holds a role over it.'
    : count === 1
      ? 'One assignment is over it.'
      : `${count} assignments are over it.`;

const Resources = ({
  set,
  onAdd,
  onRemove,
}: {
  readonly set: ResourceSetDetailAnswer;
  readonly onAdd: () => void;
  readonly onRemove: (resource: Resource) => void;
}) => {
  const mayManage = useMay('okta.roles.manage');
  const remove: Column<Resource> = {
    key: 'remove',
    head: 'Take out',
    cell: (resource) => (
      <ProtectedButton
        action="resource-set.update"
        size="xs"
        color="red"
        variant="outline"
        aria-label={`Take out ${resource.name}…`}
        onClick={() => onRemove(resource)}
      >
        Take out…
      </ProtectedButton>
    ),
  };
  return (
    <Section
      title="What is in it"
      tools={
        mayManage && (
          <ProtectedButton action="resource-set.update" variant="default" onClick={onAdd}>
            Add…
          </ProtectedButton>
        )
      }
    >
      {set.resources.length === 0 ? (
        <Empty title="Nothing">Roles that are held over it give nothing.</Empty>
      ) : (
        <DataTable
          caption={`Resources of ${set.label}`}
          rows={set.resources}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'name',
              head: 'Resource',
              cell: ({ name, except }) => (
                <span>
                  {name}
                  {except.length > 0 && (
                    <span className="sp-quiet"> but for {except.map((one) => one.name).join(', ')}</span>
                  )}
                </span>
              ),
            },
            { key: 'orn', head: 'Name for programs', cell: ({ orn }) => <CopyId id={orn} label="resource name" /> },
            ...(mayManage ? [remove] : []),
          ]}
        />
      )}
    </Section>
  );
};

const Bindings = ({
  set,
  onUnbind,
}: {
  readonly set: ResourceSetDetailAnswer;
  readonly onUnbind: (binding: Binding) => void;
}) => {
  const mayManage = useMay('okta.roles.manage');
  const unbind: Column<Binding> = {
    key: 'unbind',
    head: 'Take away',
    cell: (binding) => (
      <ProtectedButton
        action="role.unassign"
        size="xs"
        color="red"
        variant="outline"
        aria-label={`From everybody: ${binding.role.label}…`}
        onClick={() => onUnbind(binding)}
      >
        From everybody…
      </ProtectedButton>
    ),
  };
  return (
    <Section title="Who holds which role over it">
      {set.bindings.length === 0 ? (
        <p className="sp-quiet">
          Nobody. A role is given over it on the page of the <GoTo href="/roles">role</GoTo> or of the person.
        </p>
      ) : (
        <DataTable
          caption={`Roles over ${set.label}`}
          rows={set.bindings}
          rowKey={({ role }) => role.id}
          columns={[
            { key: 'role', head: 'Role', cell: ({ role }) => <GoTo href={`/roles/${role.id}`}>{role.label}</GoTo> },
            {
              key: 'holders',
              head: 'Held by',
              cell: ({ holders }) =>
                holders.length === 0 ? (
                  'nobody'
                ) : (
                  <ul>
                    {holders.map(({ assignmentId, kind, id, name, since }) => (
                      <li key={assignmentId}>
                        {kind === 'bundle' ? name : <GoTo href={`/${SCREEN_OF[kind]}/${id}`}>{name}</GoTo>}{' '}
                        <span className="sp-quiet">
                          {kind === 'group' && '(group) '}
                          {kind === 'bundle' && '(bundle, which gives it for a while) '}since{' '}
                          <Instant at={since} as="relative" />
                        </span>
                      </li>
                    ))}
                  </ul>
                ),
            },
            ...(mayManage ? [unbind] : []),
          ]}
        />
      )}
    </Section>
  );
};

/** One resource set: what is in it, and who has power over that. */
export const ResourceSetScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayManage = useMay('okta.roles.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const path = `/sallyport/v1/resource-sets/${encodeURIComponent(id)}`;
  const wire = `${SETS}/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<ResourceSetDetailAnswer>(path) });
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries();
  };
  return (
    <Page
      title={query.data?.label ?? 'Resource set'}
      {...(query.data === undefined ? {} : { lead: query.data.description })}
      tools={
        query.data !== undefined && (
          <>
            <JsonButton title={query.data.label} value={query.data} />
            {mayManage && (
              <ProtectedButton
                action="resource-set.update"
                variant="default"
                onClick={() => setAsking({ kind: 'edit' })}
              >
                Rename…
              </ProtectedButton>
            )}
          </>
        )
      }
      command={<CliFor command={`sallyport resource-set show ${id}`} />}
    >
      <QueryView query={query} what="the resource set">
        {(set) => (
          <div className="sp-stack">
            <Resources
              set={set}
              onAdd={() => setAsking({ kind: 'add' })}
              onRemove={(resource) => setAsking({ kind: 'remove', resource })}
            />
            <Bindings set={set} onUnbind={(binding) => setAsking({ kind: 'unbind', binding })} />
            <Section title="Changes">
              <p>
                Changed <Instant at={set.lastUpdatedAt} /> {set.lastUpdatedBy !== null && `by ${set.lastUpdatedBy}`}
              </p>
              {mayManage && (
                <p className="sp-actions">
                  <ProtectedButton
                    action="resource-set.delete"
                    color="red"
                    variant="outline"
                    onClick={() => setAsking({ kind: 'delete' })}
                  >
                    Delete the set…
                  </ProtectedButton>
                </p>
              )}
            </Section>
            {asking?.kind === 'edit' && (
              <ResourceSetForm set={set} onClose={close} onDone={({ label }) => done(`${label} is saved.`)} />
            )}
            {asking?.kind === 'add' && (
              <AddResourcesDialog
                set={set}
                onClose={close}
                onDone={(count) => done(count === 1 ? 'Added.' : `${count} resources added.`)}
              />
            )}
            {asking?.kind === 'remove' && (
              <ConfirmDialog
                title={`Take ${asking.resource.name} out of ${set.label}?`}
                confirmLabel="Take out"
                protectedAction="resource-set.update"
                action={() => del(`${wire}/resources/${encodeURIComponent(asking.resource.id)}`)}
                onClose={close}
                onDone={() => done(`${asking.resource.name} is not in ${set.label} any more.`)}
              >
                <p>{countWords(countHolders(set))} It gives nothing there any more, from the next click on.</p>
              </ConfirmDialog>
            )}
            {asking?.kind === 'unbind' && (
              <ConfirmDialog
                title={`Take ${asking.binding.role.label} from everybody here?`}
                confirmLabel="Take away"
                protectedAction="role.unassign"
                action={() => del(`${wire}/bindings/${encodeURIComponent(asking.binding.role.id)}`)}
                onClose={close}
                onDone={() => done(`Nobody holds ${asking.binding.role.label} over ${set.label} any more.`)}
              >
                <p>
                  {asking.binding.holders.length === 0
                    ? 'Nobody holds it over this set.'
                    : `${asking.binding.holders.map(({ name }) => name).join(', ')}: they lose it over this set, at once.`}
                </p>
              </ConfirmDialog>
            )}
            {asking?.kind === 'delete' && (
              <ConfirmDialog
                title={`Delete ${set.label}?`}
                confirmLabel="Delete"
                protectedAction="resource-set.delete"
                action={() => del(wire)}
                onClose={close}
                onDone={() => {
                  done(`${set.label} is deleted.`);
                  void navigate({ to: '/resource-sets' as '/' });
                }}
              >
                <p>{countWords(countHolders(set))} What was held over it is held no more, at once.</p>
              </ConfirmDialog>
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
