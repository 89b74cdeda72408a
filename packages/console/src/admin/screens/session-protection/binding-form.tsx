import { Button, NativeSelect } from '@mantine/core';
import type { BindingMode, SessionProtectionAnswer } from '@sallyport/client/answers';
import { AppModes } from '../../ui/session-binding/app-modes.tsx';
import { AXES, type Axis, presetOf, withMode, withPreset } from '../../ui/session-binding/binding-draft.ts';
import { BindingEditor } from '../../ui/session-binding/binding-editor.tsx';
import { AXIS_WORDS, MODE_LABELS, MODE_OPTIONS, MODE_SENTENCES } from '../../ui/session-binding/mode-words.ts';
import { Word } from '../../ui/word.tsx';

/** Which modes hold, for the org and for each app. */
export const BindingForm = ({ protection }: { readonly protection: SessionProtectionAnswer }) => (
  <BindingEditor title="Session binding" protection={protection}>
    {(draft, edit) => (
      <>
        <Presets
          protection={protection}
          current={presetOf(protection.presets, draft)?.name ?? null}
          onPick={edit === null ? null : (picked) => edit(withPreset(draft, picked))}
        />
        <div className="sp-columns">
          {AXES.map((axis) => (
            <OrgMode
              key={axis}
              axis={axis}
              mode={draft[axis]}
              onChange={edit === null ? null : (mode) => edit(withMode(draft, null, axis, mode))}
            />
          ))}
        </div>
        <div>
          <h3>Of an app’s own</h3>
          <p className="sp-quiet">A session obeys the strictest of the apps that it reaches.</p>
        </div>
        <AppModes apps={protection.apps} draft={draft} edit={edit} />
      </>
    )}
  </BindingEditor>
);

const Presets = ({
  protection,
  current,
  onPick,
}: {
  readonly protection: SessionProtectionAnswer;
  readonly current: string | null;
  readonly onPick: ((preset: SessionProtectionAnswer['presets'][number]) => void) | null;
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
      data={MODE_OPTIONS}
      value={mode}
      onChange={(event) => onChange(event.currentTarget.value as BindingMode)}
    />
  );
