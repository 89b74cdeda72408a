import type { Fact, Facts } from '@sallyport/model/facts';
import type { Policy, PolicyRule } from '@sallyport/model/policy';
import type { PolicyExpression } from '@sallyport/model/policy-expression';
import { describe, expect, it } from 'vitest';
import { keptFacts } from './kept-facts.ts';

const fact = <T>(value: T): Fact<T> => ({ value, source: 'directory', observedAt: 1, expiresAt: null });
const asking = (...attributes: string[]): Policy => ({
  id: 'p',
  name: 'p',
  type: 'ACCESS_POLICY',
  version: 1,
  isActive: true,
  rules: attributes.map(
    (attribute): PolicyRule => ({
      id: attribute,
      name: attribute,
      priority: 1,
      isActive: true,
      access: 'DENY',
      conditions: { expression: { kind: 'profile', attribute, op: '==', value: 'x' } satisfies PolicyExpression },
      assurance: {
        factors: 1,
        isPossessionRequired: false,
        isPhishingResistantRequired: false,
        isDeviceBoundRequired: false,
        isUserVerificationRequired: false,
        maxAgeSeconds: null,
      },
    }),
  ),
});

describe('facts that were kept', () => {
  it('before it was kept what had been looked up: what the policy asked for, and what is there', () => {
    const facts: Facts = { profile: fact({ city: 'Oslo' }) };
    expect(keptFacts(facts, asking('title', 'city')).profileAttributes?.value.toSorted()).toEqual(['city', 'title']);
    expect(keptFacts(facts, asking()).profileAttributes?.value).toEqual(['city']);
  });

  it('stay as they are where it was kept, or where nothing of the profile was', () => {
    const facts: Facts = { profile: fact({ city: 'Oslo' }), profileAttributes: fact(['city', 'title']) };
    expect(keptFacts(facts, asking('other'))).toBe(facts);
    const none: Facts = { userId: fact('u') };
    expect(keptFacts(none, asking('other'))).toBe(none);
  });
});
