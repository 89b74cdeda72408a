/** What says nothing is left out: null, nothing at all, empty lists and empty objects. */
export const tidy = (value: unknown): unknown => {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(tidy).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object') return value;
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const said = tidy(field);
    return said === undefined ? [] : [[name, said] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
};

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** The same text for the same meaning: fields in one order, and lists of plain values as sets. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.every(isScalar) ? items.map(String).sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return fields.map(([name, field]) => [name, canonical(field)]);
};

/** Do two values say the same? */
export const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(canonical(tidy(a))) === JSON.stringify(canonical(tidy(b)));
