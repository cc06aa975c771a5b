import type { Store } from '../store/store';
import type { AddressTrace } from './address-trace';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

/** Rewritten row by row, since what they are sorted by changes. */
const BY_ROW = ['trace_events', 'rejected_records'];
/** Made anew by a correlation, or with the rollups, which are emptied (`emptyRollups`). */
const DERIVED = /^(journeys|stage_\w+|g\d+_stage_\w+|group_links|property_\w+)$/;
const PATTERN = `(SELECT texts[1] FROM hoptime_store.stage_parameters WHERE name = 'erase')`;
const REPLACEMENT = `(SELECT texts[2] FROM hoptime_store.stage_parameters WHERE name = 'erase')`;

/** How many rows of each table name the address, in whatever column; tables without any are left out. */
export async function rowsNaming(store: Store, trace: AddressTrace): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const [table, columns] of byTable(await textColumns(store))) {
    const names = columns.map((column) => naming(column, '{pattern:String}')).join(' OR ');
    const [{ n }] = await store.rows<{ n: number }>(
      { sql: `SELECT toUInt32(count()) AS n FROM hoptime_store.${table} WHERE ${names}` },
      { pattern: trace.pattern },
    );
    if (n > 0) found.set(table, n);
  }
  return found;
}

/** Replaces the address in all other tables, where it is no part of their order. What is looked for stands in stage_parameters. */
export async function rewriteNamed(store: Store, tables: readonly string[]): Promise<void> {
  const columns = byTable(await textColumns(store));
  for (const table of tables) {
    if (BY_ROW.includes(table) || DERIVED.test(table)) continue;
    const named = columns.get(table) ?? [];
    const condition = named.map((column) => naming(column, PATTERN)).join(' OR ');
    const changes = named.map((column) => `${quoted(column.name)} = ${replacing(column)}`).join(', ');
    await store.command({
      sql: `ALTER TABLE hoptime_store.${table} UPDATE ${changes} WHERE ${condition} SETTINGS mutations_sync = 2`,
    });
  }
}

/** Columns that may hold text, of all tables that keep rows. */
async function textColumns(store: Store): Promise<Column[]> {
  return store.rows<Column>({
    sql: `SELECT table, name, type FROM system.columns
      WHERE database = 'hoptime_store' AND position(type, 'String') > 0
        AND table IN (SELECT name FROM system.tables WHERE database = 'hoptime_store' AND engine LIKE '%MergeTree')
      ORDER BY table, position`,
  });
}

function naming({ name, type }: Column, pattern: string): string {
  if (type.startsWith('Map(')) return `arrayExists(text -> match(text, ${pattern}), mapValues(${quoted(name)}))`;
  if (type.startsWith('Array(')) return `arrayExists(text -> match(text, ${pattern}), ${quoted(name)})`;
  return `match(ifNull(toString(${quoted(name)}), ''), ${pattern})`;
}

function replacing({ name, type }: Column): string {
  const column = quoted(name);
  // The documents of a report: what was signed cannot be changed, only be gone.
  if (type.startsWith('Map('))
    return `if(${naming({ table: '', name, type }, PATTERN)}, CAST(map(), '${type}'), ${column})`;
  // Neighbours share what stands between them, so a second time finds every other one.
  const twice = (text: string): string =>
    `replaceRegexpAll(replaceRegexpAll(${text}, ${PATTERN}, ${REPLACEMENT}), ${PATTERN}, ${REPLACEMENT})`;
  if (type.startsWith('Array(')) return `arrayMap(text -> ${twice('text')}, ${column})`;
  return twice(column);
}

function byTable(columns: readonly Column[]): Map<string, Column[]> {
  const tables = new Map<string, Column[]>();
  for (const column of columns) tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  return tables;
}

const quoted = (name: string): string => `\`${name}\``;
