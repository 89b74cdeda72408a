import { TEST_ADDRESS } from './nginx.ts';
import { type Person, type Reply, send } from './person.ts';

/** An app behind the gateway, as a browser sees it. */
export interface AppPlace {
  readonly id: string;
  /** As in a Host header. */
  readonly host: string;
  /** Where requests for it are sent: nginx, or the server itself. */
  readonly url: string;
  readonly isHttps: boolean;
}

/** Somebody's browser at the host of an app: the cookies of that host and of no other. */
export class AppVisitor {
  readonly person: Person;
  readonly place: AppPlace;
  readonly jar = new Map<string, string>();
  address: string;

  constructor(person: Person, place: AppPlace, address = person.address) {
    this.person = person;
    this.place = place;
    this.address = address;
  }

  get cookieName(): string {
    return this.place.isHttps ? '__Host-sallyport' : 'sallyport';
  }
  get cookie(): string | undefined {
    return this.jar.get(this.cookieName);
  }

  async call(
    method: string,
    path: string,
    extra: Record<string, string | string[]> = {},
    body?: unknown,
  ): Promise<Reply> {
    const cookies = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await send(
      this.place.url,
      method,
      path,
      {
        Host: this.place.host,
        'User-Agent': this.person.userAgent,
        [TEST_ADDRESS]: this.address,
        // Read where no nginx stands in front; nginx overwrites it.
        'X-Forwarded-For': this.address,
        ...(cookies === '' ? {} : { Cookie: cookies }),
        ...extra,
      },
      body,
    );
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return reply;
  }

  get(path: string, extra: Record<string, string | string[]> = {}): Promise<Reply> {
    return this.call('GET', path, extra);
  }

  /** As the address bar asks: a browser that can be sent elsewhere. */
  navigate(path: string, extra: Record<string, string | string[]> = {}): Promise<Reply> {
    return this.get(path, { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', ...extra });
  }

  /** Begins at `start` and goes as far as our own host's answer: to the callback, where policy lets in. */
  async ask(rd = '/'): Promise<Reply> {
    const started = await this.navigate(`/.sallyport/start?rd=${encodeURIComponent(rd)}`);
    if (started.status !== 303) return started;
    const next = new URL(String(started.headers.location));
    return this.person.get(next.pathname + next.search);
  }

  /** The path of the callback with a fresh code. */
  async callbackPath(rd = '/'): Promise<string> {
    const asked = await this.ask(rd);
    if (asked.status !== 303) throw new Error(`authorize: ${asked.status} ${asked.text.slice(0, 500)}`);
    const callback = new URL(String(asked.headers.location));
    if (callback.host !== this.place.host) throw new Error(`authorize leads to ${callback.href}`);
    return callback.pathname + callback.search;
  }

  /** The whole way in; the last answer, good or bad. */
  async enter(rd = '/'): Promise<Reply> {
    return this.navigate(await this.callbackPath(rd));
  }

  /** The same cookies in another's hands. */
  thief(address: string): AppVisitor {
    const thief = new AppVisitor(this.person, this.place, address);
    for (const [name, value] of this.jar) thief.jar.set(name, value);
    return thief;
  }
}

/** Puts an app behind the gateway, as its administrator does. */
export const createAppAt = async (
  admin: Person,
  label: string,
  externalUrl: string,
  url: string,
  settings: Record<string, unknown> = {},
): Promise<AppPlace> => {
  const reply = await admin.call('POST', '/api/v1/apps', {
    name: 'sallyport_gateway',
    label,
    signOnMode: 'BOOKMARK',
    settings: { app: { externalUrl, ...settings } },
  });
  if (reply.status !== 200) throw new Error(`app: ${reply.status} ${reply.text}`);
  const external = new URL(externalUrl);
  return { id: reply.body['id'] as string, host: external.host, url, isHttps: external.protocol === 'https:' };
};
