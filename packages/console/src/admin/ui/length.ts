/** A length of time as people type it: a whole number of one unit. On the wire it is ISO 8601, such as `PT8H`. */
const UNITS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
] as const;
export type LengthUnit = (typeof UNITS)[number][0];
export interface LengthDraft {
  readonly count: string;
  readonly unit: LengthUnit;
}

const WIRE = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** In the largest unit that says it whole; nothing typed where it is no length. */
export const readLength = (wire: string): LengthDraft => {
  const parts = WIRE.exec(wire)?.slice(1);
  if (parts === undefined) return { count: '', unit: 'hours' };
  const [weeks = 0, days = 0, hours = 0, minutes = 0, rest = 0] = parts.map((part) => Number(part ?? 0));
  const seconds = (weeks * 7 + days) * 86_400 + hours * 3_600 + minutes * 60 + rest;
  const [unit, size] = UNITS.find(([, one]) => seconds % one === 0) ?? UNITS[3];
  return { count: String(seconds / size), unit };
};

/** As the wire has it; null for what is no whole number above zero. */
export const writeLength = ({ count, unit }: LengthDraft): string | null => {
  const text = count.trim();
  if (!/^[1-9]\d{0,6}$/.test(text)) return null;
  return unit === 'days' ? `P${text}D` : `PT${text}${unit.charAt(0).toUpperCase()}`;
};

/** `8 hours`, `1 day`. */
export const lengthWords = (wire: string): string => {
  const { count, unit } = readLength(wire);
  return `${count} ${count === '1' ? unit.slice(0, -1) : unit}`;
};
