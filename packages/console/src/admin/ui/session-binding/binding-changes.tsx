import type { BindingChangeAnswer } from '@sallyport/client/answers';
import { ChangesTable } from '../changes-table.tsx';
import { AXIS_WORDS, modeLabel } from './mode-words.ts';

/** What differs between two sets of binding modes. */
export const BindingChanges = ({
  changes,
  labelOf,
  caption,
}: {
  readonly changes: readonly BindingChangeAnswer[];
  readonly labelOf: (app: string) => string;
  readonly caption: string;
}) => (
  <ChangesTable
    caption={caption}
    changes={changes.map(({ app, axis, from, to }) => ({
      where: app === null ? 'The org' : labelOf(app),
      what: AXIS_WORDS[axis],
      from: modeLabel(from),
      to: modeLabel(to),
    }))}
  />
);
