import { AsyncLocalStorage } from 'node:async_hooks';

/** Whoever asked will not take the answer any more: what was asked on the way to it is given up. */
export class AskerGoneError extends Error {
  constructor() {
    super('whoever asked has gone');
    this.name = 'AskerGoneError';
  }
}

/**
 * In whose name a work is done, without every function on the way naming them: the signal is aborted when they are gone. Work in nobody's name
 * (undefined) is never given up.
 */
export const asker = new AsyncLocalStorage<AbortSignal>();
