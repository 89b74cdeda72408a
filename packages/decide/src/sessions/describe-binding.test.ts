import { describe, expect, it } from 'vitest';
import { type Departure, describeBinding } from './describe-binding.ts';

const ENFORCED = { asnBinding: 'ENFORCED', ipBinding: 'MONITOR' } as const;
const OFF = { asnBinding: 'DISABLED', ipBinding: 'DISABLED' } as const;
const seen = (decision: Departure['decision'], causes: Departure['causes'], at = 1): Departure => ({
  at,
  causes,
  decision,
  address: '203.0.113.7',
  network: 'as64500',
});

describe('describeBinding', () => {
  it('holds as long as nothing else was seen', () => {
    expect(describeBinding(ENFORCED, [])).toEqual({
      state: 'held',
      asn: { mode: 'ENFORCED', state: 'held', changed: null },
      ip: { mode: 'MONITOR', state: 'held', changed: null },
    });
  });
  it('never calls held what nobody watched', () => {
    const told = describeBinding(OFF, []);
    expect([told.state, told.asn.state, told.ip.state]).toEqual(['not-enforced', 'not-enforced', 'not-enforced']);
    expect(describeBinding({ ...OFF, asnBinding: 'MONITOR' }, [])).toMatchObject({
      state: 'held',
      asn: { state: 'held' },
      ip: { state: 'not-enforced' },
    });
  });
  it('says of each axis what changed, the latest', () => {
    const told = describeBinding(ENFORCED, [seen('observed', ['ip'], 1), seen('observed', ['ip'], 2)]);
    expect(told).toMatchObject({
      state: 'observed',
      asn: { state: 'held' },
      ip: { state: 'changed', changed: { at: 2 } },
    });
  });
  it('the worst that happened names the session', () => {
    expect(describeBinding(ENFORCED, [seen('proved', ['ip'])]).state).toBe('proved');
    expect(describeBinding(ENFORCED, [seen('proved', ['ip']), seen('observed', ['asn'])]).state).toBe('observed');
    expect(describeBinding(null, [seen('observed', ['ip']), seen('ended', ['asn', 'ip'])])).toMatchObject({
      state: 'roamed',
      asn: { mode: null, state: 'changed' },
    });
  });
  it('a change that was seen stays seen when the binding was switched off since', () => {
    expect(describeBinding(OFF, [seen('observed', ['asn'])])).toMatchObject({
      state: 'observed',
      asn: { mode: 'DISABLED', state: 'changed' },
      ip: { state: 'not-enforced' },
    });
  });
});
