import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getTagged } from '../../api.ts';
import { useMay } from '../../frame/me.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { JsonButton } from '../../ui/json-button.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Stale } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Word } from '../../ui/word.tsx';
import { AXES, changesBetween, onTopOf, presetOf, withMode, withPreset } from './binding-draft.ts';
import { ChangesTable } from './changes-table.tsx';
import { AXIS_WORDS, INHERITED, MODE_LABELS, MODE_SENTENCES, modeLabel } from './mode-words.ts';
import type { Axis, BindingMode, Protection, SessionBinding } from './protection-types.ts';
import { SaveDialog } from './save-dialog.tsx';

interface Tagged {
  readonly body: SessionBinding;
  readonly etag: string;
}
interface Editing {
  readonly base: Tagged;
  readonly draft: SessionBinding;
}

const MODES = Object.entries(MODE_LABELS).map(([value, label]) => ({ value, label }));
const manage = 'okta.sessionBinding.manage';

/** Which modes hold, for the org and for each app, and the way to change them: a draft, its difference, then saving. */
export const BindingForm = ({ protection }: { readonly protection: Protection }) => {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['session-binding', 'current'],
    queryFn: () => getTagged<SessionBinding>('/sallyport/v1/session-binding'),
  });
  const mayManage = useMay(manage);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const labelOf = (app: string): string => protection.apps.find(({ key }) => key === app)?.label ?? app;
  const changed = protection.changed.sessionBinding;
  return (
    <Section
      title="Session binding"
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
          const edit = (next: SessionBinding): void => setEditing({ base, draft: next });
          const mine = changesBetween(base.body, draft);
          const isStale = editing !== null && mine.length > 0 && saved.etag !== base.etag;
          const preset = presetOf(protection.presets, draft);
          return (
            <div className="sp-stack">
              {isStale && (
                <Stale
                  what="The session binding"
                  onTakeTheirs={() => setEditing(null)}
                  onKeepMine={() => setEditing({ base: saved, draft: onTopOf(saved.body, mine) })}
                >
                  <h3>They saved</h3>
                  <ChangesTable
                    caption="What somebody else saved"
                    changes={changesBetween(base.body, saved.body)}
                    labelOf={labelOf}
                  />
                  <h3>You meant to</h3>
                  <ChangesTable caption="What you were about to save" changes={mine} labelOf={labelOf} />
                </Stale>
              )}
              {!mayManage && (
                <p className="sp-quiet">
                  You may read this. Changing it needs the permission <code>{manage}</code>, which super administrators
                  hold.
                </p>
              )}
              <Presets
                protection={protection}
                current={preset?.name ?? null}
                onPick={mayManage ? (picked) => edit(withPreset(draft, picked)) : null}
              />
              <div className="sp-columns">
                {AXES.map((axis) => (
                  <OrgMode
                    key={axis}
                    axis={axis}
                    mode={draft[axis]}
                    onChange={mayManage ? (mode) => edit(withMode(draft, null, axis, mode)) : null}
                  />
                ))}
              </div>
              <Apps
                protection={protection}
                draft={draft}
                onChange={mayManage ? (app, axis, mode) => edit(withMode(draft, app, axis, mode)) : null}
              />
              {mine.length > 0 && !isStale && (
                <div className="sp-state warn" role="status">
                  <h3>Not saved yet</h3>
                  <ChangesTable caption="What would change" changes={mine} labelOf={labelOf} />
                  <p className="sp-actions">
                    <Button variant="default" onClick={() => setEditing(null)}>
                      Discard
                    </Button>
                    <Button onClick={() => setIsAsking(true)}>Review and save…</Button>
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
                    void client.invalidateQueries({ queryKey: ['session-protection'] });
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

const Presets = ({
  protection,
  current,
  onPick,
}: {
  readonly protection: Protection;
  readonly current: string | null;
  readonly onPick: ((preset: Protection['presets'][number]) => void) | null;
}) => (
  <div className="sp-grid">
    {protection.presets.map((preset) => (
      <div key={preset.name} className="sp-preset">
        <h3>{preset.label}</h3>
        <p>{preset.summary}</p>
        {preset.name === current ? (
          <Word tone="good">as shown below</Word>
        ) : (
          onPick !== null && (
            <Button variant="default" size="xs" onClick={() => onPick(preset)}>
              Show “{preset.label}” below
            </Button>
          )
        )}
      </div>
    ))}
  </div>
);

const OrgMode = ({
  axis,
  mode,
  onChange,
}: {
  readonly axis: Axis;
  readonly mode: BindingMode;
  readonly onChange: ((mode: BindingMode) => void) | null;
}) =>
  onChange === null ? (
    <div>
      <h3>{AXIS_WORDS[axis]}</h3>
      <p>
        <strong>{MODE_LABELS[mode]}.</strong> {MODE_SENTENCES[axis][mode]}
      </p>
    </div>
  ) : (
    <NativeSelect
      label={AXIS_WORDS[axis]}
      description={MODE_SENTENCES[axis][mode]}
      inputWrapperOrder={['label', 'input', 'description']}
      data={MODES}
      value={mode}
      onChange={(event) => onChange(event.currentTarget.value as BindingMode)}
    />
  );

const Apps = ({
  protection,
  draft,
  onChange,
}: {
  readonly protection: Protection;
  readonly draft: SessionBinding;
  readonly onChange: ((app: string, axis: Axis, mode: BindingMode | null) => void) | null;
}) => (
  <>
    <div>
      <h3>Of an app’s own</h3>
      <p className="sp-quiet">A session obeys the strictest of the apps that it reaches.</p>
    </div>
    <DataTable
      caption="Binding modes of apps"
      rows={protection.apps}
      rowKey={({ key }) => key}
      columns={[
        { key: 'app', head: 'App', cell: ({ label }) => label },
        ...AXES.map((axis) => ({
          key: axis,
          head: AXIS_WORDS[axis],
          cell: ({ key, label }: Protection['apps'][number]) => {
            const own = draft.apps[key]?.[axis] ?? null;
            return onChange === null ? (
              modeLabel(own)
            ) : (
              <NativeSelect
                size="xs"
                aria-label={`${AXIS_WORDS[axis]} of ${label}`}
                data={[{ value: '', label: INHERITED }, ...MODES]}
                value={own ?? ''}
                onChange={(event) => onChange(key, axis, (event.currentTarget.value || null) as BindingMode | null)}
              />
            );
          },
        })),
      ]}
    />
  </>
);
