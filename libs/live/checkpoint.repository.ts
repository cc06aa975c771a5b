import type { Store } from '../store/store';
import type { Checkpoint } from './checkpoint';

const NUMBERS = [
  'size',
  'modifiedMs',
  'position',
  'lines',
  'headBytes',
  'records',
  'parsed',
  'skipped',
  'rejected',
  'events',
  'lastEventMs',
] as const;

type Row = Record<keyof Checkpoint, string>;

/** Checkpoints of watched files in the store. */
export class CheckpointRepository {
  private lastVersion = 0;

  constructor(private readonly store: Store) {}

  /** The newest of each file, newest first; at most 100,000. */
  async load(): Promise<Checkpoint[]> {
    const rows = await this.store.rows<Row>('queries/live_checkpoints');
    return rows.map((row) => ({
      ...row,
      ...(Object.fromEntries(NUMBERS.map((name) => [name, Number(row[name])])) as Pick<
        Checkpoint,
        (typeof NUMBERS)[number]
      >),
      packed: Number(row.packed) === 1,
      manner: row.manner as Checkpoint['manner'],
      framing: row.framing as Checkpoint['framing'],
    }));
  }

  /** Writes the newest state of each. */
  async save(checkpoints: readonly Checkpoint[]): Promise<void> {
    if (!checkpoints.length) return;
    // Two saves within a microsecond, or a clock set back within this run, must not change places.
    const version = Math.max(Date.now() * 1000, this.lastVersion + 1);
    this.lastVersion = version;
    await this.store.client.insert({
      table: 'hoptime_store.live_checkpoints',
      format: 'JSONEachRow',
      values: checkpoints.map((checkpoint) => ({
        input_id: checkpoint.inputId,
        version,
        path: checkpoint.path,
        device: checkpoint.device,
        inode: checkpoint.inode,
        size: checkpoint.size,
        modified_ms: Math.floor(checkpoint.modifiedMs),
        manner: checkpoint.manner,
        packed: checkpoint.packed ? 1 : 0,
        format: checkpoint.format,
        framing: checkpoint.framing,
        options: checkpoint.options,
        surveyed: checkpoint.surveyed,
        prologue: checkpoint.prologue,
        position: checkpoint.position,
        lines: checkpoint.lines,
        head_bytes: checkpoint.headBytes,
        head: checkpoint.head,
        tail: checkpoint.tail,
        sha256: checkpoint.sha256,
        hash_state: checkpoint.hashState,
        records: checkpoint.records,
        parsed: checkpoint.parsed,
        skipped: checkpoint.skipped,
        rejected: checkpoint.rejected,
        events: checkpoint.events,
        last_event_ms: checkpoint.lastEventMs,
      })),
    });
  }
}
