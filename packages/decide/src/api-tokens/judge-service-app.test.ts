import { describe, expect, it } from 'vitest';
import { judgeServiceApp, type TokenUseFacts } from './judge-service-app.ts';

const DAY = 86_400_000;
const machine: TokenUseFacts = {
  networks: ['as64496'],
  permissions: ['okta.logs.read'],
  agents: ['Filebeat'],
  firstAt: 0,
  lastAt: 7 * DAY,
};

describe('could it be a service app', () => {
  it('yes, for a program in its place', () => {
    expect(judgeServiceApp(machine)).toEqual({
      could: true,
      why: 'Programs alone use it, from one network, with 1 permission.',
    });
  });
  it.each([
    ['never used', { agents: [], firstAt: null, lastAt: null }],
    ['a browser among its programs', { agents: ['Filebeat', 'browser'] }],
    ['four networks', { networks: ['as1', 'as2', 'as3', 'as4'] }],
    ['a millisecond less than a week', { lastAt: 7 * DAY - 1 }],
  ] satisfies [string, Partial<TokenUseFacts>][])('no: %s', (_, change) => {
    expect(judgeServiceApp({ ...machine, ...change }).could).toBe(false);
  });
});
