import type { Store } from '../store/store';
import type { Pseudonyms } from '../trace/pseudonyms';
import { timeText } from './api-key.repository';

/** One request in the audit log. */
export interface AuditEntry {
  readonly at: number;
  readonly keyId: string;
  readonly keyName: string;
  readonly role: string;
  readonly address: string;
  readonly method: string;
  readonly route: string;
  readonly target: string;
  readonly status: number;
}

/** Entries go into the store together, at least so often. */
const WRITE_MS = 1000;
/** So long an answer is held back for its entry. */
const PATIENCE_MS = 2000;
/** So many wait while the store takes none; then requests are refused, since none may go unnoticed. */
const MOST_WAITING = 10_000;
const MOST_TARGET = 2000;

/** Notes who read personal data or changed something. What was recorded is in the store before it is answered; what was only added, after a second, and when the server stops. */
export class AuditLog {
  private waiting: AuditEntry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<Store, 'client'> & Partial<Pick<Store, 'pseudonyms'>>,
    private readonly note: (sentence: string) => void,
  ) {}

  /** No more can be noted now. */
  get isFull(): boolean {
    return this.waiting.length >= MOST_WAITING;
  }

  add(entry: AuditEntry): void {
    this.waiting.push(entry);
    this.writeIn(WRITE_MS);
  }

  /** Notes an entry, and waits until it is in the store; at most two seconds where that takes none, and then it waits on by itself. */
  async record(entry: AuditEntry): Promise<void> {
    this.add(entry);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((done) => (timer = setTimeout(done, PATIENCE_MS)));
    await Promise.race([this.flush(), patience]);
    clearTimeout(timer);
  }

  /** Writes what waits. What cannot be written waits on. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private writeIn(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms);
    // Who ends the program flushes; a timer alone keeps no program alive.
    this.timer.unref();
  }

  private async write(): Promise<void> {
    const entries = this.waiting;
    if (entries.length === 0) return;
    this.waiting = [];
    const { pseudonyms } = this.store;
    try {
      const values = entries.map((entry) => ({
        at: timeText(entry.at),
        key_id: entry.keyId,
        key_name: entry.keyName,
        role: entry.role,
        address: entry.address,
        method: entry.method,
        route: entry.route,
        target: (pseudonyms ? withPseudonyms(pseudonyms, entry) : entry.target).slice(0, MOST_TARGET),
        status: entry.status,
      }));
      await this.store.client.insert({ table: 'hoptime_store.audit_log', format: 'JSONEachRow', values });
    } catch (error) {
      this.note(`the audit log cannot be written and waits: ${error instanceof Error ? error.message : String(error)}`);
      this.waiting = [...entries, ...this.waiting];
      this.writeIn(10 * WRITE_MS);
    }
  }
}

/** Of an address of the API each part is an address or a Message-ID by itself. */
function withPseudonyms(pseudonyms: Pseudonyms, { route, target }: AuditEntry): string {
  if (route === '/sql') return pseudonyms.inText(target);
  return target.replace(/[^/?&=]+/g, (part) => {
    const text = decoded(part);
    return text.includes('@') ? encodeURIComponent(pseudonyms.inText(text)) : part;
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
