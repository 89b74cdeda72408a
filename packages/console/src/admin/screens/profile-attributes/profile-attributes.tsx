import { NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api.ts';
import { useMay, useMe } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { Word } from '../../ui/word.tsx';
import { boundsWords, kindWords, SELF, selfOf } from './attribute-draft.ts';
import { AttributeForm } from './attribute-form.tsx';
import { type Attribute, GROUPS_PLACE, placeOf, type Schema, schemaIdOf, type UserType } from './schema-answer.ts';

type Row = Attribute & { readonly name: string; readonly isRequired: boolean };
const rowsOf = ({ properties, required }: Schema['definitions']['custom']): readonly Row[] =>
  Object.entries(properties).map(([name, attribute]) => ({ ...attribute, name, isRequired: required.includes(name) }));

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'title',
    head: 'Attribute',
    cell: ({ name, title, description }) => (
      <span className="sp-two">
        <span className="sp-strong">{title}</span>
        <code>{name}</code>
        {description != null && <span className="sp-quiet">{description}</span>}
      </span>
    ),
  },
  {
    key: 'holds',
    head: 'Holds',
    cell: (row) => [kindWords(row), boundsWords(row)].filter((words) => words !== null).join(', '),
  },
  {
    key: 'must',
    head: 'Must be',
    cell: ({ isRequired, unique }) =>
      !isRequired && unique !== 'UNIQUE_VALIDATED' ? (
        <span className="sp-quiet">nothing</span>
      ) : (
        <Word tone="info">
          {[...(isRequired ? ['there'] : []), ...(unique === 'UNIQUE_VALIDATED' ? ['unique'] : [])].join(' and ')}
        </Word>
      ),
  },
];
const SELF_COLUMN: Column<Row> = { key: 'self', head: 'People themselves', cell: (row) => SELF[selfOf(row)] };

type Asking =
  | { readonly kind: 'form'; readonly name: string | null }
  | { readonly kind: 'delete'; readonly row: Row }
  | null;

/** What can profiles hold? */
export const ProfileAttributes = () => {
  const { search, set } = useUrlState();
  const client = useQueryClient();
  const mayReadGroups = useMay('okta.groups.read');
  const types = useQuery({
    queryKey: ['user types'],
    queryFn: () => get<readonly UserType[]>('/api/v1/meta/types/user'),
  });
  const place = search['of'] === 'groups' ? GROUPS_PLACE : placeOf(search['of'] ?? 'default');
  const query = useQuery({ queryKey: [place.path], queryFn: () => get<Schema>(place.path) });
  const isSuper = useMe()?.roles.some(({ type }) => type === 'SUPER_ADMIN') ?? false;
  const mayManage = useMay(place.kind === 'people' ? 'okta.users.manage' : 'okta.groups.manage') && isSuper;
  const action = place.kind === 'people' ? 'user-schema.update' : 'group-schema.update';
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    close();
    toast(words);
    void client.invalidateQueries({ queryKey: [place.path] });
  };
  const change: Column<Row> = {
    key: 'change',
    head: 'Change',
    cell: (row) => (
      <span className="sp-actions">
        <ProtectedButton
          action={action}
          variant="default"
          size="xs"
          aria-label={`Change ${row.title}…`}
          onClick={() => setAsking({ kind: 'form', name: row.name })}
        >
          Change…
        </ProtectedButton>
        <ProtectedButton
          action={action}
          color="red"
          variant="outline"
          size="xs"
          aria-label={`Take out ${row.title}…`}
          onClick={() => setAsking({ kind: 'delete', row })}
        >
          Take out…
        </ProtectedButton>
      </span>
    ),
  };
  const shownType = types.data?.find((one) => schemaIdOf(one) === place.id);
  const of = place.kind === 'groups' ? ['groups'] : shownType === undefined || shownType.default ? [] : [shownType.id];
  const who = place.kind === 'people' ? 'people' : 'groups';
  const own: readonly Column<Row>[] = [
    ...COLUMNS,
    ...(place.kind === 'people' ? [SELF_COLUMN] : []),
    ...(mayManage ? [change] : []),
  ];
  return (
    <Page
      title="Profile attributes"
      lead="What profiles hold, beside what every profile has."
      tools={
        <>
          {query.data !== undefined && <JsonButton title={query.data.title} value={query.data} />}
          {mayManage && query.data !== undefined && (
            <ProtectedButton action={action} onClick={() => setAsking({ kind: 'form', name: null })}>
              New attribute…
            </ProtectedButton>
          )}
        </>
      }
      command={<CliFor command={['sallyport user-schema show', ...of].join(' --of ')} />}
    >
      <div className="sp-filters">
        <NativeSelect
          label="Of"
          value={place.id}
          data={[
            ...(types.data ?? []).map((type) => ({
              value: schemaIdOf(type),
              label: type.default ? 'people' : `people of the type ${type.displayName}`,
            })),
            ...(mayReadGroups ? [{ value: 'groups', label: 'groups' }] : []),
          ]}
          onChange={(event) =>
            set({ of: event.currentTarget.value === 'default' ? undefined : event.currentTarget.value })
          }
        />
      </div>
      {!isSuper && <p className="sp-quiet">They reach into every profile: super admins change them.</p>}
      <QueryView query={query} what="the attributes">
        {({ definitions: { custom, base } }) => (
          <div className="sp-stack">
            <Section title="Added here">
              {Object.keys(custom.properties).length === 0 ? (
                <Empty title={`Profiles of ${who} hold nothing else yet`}>
                  Rules and searches can ask for what is added here.
                </Empty>
              ) : (
                <DataTable caption="Added attributes" rows={rowsOf(custom)} rowKey={({ name }) => name} columns={own} />
              )}
            </Section>
            <Section title="In every profile">
              <DataTable
                caption="Base attributes"
                rows={rowsOf(base)}
                rowKey={({ name }) => name}
                columns={[...COLUMNS, ...(place.kind === 'people' ? [SELF_COLUMN] : [])]}
              />
            </Section>
          </div>
        )}
      </QueryView>
      {asking?.kind === 'form' && query.data !== undefined && (
        <AttributeForm
          place={place}
          schema={query.data}
          name={asking.name}
          action={action}
          onClose={close}
          onDone={(title) => done(`${title} is saved.`)}
        />
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Take ${asking.row.title} out?`}
          confirmLabel="Take out"
          typeToConfirm={asking.row.name}
          protectedAction={action}
          action={() =>
            post(place.path, {
              definitions: { custom: { id: '#custom', type: 'object', properties: { [asking.row.name]: null } } },
            })
          }
          onClose={close}
          onDone={() => done(`${asking.row.title} is taken out.`)}
        >
          <p>Its values go with it, from every profile. They cannot be brought back.</p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
