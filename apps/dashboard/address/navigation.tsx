import {
  createContext,
  useCallback,
  useContext,
  useMemo,
  useSyncExternalStore,
  type AnchorHTMLAttributes,
  type ReactElement,
  type ReactNode,
} from 'react';
import { addressOf, readPageState, type PageState } from './page-state';

type Change = Partial<PageState>;

interface Navigation {
  readonly state: PageState;
  /** the address of this page with something changed; view, range, zone and filters stay, details only within one view */
  addressWith(change: Change): string;
  go(change: Change, how?: 'push' | 'replace'): void;
}

const NavigationContext = createContext<Navigation | null>(null);
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

const here = (): string => `${window.location.pathname}${window.location.search}`;

/** Keeps the page's state in the browser's address, so that links can be shared and the back button works. */
export function NavigationProvider({ children }: { children: ReactNode }): ReactElement {
  const address = useSyncExternalStore(subscribe, here);
  const state = useMemo(() => {
    const at = address.indexOf('?');
    return at < 0 ? readPageState(address, '') : readPageState(address.slice(0, at), address.slice(at));
  }, [address]);
  const addressWith = useCallback(
    (change: Change) => {
      const details = change.view === undefined || change.view === state.view ? state.details : {};
      return addressOf({ ...state, details, ...change });
    },
    [state],
  );
  const go = useCallback(
    (change: Change, how: 'push' | 'replace' = 'push') => {
      const target = addressWith(change);
      if (how === 'push') window.history.pushState(null, '', target);
      else window.history.replaceState(null, '', target);
      for (const listener of listeners) listener();
    },
    [addressWith],
  );
  const navigation = useMemo(() => ({ state, addressWith, go }), [state, addressWith, go]);
  return <NavigationContext value={navigation}>{children}</NavigationContext>;
}

/** The state of the page and the ways to change it. */
export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('no NavigationProvider around this');
  return navigation;
}

type LinkProps = { to: Change } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>;

/** A real link to a state of the page: opens in a new tab, can be copied, and changes the page without loading it. */
export function PageLink({ to, children, ...rest }: LinkProps): ReactElement {
  const { addressWith, go } = useNavigation();
  return (
    <a
      {...rest}
      href={addressWith(to)}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
