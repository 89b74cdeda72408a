import type { LogTarget } from '@sallyport/model/log-event';
import type { Row } from '../store/tables.ts';

/** The organisation in an event about its settings. */
export const orgAsTarget = ({ id, name }: Pick<Row<'org'>, 'id' | 'name'>): LogTarget => ({
  id,
  type: 'Org',
  alternateId: name,
  displayName: name,
  detailEntry: null,
});
