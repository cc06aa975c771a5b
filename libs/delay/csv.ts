/**
 * One CSV line (RFC 4180) with CRLF. null is an empty field; a text is quoted when it must be. A text that a spreadsheet would take for a formula
 * (it comes from outside: a Message-ID may begin with `=`) gets an apostrophe before it (OWASP, CSV injection).
 */
export function csvLine(values: readonly (string | number | null | undefined)[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
