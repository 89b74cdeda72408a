import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * Sends `count` requests over keep-alive connections, one at a time on each, taking `requests` in rotation. Every answer
 * must be an empty one with `status`; anything else rejects, for a fast refusal must not pass for a fast check.
 */
export const httpLoad = (
  port: number,
  requests: readonly Buffer[],
  count: number,
  connections: number,
  status: number,
): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const expected = Buffer.from(`HTTP/1.1 ${status} `);
  let sent = 0;
  let answered = 0;
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let pending: Buffer | null = null;
    const send = (): void => {
      if (sent < count) socket.write(requests[sent++ % requests.length] as Buffer);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      const head = pending === null ? chunk : Buffer.concat([pending, chunk]);
      pending = head;
      if (!head.subarray(-4).equals(END_OF_HEAD)) return;
      pending = null;
      if (!head.subarray(0, expected.length).equals(expected))
        return reject(new Error(`answer: ${head.toString('latin1').slice(0, 80)}`));
      if (++answered === count) resolve();
      else send();
    });
    return socket;
  });
  return promise.finally(() => {
    for (const socket of sockets) socket.destroy();
  });
};
