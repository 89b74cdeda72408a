import type { ZoneContent } from '@sallyport/model/network-zone';
import type { Row } from '../store/tables.ts';

/** What a zone asks of an address, as its row keeps it. */
export const contentOf = (row: Pick<Row<'zones'>, 'type' | 'gateways' | 'proxies' | 'conditions'>): ZoneContent =>
  row.type === 'IP'
    ? ({ type: 'IP', gateways: JSON.parse(row.gateways), proxies: JSON.parse(row.proxies) } as ZoneContent)
    : ({ type: row.type, ...(JSON.parse(row.conditions) as object) } as ZoneContent);

/** The columns that keep it. */
export const columnsOfContent = ({ type, ...rest }: ZoneContent) => ({
  type,
  gateways: 'gateways' in rest ? JSON.stringify(rest.gateways) : '[]',
  proxies: 'proxies' in rest ? JSON.stringify(rest.proxies) : '[]',
  conditions: type === 'IP' ? '{}' : JSON.stringify(rest),
});
