/** Which names are given to one MTA: each name of the alias file → the MTA's first name there. */
export type MtaAliases = ReadonlyMap<string, string>;

export const NO_ALIASES: MtaAliases = new Map();

/**
 * Reads an alias file (delay model §4.5): lines `name alias alias …`, separated by blanks or commas, `#` begins a comment. All names of a line
 * mean one MTA; a name that stands there alone means no other. Case and a final dot do not matter. `problems` name the line.
 */
export function parseMtaAliases(text: string): { aliases: MtaAliases; problems: string[] } {
  const aliases = new Map<string, string>();
  const lineOf = new Map<string, number>();
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const names = line
      .replace(/^\uFEFF|#.*$/g, '')
      .toLowerCase()
      .split(/[\s,]+/)
      .map((name) => name.replace(/\.$/, ''))
      .filter(Boolean);
    for (const name of new Set(names)) {
      const before = lineOf.get(name);
      if (before !== undefined) problems.push(`line ${index + 1}: ${name} stands on line ${before} already`);
      else if (!/^[\p{L}\p{N}_.:[\]-]+$/u.test(name))
        problems.push(`line ${index + 1}: ${JSON.stringify(name)} is no host name`);
      else aliases.set(name, names[0]);
      lineOf.set(name, before ?? index + 1);
    }
  });
  return { aliases, problems };
}
