import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { identityHead } from './identity-headers.ts';
import type { AppSlot } from './live-app-sessions.ts';
import type { NginxCheck } from './nginx-check.ts';
import { servePlainConnection } from './plain-connection.ts';

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const session: AppSlot = {
  id: '1021',
  parentId: '1020',
  parentSlot: -1,
  head: identityHead({ userId: '00u1', login: 'ana', displayName: 'Ana' }, '1021'),
  plainAnswer: null,
};

/** A connection in memory, and the server that takes over what is not plain. */
const connected = (check: NginxCheck): { client: Duplex; received: () => string } => {
  const others = createServer((incoming, response) => response.end(`other ${incoming.url}`));
  const [client, theirs] = duplexPair({ highWaterMark: 2_000 }) as [Duplex, Duplex];
  servePlainConnection(Object.assign(theirs, { setTimeout: () => theirs }) as unknown as Socket, check, others);
  let text = '';
  client.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  return { client, received: () => text };
};

describe('servePlainConnection', () => {
  it('writes the good answer from one text a session', async () => {
    const { client, received } = connected((_head, answer) => {
      answer.allow(session);
      return true;
    });
    client.write(request('/a') + request('/b'));
    const one =
      'HTTP/1.1 200 OK\r\ncontent-length: 0\r\ncache-control: no-store\r\nsallyport-user: 00u1\r\nsallyport-login: ana\r\nsallyport-name: Ana\r\nsallyport-session: 1021\r\n\r\n';
    await expect.poll(received).toBe(one + one);
    expect(session.plainAnswer).toBe(one);
  });

  it('refuses to write a header that would begin another', () => {
    const head = ['sallyport-name', 'Ana\r\nsallyport-user: root'];
    const { client } = connected((_head, answer) => {
      expect(() => answer.allow({ ...session, head, plainAnswer: null })).toThrow('Invalid character');
      expect(() => answer.bare(303, { location: '/\r\nset-cookie: a=b' })).toThrow('Invalid character');
      return true;
    });
    client.write(request('/'));
    expect.assertions(2);
    return new Promise((done) => setImmediate(done));
  });

  it('asks nothing further before the one in front is answered', async () => {
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    const { client, received } = connected((head, answer) => {
      asked.push(head.url ?? '');
      if (head.url === '/slow') waiting.push(() => answer.bare(401));
      else answer.bare(403);
      return true;
    });
    client.write(request('/slow') + request('/quick') + request('/slow'));
    client.write(request('/last'));
    await expect.poll(() => waiting.length).toBe(1);
    expect([asked, received()]).toEqual([['/slow'], '']);
    waiting[0]?.();
    await expect.poll(() => waiting.length).toBe(2);
    expect(asked).toEqual(['/slow', '/quick', '/slow']);
    waiting[1]?.();
    await expect.poll(() => received().match(/ 40\d /g)).toEqual([' 401 ', ' 403 ', ' 401 ', ' 403 ']);
  });

  it('reads nobody faster than they read', async () => {
    let asked = 0;
    const { client, received } = connected((_head, answer) => {
      asked++;
      answer.allow(session);
      return true;
    });
    client.pause();
    client.write(request('/').repeat(500));
    await expect.poll(() => asked).toBeGreaterThan(0);
    await new Promise((next) => setImmediate(next));
    // Two buffers full, and not five hundred answers.
    expect(asked).toBeLessThan(60);
    client.resume();
    await expect.poll(() => received().match(/HTTP\/1\.1 200/g)?.length).toBe(500);
    expect(asked).toBe(500);
  });

  it('hands over what it does not know, with every byte, after what it has answered', async () => {
    const { client, received } = connected((head, answer) => {
      if (head.url !== '/mine') return false;
      answer.bare(401);
      return true;
    });
    client.write(`${request('/mine')}${request('/theirs')}${request('/mine')}GET /ha`);
    client.write('lf HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(received).toContain('other /half');
    expect(received().match(/ 401 |other \/(?:theirs|mine|half)/g)).toEqual([
      ' 401 ',
      'other /theirs',
      'other /mine',
      'other /half',
    ]);
  });
});
