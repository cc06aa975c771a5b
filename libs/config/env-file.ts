/** What a `.env` file says. `problems` name the line. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** Reads `NAME=value` lines. `#` begins a comment, `export ` is allowed, quotes around a value are removed and keep its `#`. */
export function parseEnvFile(text: string): EnvFile {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/^\uFEFF/, '').trim();
    if (line === '' || line.startsWith('#')) return;
    const match = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line);
    if (!match) problems.push(`line ${index + 1} is not NAME=value`);
    else values[match[1]] = unquote(match[2]);
  });
  return { values, problems };
}

function unquote(text: string): string {
  const match = /^"([^"]*)"\s*(?:#.*)?$|^'([^']*)'\s*(?:#.*)?$/.exec(text);
  return match ? (match[1] ?? match[2]) : text.replace(/(^|\s+)#.*$/, '').trim();
}
