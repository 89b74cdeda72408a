import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faultOfVerdict } from './keep-verdict.ts';

interface Judged {
  readonly judgement: string;
  readonly input: object;
  readonly verdict: { readonly kind?: string; readonly verdict?: { readonly kind: string } };
}
/** What a server of that day judged, and kept: before policies had constraints, and before facts could be half known. */
const THEN = JSON.parse(
  readFileSync(new URL('fixtures/verdicts-of-2026-11-28.json', import.meta.url), 'utf8'),
) as Judged[];

const textsOf = ({ judgement, input, verdict }: Judged) => ({
  judgement,
  input: JSON.stringify(input),
  verdict: JSON.stringify(verdict),
  salt: null,
});

it('what an older version judged is judged the same from its facts today', () => {
  for (const judged of THEN)
    expect(faultOfVerdict(textsOf(judged), undefined), JSON.stringify(judged.input)).toBe(null);
  const kinds = new Set(THEN.map(({ verdict }) => verdict.kind ?? verdict.verdict?.kind));
  expect([...kinds].toSorted()).toEqual(['allow', 'deny', 'end', 'step_up']);
});

it('a verdict that would be another today is said to be', () => {
  const [one] = THEN;
  if (one === undefined) throw new Error('no verdicts');
  const texts = textsOf(one);
  expect(faultOfVerdict({ ...texts, verdict: '{}' }, undefined)).toBe('on the same facts it is judged otherwise today');
  expect(faultOfVerdict({ ...texts, verdict: 'not json' }, undefined)).toBe('its verdict cannot be read');
  expect(faultOfVerdict({ ...texts, input: 'not json' }, undefined)).toBe('it cannot be judged again');
  expect(faultOfVerdict({ ...texts, judgement: 'toString' }, undefined)).toBe('it cannot be judged again');
  expect(faultOfVerdict(texts, 'x')).toBe('its facts or its verdict were changed');
  expect(faultOfVerdict(null, 'x')).toBe('its facts and its verdict are gone');
});
