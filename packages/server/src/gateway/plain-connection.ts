import { type Server, STATUS_CODES, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import { SERVER_OPTIONS } from '../http/build-router.ts';
import { BARE, type GatewayAnswer } from './gateway-answer.ts';
import type { AppSlot } from './live-app-sessions.ts';
import type { NginxCheck } from './nginx-check.ts';
import { readPlainHead } from './read-plain-head.ts';

/** An answer without a body, as it goes over the wire. Values of headers are refused where `node:http` refuses them. */
const plainAnswer = (status: number, lines: readonly string[]): string => {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let i = 0; i < lines.length; i += 2) {
    const [name, value] = [lines[i] as string, lines[i + 1] as string];
    validateHeaderValue(name, value);
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
};

/**
 * One connection of nginx. Requests that are as plain as ours to nginx are, one after the other, are read and answered
 * here, which costs a third of what `node:http` costs. The first bytes that are anything else, be it a body, half a
 * head, or a page of ours, go to the `node:http` server with the connection, unread: what we have no opinion on cannot be
 * read in two ways. So there is no timer, no buffer and no limit of ours either, but for connections that rest.
 */
class PlainConnection implements GatewayAnswer {
  readonly #socket: Socket;
  readonly #check: NginxCheck;
  readonly #others: Server;
  /** What came after the request that is being judged. */
  #rest: Buffer | null = null;
  #isAnswered = true;

  constructor(socket: Socket, check: NginxCheck, others: Server) {
    this.#socket = socket;
    this.#check = check;
    this.#others = others;
  }

  serve(): void {
    this.#socket.on('data', this.#read);
    this.#socket.on('end', this.#end);
    this.#socket.on('error', this.#close);
    this.#socket.setTimeout(SERVER_OPTIONS.keepAliveTimeout, this.#close);
  }

  allow(session: AppSlot): void {
    session.plainAnswer ??= plainAnswer(200, session.head);
    this.#write(session.plainAnswer);
  }

  bare(status: number, headers?: Readonly<Record<string, string>>): void {
    this.#write(plainAnswer(status, Object.entries({ ...BARE, ...headers }).flat()));
  }

  readonly #read = (bytes: Buffer): void => {
    let rest = bytes;
    while (rest.length > 0) {
      const head = readPlainHead(rest, this.#socket);
      this.#isAnswered = false;
      if (head === null || !this.#check(head, this)) {
        this.#handOver(rest);
        return;
      }
      rest = rest.subarray(head.end);
      if (!this.#isAnswered) {
        // Answers keep the order of the requests, and nobody is read faster than they read us.
        this.#rest = rest;
        this.#socket.pause();
        return;
      }
    }
  };

  #write(answer: string): void {
    if (this.#socket.write(answer, 'latin1')) this.#next();
    else this.#socket.once('drain', () => this.#next());
  }

  #next(): void {
    this.#isAnswered = true;
    const rest = this.#rest;
    if (rest === null) return;
    this.#rest = null;
    this.#socket.resume();
    this.#read(rest);
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    socket.off('data', this.#read);
    socket.off('end', this.#end);
    socket.off('error', this.#close);
    socket.setTimeout(0, this.#close);
    socket.pause();
    socket.unshift(bytes);
    this.#others.emit('connection', socket);
    socket.resume();
  }

  readonly #end = (): void => {
    this.#socket.end();
  };

  readonly #close = (): void => {
    this.#socket.destroy();
  };
}

/** Serves a connection of nginx: `check` answers what is plain and its own, `others` all else. */
export const servePlainConnection = (socket: Socket, check: NginxCheck, others: Server): void => {
  new PlainConnection(socket, check, others).serve();
};
