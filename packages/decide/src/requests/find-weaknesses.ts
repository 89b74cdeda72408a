import type { StepOutlook } from './explain-approvers.ts';

/** Something that makes a sequence weaker than it looks, or impossible; `step` counts from 0, null is the whole. */
export interface Weakness {
  readonly kind: 'nobody-can' | 'too-few' | 'one-hand' | 'exactly-enough' | 'one-approval';
  readonly step: number | null;
  readonly sentence: string;
}

const BLOCKING: ReadonlySet<string> = new Set<Weakness['kind']>(['nobody-can', 'too-few', 'one-hand']);

/** With this it is asked for in vain, whoever says yes. */
export const isBlocking = ({ kind }: Pick<Weakness, 'kind'>): boolean => BLOCKING.has(kind);

const people = (n: number): string => (n === 1 ? 'one person' : `${n} people`);

/** What an asker, and whoever sets this up, should know of a sequence with the people that there are now. */
export const findWeaknesses = (outlooks: readonly StepOutlook[], givesPower: boolean): readonly Weakness[] => {
  const found: Weakness[] = outlooks.flatMap(({ count, given, able, reachable }, step): Weakness[] => {
    const needed = count - given;
    const at = `Step ${step + 1}`;
    if (needed <= 0) return [];
    if (able.length === 0)
      return [
        { kind: 'nobody-can', step, sentence: `${at} needs ${people(needed)}, and nobody can say yes to it now.` },
      ];
    if (able.length < needed)
      return [
        {
          kind: 'too-few',
          step,
          sentence: `${at} needs ${people(needed)}, and only ${people(able.length)} can say yes to it now.`,
        },
      ];
    if (reachable < needed)
      return [
        {
          kind: 'one-hand',
          step,
          sentence: `${at} needs ${people(needed)}. ${people(able.length)} may say yes, but in the last 30 days one made the account, a role or the keys of another, or one person chose both: together they count as ${reachable}.`,
        },
      ];
    return reachable === needed
      ? [
          {
            kind: 'exactly-enough',
            step,
            sentence: `${at} needs ${people(needed)}, and there are no more: if one is away, it waits.`,
          },
        ]
      : [];
  });
  const total = outlooks.reduce((sum, { count }) => sum + count, 0);
  return total === 1 && givesPower
    ? [
        ...found,
        {
          kind: 'one-approval',
          step: null,
          sentence: 'One approval gives an admin role: whoever takes over that one approver can give it, too.',
        },
      ]
    : found;
};
