import { useEffect, useState, type ReactElement } from 'react';

interface Known {
  readonly name: string | null;
  readonly role: string | null;
}

/** Who has logged in at the identity provider, and a button that ends the session; nothing where nobody has. `onOut` is told when it is over. */
export function Session({ onOut }: { onOut: () => void }): ReactElement | null {
  const [known, setKnown] = useState<Known | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const gone = new AbortController();
    fetch('./auth/session', { signal: gone.signal, headers: { accept: 'application/json' } })
      .then(async (response) => setKnown((await response.json()) as Known))
      // Whoever comes with a key, or at this machine, has no session to end.
      .catch(() => undefined);
    return () => gone.abort();
  }, []);
  if (known === null || known.name === null) return null;
  const logOut = async (): Promise<void> => {
    setFailed(false);
    const answer = await fetch('./auth/logout', { method: 'POST' }).catch(() => null);
    if (answer?.ok) onOut();
    else setFailed(true);
  };
  return (
    <span className="session">
      <span className="wide-only" title={known.role ?? undefined}>
        {known.name}
      </span>
      <button type="button" onClick={() => void logOut()}>
        Log out
      </button>
      {failed && <span role="alert">The server does not answer: you are still logged in.</span>}
    </span>
  );
}

/** What is left of the page after a logout. */
export function LoggedOut(): ReactElement {
  return (
    <main className="page" id="content">
      <h1>You are logged out</h1>
      <p>
        <a href={`./auth/login?return=${encodeURIComponent(location.pathname)}`}>Log in again</a>. You may still be
        logged in at the identity provider.
      </p>
    </main>
  );
}
