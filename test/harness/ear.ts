import { request as httpRequest } from 'node:http';
import type { Person } from './person.ts';

/** What comes to a session without being asked for. */
export interface Ear {
  /** Everything, as it came. */
  text(): string;
  /** The hints: `inbox`, or what changed and its id, each as often as it was said. */
  hints(): string[];
  /** Resolves with everything once the server has ended the stream. */
  readonly ended: Promise<string>;
  stop(): void;
}

/** Opens the stream of somebody's session, and resolves once it is open. */
export const listen = (person: Person): Promise<Ear> =>
  new Promise((resolve, reject) => {
    const target = new URL('/sallyport/v1/me/events', person.url);
    let text = '';
    const call = httpRequest(
      {
        host: '127.0.0.1',
        port: target.port,
        path: target.pathname,
        agent: false,
        headers: { ...person.headers(), Host: target.host },
      },
      (response) => {
        const ended = new Promise<string>((end) => response.on('close', () => end(text)));
        const ear: Ear = {
          text: () => text,
          hints: () =>
            [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)]
              .filter(([, event]) => event !== 'open' && event !== 'ended')
              .map(([, event, data]) =>
                [event, (JSON.parse(data ?? '{}') as { id?: string }).id ?? ''].join(' ').trim(),
              ),
          ended,
          stop: () => call.destroy(),
        };
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          resolve(ear);
        });
      },
    );
    call.on('error', reject);
    call.end();
  });
