import { NativeSelect } from '@mantine/core';
import type { BindingMode, SessionBindingAnswer, SessionProtectionAnswer } from '@sallyport/client/answers';
import { DataTable } from '../data-table.tsx';
import { AXES, withMode } from './binding-draft.ts';
import { AXIS_WORDS, INHERITED, MODE_OPTIONS, modeLabel } from './mode-words.ts';

type App = SessionProtectionAnswer['apps'][number];

/** What apps have of their own, a row each. */
export const AppModes = ({
  apps,
  draft,
  edit,
}: {
  readonly apps: readonly App[];
  readonly draft: SessionBindingAnswer;
  readonly edit: ((next: SessionBindingAnswer) => void) | null;
}) => (
  <DataTable
    caption="Binding modes of apps"
    rows={apps}
    rowKey={({ key }) => key}
    columns={[
      { key: 'app', head: 'App', cell: ({ label }) => label },
      ...AXES.map((axis) => ({
        key: axis,
        head: AXIS_WORDS[axis],
        cell: ({ key, label }: App) => {
          const own = draft.apps[key]?.[axis] ?? null;
          return edit === null ? (
            modeLabel(own)
          ) : (
            <NativeSelect
              size="xs"
              aria-label={`${AXIS_WORDS[axis]} of ${label}`}
              data={[{ value: '', label: INHERITED }, ...MODE_OPTIONS]}
              value={own ?? ''}
              onChange={(event) =>
                edit(withMode(draft, key, axis, (event.currentTarget.value || null) as BindingMode | null))
              }
            />
          );
        },
      })),
    ]}
  />
);
