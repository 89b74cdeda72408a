import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { del, get } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CliFor, CopyId, CopyLine } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { usageWords, ZONES, type Zone, type ZoneUsage } from './zone-answer.ts';
import { contentLines, TYPE_WORDS } from './zone-draft.ts';
import { ZoneForm } from './zone-form.tsx';

const Usage = ({ usage }: { readonly usage: ZoneUsage }) => (
  <dl className="sp-facts">
    <dt>Policy rules</dt>
    <dd>
      {usage.rules === null ? (
        <span className="sp-quiet">not part of your role</span>
      ) : usage.rules.length === 0 ? (
        'none'
      ) : (
        <ul>
          {usage.rules.map(({ id, name, policyId, policyName }) => (
            <li key={id}>
              {name}, in <GoTo href={`/policies/${policyId}`}>{policyName}</GoTo>
            </li>
          ))}
        </ul>
      )}
    </dd>
    <dt>API tokens</dt>
    <dd>
      {usage.tokens === null ? (
        <span className="sp-quiet">not part of your role</span>
      ) : usage.tokens.length === 0 ? (
        'none'
      ) : (
        <ul>
          {usage.tokens.map(({ id, name }) => (
            <li key={id}>
              <GoTo href={`/tokens?${new URLSearchParams({ q: name }).toString()}`}>{name}</GoTo>
            </li>
          ))}
        </ul>
      )}
    </dd>
    <dt>Service apps</dt>
    <dd>
      {usage.apps === null ? (
        <span className="sp-quiet">not part of your role</span>
      ) : usage.apps.length === 0 ? (
        'none'
      ) : (
        <ul>
          {usage.apps.map(({ id, name }) => (
            <li key={id}>
              <GoTo href={`/apps/${id}`}>{name}</GoTo>
            </li>
          ))}
        </ul>
      )}
    </dd>
  </dl>
);

const Content = ({ zone }: { readonly zone: Zone }) => {
  const lines = contentLines(zone);
  return (
    <>
      {lines.length === 0 && <p>Nothing yet: nobody is in this zone.</p>}
      {lines.map(({ label, items }) => (
        <div key={label}>
          <h3>{label}</h3>
          <CopyLine text={items.join('\n')} label={label.toLowerCase()} />
        </div>
      ))}
      {zone.sallyport !== undefined && (
        <p className="sp-state warn">
          No data for {zone.sallyport.missingData.join(', ')}: whether an address is of it is not known, so nobody is
          let in, and nobody blocked, by it. Lists go into the folder <code>intel</code> of the data folder.
        </p>
      )}
    </>
  );
};

/** Why a zone cannot be changed or deleted by this person; null when it can. */
const useReasons = (zone: Zone | undefined, usage: ZoneUsage | undefined) => {
  const mayManage = useMay('okta.networkZones.manage');
  const mayUnbind = useMay('okta.sessionBinding.manage');
  const mayEdit = mayManage && (usage?.isExempt !== true || mayUnbind);
  const isUsed = (usage?.rules?.length ?? 0) + (usage?.tokens?.length ?? 0) + (usage?.apps?.length ?? 0) > 0;
  return {
    isShown: mayManage && zone !== undefined && usage !== undefined,
    edit: mayEdit ? null : 'Exempting addresses from binding is for super admins.',
    remove:
      zone?.system === true
        ? 'A built-in zone is not deleted.'
        : isUsed
          ? 'Rules, tokens or apps speak of this zone.'
          : null,
  };
};

/** One zone: its addresses, and what would change with it. */
export const ZoneScreen = () => {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'none' | 'edit' | 'delete'>('none');
  const path = `${ZONES}/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<Zone>(path) });
  const usage = useQuery({
    queryKey: [path, 'usage'],
    queryFn: () => get<ZoneUsage>(`/sallyport/v1/zones/${encodeURIComponent(id)}/usage`),
  });
  const reasons = useReasons(query.data, usage.data);
  const close = (): void => setOpen('none');
  const editing = usage.data?.isExempt === true ? 'exempt-zone.update' : 'zone.update';
  return (
    <Page
      title={query.data?.name ?? 'Network zone'}
      tools={
        query.data !== undefined && (
          <>
            <JsonButton title={query.data.name} value={query.data} />
            {reasons.isShown && (
              <ProtectedButton action={editing} disabled={reasons.edit !== null} onClick={() => setOpen('edit')}>
                Edit…
              </ProtectedButton>
            )}
          </>
        )
      }
      command={<CliFor command={`sallyport zone show ${id}`} />}
    >
      {reasons.isShown && reasons.edit !== null && <p className="sp-quiet">{reasons.edit}</p>}
      <QueryView query={query} what="the zone">
        {(zone) => (
          <div className="sp-stack">
            <Section title="What is in it">
              <dl className="sp-facts">
                <dt>Does</dt>
                <dd>{usageWords(zone)}</dd>
                <dt>Made of</dt>
                <dd>{TYPE_WORDS[zone.type]}</dd>
                <dt>Status</dt>
                <dd>
                  <Word tone={zone.status === 'ACTIVE' ? 'good' : 'quiet'}>{zone.status.toLowerCase()}</Word>
                </dd>
                <dt>Changed</dt>
                <dd>
                  <Instant at={zone.lastUpdated} />
                </dd>
                <dt>Id</dt>
                <dd>
                  <CopyId id={zone.id} />
                </dd>
              </dl>
              <Content zone={zone} />
            </Section>
            <Section title="Used by">
              <QueryView query={usage} what="what uses the zone">
                {(data) => <Usage usage={data} />}
              </QueryView>
              {reasons.isShown && (
                <p className="sp-actions">
                  <ProtectedButton
                    action="zone.delete"
                    color="red"
                    variant="outline"
                    disabled={reasons.remove !== null}
                    onClick={() => setOpen('delete')}
                  >
                    Delete the zone…
                  </ProtectedButton>
                  {reasons.remove !== null && <span className="sp-quiet">{reasons.remove}</span>}
                </p>
              )}
            </Section>
            {open === 'edit' && (
              <ZoneForm
                zone={zone}
                protectedAction={editing}
                onClose={close}
                onDone={(saved) => {
                  close();
                  client.setQueryData([path], saved);
                  toast(`${saved.name} is in force as saved.`);
                  void client.invalidateQueries({ queryKey: [ZONES] });
                }}
              />
            )}
            {open === 'delete' && (
              <ConfirmDialog
                title={`Delete ${zone.name}?`}
                confirmLabel="Delete"
                protectedAction="zone.delete"
                action={() => del(path)}
                onClose={close}
                onDone={() => {
                  toast(`${zone.name} is deleted.`);
                  void client.invalidateQueries({ queryKey: [ZONES] });
                  void navigate({ to: '/zones' as '/' });
                }}
              >
                <p>What it holds is in no zone of this name any more, at once.</p>
              </ConfirmDialog>
            )}
          </div>
        )}
      </QueryView>
    </Page>
  );
};
