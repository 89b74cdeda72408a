import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveReader, isHintedAt } from './live.ts';
import { INBOX } from './me.ts';

const REQUESTS = '/sallyport/v1/requests';

describe('what a hint is about', () => {
  it('is the thing, what is read of it, and the lists that it stands in', () => {
    const about = (kind: string, id: string | null) =>
      [
        [`${REQUESTS}/req1`],
        [`${REQUESTS}/req1/messages`, {}],
        [`${REQUESTS}/req10`],
        [REQUESTS, { show: 'mine' }],
        ['/sallyport/v1/approvals/req1'],
        ['/sallyport/v1/campaigns/rev1/items', {}],
        [INBOX, {}],
        ['me'],
        ['me', 'protected-actions'],
        ['overview'],
      ].flatMap((key, at) => (isHintedAt(key, kind, id) ? [at] : []));
    expect(about('request', 'req1')).toEqual([0, 1, 3]);
    expect(about('approval', 'req1')).toEqual([4]);
    expect(about('review', 'rev1')).toEqual([5]);
    expect(about('inbox', null)).toEqual([6, 7]);
    expect(about('request', null)).toEqual([3]);
    expect(about('missed', null)).toHaveLength(10);
    // Of what a newer server says an older page understands nothing.
    expect(about('weather', 'req1')).toEqual([]);
  });
});

describe('the reader of a page', () => {
  let client: QueryClient;
  let shown: 'visible' | 'hidden' = 'visible';
  beforeEach(() => {
    shown = 'visible';
    client = new QueryClient();
    vi.stubGlobal('document', {
      get visibilityState() {
        return shown;
      },
    });
  });
  afterEach(() => {
    client.clear();
    vi.unstubAllGlobals();
  });

  /** A question on the screen, whose answers come when the test gives them. */
  const onScreen = (...queryKey: readonly unknown[]) => {
    const answers: (() => void)[] = [];
    let asked = 0;
    new QueryObserver(client, {
      queryKey,
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: () => {
        asked += 1;
        return new Promise((resolve) => answers.push(() => resolve({})));
      },
    }).subscribe(() => undefined);
    const settle = async (): Promise<void> => {
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
    };
    return {
      asked: () => asked,
      async answer() {
        answers.shift()?.();
        await vi.waitFor(() => undefined);
        await settle();
      },
    };
  };

  it('asks once more after the stream was opened, for its answer may be older, and all of it after each cut', async () => {
    const [one, other] = [onScreen(`${REQUESTS}/req1`), onScreen('overview')];
    const { onOpen } = createLiveReader(client);
    onOpen?.();
    // Nothing that is under way is thrown away.
    expect(one.asked()).toBe(1);
    await one.answer();
    await other.answer();
    await vi.waitFor(() => expect(one.asked()).toBe(2));
    expect(other.asked()).toBe(1);
    await one.answer();
    onOpen?.();
    await vi.waitFor(() => expect([one.asked(), other.asked()]).toEqual([3, 2]));
  });

  it('asks no more often than it is answered, and misses no hint', async () => {
    const one = onScreen(`${REQUESTS}/req1`);
    await one.answer();
    const { onHint } = createLiveReader(client);
    onHint?.('request', 'req2');
    expect(one.asked()).toBe(1);
    for (let i = 0; i < 5; i += 1) onHint?.('request', 'req1');
    await vi.waitFor(() => expect(one.asked()).toBe(2));
    onHint?.('request', 'req1');
    expect(one.asked()).toBe(2);
    await one.answer();
    await vi.waitFor(() => expect(one.asked()).toBe(3));
    await one.answer();
    expect(one.asked()).toBe(3);
  });

  it('of a page that nobody looks at asks nothing, and knows that it is old', async () => {
    const one = onScreen(`${REQUESTS}/req1`);
    await one.answer();
    shown = 'hidden';
    createLiveReader(client).onHint?.('request', 'req1');
    expect(one.asked()).toBe(1);
    expect(client.getQueryState([`${REQUESTS}/req1`])?.isInvalidated).toBe(true);
  });
});
