import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { openSession, VIEWER_ROLE, type EngineSession } from '../store/engine-session';
import { tableFilters } from '../store/row-scope';
import type { Store } from '../store/store';
import { gateOf, lines } from './engine-functions';
import { allowedFormat, sqlLiteral, type AskEngine, type SqlGate } from './gate';
import { OutputPipe, type PipeUse } from './output-pipe';
import { QuerySlots } from './query-slots';
import { SqlError } from './sql-error';
import { appliedSettings, type SqlLimits } from './sql-settings';

/** One statement of a client, with what it sends beside it. */
export interface SqlRequest {
  readonly text: string;
  /** values of `{name:Type}`, as ClickHouse's HTTP interface takes them (`param_name=`): text escaped as in TSV */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
  /** what a statement without FORMAT is answered in */
  readonly defaultFormat: string;
  /** recipient domains whose mail alone is seen; empty or left out: all mail */
  readonly domains?: readonly string[];
}

/** What a query came to. */
export interface SqlSummary {
  readonly resultRows: number;
  /** bytes of the values in the engine's memory */
  readonly resultBytes: number;
  readonly elapsedNs: number;
}

export interface SqlAnswer {
  readonly format: string;
  /** the result as the engine makes it; fails with a SqlError, before its first byte or between two */
  readonly bytes: Readable;
  /** resolves before `bytes` ends; never rejects where `bytes` fails */
  readonly summary: Promise<SqlSummary | undefined>;
}

/** A statement that has passed the gate, and all that it needs to run. */
interface AdmittedQuery {
  readonly session: EngineSession;
  readonly sql: string;
  readonly format: string;
  readonly pipe: OutputPipe;
  readonly release: () => void;
  readonly signal: AbortSignal;
  readonly limits: SqlLimits;
}

export interface SqlEngineOptions extends SqlLimits {
  /** queries that run at the same time */
  readonly running?: number;
  /** queries that may wait for their turn */
  readonly waiting?: number;
}

/** Facts about the engine that clients ask for. */
export interface EngineFacts {
  readonly version: string;
  readonly displayName: string;
}

const RUNNING = 4;
const WAITING = 64;
/** The engine takes its view of the tables when a statement begins; so long may a change of several statements have to wait for that. */
const BEGIN_MS = 250;
/** After the limit of time, for a statement that does not look at the clock. */
const GRACE_MS = 1500;
const KILL_AGAIN_MS = 250;

/**
 * Read-only SQL over one open store. Each statement has a session of its own that has given up every role but the viewer's and every right to
 * write, passes the gate, and runs within limits; its result comes through a pipe. Nothing that a statement does outlives it.
 */
export class SqlEngine {
  private readonly slots: QuerySlots;
  private readonly pipes: OutputPipe[] = [];
  private known: Promise<{ gate: SqlGate; facts: EngineFacts }> | undefined;

  constructor(
    private readonly store: Pick<Store, 'path' | 'gate'>,
    private readonly options: SqlEngineOptions,
  ) {
    this.slots = new QuerySlots(options.running ?? RUNNING, options.waiting ?? WAITING);
  }

  get load(): { running: number; waiting: number } {
    return this.slots.load;
  }

  async facts(): Promise<EngineFacts> {
    return (await this.learn()).facts;
  }

  /**
   * Begins to run a statement. `signal` says that nobody wants the answer any more: the statement is killed.
   * @param limits other than the configuration's, from a client that may choose them
   * @throws SqlError: refused, wrong, too many queries
   */
  async ask(request: SqlRequest, signal: AbortSignal, limits: SqlLimits = this.options): Promise<SqlAnswer> {
    allowedFormat(request.defaultFormat);
    const settings = appliedSettings(request.settings ?? {}, limits);
    const release = await this.slots.take(signal);
    let session: EngineSession | undefined;
    try {
      const { gate } = await this.learn();
      session = openSession(this.store.path);
      const ask = asker(session);
      await ask(preparation(settings, request));
      const { sql, format = request.defaultFormat } = await gate.admit(ask, request.text);
      const pipe = this.pipes.pop() ?? (await OutputPipe.create());
      return await this.run({ session, sql, format, pipe, release, signal, limits });
    } catch (error) {
      session?.close();
      release();
      throw SqlError.of(error);
    }
  }

  /** Resolves when nothing runs any more. */
  async close(): Promise<void> {
    while (this.slots.load.running > 0) await sleep(20);
    for (const pipe of this.pipes.splice(0)) pipe.close();
  }

