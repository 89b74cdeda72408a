import { ApiError } from '@sallyport/model/errors';
import { describe, expect, it } from 'vitest';
import { createPasswordHasher, type Derive } from './password-hash.ts';

const PASSWORD = 'correct horse battery staple';

/** Derivations that end when the test says so. */
const heldDerive = () => {
  const held: (() => void)[] = [];
  const seen = { running: 0, most: 0, calls: [] as { password: string; cost: unknown; bytes: number }[] };
  const derive: Derive = async (password, _salt, cost, bytes) => {
    seen.calls.push({ password, cost, bytes });
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await new Promise<void>((resolve) => held.push(resolve));
    seen.running -= 1;
    return Buffer.alloc(bytes, 1);
  };
  /** Lets one end at a time until none is left. */
  const releaseAll = async (): Promise<void> => {
    for (let next = held.shift(); next !== undefined; next = held.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { derive, seen, releaseAll };
};

describe('a password hash', () => {
  const hasher = createPasswordHasher({ concurrencyMax: 2 });

  it('is Argon2id with the cost of OWASP, salted, and verifies', async () => {
    const [one, two] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify(PASSWORD, one)).toBe(true);
    expect(await hasher.verify(PASSWORD, two)).toBe(true);
    expect(await hasher.verify(`${PASSWORD} `, one)).toBe(false);
    expect(await hasher.verify('', one)).toBe(false);
  });

  it('agrees with the reference implementation, whose cost is in the hash', async () => {
    // phc-winner-argon2, test.c: hashtest(version, 2, 16, 1, "password", "somesalt", …, Argon2_id).
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await hasher.verify('password', reference)).toBe(true);
    expect(await hasher.verify('Password', reference)).toBe(false);
  });

  it('is of the NFC form', async () => {
    const phc = await hasher.hash('zażółć gęślą jaźń'.normalize('NFD'));
    expect(await hasher.verify('zażółć gęślą jaźń'.normalize('NFC'), phc)).toBe(true);
    expect(await hasher.verify('zażółć gęślą jaźń'.normalize('NFD'), phc)).toBe(true);
  });

  it('that was changed anywhere does not verify', async () => {
    const phc = await hasher.hash(PASSWORD);
    const [, , , , salt = '', hash = ''] = phc.split('$');
    const flip = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    for (const changed of [
      phc.replace(salt, flip(salt)),
      phc.replace(hash, flip(hash)),
      phc.replace('t=2', 't=3'),
      phc.replace('m=19456', 'm=19464'),
    ])
      expect([changed, await hasher.verify(PASSWORD, changed)]).toEqual([changed, false]);
  });
});

describe('without a hash to compare with', () => {
  it.each([
    null,
    '',
    'plain',
    '$argon2id$',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=100,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=2,p=1$c29t$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$',
    '$2b$12$abcdefghijklmnopqrstuuTnEzQ7Yl8h4Dqg9c8hO1D0w0x0y0z0a',
  ])('%s: the same work, and no', async (phc) => {
    const calls: unknown[] = [];
    // The derived bytes equal the dummy's on purpose: equality alone must not be a yes.
    const derive: Derive = async (password, salt, cost, bytes) => {
      calls.push({ password, saltBytes: salt.length, cost, bytes });
      return Buffer.alloc(bytes);
    };
    const hasher = createPasswordHasher({ concurrencyMax: 2, derive });
    expect(await hasher.verify(PASSWORD, phc)).toBe(false);
    await hasher.hash(PASSWORD);
    expect(calls).toHaveLength(2);
    expect(calls[0]).toEqual(calls[1]);
  });
});

describe('many at once', () => {
  it('run at most two at a time, first come, first served, and all are answered', async () => {
    const { derive, seen, releaseAll } = heldDerive();
    const hasher = createPasswordHasher({ concurrencyMax: 2, derive });
    const names = Array.from({ length: 20 }, (_, i) => `password ${i}`);
    const all = names.map((name, i) => (i % 2 === 0 ? hasher.hash(name) : hasher.verify(name, null)));
    expect(seen.running).toBe(2);
    await releaseAll();
    expect(await Promise.all(all)).toHaveLength(20);
    expect(seen.most).toBe(2);
    expect(seen.running).toBe(0);
    expect(seen.calls.map((call) => call.password)).toEqual(names);
  });

  it('keep to two when others arrive while some leave', async () => {
    const { derive, seen, releaseAll } = heldDerive();
    const hasher = createPasswordHasher({ concurrencyMax: 2, derive });
    const first = [1, 2, 3].map(() => hasher.verify(PASSWORD, null));
    const late = first.map((each) => each.then(() => Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)])));
    await releaseAll();
    await Promise.all(late);
    expect([seen.most, seen.running, seen.calls.length]).toEqual([2, 0, 9]);
  });

  it('wait in a queue of 200; the next is told to come back in a second, and the queue goes on', async () => {
    const { derive, seen, releaseAll } = heldDerive();
    const hasher = createPasswordHasher({ concurrencyMax: 2, derive });
    const accepted = Array.from({ length: 202 }, () => hasher.verify(PASSWORD, null));
    const error: unknown = await hasher.verify(PASSWORD, null).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'E0000047', status: 429, options: { headers: { 'Retry-After': '1' } } });
    await releaseAll();
    expect(await Promise.all(accepted)).toEqual(accepted.map(() => false));
    expect([seen.most, seen.calls.length]).toEqual([2, 202]);
  });

  it('free their place when one fails', async () => {
    let calls = 0;
    const derive: Derive = async (_password, _salt, _cost, bytes) => {
      calls += 1;
      if (calls <= 2) throw new Error('out of memory');
      return Buffer.alloc(bytes);
    };
    const hasher = createPasswordHasher({ concurrencyMax: 1, derive });
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => hasher.hash(PASSWORD)));
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
