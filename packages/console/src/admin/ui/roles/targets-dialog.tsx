import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, put } from '../../api.ts';
import { Dialog } from '../dialog.tsx';
import { findApps, findGroups } from '../find-named.ts';
import { type Named, NamePicker } from '../name-picker.tsx';
import { BeforeSaving } from '../protected-button.tsx';
import { QueryView } from '../query-view.tsx';
import { Failure } from '../states.tsx';

interface GroupTarget {
  readonly id: string;
  readonly profile: { readonly name: string };
}
interface AppTarget {
  readonly id?: string;
  readonly name: string;
}

const readTargets = async (path: string, kind: 'group' | 'app'): Promise<readonly Named[]> =>
  kind === 'group'
    ? (await get<readonly GroupTarget[]>(`${path}/groups`)).map(({ id, profile }) => ({ id, name: profile.name }))
    : (await get<readonly AppTarget[]>(`${path}/catalog/apps`)).map(({ id, name }) => ({ id: id ?? name, name }));

/** Groups are named by their ids; an app is found under the kind of app that it is. */
const targetPath = async (path: string, kind: 'group' | 'app', id: string): Promise<string> => {
  if (kind === 'group') return `${path}/groups/${encodeURIComponent(id)}`;
  const apps = await get<readonly { readonly id: string; readonly name: string }[]>('/api/v1/apps?limit=200');
  const app = apps.find((one) => one.id === id);
  const ofKind = `${path}/catalog/apps/${encodeURIComponent(app?.name ?? id)}`;
  return app === undefined ? ofKind : `${ofKind}/${encodeURIComponent(id)}`;
};

/** What an assignment is narrowed to, one target at a time: each asks for the key by itself. */
export const TargetsDialog = ({
  path,
  kind,
  title,
  onClose,
}: {
  readonly path: string;
  readonly kind: 'group' | 'app';
  readonly title: string;
  readonly onClose: () => void;
}) => {
  const query = useQuery({ queryKey: [path, kind], queryFn: () => readTargets(path, kind) });
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const held = query.data ?? [];
  const change = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const added = ids.find((id) => !held.some((one) => one.id === id));
      const gone = held.find(({ id }) => !ids.includes(id));
      if (added !== undefined) await put(await targetPath(path, kind, added), {});
      else if (gone !== undefined) await del(await targetPath(path, kind, gone.id));
    },
    onSettled: () => query.refetch(),
  });
  const find = kind === 'group' ? findGroups : findApps;
  return (
    <Dialog title={title} onClose={onClose} closeOnClickOutside={false}>
      <div className="sp-form">
        <BeforeSaving action="role.assign" />
        <QueryView query={query} what="what it is for">
          {() => (
            <>
              {held.length === 0 && <p>Everything. The first target narrows it to that target alone.</p>}
              <NamePicker
                one={kind}
                many={kind === 'group' ? 'Groups it is for' : 'Apps it is for'}
                ids={held.map(({ id }) => id)}
                nameOf={(id) => held.find((one) => one.id === id)?.name ?? names[id] ?? id}
                onChange={(ids) => change.mutate(ids)}
                find={async (text) => {
                  const found = await find(text);
                  setNames((known) => ({ ...known, ...Object.fromEntries(found.map(({ id, name }) => [id, name])) }));
                  return found;
                }}
                error={null}
              />
            </>
          )}
        </QueryView>
        {change.isError && <Failure what="That did not work" error={change.error} wasChange />}
      </div>
      <div className="sp-dialog-actions">
        <Button variant="default" onClick={onClose} disabled={change.isPending}>
          Close
        </Button>
      </div>
    </Dialog>
  );
};
