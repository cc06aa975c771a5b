import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './clickhouse-error';
import { isOfCoordinator, stageStatements } from './cluster-statements';
import { restorePartLifetimes } from './part-lifetimes';
import { WorkInterruptedError, type HeldLease, type ServerConnection } from './server-connection';
import { sqlText } from './sql-file';
import { isRepeatableAnyTime, isSchemaChange } from './statement-rendering';
import type { Store } from './store';
import { isSameProcess, startOfProcess } from './store-lock';

/** A holder says this often that it lives. */
const BEAT_MS = 3000;
/** One that has not said so for this long has lost the lease; by its own clock it gives up when two thirds of that are over. */
const LOST_AFTER_MS = 30_000;
const GIVES_UP_AFTER_MS = 20_000;
/** The same for one that has said that it is between two works: it begins the next one only where it can say so sooner than half of that. */
const KEPT_LOST_AFTER_MS = 8000;
const KEPT_GIVES_UP_AFTER_MS = 4000;
const ASK_AGAIN_MS = 250;
/** Who gave it back because another wants it leaves it alone for so long: that one asks {@link ASK_AGAIN_MS} apart. */
export const MAKES_WAY_MS = 3 * ASK_AGAIN_MS;
/** What a row of a lease says. */
const SAYS = { lives: 0, released: 1, wanted: 2, kept: 3 } as const;
const TABLE_EXISTS = 57;

const TABLES = `FROM system.tables WHERE database = 'hoptime_store'`;

const LEASE = /^lease_[0-9]+$/;
const STAGE_OF_GENERATION = /^g[0-9]+_stage_/;

interface Table {
  readonly name: string;
  readonly engine: string;
}

interface LeaseState {
  readonly generation: number;
  readonly holder: string;
  readonly ageMs: number;
  readonly released: boolean;
  /** its holder is between two works */
  readonly kept: boolean;
}

/**
 * The right to change what several statements change together: one process at a time has it, on a server that several use. Its generations
 * are tables `lease_N`: creating a table is what a ClickHouse server does for one of several and refuses the others.
 *
 * Fencing: each generation has stage tables of its own (`gN_stage_…`), and whoever takes over a lease that was lost first drops those of the
 * holder before and ends the statements that it left running. So what a process that was held up sends later finds no stages, and changes
 * nothing; and it sends nothing once it has not been able to say for some time that it lives. Of a lease that was given back the stages are taken
 * over under a new name, which does the same and costs one statement in place of two for each table.
 */
export class Lease implements HeldLease {
  private beatAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private hasChangedSchema = false;
  /** ms of `performance.now()` before it said that it is between two works; undefined while it works */
  private keptAt: number | undefined;

  private constructor(
    private readonly server: ServerConnection,
    readonly generation: number,
    private readonly holder: string,
  ) {}

  /**
   * Waits until nobody else has the lease, and takes it.
   * @param holder who takes it: see {@link newHolder}
   * @param onWait told once who has it, when that is somebody else
   */
  static async take(server: ServerConnection, holder: string, onWait: (holder: string) => void): Promise<Lease> {
    for (let told = 0; ; await sleep(ASK_AGAIN_MS)) {
      const last = await lastLease(server);
      if (last && last.holder !== holder && !isFree(last)) {
        if (told === 0) onWait(shownHolder(last.holder));
        if (told !== last.generation) await say(server, last.generation, holder, SAYS.wanted).catch(() => undefined);
        told = last.generation;
        continue;
      }
      const generation = (last?.generation ?? 0) + 1;
      if (!last) await server.send({ query: 'CREATE DATABASE IF NOT EXISTS hoptime_store ENGINE = Atomic' });
      if (!(await create(server, generation, holder))) continue;
      const lease = new Lease(server, generation, holder);
      try {
        await lease.begin(last);
        return lease;
      } catch (error) {
        await lease.stop();
        throw error;
      }
    }
  }

  mark(): string {
    return `${markOf(this.server, this.generation)}${randomUUID()} */`;
  }

  rewrite(sql: string): string {
    // Migrations are about the tables that those of a generation are made after.
    if (isSchemaChange(sql)) {
      this.hasChangedSchema = true;
      return sql;
    }
    return sql.replaceAll(/\bhoptime_store\.stage_(?!parameters\b)/g, `hoptime_store.g${this.generation}_stage_`);
  }

  check(sql: string): void {
    if (performance.now() - this.beatAt > GIVES_UP_AFTER_MS && !isRepeatableAnyTime(sql)) {
      throw new WorkInterruptedError(new Error('this process was held up, and another may have taken its turn'));
    }
  }

  /** Whether this process may still count on it. */
  get isHeld(): boolean {
    return performance.now() - this.beatAt <= GIVES_UP_AFTER_MS;
  }

  /** Gives it back; the next one in line finds it free at once. */
  async release(): Promise<void> {
    await this.stop();
    // Those that are there were made after tables that may look otherwise now.
    if (this.hasChangedSchema) await this.dropStages(await tables(this.server), this.generation);
    await say(this.server, this.generation, this.holder, SAYS.released);
  }

