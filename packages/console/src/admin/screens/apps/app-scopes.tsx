import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, post } from '../../api.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { BeforeSaving, ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { type App, appPath } from './app-answer.ts';

interface Grant {
  readonly id: string;
  readonly scopeId: string;
  readonly created: string;
}
const ACTION = 'service-app.update';
const METADATA = '/.well-known/oauth-authorization-server';

const GrantScope = ({
  app,
  held,
  onDone,
  onClose,
}: {
  readonly app: App;
  readonly held: readonly string[];
  readonly onDone: (scope: string) => void;
  readonly onClose: () => void;
}) => {
  const [scopeId, setScopeId] = useState('');
  const known = useQuery({
    queryKey: [METADATA],
    queryFn: async () => (await get<{ readonly scopes_supported: readonly string[] }>(METADATA)).scopes_supported,
  });
  const grant = useMutation({
    mutationFn: () => post(`${appPath(app.id)}/grants`, { scopeId }),
    onSuccess: () => onDone(scopeId),
  });
  return (
    <Dialog title={`Grant ${app.label} a scope`} onClose={onClose} closeOnClickOutside={false}>
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (scopeId !== '') grant.mutate();
        }}
      >
        <BeforeSaving action={ACTION} />
        <NativeSelect
          label="Scope"
          description="“manage” lets changes through, “read” only looking. It gives nothing that its roles do not."
          value={scopeId}
          data={[
            { value: '', label: 'choose one' },
            ...(known.data ?? []).filter((one) => !held.includes(one)).map((one) => ({ value: one, label: one })),
          ]}
          onChange={(event) => setScopeId(event.currentTarget.value)}
        />
        {known.isError && <Failure what="The scopes could not be read" error={known.error} />}
        {grant.isError && <Failure what="The scope was not granted" error={grant.error} wasChange />}
        <div className="sp-dialog-actions">
          <Button variant="default" onClick={onClose} disabled={grant.isPending}>
            Cancel
          </Button>
          <ProtectedButton action={ACTION} type="submit" loading={grant.isPending} disabled={scopeId === ''}>
            Grant it
          </ProtectedButton>
        </div>
      </form>
    </Dialog>
  );
};

/** The lid on what the roles of a service app give. */
export const AppScopes = ({ app, mayManage }: { readonly app: App; readonly mayManage: boolean }) => {
  const path = `${appPath(app.id)}/grants`;
  const client = useQueryClient();
  const query = useQuery({ queryKey: [path], queryFn: () => get<readonly Grant[]>(path) });
  const [isGranting, setIsGranting] = useState(false);
  const [taking, setTaking] = useState<Grant | null>(null);
  const done = (words: string): void => {
    setIsGranting(false);
    setTaking(null);
    toast(words);
    void client.invalidateQueries({ queryKey: [path] });
  };
  return (
    <Section
      title="Scopes"
      lead="What its roles give counts only as far as a scope lets it through."
      tools={
        mayManage && (
          <ProtectedButton action={ACTION} variant="default" onClick={() => setIsGranting(true)}>
            Grant a scope…
          </ProtectedButton>
        )
      }
    >
      <QueryView query={query} what="the scopes">
        {(grants) =>
          grants.length === 0 ? (
            <p className="sp-quiet">None: it may do nothing, whatever its roles.</p>
          ) : (
            <DataTable
              caption={`Scopes of ${app.label}`}
              rows={grants}
              rowKey={({ id }) => id}
              columns={[
                { key: 'scope', head: 'Scope', cell: ({ scopeId }) => <code>{scopeId}</code> },
                { key: 'since', head: 'Since', isNumeric: true, cell: ({ created }) => <Instant at={created} /> },
                ...(mayManage
                  ? [
                      {
                        key: 'take',
                        head: 'Change',
                        cell: (grant: Grant) => (
                          <ProtectedButton
                            action={ACTION}
                            size="xs"
                            color="red"
                            variant="outline"
                            aria-label={`Take away ${grant.scopeId}…`}
                            onClick={() => setTaking(grant)}
                          >
                            Take away…
                          </ProtectedButton>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          )
        }
      </QueryView>
      {isGranting && (
        <GrantScope
          app={app}
          held={(query.data ?? []).map(({ scopeId }) => scopeId)}
          onDone={(scope) => done(`${scope} is granted.`)}
          onClose={() => setIsGranting(false)}
        />
      )}
      {taking !== null && (
        <ConfirmDialog
          title={`Take ${taking.scopeId} from ${app.label}?`}
          confirmLabel="Take away"
          protectedAction={ACTION}
          action={() => del(`${path}/${encodeURIComponent(taking.id)}`)}
          onDone={() => done(`${taking.scopeId} is taken away.`)}
          onClose={() => setTaking(null)}
        >
          <p>Its next request is judged without it.</p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
