import type { Reason } from '@sallyport/model/reasons';
import type { Verdict } from '@sallyport/model/verdict';

/** What would be so once super admin was taken from whoever was chosen. */
export interface ZeroStandingFacts {
  /** People from whom it is taken. */
  readonly taken: number;
  /** Super admins whose role stands and who could sign in, break-glass accounts apart. */
  readonly standingAble: number;
  /** Break-glass accounts that are sealed, with keys. */
  readonly breakGlassReady: number;
  /** People who could have it by asking: enough others could say yes, judged as they will be. Null: it was not tried. */
  readonly ableToGetIt: number | null;
}

/**
 * May super admin be taken from them? From the last whose role stands only where a break-glass account is ready and
 * somebody gets it by asking: the first opens when nobody can say yes, the second is how it is meant to be.
 */
export const judgeZeroStanding = (facts: ZeroStandingFacts): Verdict => {
  if (facts.taken === 0 || facts.standingAble > 0) return { kind: 'allow', reasons: [] };
  const reasons: Reason[] = [];
  if (facts.breakGlassReady === 0) reasons.push('zero-standing-no-break-glass');
  if (facts.ableToGetIt === 0) reasons.push('zero-standing-nobody-able');
  return reasons.length === 0 ? { kind: 'allow', reasons } : { kind: 'deny', reasons };
};

/** What is weaker with so few people that two others cannot always say yes, and why, in whole sentences. */
export const weaknessesOfFew = ({
  admins,
  needed,
  isEnding,
}: {
  readonly admins: number;
  readonly needed: number;
  readonly isEnding: boolean;
}): readonly string[] => {
  if (admins >= 3) return [];
  if (admins <= 1)
    return [
      'There is one administrator who could sign in. Nobody could say yes to them, so that nothing is had by asking: one hand does everything, and nobody sees it before it is done. A second and a third person mend that.',
    ];
  const ofTwo =
    needed >= 2
      ? 'There are two administrators, and it takes two others to say yes: neither could ever have it by asking. With one approval it works, and is weaker: whoever takes over the other one’s account and key gives it to themself.'
      : 'There are two administrators, and one yes is enough: whoever takes over both has everything, and while one is away the other asks in vain. A third person mends both.';
  return isEnding
    ? [ofTwo, 'While one of them is away, the break-glass account is the only way to super admin.']
    : [ofTwo];
};
