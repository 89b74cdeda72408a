import { foldAscii } from '@sallyport/decide/filter/fold-ascii';
import { ATTRIBUTES, resolveAttribute } from '@sallyport/decide/log-filter/attributes';
import { invalid } from '@sallyport/model/errors';
import { EVENT_TYPES, type EventType } from '@sallyport/model/event-types';
import type { Services } from '../services.ts';
import { countValues, sampleValues } from './facets.ts';

const SUGGESTIONS_MAX = 20;
const RECENT_DAYS = 30;

const fitsOf = (prefix: string) => {
  const wanted = foldAscii(prefix);
  return (...texts: readonly string[]): boolean => texts.some((text) => foldAscii(text).includes(wanted));
};

/** Those that begin with what was typed come first. */
const ranked = <T extends { readonly value: string }>(found: readonly T[], prefix: string): T[] => {
  const wanted = foldAscii(prefix);
  const isAhead = (value: string): number => (foldAscii(value).startsWith(wanted) ? 0 : 1);
  return found.toSorted((a, b) => isAhead(a.value) - isAhead(b.value)).slice(0, SUGGESTIONS_MAX);
};

/**
 * `GET /sallyport/v1/logs/suggest`: without a field, fields; with one, values of it: event types from the catalogue,
 * all else from recent events. A name finds a person's id as well (names and ids both match).
 */
export const suggest = async (
  s: Services,
  { field, prefix = '' }: { readonly field?: string; readonly prefix?: string },
) => {
  const fits = fitsOf(prefix);
  if (field === undefined) {
    const fields = [...ATTRIBUTES]
      .filter(([path, type]) => type !== 'map' && type !== 'object' && fits(path))
      .map(([path, type]) => ({ value: path, label: type as string }));
    return { field: null, suggestions: ranked(fields, prefix) };
  }
  const attribute = resolveAttribute(field);
  if (attribute === null || attribute.type === 'object') throw invalid('field', 'is no field of an event');
  if (attribute.path === 'eventType') {
    const types = Object.keys(EVENT_TYPES)
      .map((value) => ({ value, label: EVENT_TYPES[value as EventType].message as string }))
      .filter(({ value, label }) => fits(value, label));
    return { field, suggestions: ranked(types, prefix) };
  }
  if (attribute.each !== null) return { field, suggestions: [] };
  const since = new Date(s.clock.now() - RECENT_DAYS * 86_400_000).toISOString();
  const names = attribute.path === 'actor.id' ? 'actor.alternateId' : attribute.path;
  const { rows } = await sampleValues(s, { since }, [attribute.path, names]);
  const labels = new Map(rows.map(([value, label]) => [value ?? '', label ?? '']));
  const { values } = countValues(
    rows.map(([value]) => value ?? null),
    rows.length,
  );
  const found = values
    .map(({ value, count }) => {
      const name = labels.get(value) ?? '';
      return { value, label: name === value ? `${count} lately` : name };
    })
    .filter(({ value }) => fits(value, labels.get(value) ?? ''));
  return { field, suggestions: ranked(found, prefix) };
};
