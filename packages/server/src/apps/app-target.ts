import type { LogTarget } from '@sallyport/model/log-event';
import type { Row } from '../store/tables.ts';

/** An app as a target of an event. */
export const appTarget = (
  row: Pick<Row<'apps'>, 'id' | 'label'>,
  changeDetails: LogTarget['changeDetails'] = null,
): LogTarget => ({
  id: row.id,
  type: 'AppInstance',
  alternateId: row.label,
  displayName: row.label,
  detailEntry: null,
  changeDetails,
});
