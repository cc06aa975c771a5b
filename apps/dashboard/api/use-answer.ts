import { createContext, useContext, useEffect, useState } from 'react';
import { ask, Problem } from './ask';

/** Grows when the store holds something new: every question on the page is then asked again. */
export const RevisionContext = createContext(0);

export interface Answer<T> {
  /** the last answer; stays while it is asked again, also after a question that failed */
  readonly data: T | null;
  readonly problem: Problem | null;
  /** true while `data` answers another question than the one asked now */
  readonly stale: boolean;
}

interface Kept<T> {
  readonly address: string | null;
  readonly data: T | null;
  readonly problem: Problem | null;
}

const NOTHING = { address: null, data: null, problem: null };
const RETRY_MS = 5000;

/**
 * Asks an endpoint, again when its address or the store's revision changes, and again after five seconds where no server answered
 * or it had too much to do.
 * A late answer to an earlier question is thrown away. `null` asks nothing.
 */
export function useAnswer<T>(address: string | null): Answer<T> {
  const revision = useContext(RevisionContext);
  const [kept, setKept] = useState<Kept<T>>(NOTHING);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (address === null) {
      setKept(NOTHING);
      return undefined;
    }
    const abort = new AbortController();
    let timer: number | undefined;
    ask<T>(address, abort.signal).then(
      (data) => setKept({ address, data, problem: null }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem('This page failed', String(error), -1, null);
        setKept((before) => ({ address, data: before.address === address ? before.data : null, problem }));
        if (problem.status === 0 || problem.status === 503)
          timer = window.setTimeout(() => setAttempt((n) => n + 1), RETRY_MS);
      },
    );
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [address, revision, attempt]);
  return { data: kept.data, problem: kept.address === address ? kept.problem : null, stale: kept.address !== address };
}
