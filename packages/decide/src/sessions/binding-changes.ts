import type { BindingMode } from '@sallyport/model/session';

export interface BindingDocument {
  readonly asnBinding: BindingMode;
  readonly ipBinding: BindingMode;
  /** By app; what is absent is the org's. */
  readonly apps: Readonly<Record<string, { readonly asnBinding?: BindingMode; readonly ipBinding?: BindingMode }>>;
}
export interface BindingChange {
  /** Null for the org. */
  readonly app: string | null;
  readonly axis: 'asnBinding' | 'ipBinding';
  /** Null: as the org has it. */
  readonly from: BindingMode | null;
  readonly to: BindingMode | null;
}

const AXES = ['asnBinding', 'ipBinding'] as const;

/** What saving would change, the org first, then each app by its name. */
export const bindingChanges = (from: BindingDocument, to: BindingDocument): readonly BindingChange[] => {
  const apps = [...new Set([...Object.keys(from.apps), ...Object.keys(to.apps)])].sort();
  return [null, ...apps].flatMap((app) =>
    AXES.map((axis) => ({
      app,
      axis,
      from: app === null ? from[axis] : (from.apps[app]?.[axis] ?? null),
      to: app === null ? to[axis] : (to.apps[app]?.[axis] ?? null),
    })).filter((change) => change.from !== change.to),
  );
};
