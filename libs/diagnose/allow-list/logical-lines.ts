/** A line of Postfix's configuration files with its continuations. */
export interface LogicalLine {
  readonly line: number;
  readonly text: string;
}

/** Lines of postconf(5) and cidr_table(5): empty ones and comments are left out, a line that begins with white space continues the one before. */
export function logicalLines(text: string): LogicalLine[] {
  const lines: { line: number; text: string }[] = [];
  text.split(/\r?\n/).forEach((physical, index) => {
    if (/^\s*(#|$)/.test(physical)) return;
    const last = lines.at(-1);
    if (/^\s/.test(physical) && last) last.text += ` ${physical.trim()}`;
    else lines.push({ line: index + 1, text: physical.trim() });
  });
  return lines;
}
