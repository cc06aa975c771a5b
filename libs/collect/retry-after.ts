/** The wait that a `Retry-After` field asks for (RFC 9110 §10.2.3: seconds or a date), in ms from `now`; undefined where it says none. */
export function retryAfterMs(field: string | null, now: number): number | undefined {
  const text = (field ?? '').trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
