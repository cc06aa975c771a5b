import { sqlText } from './sql-file';

/** Conditions of the statements over rollups per hour and state, as they stand there, by the filter that they are for. */
const CONDITIONS = {
  direction: /^ *AND \(empty\(\{direction:Array\(String\)\}\) OR [^\n]*\n/gm,
  state: /^ *AND \(empty\(\{state:Array\(String\)\}\) OR [^\n]*\n/gm,
  via_hes: /^ *AND \(empty\(\{via_hes:Array\(String\)\}\) OR [^\n]*\n/gm,
  verdict: /^( *)AND \(\n *empty\(\{verdict:Array\(String\)\}\)\n[\s\S]*?\n\1\)\n/gm,
} as const;

/**
 * A statement over rollups per hour and state without the conditions of filters that are not used: planning them takes as long as reading.
 * @throws Error for a statement that does not have them as they stand here
 */
export function filteredStatement(
  name: string,
  filter: Partial<Record<keyof typeof CONDITIONS, readonly string[]>>,
): { readonly sql: string } {
  let sql = sqlText(name);
  for (const [property, condition] of Object.entries(CONDITIONS)) {
    if (filter[property as keyof typeof CONDITIONS]?.length) continue;
    const without = sql.replace(condition, '');
    if (without === sql) throw new Error(`${name}.sql has no condition for the filter by ${property}`);
    sql = without;
  }
  return { sql: `${sql}\nSETTINGS max_threads = 1` };
}
