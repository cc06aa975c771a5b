/** `2026-03-02 00:00:00.123` (as the store answers, UTC) → `2026-03-02T00:00:00.123Z`; null stays null. */
export function isoFromStore(text: string | null): string | null {
  return text === null ? null : `${text.replace(' ', 'T')}Z`;
}

/** Epoch milliseconds → `2026-03-02 00:00:00.123`, the form that keeps its milliseconds as a parameter (storage.md B1.4). */
export function storeTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
}
