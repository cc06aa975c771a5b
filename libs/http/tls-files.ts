import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** What a server needs to speak TLS: PEM of the certificate with those above it, and of its key. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What takes a renewed pair: `https.Server`. */
interface TakesPair {
  setSecureContext(pair: TlsPair): void;
}

const LOOK_MS = 10_000;

/** Certificate and key in files, which somebody renews: a new pair is used for new connections, a bad one is told and the old one kept. */
export class TlsFiles {
  private current: TlsPair;
  private seen: string;
  private told = '';
  private readonly servers: TakesPair[] = [];
  private readonly timer: NodeJS.Timeout;

  /** @throws Error that names the file which cannot be used */
  constructor(
    private readonly certPath: string,
    private readonly keyPath: string,
    private readonly note: (sentence: string) => void,
    lookMs = LOOK_MS,
  ) {
    this.seen = this.version();
    this.current = this.read();
    this.timer = setInterval(() => this.look(), lookMs);
    this.timer.unref();
  }

  get pair(): TlsPair {
    return this.current;
  }

  /** From now on the server has each renewed pair. */
  renew(server: TakesPair): void {
    this.servers.push(server);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    try {
      const version = this.version();
      if (version === this.seen) return;
      const pair = this.read();
      this.seen = version;
      this.current = pair;
      for (const server of this.servers) server.setSecureContext(pair);
      this.note('the TLS certificate was renewed');
    } catch (error) {
      // A pair that is half written is whole at the next look; one that stays bad is told once.
      const trouble = `the TLS certificate is not renewed: ${error instanceof Error ? error.message : String(error)}`;
      if (trouble !== this.told) this.note(trouble);
      this.told = trouble;
    }
  }

  private read(): TlsPair {
    const read = (name: string, path: string): Buffer => {
      try {
        return readFileSync(path);
      } catch (error) {
        throw new Error(`${name} ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    };
    const pair = { cert: read('TLS_CERT', this.certPath), key: read('TLS_KEY', this.keyPath) };
    try {
      createSecureContext(pair);
      return pair;
    } catch (error) {
      throw new Error(
        `TLS_CERT ${this.certPath} and TLS_KEY ${this.keyPath} are no pair of certificate and key in PEM: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }

  private version(): string {
    return [this.certPath, this.keyPath]
      .map((path) => {
        const facts = statSync(path, { throwIfNoEntry: false });
        return `${facts?.ino} ${facts?.mtimeMs} ${facts?.size}`;
      })
      .join();
  }
}
