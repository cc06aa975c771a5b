/** A text as a string literal of SQL. */
export const literal = (text) =>
  `'${text.replace(/[\\'\0\b\f\n\r\t]/g, (c) => ({ '\0': '\\0', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c] ?? `\\${c}`)}'`;

/** `INSERT … FORMAT Name` at the end of a query; the rows follow. */
const FORMAT = /\s+FORMAT\s+(\w+)\s*$/i;
const INSERT = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*INSERT\s+INTO\b/i;

/**
 * What a request asks: the query stands in the URL and the body is rows, or the query is the body. chDB reads rows from files, so an insert
 * of rows becomes one from `file`.
 * @returns {{ sql: string, rows: Buffer | undefined }}
 */
export function statementOf(query, body, file) {
  if (query === '') {
    const sql = body.toString();
    if (!INSERT.test(sql)) return { sql, rows: undefined };
    // As a server: after FORMAT and its name, a line break, then rows.
    const inline = /^([\s\S]*?\sFORMAT\s+\w+)[ \t]*\n([\s\S]+)$/i.exec(sql);
    return inline ? statementOf(inline[1], Buffer.from(inline[2]), file) : { sql, rows: undefined };
  }
  if (body.length === 0 && !FORMAT.test(query)) return { sql: query, rows: undefined };
  if (!INSERT.test(query)) return { sql: `${query}\n${body.toString()}`, rows: undefined };
  const format = FORMAT.exec(query)?.[1] ?? 'Values';
  const text = query.replace(FORMAT, '');
  const from = /\binput\((.*?)\)(?=\s|\)|$)/s.exec(text);
  if (from)
    return { sql: text.replace(from[0], () => `file(${literal(file)}, ${literal(format)}, ${from[1]})`), rows: body };
  const [, into, columns] = /^([\s\S]*?INTO\s+(?:TABLE\s+)?[\w.`]+)\s*(\([^)]*\))?/i.exec(text) ?? [];
  const settings = /\bSETTINGS\b[\s\S]*$/i.exec(text)?.[0] ?? '';
  const list = columns ? columns.slice(1, -1) : '*';
  return {
    sql: `${into} ${columns ?? ''} ${settings} SELECT ${list} FROM file(${literal(file)}, ${literal(format)})`,
    rows: body,
  };
}

/** The fields of a form (RFC 7578), as ClickHouse takes query and parameters from one; undefined for another kind of body. */
export function multipartFields(type = '', body) {
  const boundary = /^multipart\/form-data;\s*boundary=(.+)$/.exec(type)?.[1];
  if (boundary === undefined) return undefined;
  const parts = body.toString().split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => {
    const [head, ...rest] = part.replace(/^\r\n/, '').split('\r\n\r\n');
    return [/name="([^"]+)"/.exec(head)[1], rest.join('\r\n\r\n').replace(/\r\n$/, '')];
  });
}
