import { AsyncLocalStorage } from 'node:async_hooks';

const rehearsing = new AsyncLocalStorage<true>();

/** Thrown in place of the commit of whatever runs in a rehearsal. */
export class RehearsalEnd extends Error {
  override readonly name = 'RehearsalEnd';
}

/** Does the caller run in a rehearsal? Asked when a transaction is requested: it runs in the writer's own turn. */
export const isRehearsing = (): boolean => rehearsing.getStore() === true;

/**
 * Runs work of which nothing is committed, whatever it does: every transaction that is asked for in it is undone at its
 * end. So a person is asked for a key, or for an approval, only where the change would be made: what it is refused for
 * (a right that is missing, a value that is wrong, an object that is gone) is thrown from here first.
 * Resolves when the work came to the point of committing, or changed nothing at all.
 */
export const rehearse = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await rehearsing.run(true, work);
  } catch (error) {
    if (!(error instanceof RehearsalEnd)) throw error;
  }
};
