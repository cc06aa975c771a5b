/** So many callers are told apart; the one not seen for longest is forgotten. */
const MOST_CALLERS = 10_000;
const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * How many requests a caller may make: a bucket of `perMinute` tokens that fills at that rate, so a page that asks for twenty things at once is no
 * matter, and a loop is. 0 = no limit.
 */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes a request in; answers 0, or in how many whole seconds the caller may ask again. */
  take(caller: string): number {
    if (this.perMinute === 0) return 0;
    const now = this.now();
    const bucket = this.buckets.get(caller) ?? { tokens: this.perMinute, at: now };
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + ((now - bucket.at) * this.perMinute) / MINUTE_MS);
    bucket.at = now;
    this.buckets.delete(caller);
    if (this.buckets.size >= MOST_CALLERS) this.buckets.delete(this.buckets.keys().next().value as string);
    this.buckets.set(caller, bucket);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / this.perMinute / 1000);
    bucket.tokens -= 1;
    return 0;
  }
}