  /**
   * Says that nothing is done under it until {@link resume}: were this process killed now, another one need not wait until what it had sent is over.
   * @returns whether it may be kept: nobody waits for it
   * @throws what keeps the server from being told, once: what is told again may come when this process works again
   */
  async keep(): Promise<boolean> {
    await this.beating;
    this.keptAt = performance.now();
    const [isWanted] = await Promise.all([
      this.isWanted(),
      say(this.server, this.generation, this.holder, SAYS.kept, 0),
    ]);
    return !isWanted;
  }

  /** Says that it is at work again. @returns false where another process may have taken it meanwhile */
  async resume(): Promise<boolean> {
    const { keptAt } = this;
    const at = performance.now();
    const isLost = (): boolean => keptAt !== undefined && performance.now() - keptAt > KEPT_GIVES_UP_AFTER_MS;
    if (isLost()) return false;
    await say(this.server, this.generation, this.holder, SAYS.lives);
    // It counts from when it was said: until then another one could read that it is free.
    if (isLost()) return false;
    this.beatAt = at;
    this.keptAt = undefined;
    return true;
  }

  private async isWanted(): Promise<boolean> {
    const wanted = `SELECT toUInt32(count()) AS n FROM hoptime_store.lease_${this.generation} WHERE released = ${SAYS.wanted}`;
    const [{ n }] = await rows<{ n: number }>(this.server, wanted);
    return n > 0;
  }

  /** Lets it be: it is lost, or the server cannot be told. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
  }

  private async begin(last: LeaseState | undefined): Promise<void> {
    this.timer = setInterval(() => (this.beating = this.beat()), BEAT_MS);
    this.timer.unref();
    const found = await tables(this.server);
    // Stages first: what the holder before sends from now on finds none. Then what it had begun is ended.
    const taken = last?.released ? await this.takeStages(found, last.generation) : [];
    await this.dropStages(
      found.filter(({ name }) => !taken.includes(name)),
      this.generation - 1,
    );
    if (last && !last.released) {
      await this.server.settle(markOf(this.server, last.generation));
      // an older schema has no such table
      const hurried = await rows(this.server, `SELECT name ${TABLES} AND name = 'hurried_tables'`);
      if (hurried.length > 0) await restorePartLifetimes(asked(this.server));
    }
    for (const { name } of found)
      if (LEASE.test(name) && numberIn(name) < this.generation)
        await this.server.send({ query: `DROP TABLE IF EXISTS hoptime_store.${name}` });
    for (const name of ownStages(found)) {
      if (taken.some((one) => one.endsWith(`_${name}`))) continue;
      const { create } = stageStatements(name, this.generation, this.server.url.cluster);
      for (const query of create) await this.server.send({ query });
    }
  }

  /** The stages of a generation become those of this one. Answers which; none where that was cut off: then they are made anew. */
  private async takeStages(found: readonly Table[], generation: number): Promise<string[]> {
    const { cluster } = this.server.url;
    // Those of shards are made anew: a Distributed table goes on naming the tables that it was made over.
    const stages = ownStages(found)
      .filter((name) => cluster === undefined || isOfCoordinator(name))
      .map((name) => `g${generation}_${name}`);
    const taken = stages.filter((stage) => found.some(({ name, engine }) => name === stage && engine !== 'View'));
    if (taken.length === 0) return [];
    const now = (name: string): string => name.replace(/^g\d+/, `g${this.generation}`);
    const renamed = taken.map((name) => `hoptime_store.${name} TO hoptime_store.${now(name)}`);
    try {
      await this.server.send({ query: `RENAME TABLE ${renamed.join(', ')}` });
      return taken;
    } catch (error) {
      if (!(error instanceof WorkInterruptedError)) throw error;
      return [];
    }
  }

  /** Drops the stage tables of all generations up to one. */
  private async dropStages(found: readonly Table[], generation: number): Promise<void> {
    const old = found.filter(({ name }) => STAGE_OF_GENERATION.test(name) && numberIn(name) <= generation);
    for (const { name } of old.filter(({ engine }) => engine === 'View'))
      await this.server.send({ query: `DROP VIEW IF EXISTS hoptime_store.${name}` });
    const stages = old.filter(({ engine }) => engine !== 'View').map(({ name }) => name.replace(/_local$/, ''));
    for (const stage of new Set(stages)) {
      const { drop } = stageStatements(stage.replace(/^g\d+_/, ''), numberIn(stage), this.server.url.cluster);
      for (const query of drop) await this.server.send({ query });
    }
  }

  private async beat(): Promise<void> {
    if (this.keptAt !== undefined) return;
    try {
      const at = performance.now();
      await say(this.server, this.generation, this.holder, SAYS.lives);
      this.beatAt = at;
    } catch {
      // What keeps the server from answering shows at the statements of the work; whether the lease still counts, at check().
    }
  }
}

/** A name for one who takes the lease, one turn at a time: machine, process, when that began, and which of its stores. */
export const newHolder = (): string => `${hostname()} ${process.pid} ${startOfProcess(process.pid)} ${randomUUID()}`;

