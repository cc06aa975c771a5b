/** Tables that say which rollups count, and whether they do. */
const TOLD_BY = /\brollup_(?:marks|versions)\b/;

let edition = 0;

/**
 * Another number whenever a statement of this process, or of one that it works for, may have changed which rollups count: what was known of
 * them before it is not known any more. Says nothing of a store on a server, which others write to.
 */
export const rollupEdition = (): number => edition;

/** Runs a statement that may write, in the engine of this process. */
export async function countedInEdition<T>(sql: string, run: () => Promise<T>): Promise<T> {
  if (!TOLD_BY.test(sql)) return run();
  edition++;
  try {
    return await run();
  } finally {
    // Who asked while it ran may have been told either.
    edition++;
  }
}
