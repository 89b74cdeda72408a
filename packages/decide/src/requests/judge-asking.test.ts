import type { RequestCondition } from '@sallyport/model/access-request';
import { describe, expect, it } from 'vitest';
import { judgeAsking } from './judge-asking.ts';

const condition = (more: Partial<RequestCondition> = {}): RequestCondition => ({
  id: 'rco1',
  resourceId: 'app',
  isActive: true,
  isWhole: true,
  priority: 0,
  requesters: { kind: 'everyone' },
  entitlements: [{ kind: 'bundle', id: 'b' }],
  duration: { kind: 'fixed', seconds: 60 },
  sequenceId: 's',
  ...more,
});
const lee = { isActive: true, isServiceAccount: false, groupIds: ['sre'] };
const asks = (conditions: readonly RequestCondition[], person = lee, id = 'b') => {
  const verdict = judgeAsking(person, { kind: 'bundle', id }, conditions);
  return verdict.kind === 'allow' ? verdict.condition.id : verdict.reason;
};

describe('who may ask', () => {
  it('is decided by the first condition by priority that lets them', () => {
    expect(asks([condition()])).toBe('rco1');
    const first = condition({ id: 'rco2', priority: 0, requesters: { kind: 'groups', ids: ['sre'] } });
    expect(asks([condition({ priority: 1 }), first])).toBe('rco2');
    expect(asks([condition({ priority: 1 }), { ...first, requesters: { kind: 'groups', ids: ['dba'] } }])).toBe('rco1');
  });
  it('is nobody where none is active and whole', () => {
    expect(asks([])).toBe('request-no-condition');
    expect(asks([condition({ isActive: false })])).toBe('request-no-condition');
    expect(asks([condition({ isWhole: false })])).toBe('request-no-condition');
    expect(asks([condition()], lee, 'other')).toBe('request-no-condition');
    expect(asks([condition({ entitlements: [{ kind: 'group', id: 'b' }] })])).toBe('request-no-condition');
    expect(asks([condition({ requesters: { kind: 'groups', ids: [] } })])).toBe('request-not-yours');
  });
  it('is no service account and nobody who cannot sign in', () => {
    expect(asks([condition()], { ...lee, isServiceAccount: true })).toBe('service-account');
    expect(asks([condition()], { ...lee, isActive: false })).toBe('user-inactive');
  });
});