/** Adds a row to the table of a generation. */
async function say(
  server: ServerConnection,
  generation: number,
  holder: string,
  released: (typeof SAYS)[keyof typeof SAYS],
  patienceSeconds = BEAT_MS / 1000,
): Promise<void> {
  await server.send({
    query: `INSERT INTO hoptime_store.lease_${generation} SELECT {holder:String}, now64(3, 'UTC'), {released:UInt8}`,
    query_params: { holder, released },
    patienceSeconds,
  });
}

/** How statements begin that are sent under a generation of the lease. */
const markOf = ({ url }: ServerConnection, generation: number): string =>
  `/* hoptime ${url.database} lease ${generation} `;

const numberIn = (name: string): number => Number(/\d+/.exec(name)?.[0]);

async function rows<T>(server: ServerConnection, query: string): Promise<T[]> {
  const text = (await server.send({ query: `${query} FORMAT JSONEachRow` })).toString().trimEnd();
  return text === '' ? [] : (JSON.parse(`[${text.replaceAll('\n', ',')}]`) as T[]);
}

/** The server as one that is asked and told by SQL, for what others do by a store. */
const asked = (server: ServerConnection): Pick<Store, 'rows' | 'command'> => ({
  rows: (statement) => rows(server, typeof statement === 'string' ? sqlText(statement) : statement.sql),
  command: async (statement) => {
    await server.send({ query: typeof statement === 'string' ? sqlText(statement) : statement.sql });
  },
});

/** Leases, and stages of all generations and of none. */
const tables = (server: ServerConnection): Promise<Table[]> =>
  rows<Table>(server, `SELECT name, engine ${TABLES} AND match(name, '^(lease_[0-9]+|(g[0-9]+_)?stage_.*)$')`);

/** The stages that each generation has one of. */
const ownStages = (found: readonly Table[]): string[] =>
  found
    .filter(
      ({ name, engine }) => /^stage_/.test(name) && !/_parameters$|_local$/.test(name) && !engine.endsWith('View'),
    )
    .map(({ name }) => name);

async function lastLease(server: ServerConnection): Promise<LeaseState | undefined> {
  const leases = await rows<Table>(server, `SELECT name, engine ${TABLES} AND match(name, '${LEASE.source}')`);
  const generation = Math.max(0, ...leases.map(({ name }) => numberIn(name)));
  if (generation === 0) return undefined;
  try {
    // The comment says who created it, until the first row does.
    const [state] = await rows<Omit<LeaseState, 'generation'>>(
      server,
      `SELECT comment AS holder, toUInt32(greatest(0, dateDiff('millisecond', if(said.beats = 0, toDateTime64(metadata_modification_time, 3, 'UTC'), said.latest), now64(3, 'UTC')))) AS ageMs,
        said.releases > 0 AS released, said.latest_says = ${SAYS.kept} AS kept
      FROM (SELECT comment, metadata_modification_time ${TABLES} AND name = 'lease_${generation}') AS t
      CROSS JOIN (SELECT countIf(released != ${SAYS.wanted}) AS beats, maxIf(at, released != ${SAYS.wanted}) AS latest,
        countIf(released = ${SAYS.released}) AS releases, argMaxIf(released, (at, released = ${SAYS.lives}), released != ${SAYS.wanted}) AS latest_says FROM hoptime_store.lease_${generation}) AS said`,
    );
    return state && { ...state, released: Boolean(state.released), kept: Boolean(state.kept), generation };
  } catch (error) {
    // UNKNOWN_TABLE: the next generation has just been taken, and this one dropped.
    if (codeOf(error) === 60) return lastLease(server);
    throw error;
  }
}

/** Whether it may be taken: given back, not heard of for long, or held by a process of this machine that is no more. */
function isFree({ holder, ageMs, released, kept }: LeaseState): boolean {
  const [host, pid, started] = holder.split(' ');
  return (
    released ||
    ageMs > (kept ? KEPT_LOST_AFTER_MS : LOST_AFTER_MS) ||
    (host === hostname() && !isSameProcess(Number(pid), started))
  );
}

const shownHolder = (holder: string): string => {
  const [host, pid] = holder.split(' ');
  return host === hostname() ? `process ${pid}` : `process ${pid} of ${host}`;
};

/** Creates the table of a generation; false when somebody else was first. */
async function create(server: ServerConnection, generation: number, holder: string): Promise<boolean> {
  const query = `CREATE TABLE hoptime_store.lease_${generation} (holder String, at DateTime64(3, 'UTC'), released UInt8)
    ENGINE = MergeTree ORDER BY at COMMENT '${holder}'`;
  try {
    await server.send({ query });
    return true;
  } catch (error) {
    if (codeOf(error) === TABLE_EXISTS) return false;
    // Nobody knows whether it was created: then its comment says by whom.
    if (!(error instanceof WorkInterruptedError)) throw error;
    const last = await lastLease(server);
    return last?.generation === generation && last.holder === holder;
  }
}
