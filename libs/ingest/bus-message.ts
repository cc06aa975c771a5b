import { createHash } from 'node:crypto';
import { compress, decompress } from 'lz4-wasm-nodejs';
import type { Bus, BusRecord, DeliveredRecord } from '../bus/bus';
import type { InputRow } from '../store/input.repository';
import { REJECTED_ROW_STRUCTURE } from '../store/rejected-record.blocks';
import { ROW_STRUCTURE } from '../store/row-binary';

/**
 * What a collector says to the writers. All that concerns one input has one key, so it arrives in order: its row as `reading`, its events, its
 * row as `read`.
 */
export type BusMessage =
  | { readonly kind: 'events'; readonly inputId: string; readonly rows: number; readonly block: Buffer }
  | { readonly kind: 'rejected'; readonly inputId: string; readonly rows: number; readonly block: Buffer }
  | { readonly kind: 'input'; readonly row: InputRow }
  /** what the input brought so far is taken back: it is read in another way */
  | { readonly kind: 'removal'; readonly inputId: string };

/** A record that is none of ours, or is damaged: a value, since waiting does not mend it. */
export interface NotAMessage {
  readonly kind: 'poison';
  readonly inputId: string;
  readonly reason: string;
}

/** A record of another version of the program: it stays on the bus until a writer comes that can read it. */
export class OtherVersionError extends Error {
  constructor(place: string) {
    super(`${place} was written by another version of hoptime: let writers and collectors be of one version`);
    this.name = 'OtherVersionError';
  }
}

/** How the rows of a block are written, by what its header says of their structure: as they are, or packed by LZ4 behind their length. */
interface Structure {
  readonly plain: string;
  readonly packed: string;
}
const structureOf = (columns: string): Structure => ({ plain: version(columns), packed: version(`${columns} lz4`) });
const STRUCTURES = { events: structureOf(ROW_STRUCTURE), rejected: structureOf(REJECTED_ROW_STRUCTURE) } as const;
type BlockKind = keyof typeof STRUCTURES;
/** A block holds about as much as a record of the bus may, and at least one row. */
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;
const NO_INPUT = '0';

export function eventsRecord(bus: Bus, inputId: string, block: Buffer, rows: number): BusRecord {
  return blockRecord(bus, 'events', inputId, block, rows);
}

export function rejectedRecord(bus: Bus, inputId: string, block: Buffer, rows: number): BusRecord {
  return blockRecord(bus, 'rejected', inputId, block, rows);
}

/**
 * Packing costs less than what it saves: rows shrink to a quarter, and what they pass through (kafkajs copies a record six times and takes its CRC in
 * JavaScript, then come sockets, the broker and its disk) costs by the byte.
 */
function blockRecord(bus: Bus, kind: BlockKind, inputId: string, block: Buffer, rows: number): BusRecord {
  const { plain, packed } = STRUCTURES[kind];
  const headers = { kind, rows: String(rows), structure: bus.isDurable ? packed : plain };
  return record(bus, inputId, headers, bus.isDurable ? bufferOf(compress(block)) : block);
}

/** undefined for what is no packed block. */
function unpacked(value: Buffer): Buffer | undefined {
  if (value.length < 4 || value.readUInt32LE(0) > MOST_UNPACKED_BYTES) return undefined;
  try {
    return bufferOf(decompress(value));
  } catch {
    return undefined;
  }
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

export function inputRecord(bus: Bus, row: InputRow): BusRecord {
  return record(bus, row.inputId, { kind: 'input' }, Buffer.from(JSON.stringify(row)));
}

export function removalRecord(bus: Bus, inputId: string): BusRecord {
  return record(bus, inputId, { kind: 'removal' }, Buffer.alloc(0));
}

/** Whether a record holds the row of an input. */
export const isInputRecord = ({ headers }: BusRecord): boolean => headers.kind === 'input';

function record(bus: Bus, inputId: string, headers: Record<string, string>, value: Buffer): BusRecord {
  // Within one process there is nothing that could change a byte.
  if (bus.isDurable) headers.hash = digest(value);
  return { key: inputId, headers: { ...headers, input: inputId }, value };
}

/** What a record says. @throws OtherVersionError */
export function messageOf(bus: Bus, { headers, value, place }: DeliveredRecord): BusMessage | NotAMessage {
  const { kind, input: inputId, hash } = headers;
  const poison = (reason: string): NotAMessage => ({
    kind: 'poison',
    inputId: /^\d{1,20}$/.test(inputId) ? inputId : NO_INPUT,
    reason: `${place}: ${reason}`,
  });
  if (!/^\d{1,20}$/.test(inputId ?? '')) return poison('no message of hoptime: its headers name no input');
  if (bus.isDurable && hash !== digest(value)) return poison('damaged: its bytes are not those that its hash is of');
  const rows = Number(headers.rows);
  switch (kind) {
    case 'events':
    case 'rejected': {
      const { plain, packed } = STRUCTURES[kind];
      if (headers.structure === plain) return { kind, inputId, rows, block: value };
      if (headers.structure !== packed) throw new OtherVersionError(place);
      const block = unpacked(value);
      return block ? { kind, inputId, rows, block } : poison('damaged: its rows cannot be unpacked');
    }
    case 'input':
      return { kind, row: JSON.parse(value.toString()) as InputRow };
    case 'removal':
      return { kind, inputId };
    default:
      throw new OtherVersionError(place);
  }
}

/** A name for a way to write rows. */
function version(text: string): string {
  return digest(Buffer.from(text)).slice(0, 8);
}

function digest(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex').slice(0, 16);
}
