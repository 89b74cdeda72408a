import { Button } from '@mantine/core';
import type { SessionBindingAnswer, SessionProtectionAnswer } from '@sallyport/client/answers';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { get, getTagged } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { Instant } from '../instant.tsx';
import { JsonButton } from '../json-button.tsx';
import { Section } from '../page.tsx';
import { BeforeSaving, ProtectedButton } from '../protected-button.tsx';
import { QueryView } from '../query-view.tsx';
import { Stale } from '../states.tsx';
import { toast } from '../toasts.tsx';
import { BindingChanges } from './binding-changes.tsx';
import { changesBetween, onTopOf } from './binding-draft.ts';
import { SaveDialog } from './save-dialog.tsx';

interface Tagged {
  readonly body: SessionBindingAnswer;
  readonly etag: string;
}
interface Editing {
  readonly base: Tagged;
  readonly draft: SessionBindingAnswer;
}

const manage = 'okta.sessionBinding.manage';

export const protectionQuery = queryOptions({
  queryKey: ['session-protection'],
  queryFn: () => get<SessionProtectionAnswer>('/sallyport/v1/session-protection'),
});

/**
 * The binding modes and the way to change them: a draft, its difference, a last look, saving; and both versions where
 * somebody else was faster. The children show of them what their screen is about; `edit` is null for whoever may only read.
 */
export const BindingEditor = ({
  title,
  protection,
  children,
}: {
  readonly title: string;
  readonly protection: SessionProtectionAnswer;
  readonly children: (draft: SessionBindingAnswer, edit: ((next: SessionBindingAnswer) => void) | null) => ReactNode;
}) => {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['session-binding', 'current'],
    queryFn: () => getTagged<SessionBindingAnswer>('/sallyport/v1/session-binding'),
  });
  const mayManage = useMay(manage);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const labelOf = (app: string): string => protection.apps.find(({ key }) => key === app)?.label ?? app;
  const changed = protection.changed.sessionBinding;
  return (
    <Section
      title={title}
      lead={
        changed === null ? (
          'As it came: nobody has changed it.'
        ) : (
          <>
            Changed by {changed.by} at <Instant at={changed.at} />.
          </>
        )
      }
      tools={query.data !== undefined && <JsonButton title="Session binding" value={query.data.body} />}
    >
      <QueryView query={query} what="the session binding" rows={6}>
        {(saved) => {
          const { base, draft } = editing ?? { base: saved, draft: saved.body };
          const edit = (next: SessionBindingAnswer): void => setEditing({ base, draft: next });
          const mine = changesBetween(base.body, draft);
          const isStale = editing !== null && mine.length > 0 && saved.etag !== base.etag;
          return (
            <div className="sp-stack">
              {isStale && (
                <Stale
                  what="The session binding"
                  onTakeTheirs={() => setEditing(null)}
                  onKeepMine={() => setEditing({ base: saved, draft: onTopOf(saved.body, mine) })}
                >
                  <h3>They saved</h3>
                  <BindingChanges
                    caption="What somebody else saved"
                    changes={changesBetween(base.body, saved.body)}
                    labelOf={labelOf}
                  />
                  <h3>You meant to</h3>
                  <BindingChanges caption="What you were about to save" changes={mine} labelOf={labelOf} />
                </Stale>
              )}
              {!mayManage && (
                <p className="sp-quiet">
                  You may read this. Changing it needs the permission <code>{manage}</code>, which super administrators
                  hold.
                </p>
              )}
              {mayManage && <BeforeSaving action="session-binding.update" />}
              {children(draft, mayManage ? edit : null)}
              {mine.length > 0 && !isStale && (
                <div className="sp-state warn" role="status">
                  <h3>Not saved yet</h3>
                  <BindingChanges caption="What would change" changes={mine} labelOf={labelOf} />
                  <p className="sp-actions">
                    <Button variant="default" onClick={() => setEditing(null)}>
                      Discard
                    </Button>
                    <ProtectedButton action="session-binding.update" onClick={() => setIsAsking(true)}>
                      Review and save…
                    </ProtectedButton>
                  </p>
                </div>
              )}
              {isAsking && !isStale && (
                <SaveDialog
                  draft={draft}
                  etag={base.etag}
                  labelOf={labelOf}
                  onClose={() => {
                    setIsAsking(false);
                    // A refusal because somebody else was faster is answered with their version.
                    void query.refetch();
                  }}
                  onSaved={() => {
                    setIsAsking(false);
                    setEditing(null);
                    toast('Saved. It counts from the next request of every session on.');
                    void client.invalidateQueries({ queryKey: ['session-binding'] });
                    void client.invalidateQueries({ queryKey: protectionQuery.queryKey });
                    void client.invalidateQueries({ queryKey: ['me'] });
                  }}
                />
              )}
            </div>
          );
        }}
      </QueryView>
    </Section>
  );
};
