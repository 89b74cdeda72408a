import type { ServerResponse } from 'node:http';
import type { AppSlot } from './live-app-sessions.ts';

/** Of every answer but the good one, whose head is made once a session. */
export const BARE = { 'content-length': '0', 'cache-control': 'no-store' } as const;

/** Where an answer of the gateway's doors goes: all are empty, and each request gets one. */
export interface GatewayAnswer {
  /** Lets the request through, and says who it is. */
  allow(session: AppSlot): void;
  /** Anything else. */
  bare(status: number, headers?: Readonly<Record<string, string>>): void;
}

/** Answers by `node:http`. */
export class HttpAnswer implements GatewayAnswer {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  allow(session: AppSlot): void {
    // HTTP/1.1 keeps connections by itself, and nobody reads the date of this answer: each line costs both sides.
    this.#response.sendDate = false;
    this.#response.removeHeader('connection');
    this.#response.writeHead(200, session.head as string[]).end();
  }

  bare(status: number, headers?: Readonly<Record<string, string>>): void {
    this.#response.writeHead(status, { ...BARE, ...headers }).end();
  }
}