  private async run({ session, sql, format, pipe, release, signal, limits }: AdmittedQuery): Promise<SqlAnswer> {
    const id = randomUUID();
    const use = pipe.open();
    const began = process.hrtime.bigint();
    let isRunning = true;
    const statement = `/*${id}*/ ${sql} INTO OUTFILE '${use.path}' APPEND FORMAT ${format}`;
    const { running } = await this.begin(() => session.queryAsync(statement));
    const stop = (): void => {
      use.bytes.destroy();
      void this.kill(id, use, () => isRunning);
    };
    const cut = new CutShort(signal, limits.maxSeconds * 1000 + GRACE_MS, stop);
    const summary = running
      .then(({ rowsRead, bytesRead }) => ({
        resultRows: rowsRead,
        resultBytes: bytesRead,
        elapsedNs: Number(process.hrtime.bigint() - began),
      }))
      .catch(() => undefined)
      .finally(() => {
        isRunning = false;
        cut.end();
        use.written();
        session.close();
        release();
      });
    const bytes = Readable.from(received(use, running, { cut, stop, maxResult: limits.maxResult }), {
      objectMode: false,
    });
    bytes.once('close', () => use.bytes.destroy());
    // Whoever reads is told; that nobody reads any more is no failure of the program.
    bytes.on('error', () => undefined);
    use.bytes.on('error', () => undefined);
    // What is left in a pipe must not come out in its next use.
    const closed = new Promise((done) => use.bytes.once('close', done));
    void Promise.all([summary, closed]).then(() => this.pipes.push(pipe));
    return { format, bytes, summary };
  }

  /** Begins a statement when no change of several statements is under way. */
  private begin<T>(work: () => Promise<T>): Promise<{ running: Promise<T> }> {
    return new Promise((begun) => {
      void this.store.gate.read(async () => {
        const running = work();
        begun({ running });
        await Promise.race([running.catch(() => undefined), sleep(BEGIN_MS)]);
      });
    });
  }

  private async kill(id: string, use: PipeUse, isRunning: () => boolean): Promise<void> {
    while (isRunning()) {
      use.release();
      const session = openSession(this.store.path);
      await session.queryAsync(`KILL QUERY WHERE startsWith(query, '/*${id}*/') ASYNC`).catch(() => undefined);
      session.close();
      await sleep(KILL_AGAIN_MS);
    }
  }

  private learn(): Promise<{ gate: SqlGate; facts: EngineFacts }> {
    this.known ??= learnOf(this.store.path).catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }
}

async function* received(
  use: PipeUse,
  running: Promise<unknown>,
  { cut, stop, maxResult }: { cut: CutShort; stop: () => void; maxResult: number },
): AsyncGenerator<Buffer> {
  let length = 0;
  let isWhole = false;
  try {
    for await (const chunk of use.bytes as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxResult)
        throw SqlError.refusal(
          396,
          `Limit for result exceeded, max bytes: ${maxResult}. Add a LIMIT, or raise SQL_MAX_RESULT`,
        );
      yield chunk;
    }
    isWhole = true;
    await running;
  } catch (error) {
    throw cut.reason ?? SqlError.of(error);
  } finally {
    if (!isWhole) stop();
  }
}

/** What ends a query before its time: nobody wants it, or it takes too long. */
class CutShort {
  reason: SqlError | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly gone = (): void => this.cut(SqlError.refusal(394, 'Query was cancelled'));

  constructor(
    private readonly signal: AbortSignal,
    milliseconds: number,
    private readonly stop: () => void,
  ) {
    const late = SqlError.refusal(159, 'Timeout exceeded: ask for less, or raise SQL_MAX_SECONDS');
    this.timer = setTimeout(() => this.cut(late), milliseconds);
    signal.addEventListener('abort', this.gone, { once: true });
    if (signal.aborted) this.gone();
  }

  end(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.gone);
  }

  private cut(reason: SqlError): void {
    this.reason ??= reason;
    this.stop();
  }
}

/**
 * The rows of a scope are picked before anything of the client is run over them. An optimised plan moves the client's conditions down to the tables
 * and runs them together with the filter of the scope, in an order of its own: `toUInt64(recipient)` then fails on a row of other mail and says what
 * stands there.
 */
const SCOPE_FIRST = 'query_plan_enable_optimizations = 0';

const asker =
  (session: EngineSession): AskEngine =>
  async (sql) =>
    (await session.queryAsync(sql, { format: 'TSVRaw' })).text();

/** The statements that a session begins with: it gives up what a client must not have, and learns limits, settings and parameters. */
function preparation(
  settings: Readonly<Record<string, string>>,
  { parameters = {}, domains = [] }: SqlRequest,
): string {
  const all = Object.entries(settings).map(([name, value]) => `${name} = ${sqlLiteral(value)}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (!/^\w+$/.test(name)) throw SqlError.refusal(36, `${JSON.stringify(name)} is no name of a parameter`);
    all.push(`param_${name} = ${sqlLiteral(value)}`);
  }
  if (domains.length > 0)
    all.push(`additional_table_filters = ${sqlLiteral(tableFilters(domains).toString())}`, SCOPE_FIRST);
  return `USE hoptime; SET ROLE ${VIEWER_ROLE}; SET ${[...all, 'readonly = 1'].join(', ')}`;
}

async function learnOf(path: string): Promise<{ gate: SqlGate; facts: EngineFacts }> {
  const session = openSession(path);
  try {
    const ask = asker(session);
    const [version, displayName] = await lines(ask, 'SELECT arrayJoin([version(), displayName()])');
    return { gate: await gateOf(ask), facts: { version, displayName } };
  } finally {
    session.close();
  }
}
