import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';

/** Thrown in place of the commit of a change that is only looked at. */
class PreviewEnd extends Error {
  override readonly name = 'PreviewEnd';
}

/**
 * Runs a use case up to the commit of its transaction, looks at what it would leave behind, and undoes it. What the change
 * would be refused for is thrown, as the use case throws it.
 */
export const previewChange = async <T>(
  s: Services,
  change: (s: Services) => Promise<unknown>,
  look: (tx: Transaction) => Promise<T>,
): Promise<T> => {
  const seen: T[] = [];
  const store: Services['store'] = {
    ...s.store,
    transaction: (work) =>
      s.store.transaction(async (tx) => {
        await work(tx);
        seen.push(await look(tx));
        throw new PreviewEnd();
      }),
  };
  try {
    await change({ ...s, store });
  } catch (error) {
    if (!(error instanceof PreviewEnd)) throw error;
  }
  const [found] = seen;
  if (found === undefined) throw new Error('the change that was to be looked at made no transaction');
  return found;
};
