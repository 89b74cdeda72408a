import { describe, expect, it } from 'vitest';
import { signatureOf, webhookHeaders } from './webhook-message.ts';

describe('a signed webhook', () => {
  it('is signed as Standard Webhooks has it, by the example of its specification', () => {
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/index.test.ts
    expect(
      signatureOf(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
  it('carries the time in seconds, and while secrets overlap a signature of each', () => {
    const headers = webhookHeaders(['whsec_YQ==', 'whsec_Yg=='], { id: 'm', body: '{}' }, 1_614_265_330_999);
    expect(headers).toMatchObject({ 'webhook-id': 'm', 'webhook-timestamp': '1614265330' });
    expect(headers['webhook-signature']?.split(' ')).toEqual([
      signatureOf('whsec_YQ==', 'm', 1_614_265_330, '{}'),
      signatureOf('whsec_Yg==', 'm', 1_614_265_330, '{}'),
    ]);
  });
});
