import type { FactorProof } from '@sallyport/model/facts';
import type { Policy, PolicyRule } from '@sallyport/model/policy';
import type { Authenticators, PolicyFinding, PolicyProof, WayIn } from '@sallyport/model/policy-proof';
import type { Assurance } from '@sallyport/model/verdict';
import { type Effort, findFacts, TooMuchEffort } from './find-facts.ts';
import { meetsAssurance } from './meets-assurance.ts';

/** Names compared for one question, and for all of a policy: some hundredths of a second, and half a second at most. */
const EFFORT = { question: 2_000_000, policy: 20_000_000 } as const;

type Quality = 'isPhishingResistant' | 'isDeviceBound' | 'isUserVerified' | 'isHardwareProtected';
const proved = (kind: FactorProof['kind'], more: Partial<Pick<FactorProof, Quality>> = {}): FactorProof => ({
  factorId: kind,
  kind,
  isPhishingResistant: false,
  isDeviceBound: false,
  isUserVerified: false,
  provedAt: 0,
  ...more,
});
type Keeping = 'synced' | 'bound' | 'hardware';
const key = (keeping: Keeping, isUserVerified: boolean): FactorProof =>
  proved('webauthn', {
    isPhishingResistant: true,
    isDeviceBound: keeping !== 'synced',
    isHardwareProtected: keeping === 'hardware',
    isUserVerified,
  });
const PASSWORD = proved('password');
const TOTP = proved('totp');

/** What people sign in with, as proofs. */
const COMBINATIONS: Readonly<Record<Authenticators, readonly FactorProof[]>> = {
  password: [PASSWORD],
  totp: [TOTP],
  'synced-key': [key('synced', false)],
  'bound-key': [key('bound', false)],
  'hardware-key': [key('hardware', false)],
  'password+totp': [PASSWORD, TOTP],
  'password+synced-key': [PASSWORD, key('synced', false)],
  'password+bound-key': [PASSWORD, key('bound', false)],
  'password+hardware-key': [PASSWORD, key('hardware', false)],
  'verified-synced-key': [key('synced', true)],
  'verified-bound-key': [key('bound', true)],
  'verified-hardware-key': [key('hardware', true)],
  'password+verified-synced-key': [PASSWORD, key('synced', true)],
  'password+verified-bound-key': [PASSWORD, key('bound', true)],
  'password+verified-hardware-key': [PASSWORD, key('hardware', true)],
};
const NAMES = Object.keys(COMBINATIONS) as Authenticators[];
const SINGLE: readonly Authenticators[] = ['password', 'totp', 'synced-key', 'bound-key', 'hardware-key'];

const RANKS = { totp: 0, synced: 1, bound: 2, hardware: 3 } as const;
/** The thing that is had, by how much it says; null where nothing is. */
const rankOf = (proofs: readonly FactorProof[]): { readonly rank: number; readonly isVerified: boolean } | null => {
  const thing = proofs.find(({ kind }) => kind !== 'password');
  if (thing === undefined) return null;
  const { kind, isHardwareProtected, isDeviceBound, isUserVerified } = thing;
  const keeping = isHardwareProtected === true ? 'hardware' : isDeviceBound ? 'bound' : 'synced';
  return { rank: RANKS[kind === 'totp' ? 'totp' : keeping], isVerified: isUserVerified };
};
const isKnown = (proofs: readonly FactorProof[]): boolean => proofs.some(({ kind }) => kind === 'password');
/** Is whatever the first give given by the second, too, and more? */
const isWeaker = (first: Authenticators, second: Authenticators): boolean => {
  if (first === second) return false;
  const [a, b] = [COMBINATIONS[first], COMBINATIONS[second]];
  const [had, has] = [rankOf(a), rankOf(b)];
  if (isKnown(a) && !isKnown(b)) return false;
  return had === null || (has !== null && had.rank <= has.rank && (!had.isVerified || has.isVerified));
};

/** What is proved by signing in with these, at an instant. */
export const proofsOf = (name: Authenticators, provedAt: number): readonly FactorProof[] =>
  COMBINATIONS[name].map((proof) => ({ ...proof, provedAt }));

/** The weakest authenticators that give what is asked: none of those that are weaker does. All are fresh. */
export const weakestAuthenticators = (need: Assurance): readonly Authenticators[] => {
  const enough = NAMES.filter((name) => meetsAssurance(COMBINATIONS[name], need, 0));
  return enough.filter((name) => !enough.some((other) => isWeaker(other, name)));
};

/** Can somebody satisfy it with one factor? A key that verified its holder counts as two. */
export const isOneFactorEnough = (need: Assurance): boolean =>
  weakestAuthenticators(need).some((name) => SINGLE.includes(name));

/** Fewest rules that are left of those that suffice, the later ones given up first. */
const fewest = (rules: readonly PolicyRule[], suffice: (rules: readonly PolicyRule[]) => boolean): PolicyRule[] => {
  let kept = [...rules];
  for (const rule of rules.toReversed()) {
    const without = kept.filter((one) => one !== rule);
    if (suffice(without)) kept = without;
  }
  return kept;
};

