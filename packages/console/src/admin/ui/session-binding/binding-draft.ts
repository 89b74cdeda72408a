import type {
  BindingChangeAnswer,
  BindingMode,
  BindingModes,
  SessionBindingAnswer,
  SessionProtectionAnswer,
} from '@sallyport/client/answers';

export type Axis = keyof BindingModes;
type Preset = SessionProtectionAnswer['presets'][number];

export const AXES: readonly Axis[] = ['asnBinding', 'ipBinding'];

/** The settings with one mode set; `null` takes an app's own mode back, so that the org's counts. */
export const withMode = (
  draft: SessionBindingAnswer,
  app: string | null,
  axis: Axis,
  mode: BindingMode | null,
): SessionBindingAnswer => {
  if (app === null) return mode === null ? draft : { ...draft, [axis]: mode };
  const { [axis]: _before, ...rest } = draft.apps[app] ?? {};
  const own: Partial<BindingModes> = mode === null ? rest : { ...rest, [axis]: mode };
  const { [app]: _app, ...others } = draft.apps;
  return { ...draft, apps: Object.keys(own).length === 0 ? others : { ...others, [app]: own } };
};

/** The settings as a preset has them: nothing of an app's own is left. */
export const withPreset = (draft: SessionBindingAnswer, { body }: Preset): SessionBindingAnswer => ({
  ...draft,
  asnBinding: body.asnBinding,
  ipBinding: body.ipBinding,
  apps: {},
});

/** What differs, the org first, then each app. The server says the same before it saves; here it is said while one edits. */
export const changesBetween = (
  from: SessionBindingAnswer,
  to: SessionBindingAnswer,
): readonly BindingChangeAnswer[] => {
  const apps = [...new Set([...Object.keys(from.apps), ...Object.keys(to.apps)])].toSorted();
  return [null, ...apps].flatMap((app) =>
    AXES.map((axis) => ({
      app,
      axis,
      from: app === null ? from[axis] : (from.apps[app]?.[axis] ?? null),
      to: app === null ? to[axis] : (to.apps[app]?.[axis] ?? null),
    })).filter((change) => change.from !== change.to),
  );
};

/** The changes of one's own, put on top of what somebody else saved meanwhile. */
export const onTopOf = (saved: SessionBindingAnswer, changes: readonly BindingChangeAnswer[]): SessionBindingAnswer =>
  changes.reduce((draft, { app, axis, to }) => withMode(draft, app, axis, to), saved);

/** The preset that the settings are, if any. */
export const presetOf = (presets: readonly Preset[], draft: SessionBindingAnswer): Preset | undefined =>
  presets.find((preset) => changesBetween(draft, withPreset(draft, preset)).length === 0);
