import { describe, expect, it, vi } from 'vitest';
import { afterCommit } from '../store/after-commit.ts';
import { createGroupCommit } from '../store/group-commit.ts';
import { rehearse } from '../store/rehearsal.ts';
import { createHintBoard, type Hint, type Listener } from './hint-board.ts';
import { paceHints } from './pace-hints.ts';

const somebody = (): Listener & { readonly heard: Hint[] } => {
  const heard: Hint[] = [];
  return { principal: {} as Listener['principal'], tell: (hint) => heard.push(hint), heard };
};
const ask = (id: string) => ({ kind: 'request', id }) as const;

describe('the board of hints', () => {
  it('asks once for a thing that changed many times, whoever listens, and never while nobody does', async () => {
    const find = vi.fn(async ({ id }: { id: string }, all: readonly Listener[]) =>
      all.map((one) => [one, { event: 'request', id }] as const),
    );
    const board = createHintBoard(find, () => undefined);
    board.changed(ask('req0'));
    const [a, b] = [somebody(), somebody()];
    board.listen(a);
    const leave = board.listen(b);
    for (let i = 0; i < 50; i += 1) board.changed(ask('req1'));
    board.changed(ask('req2'));
    await vi.waitFor(() => expect(a.heard).toHaveLength(2));
    expect(find.mock.calls.map(([change]) => change.id)).toEqual(['req1', 'req2']);
    expect(b.heard).toEqual(a.heard);
    leave();
    board.changed(ask('req3'));
    await vi.waitFor(() => expect(a.heard).toHaveLength(3));
    expect(b.heard).toHaveLength(2);
    await board.close();
    board.changed(ask('req4'));
    expect(find).toHaveBeenCalledTimes(3);
  });

  it('tells whoever left while it asked nothing, and everybody that something was missed where it could not ask', async () => {
    const failures: unknown[] = [];
    let answer: () => void = () => undefined;
    const board = createHintBoard(
      async ({ id }, all) => {
        if (id === 'bad') throw new Error('no store');
        await new Promise<void>((resolve) => (answer = resolve));
        return all.map((one) => [one, { event: 'request', id }] as const);
      },
      (error) => failures.push(error),
    );
    const [a, b] = [somebody(), somebody()];
    board.listen(a);
    const leave = board.listen(b);
    board.changed(ask('req1'));
    board.changed(ask('bad'));
    await new Promise((resolve) => setImmediate(resolve));
    leave();
    answer();
    await vi.waitFor(() => expect(a.heard.map(({ event }) => event)).toEqual(['request', 'missed']));
    expect([b.heard, failures.length]).toEqual([[], 1]);
    await board.close();
  });

  it('names no more things than can be looked at: then everybody reads anew', async () => {
    const find = vi.fn(async () => []);
    const board = createHintBoard(find, () => undefined);
    const a = somebody();
    board.listen(a);
    for (let i = 0; i < 501; i += 1) board.changed(ask(`req${i}`));
    await vi.waitFor(() => expect(a.heard).toEqual([{ event: 'missed', id: null }]));
    expect(find).not.toHaveBeenCalled();
    await board.close();
  });
});

describe('the hints of a stream', () => {
  const turn = (): Promise<void> => Promise.resolve();

  it('are said at once, and then once a second together, each once', async () => {
    const said: string[] = [];
    const { hear, look } = paceHints((text) => said.push(text) > 0);
    hear({ event: 'request', id: 'req1' });
    hear({ event: 'inbox', id: null });
    await turn();
    expect(said).toEqual(['event: request\ndata: {"id":"req1"}\n\nevent: inbox\ndata: {}\n\n']);
    for (let i = 0; i < 9; i += 1) hear({ event: 'inbox', id: null });
    await turn();
    expect(said).toHaveLength(1);
    look(true);
    expect(said[1]).toBe('event: inbox\ndata: {}\n\n');
    look(true);
    look(true);
    expect(said).toHaveLength(2);
  });

  it('wait for a listener that takes no more, and are never more than a few', async () => {
    const said: string[] = [];
    const { hear, look } = paceHints((text) => said.push(text) < 0);
    hear({ event: 'inbox', id: null });
    await turn();
    for (let i = 0; i < 500; i += 1) hear({ event: 'request', id: `req${i}` });
    look(false);
    expect(said).toHaveLength(1);
    look(true);
    expect(said[1]).toContain('event: missed\n');
    expect(said[1]?.length).toBeLessThan(2000);
  });
});

describe('what is done after a commit', () => {
  it('is done once it is durable, and never for what was undone or rehearsed', async () => {
    const done: string[] = [];
    let isDown = false;
    const { transaction } = createGroupCommit({
      tx: {} as never,
      begin: 'BEGIN',
      async execute(statement) {
        if (statement !== 'COMMIT') return;
        if (isDown) throw new Error('the disk is full');
        done.push('COMMIT');
      },
      recover: async () => undefined,
    });
    const note = (what: string) => async () => afterCommit(() => void done.push(what));
    await transaction(note('kept'));
    await expect(
      transaction(async () => {
        await note('undone')();
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    await rehearse(() => transaction(note('rehearsed')));
    isDown = true;
    await expect(transaction(note('lost'))).rejects.toThrow('the disk is full');
    expect(done.filter((what) => what !== 'COMMIT')).toEqual(['kept']);
    expect(done.slice(0, 2)).toEqual(['COMMIT', 'kept']);
  });
});
