import { AsyncLocalStorage } from 'node:async_hooks';

type Act = () => void;
const acts = new AsyncLocalStorage<Act[]>();

/**
 * Does something once the transaction that runs is durable; never, where it is undone or only rehearsed. It must not throw,
 * and writes nothing: what has to happen belongs into the transaction, or into the outbox.
 */
export const afterCommit = (act: Act): void => void acts.getStore()?.push(act);

/** Runs work, and keeps in a list what shall be done after its commit. */
export const collectingActs = <T>(list: Act[], work: () => Promise<T>): Promise<T> => acts.run(list, work);
