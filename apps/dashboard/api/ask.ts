/** A problem document (RFC 9457) as an error: the server said no, and why. */
export class Problem extends Error {
  constructor(
    readonly title: string,
    readonly detail: string,
    readonly status: number,
    /** the parameter at fault, where one is */
    readonly parameter: string | null,
  ) {
    super(title);
  }
}

export type Query = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

/** The address of an endpoint under `api/v1`, with a list as the same parameter several times; null and '' are left out. */
export function endpoint(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') search.append(name, String(one));
    }
  }
  const text = search.toString();
  return `./api/v1/${path}${text ? `?${text}` : ''}`;
}

/** GET → JSON. Throws a {@link Problem}, also where no server answers (status 0). */
export async function ask<T>(address: string, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(await reach(address, { signal, headers: { accept: 'application/json' } }));
}

/** POST of text or a file → JSON; throws as {@link ask} does. */
export async function send<T>(address: string, body: Blob | string, type: string): Promise<T> {
  return answerOf<T>(await reach(address, { method: 'POST', body, headers: { 'content-type': type } }));
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(
      'The server does not answer',
      'Is "hoptime serve" still running? This page tries again by itself.',
      0,
      null,
    );
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const document: unknown = await response.json().catch(() => null);
  throw problemOf(document, response.status);
}

/** What the server said, or, where it is no problem document, what the status says. */
export function problemOf(document: unknown, status: number): Problem {
  const fields = typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : {};
  const text = (name: string): string | null => (typeof fields[name] === 'string' ? (fields[name] as string) : null);
  return new Problem(
    text('title') ?? `The server answered with status ${status}`,
    text('detail') ?? (status >= 500 ? 'The log of "hoptime serve" says more.' : ''),
    status,
    text('parameter'),
  );
}
