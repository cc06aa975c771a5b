import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DIRECTIONS,
  KINDS,
  NUMBER_COLUMNS,
  STATEMENTS,
  TEXT_COLUMNS,
  TIME_BASES,
  type TraceEvent,
} from '../trace/trace-event';
import { EventDraft } from '../trace/event-draft';
import { sharedFolder } from '../../test/support/shared-folder';
import type { InputRow } from './input.repository';
import { Store } from './store';
import { RowBinaryBuffer } from './row-binary';
import { insertTraceEvents } from './trace-event.writer';

/** A new store in a temporary folder. chDB opens one path per process: close it before the next one. */
export interface TemporaryStore {
  readonly store: Store;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openTemporaryStore(): Promise<TemporaryStore> {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-store-'));
  await layEmptyStore(join(folder, 'store'));
  const store = await Store.open(`chdb:${join(folder, 'store')}`);
  return {
    store,
    folder,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Puts an empty store at `path`, its migrations applied: a copy of one that the first of all tests makes. Applying them anew in each test would be
 * a good part of the time of many; that it works is for the tests of the migrator, and of the program on a store that is not there yet.
 * No store may be open in this process.
 */
export async function layEmptyStore(path: string): Promise<void> {
  const shared = sharedFolder();
  const pattern = join(shared, 'empty-store');
  if (!existsSync(pattern)) {
    const made = mkdtempSync(join(shared, 'store-'));
    const store = await Store.open(`chdb:${join(made, 'store')}`);
    await store.close();
    try {
      renameSync(join(made, 'store'), pattern);
    } catch (error) {
      // a test beside this one was quicker
      if (!existsSync(pattern)) throw error;
    }
    rmSync(made, { recursive: true, force: true });
  }
  cpSync(pattern, path, { recursive: true });
}

/** What an event says; the rest is unknown. */
export type EventFacts = Partial<TraceEvent> & Pick<TraceEvent, 'kind' | 'statement' | 'eventTime'>;

/** Fills a draft with what `event` says. */
export function fill(draft: EventDraft, event: EventFacts): void {
  const { kind, statement, eventTime, timeResolutionMs = 1, timeBasis = 'event', direction = 'unknown' } = event;
  draft.begin(KINDS.indexOf(kind), STATEMENTS.indexOf(statement), eventTime, timeResolutionMs);
  draft.timeBasis = TIME_BASES.indexOf(timeBasis);
  draft.direction = DIRECTIONS.indexOf(direction);
  TEXT_COLUMNS.forEach((name, column) => draft.text(column, event[name]));
  NUMBER_COLUMNS.forEach((name, column) => draft.number(column, event[name]));
}

/** Writes events the way a file's are written; the first is on line 1. `inputId` is decimal. */
export async function writeEvents(store: Store, events: readonly EventFacts[], inputId = '1'): Promise<void> {
  const draft = new EventDraft();
  const rows = new RowBinaryBuffer(inputId, 2 ** 24);
  for (const [index, event] of events.entries()) {
    fill(draft, event);
    if (!rows.hasRoomFor(draft)) throw new Error('too many events for one block');
    rows.append(draft, index + 1);
  }
  if (rows.rows > 0) await insertTraceEvents(store, rows.content());
}

/** What the books say of a log of three lines that was read and is not correlated. */
export const READ_INPUT: InputRow = {
  inputId: '7',
  path: '/var/log/mail.log',
  format: 'postfix',
  options: '{}',
  state: 'read',
  correlated: false,
  records: 3,
  parsed: 3,
  skipped: 0,
  rejected: 0,
  events: 3,
  problem: '',
};
