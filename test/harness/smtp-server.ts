import { createServer, type Socket } from 'node:net';

export interface ReceivedMail {
  /** Its headers, unfolded, each on a line. */
  readonly head: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
}
export interface SmtpServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  stop(): Promise<void>;
}
export interface SmtpOptions {
  readonly port?: number;
  /** The answer to `RCPT TO`, where it is not 250. */
  readonly refuse?: (address: string) => string | null;
  /** The answer to `MAIL FROM`, where it is not 250. */
  readonly refuseSender?: () => string | null;
  /** The answer to the mail itself, where it is not 250. */
  readonly refuseMail?: (mail: ReceivedMail) => string | null;
}

const unfold = (head: string): string => head.replace(/\r\n[ \t]+/g, ' ');
const decodeWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString() : quotedPrintable(word.replace(/_/g, ' ')),
    );
const quotedPrintable = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    text.includes('=') ? 'latin1' : 'utf8',
  ).toString('utf8');

const readMail = (from: string, to: readonly string[], data: string): ReceivedMail => {
  const [head = '', ...body] = data.split('\r\n\r\n');
  const headers = unfold(head);
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1] ?? '';
  const raw = body.join('\r\n\r\n');
  const coding = header('Content-Transfer-Encoding').toLowerCase();
  const text =
    coding === 'base64'
      ? Buffer.from(raw, 'base64').toString()
      : coding === 'quoted-printable'
        ? quotedPrintable(raw)
        : raw;
  return { head: headers, from, to, subject: decodeWords(header('Subject')), messageId: header('Message-ID'), text };
};

/** A mail server of RFC 5321, as much of it as a client needs: it takes mail and keeps it. */
export const startSmtpServer = (options: SmtpOptions = {}): Promise<SmtpServer> => {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    let from = '';
    let to: string[] = [];
    let isData = false;
    let left = '';
    const take = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (verb === 'EHLO' || verb === 'HELO') say('250 test');
      else if (verb === 'MAIL') {
        from = address;
        to = [];
        say(options.refuseSender?.() ?? '250 ok');
      } else if (verb === 'RCPT') {
        const refusal = options.refuse?.(address) ?? null;
        if (refusal === null) to.push(address);
        say(refusal ?? '250 ok');
      } else if (verb === 'DATA') {
        isData = true;
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    };
    socket.on('data', (chunk: Buffer) => {
      left += chunk.toString('latin1');
      for (;;) {
        const end = left.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = left.slice(0, end);
        left = left.slice(end + (isData ? 5 : 2));
        if (isData) {
          isData = false;
          const mail = readMail(from, to, part.replace(/^\.\./gm, '.'));
          const refusal = options.refuseMail?.(mail) ?? null;
          if (refusal === null) mails.push(mail);
          say(refusal ?? '250 kept');
        } else take(part);
      }
    });
    say('220 test');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as { port: number }).port,
        mails,
        stop: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      }),
    );
  });
};
