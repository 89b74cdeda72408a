import type { ZoneEntryAnswer } from '@sallyport/client/answers';

/** `203.0.113.0/24`, or `203.0.113.1-203.0.113.9`. */
export const rangeText = ({ type, value }: ZoneEntryAnswer): string =>
  type === 'RANGE' && !value.includes('-') ? `${value}-${value}` : value;

/** The same on the wire. Whether it is an address the server says, of all lines at once. */
export const rangeOf = (value: string): ZoneEntryAnswer => ({ type: value.includes('-') ? 'RANGE' : 'CIDR', value });
