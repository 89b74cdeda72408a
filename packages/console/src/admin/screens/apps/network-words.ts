import type { ServiceSettings } from './app-answer.ts';

/** From where a machine may be used. */
export const networkWords = (
  { connection, include, exclude }: ServiceSettings['network'],
  nameOf: (zoneId: string) => string,
): string => {
  if (connection === 'LOOPBACK') return 'the host of this server only';
  if (connection === 'ANYWHERE') return 'anywhere';
  const inside = include.map(nameOf).join(', ') || 'anywhere';
  return exclude.length === 0 ? inside : `${inside}, but not ${exclude.map(nameOf).join(', ')}`;
};
