import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor } from '../../ui/copyable.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { More } from '../../ui/more.tsx';
import { Page } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useList } from '../../ui/use-list.ts';
import { BundleForm } from './bundle-form.tsx';
import { ALL, BUNDLES, type Bundle, openWords, roleWords } from './bundle-words.ts';

type Asking = { readonly kind: 'make' } | { readonly kind: 'change' | 'delete'; readonly bundle: Bundle } | null;

const COLUMNS: readonly Column<Bundle>[] = [
  {
    key: 'name',
    head: 'Bundle',
    cell: ({ name, description }) => (
      <span className="sp-two">
        <span className="sp-strong">{name}</span>
        {description !== '' && <span className="sp-quiet">{description}</span>}
      </span>
    ),
  },
  {
    key: 'roles',
    head: 'Gives',
    cell: ({ roles }) =>
      roles.length === 0 ? (
        <span className="sp-quiet">nothing: its last role is gone</span>
      ) : (
        <ul>
          {roles.map((role) => (
            <li key={roleWords(role)}>{roleWords(role)}</li>
          ))}
        </ul>
      ),
  },
  {
    key: 'open',
    head: 'Who has it, or will',
    cell: ({ openGrants }) =>
      openGrants === 0 ? (
        <span className="sp-quiet">nobody</span>
      ) : (
        <GoTo href="/grants">{openGrants === 1 ? 'one person' : `${openGrants} people`}</GoTo>
      ),
  },
];

const OFFERED: Column<Bundle> = {
  key: 'offered',
  head: 'Asked for by',
  cell: ({ offeredBy }) =>
    offeredBy === null || offeredBy.length === 0 ? (
      <span className="sp-quiet">nothing: it cannot be asked for</span>
    ) : (
      <ul>
        {offeredBy.map(({ id, name, status }) => (
          <li key={id}>
            <GoTo href="/request-conditions">{name}</GoTo>
            {status !== 'ACTIVE' && <span className="sp-quiet"> ({status === 'INVALID' ? 'stopped' : 'off'})</span>}
          </li>
        ))}
      </ul>
    ),
};

const endWords = (open: number): string => {
  if (open === 0) return 'Nobody has it, or will, so nothing ends.';
  return open === 1 ? 'It ends one grant at once.' : `It ends ${open} grants at once.`;
};

/** Which admin roles can be given for a while, together? */
export const Bundles = () => {
  const client = useQueryClient();
  const mayManage = useMay('okta.roles.manage');
  const seesOffers = useMay('okta.governance.accessRequests.manage');
  const [asking, setAsking] = useState<Asking>(null);
  const query = useList<Bundle>(ALL);
  // What was refused because somebody else changed it is opened anew as it is now.
  const close = (): void => {
    setAsking(null);
    void client.invalidateQueries({ queryKey: [ALL] });
  };
  const done = (words: string): void => {
    close();
    toast(words);
  };
  const change: Column<Bundle> = {
    key: 'change',
    head: 'Change',
    cell: (bundle) => (
      <span className="sp-actions">
        <ProtectedButton
          action="bundle.update"
          variant="default"
          size="xs"
          aria-label={`Change ${bundle.name}…`}
          onClick={() => setAsking({ kind: 'change', bundle })}
        >
          Change…
        </ProtectedButton>
        <ProtectedButton
          action="bundle.delete"
          color="red"
          variant="outline"
          size="xs"
          aria-label={`Delete ${bundle.name}…`}
          onClick={() => setAsking({ kind: 'delete', bundle })}
        >
          Delete…
        </ProtectedButton>
      </span>
    ),
  };
  return (
    <Page
      title="Bundles of admin roles"
      lead="What can be given for a while: one or more admin roles under a name. Nobody has one all day."
      tools={
        mayManage && (
          <ProtectedButton action="bundle.create" onClick={() => setAsking({ kind: 'make' })}>
            New bundle…
          </ProtectedButton>
        )
      }
      command={<CliFor command={`sallyport api GET ${BUNDLES}`} />}
    >
      <QueryView query={query} what="the bundles">
        {(bundles) =>
          bundles.length === 0 ? (
            <Empty title="No bundles yet" command={`sallyport api POST ${BUNDLES}`}>
              Without a bundle no admin role can be asked for: whoever needs one has it all day.
            </Empty>
          ) : (
            <div className="sp-stack">
              <DataTable
                caption="Bundles of admin roles"
                rows={bundles}
                rowKey={({ id }) => id}
                columns={[...COLUMNS, ...(seesOffers ? [OFFERED] : []), ...(mayManage ? [change] : [])]}
              />
              <More query={query} count={bundles.length} what={bundles.length === 1 ? 'bundle' : 'bundles'} />
            </div>
          )
        }
      </QueryView>
      {(asking?.kind === 'make' || asking?.kind === 'change') && (
        <BundleForm
          bundle={asking.kind === 'change' ? asking.bundle : null}
          onClose={close}
          onDone={({ name }) =>
            done(
              asking.kind === 'make'
                ? `${name} is there. Say next who may ask for it.`
                : `${name} is saved. ${openWords(asking.bundle.openGrants)}`,
            )
          }
        />
      )}
      {asking?.kind === 'delete' && (
        <ConfirmDialog
          title={`Delete ${asking.bundle.name}?`}
          confirmLabel="Delete"
          protectedAction="bundle.delete"
          action={() => del(`${BUNDLES}/${encodeURIComponent(asking.bundle.id)}`)}
          onClose={() => setAsking(null)}
          onDone={() => done(`${asking.bundle.name} is deleted.`)}
        >
          <p>{endWords(asking.bundle.openGrants)} Open requests for it give nothing any more. The history stays.</p>
          {asking.bundle.offeredBy !== null && asking.bundle.offeredBy.length > 0 && (
            <p>
              By these nobody can ask any more until they are changed:{' '}
              {asking.bundle.offeredBy.map(({ name }) => name).join(', ')}.
            </p>
          )}
        </ConfirmDialog>
      )}
    </Page>
  );
};