const NO_ZONES: ReadonlySet<string> = new Set();

/**
 * What is true of a policy for all requests: each way in with the weakest authenticators that open it, rules that can
 * never apply and which rules shadow them, ways that ask neither for a network nor for a device, and whether an explicit
 * denial has the last word. One factor and the missing network are looked at in policies of apps only: the global session
 * policy is not a door.
 *
 * The model: each condition asks for a fact of its own; any person may be in any groups, any address in any zones, and
 * each fact may be unknown, which counts as in `evaluatePolicy`. All proofs are fresh. Within it every answer is exact:
 * "never" holds for every real request, and each example is decided as said. A question that would take too long gives the
 * finding `not-proven` in place of an answer. Of zones it is told which ask for what there is no data for.
 */
export const provePolicy = (policy: Policy, zonesWithoutData: ReadonlySet<string> = NO_ZONES): PolicyProof => {
  const total: Effort = { left: EFFORT.policy };
  const findings: PolicyFinding[] = [];
  const find = (kind: PolicyFinding['kind'], ruleId: string | null, more: Partial<PolicyFinding> = {}): void => {
    findings.push({ kind, ruleId, byRuleIds: [], example: null, ...more });
  };
  /** Asks one question; what is too much becomes a finding of the rule. */
  const ask = (ruleId: string | null, question: (effort: Effort) => void): void => {
    const effort: Effort = { left: Math.min(EFFORT.question, total.left) };
    const given = effort.left;
    try {
      question(effort);
    } catch (error) {
      if (!(error instanceof TooMuchEffort)) throw error;
      if (!findings.some((one) => one.kind === 'not-proven' && one.ruleId === ruleId)) find('not-proven', ruleId);
    } finally {
      total.left -= given - Math.max(effort.left, 0);
    }
  };
  const rules = policy.isActive
    ? policy.rules.filter(({ isActive }) => isActive).toSorted((a, b) => a.priority - b.priority)
    : [];
  const zones = rules.flatMap(({ conditions }) => [
    ...(conditions.zones?.include ?? []),
    ...(conditions.zones?.exclude ?? []),
  ]);
  for (const { id, conditions } of rules) {
    const { include = [], exclude = [] } = conditions.zones ?? {};
    if ([...include, ...exclude].some((zone) => zonesWithoutData.has(zone))) find('zone-without-data', id);
  }
  const isDoor = policy.type === 'ACCESS_POLICY';
  const ways: WayIn[] = [];
  for (const [place, rule] of rules.entries()) {
    const before = rules.slice(0, place);
    ask(rule.id, (effort) => {
      if (findFacts({ applying: [rule], passedOver: [] }, effort) === null) return find('rule-contradictory', rule.id);
      const example = findFacts({ applying: [rule], passedOver: before }, effort);
      if (example === null) {
        const by = fewest(before, (some) => findFacts({ applying: [rule], passedOver: some }, effort) === null);
        return find('rule-shadowed', rule.id, { byRuleIds: by.map(({ id }) => id) });
      }
      if (rule.access === 'DENY') return;
      const overlapping = before.filter((one) => findFacts({ applying: [rule, one], passedOver: [] }, effort) !== null);
      ways.push({
        ruleId: rule.id,
        weakest: weakestAuthenticators(rule.assurance),
        exceptRuleIds: overlapping.map(({ id }) => id),
        example,
      });
      if (isDoor && isOneFactorEnough(rule.assurance)) find('allows-one-factor', rule.id, { example });
    });
    if (rule.access === 'DENY' || !isDoor) continue;
    ask(rule.id, (effort) => {
      const anywhere = findFacts(
        {
          applying: [rule],
          passedOver: before,
          meeting: { zones: { include: [], exclude: zones } },
          unknown: ['deviceIsRegistered', 'deviceIsManaged', 'deviceAssurances'],
        },
        effort,
      );
      if (anywhere !== null) find('allows-anywhere', rule.id, { example: anywhere });
    });
  }
  ask(null, (effort) => {
    // A rule that lets in whoever is left is no denial; one behind it is shadowed, and that is said of it.
    // Whatever the facts are: also by conditions that every value, and an unknown one, satisfies.
    const isForAll = (rule: PolicyRule): boolean => findFacts({ applying: [], passedOver: [rule] }, effort) === null;
    const open = rules.findIndex((rule) => rule.access === 'ALLOW' && isForAll(rule));
    const hasDenial = rules.some((rule) => rule.access === 'DENY' && isForAll(rule));
    const others = open === -1 || hasDenial ? rules : rules.slice(0, open);
    const undecided = findFacts({ applying: [], passedOver: others }, effort);
    if (undecided !== null) find('catch-all-missing', null, { example: undecided });
  });
  return { ways, findings, isComplete: !findings.some(({ kind }) => kind === 'not-proven') };
};
