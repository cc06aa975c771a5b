import { createContext, useContext, useEffect, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { Range } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { boundsOf } from '../address/page-state';
import { ask, endpoint, Problem, type Query } from './ask';
import { RevisionContext } from './use-answer';

interface LiveStore {
  /** what the store holds; null until the server has answered once */
  readonly range: Range | null;
  /** why the server does not answer now */
  readonly problem: Problem | null;
  /** the bounds that this page asks for; null while they are not known or the store is empty */
  readonly bounds: { readonly from: string; readonly to: string } | null;
}

const LiveStoreContext = createContext<LiveStore | null>(null);
const POLL_MS = 3000;
/** a range that ends now moves on at least so often, so that it does not ask for a different range at each poll */
const MOVE_MS = 60_000;

interface Polled {
  readonly range: Range | null;
  readonly problem: Problem | null;
  readonly revision: number;
  readonly now: number;
}

/**
 * Asks the cheap endpoint `range` every three seconds while the page is visible, and everything else only when it says that the store has
 * changed.
 */
export function LiveStoreProvider({ children }: { children: ReactNode }): ReactElement {
  const { range: asked } = useNavigation().state;
  const [polled, setPolled] = useState<Polled>({ range: null, problem: null, revision: 0, now: Date.now() });

  useEffect(() => {
    const abort = new AbortController();
    let timer: number | undefined;
    const poll = async (): Promise<void> => {
      window.clearTimeout(timer);
      try {
        const range = await ask<Range>(endpoint('range'), abort.signal);
        setPolled((before) => after(before, range));
      } catch (error) {
        if (abort.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem('This page failed', String(error), -1, null);
        setPolled((before) => ({ ...before, problem }));
      }
      if (!abort.signal.aborted && document.visibilityState === 'visible') timer = window.setTimeout(poll, POLL_MS);
    };
    const seen = (): void => {
      if (document.visibilityState === 'visible') void poll();
    };
    void poll();
    document.addEventListener('visibilitychange', seen);
    return () => {
      abort.abort();
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);

  const { range, problem, now, revision } = polled;
  const bounds = useMemo(() => {
    if (range === null) return null;
    const extent = range.from === null || range.to === null ? null : { from: range.from, to: range.to };
    return boundsOf(asked, now, extent);
  }, [asked, now, range?.from, range?.to]);
  const live = useMemo(() => ({ range, problem, bounds }), [range, problem, bounds]);
  return (
    <LiveStoreContext value={live}>
      <RevisionContext value={revision}>{children}</RevisionContext>
    </LiveStoreContext>
  );
}

function after(before: Polled, range: Range): Polled {
  const changed =
    before.range !== null && (before.range.revision !== range.revision || before.range.changed_at !== range.changed_at);
  const now = Date.parse(range.now);
  const moves = before.range === null || changed || now - before.now >= MOVE_MS;
  return {
    range,
    problem: null,
    revision: before.revision + (changed ? 1 : 0),
    now: moves ? now : before.now,
  };
}

export function useLiveStore(): LiveStore {
  const live = useContext(LiveStoreContext);
  if (!live) throw new Error('no LiveStoreProvider around this');
  return live;
}

/** Range, zone, clock and filters of this page as parameters of the API; null while there is no range to ask for. */
export function useScopeQuery(): Query | null {
  const { bounds } = useLiveStore();
  const { tz, clock, filters } = useNavigation().state;
  return useMemo(
    () => (bounds === null ? null : { ...bounds, tz, clock: clock === 'raw' ? undefined : clock, ...filters }),
    [bounds, tz, clock, filters],
  );
}

/** The address of an endpoint for the range and filters of this page; null while there is no range to ask for. */
export function useScopedEndpoint(path: string, more: Query = {}): string | null {
  const query = useScopeQuery();
  return query === null ? null : endpoint(path, { ...query, ...more });
}
