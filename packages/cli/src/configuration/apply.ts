import type { ClientRequest } from '@sallyport/client/client-request';
import type { Client } from '@sallyport/client/create-client';
import { refusedOfSeveral } from '@sallyport/client/refusal';
import { createNames } from './names.ts';
import type { Change } from './plan.ts';
import type { Step } from './section.ts';

/** As many as one proof covers. */
const BATCH_MAX = 100;

export interface Applied {
  /** Changes that were made whole. */
  readonly done: readonly Change[];
  /** The first that was not, why, and whether some of its requests had been made. */
  readonly failed: { readonly change: Change; readonly reason: unknown; readonly isHalfDone: boolean } | null;
}

interface Turn {
  readonly change: Change;
  readonly step: Step;
}

/**
 * Makes the changes, one after the other, each by the API's own requests: permissions, protected actions and promises
 * hold as for anybody. Stops at the first that is refused; of those of one proof none is made then, if it was refused before
 * the proof was asked for. What was made stays, and the same document goes on from there.
 */
export const applyChanges = async (
  client: Client,
  changes: readonly Change[],
  onDone: (change: Change) => void,
): Promise<Applied> => {
  const names = createNames(client);
  const turns = changes.flatMap((change): Turn[] => change.steps.map((step) => ({ change, step })));
  const done: Change[] = [];
  for (let i = 0; i < turns.length; ) {
    const batch = turns[i]?.step.batch;
    let end = i + 1;
    while (end < turns.length && turns[end]?.step.batch === batch && end - i < BATCH_MAX) end += 1;
    const part = turns.slice(i, end);
    const requests: ClientRequest[] = [];
    for (const { step } of part) requests.push(await step.request(names));
    let results: PromiseSettledResult<unknown>[];
    try {
      results = await client.sendAll(requests, { stopsAtFailure: true });
    } catch (reason) {
      const change = part[refusedOfSeveral(reason) ?? -1]?.change;
      if (change === undefined) throw reason;
      return { done, failed: { change, reason, isHalfDone: turns[i - 1]?.change === change } };
    }
    names.forget();
    for (const [at, result] of results.entries()) {
      const turn = part[at];
      if (turn === undefined) continue;
      if (result.status === 'rejected')
        return {
          done,
          failed: { change: turn.change, reason: result.reason, isHalfDone: turns[i + at - 1]?.change === turn.change },
        };
      if (turns[i + at + 1]?.change === turn.change) continue;
      done.push(turn.change);
      onDone(turn.change);
    }
    i = end;
  }
  return { done, failed: null };
};
