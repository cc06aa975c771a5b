import { RecentlyUsed } from '../../../trace/recently-used';
import { FIELD, FIELDS, comparableName, fieldNamed } from './tracking-fields';

/** Where a record's fields stand among its values. */
export interface Columns {
  /** per field number: index into the values, −1 when the record has no such column */
  readonly index: Int16Array;
  /** why no record with these names can be read; undefined when it can */
  readonly problem: string | undefined;
  /** the same for blocked traffic, which may lack any id of the message */
  readonly problemWhenBlocked: string | undefined;
}

type Mapping = Readonly<Record<string, string>>;
interface Meaning {
  readonly field: number;
  readonly rank: number;
}

/**
 * Resolves names to fields by the alias table and `options.mapping` (name in the file → field or any alias of it; '' ignores the
 * column). Work is done once per array of names, and once per name where every record has an array of its own (JSON, XML).
 */
export class ColumnResolver {
  private readonly meanings = new Map<string, Meaning | undefined>();
  private readonly mapped = new Map<string, Meaning | undefined>();
  private readonly mappingProblem: string | undefined;
  /** by array of names, which is the same object for records with the same names */
  private readonly resolved = new RecentlyUsed<readonly string[], Columns>(MAX_HEADERS);
  private lastNames: readonly string[] | undefined;
  private lastColumns: Columns | undefined;

  constructor(mapping: Mapping = {}) {
    const unknown: string[] = [];
    for (const [name, target] of Object.entries(mapping)) {
      const meaning = fieldNamed(target);
      if (!meaning && target !== '') unknown.push(target);
      this.mapped.set(comparableName(name), meaning && { field: meaning.field, rank: -1 });
    }
    if (unknown.length) {
      this.mappingProblem = `the mapping option names unknown fields (${unknown.join(', ')}); known are ${FIELDS.join(', ')}`;
    }
  }

  /** The columns of a record with these names. */
  resolve(names: readonly string[]): Columns {
    if (names === this.lastNames && this.lastColumns) return this.lastColumns;
    let columns = this.resolved.get(names);
    if (columns === undefined) this.resolved.set(names, (columns = this.look(names)));
    this.lastNames = names;
    this.lastColumns = columns;
    return columns;
  }

  private look(names: readonly string[]): Columns {
    const index = new Int16Array(FIELDS.length).fill(-1);
    const ranks = new Int16Array(FIELDS.length).fill(LEAST_TELLING);
    for (let i = 0; i < names.length; i++) {
      const meaning = this.meaningOf(names[i]);
      if (meaning && meaning.rank < ranks[meaning.field]) {
        index[meaning.field] = i;
        ranks[meaning.field] = meaning.rank;
      }
    }
    // Vision One's `eventTime` is when the record was written: nothing says that HES received the mail then.
    if (index[FIELD.scanType] >= 0 && ranks[FIELD.timestamp] >= 0 && index[FIELD.genTime] < 0) {
      index[FIELD.genTime] = index[FIELD.timestamp];
      index[FIELD.timestamp] = -1;
    }
    return this.judge(index);
  }

  private judge(index: Int16Array): Columns {
    if (this.mappingProblem) {
      return { index, problem: this.mappingProblem, problemWhenBlocked: this.mappingProblem };
    }
    const missing: string[] = [];
    if (index[FIELD.recipient] < 0) missing.push('recipient');
    if (index[FIELD.timestamp] < 0 && index[FIELD.deliveryTime] < 0 && index[FIELD.genTime] < 0) missing.push('a time');
    const problemWhenBlocked = missingColumns(missing);
    if (index[FIELD.messageID] < 0 && index[FIELD.mailID] < 0) missing.unshift('message id or transaction id');
    return { index, problem: missingColumns(missing), problemWhenBlocked };
  }

  private meaningOf(name: string): Meaning | undefined {
    let meaning = this.meanings.get(name);
    if (meaning === undefined && !this.meanings.has(name)) {
      const comparable = comparableName(name);
      meaning = this.mapped.has(comparable) ? this.mapped.get(comparable) : fieldNamed(name);
      // A file whose every record brings new names must not fill the memory.
      if (this.meanings.size >= MAX_NAMES) this.meanings.clear();
      this.meanings.set(name, meaning);
    }
    return meaning;
  }
}

const MAX_NAMES = 4096;
const MAX_HEADERS = 64;
const LEAST_TELLING = 0x7fff;

function missingColumns(missing: readonly string[]): string | undefined {
  if (!missing.length) return undefined;
  return `missing columns: ${missing.join(', ')}; tell which columns they are with the mapping option`;
}
