import type { TrustedOriginAnswer } from '@sallyport/client/answers';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, post } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { Word } from '../../ui/word.tsx';
import { ORIGINS, SCOPE_WORDS, TrustedOriginForm } from './trusted-origin-form.tsx';

type Asking =
  | { readonly kind: 'make' }
  | { readonly kind: 'change' | 'delete'; readonly origin: TrustedOriginAnswer }
  | null;

/** Which other sites may read what this server answers? */
export const TrustedOrigins = () => {
  const client = useQueryClient();
  const mayManage = useMay('okta.trustedOrigins.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const query = useList<TrustedOriginAnswer>(ORIGINS);
  const close = (): void => setAsking(null);
  const done = (words: string): void => {
    setAsking(null);
    toast(words);
    void client.invalidateQueries({ queryKey: [ORIGINS] });
  };
  const turn = useMutation({
    mutationFn: ({ id, status }: TrustedOriginAnswer) =>
      post(`${ORIGINS}/${encodeURIComponent(id)}/lifecycle/${status === 'ACTIVE' ? 'deactivate' : 'activate'}`),
    onSuccess: (_, { origin, status }) =>
      done(status === 'ACTIVE' ? `${origin} is not trusted, from now on.` : `${origin} is trusted, from now on.`),
  });
  const change: Column<TrustedOriginAnswer> = {
    key: 'change',
    head: 'Change',
    cell: (origin) => (
      <span className="sp-actions">
        <ProtectedButton
          action="trusted-origin.update"
          variant="default"
          size="xs"
          aria-label={`Turn ${origin.status === 'ACTIVE' ? 'off' : 'on'} ${origin.name}`}
          loading={turn.isPending && turn.variables.id === origin.id}
          onClick={() => turn.mutate(origin)}
        >
          {origin.status === 'ACTIVE' ? 'Turn off' : 'Turn on'}
        </ProtectedButton>
        <ProtectedButton
          action="trusted-origin.update"
          variant="default"
          size="xs"
          aria-label={`Change ${origin.name}…`}
          onClick={() => setAsking({ kind: 'change', origin })}
        >
          Change…
        </ProtectedButton>
        <ProtectedButton
          action="trusted-origin.delete"
          color="red"
          variant="outline"
          size="xs"
          aria-label={`Delete ${origin.name}…`}
          onClick={() => setAsking({ kind: 'delete', origin })}
        >
          Delete…
        </ProtectedButton>
      </span>
    ),
  };
  return (
    <Page
      title="Trusted origins"
      lead="Other sites whose pages may read what this server answers. A browser keeps it from all others."
      tools={
        mayManage && (
          <ProtectedButton action="trusted-origin.create" onClick={() => setAsking({ kind: 'make' })}>
            Trust another site…
          </ProtectedButton>
        )
      }
      command={<CliFor command="sallyport trusted-origin list" />}
    >
      {turn.isError && <Failure what="The origin was not changed" error={turn.error} wasChange />}
      <QueryView query={query} what="the trusted origins">
        {(origins) =>
          origins.length === 0 ? (
            <Empty title="No other site is trusted" command="sallyport trusted-origin create --help">
              Programs need none: only pages of other sites, in a browser, do.
            </Empty>
          ) : (
            <div className="sp-stack">
              <DataTable
                caption="Trusted origins"
                rows={origins}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: 'name',
                    head: 'Site',
                    cell: ({ name, origin }) => (
                      <span className="sp-two">
                        <span className="sp-strong">{name}</span>
                        <code className="sp-wraps">{origin}</code>
                      </span>
                    ),
                  },
                  {
                    key: 'scopes',
                    head: 'Trusted with',
                    cell: ({ scopes }) => (
                      <ul>
                        {scopes.map(({ type }) => (
                          <li key={type}>{SCOPE_WORDS[type]}</li>
                        ))}
                      </ul>
                    ),
                  },
                  {
                    key: 'status',
                    head: 'Status',
                    cell: ({ status }) => (
                      <Word tone={status === 'ACTIVE' ? 'good' : 'quiet'}>{status === 'ACTIVE' ? 'on' : 'off'}</Word>
                    ),
                  },
                  {
                    key: 'updated',
                    head: 'Changed',
                    isNumeric: true,
                    cell: ({ lastUpdated }) => <Instant at={lastUpdated} as="relative" />,
                  },
                  ...(mayManage ? [change] : []),
                ]}
              />
              <More query={query} count={origins.length} what={origins.length === 1 ? 'site' : 'sites'} />
            </div>
          )
        }
      </QueryView>
      {(asking?.kind === 'make' || asking?.kind === 'change') && (
        <TrustedOriginForm
          origin={asking.kind === 'change' ? asking.origin : null}
          onClose={close}
          onDone={({ name, status }) =>
            done(status === 'ACTIVE' ? `${name} is trusted, from now on.` : `${name} is saved, and off.`)
          }
        />
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Delete ${asking.origin.name}?`}
          confirmLabel="Delete"
          protectedAction="trusted-origin.delete"
          action={() => del(`${ORIGINS}/${encodeURIComponent(asking.origin.id)}`)}
          onClose={close}
          onDone={() => done(`${asking.origin.origin} is not trusted any more.`)}
        >
          <p>
            Pages of {asking.origin.origin} read nothing here from the next request on. To stop it for a while, turn it
            off instead.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
};
