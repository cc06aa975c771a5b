/** Keys of Trend's tracking lines (formats.md §1.2). Only these end a value, because values hold blanks and `=` unescaped. */
const KEYS = /(?:^|\s)(rt|suser|duser|msg|src|deviceTranslatedAddress|act|c[sn]\d(?:Label|Lable)?)=/g;

/**
 * Splits the extension of a Trend CEF line into keys and values, in any order. Values that look like keys do not count: inside the
 * JSON of attachments and URLs, and in the subject (`msg`), which outsiders choose: a key that stands before the subject
 * keeps its first value, any other its last. `msg` itself is left out, since no event needs it.
 * @returns values by key, the vendor's `cs6Lable` spelled `cs6Label`
 */
export function parseCefExtension(text: string): Map<string, string> {
  const values = new Map<string, string>();
  const isBeforeSubject = new Set<string>();
  let isAfterSubject = false;
  for (const { key, from, to } of keyRanges(text)) {
    if (key === 'msg') isAfterSubject = true;
    else if (!isBeforeSubject.has(key)) {
      if (!isAfterSubject) isBeforeSubject.add(key);
      values.set(key, unescape(text.slice(from, to).trim()));
    }
  }
  return values;
}

/** Where the values stand: each runs to the blank before the next known key. */
function keyRanges(text: string): { key: string; from: number; to: number }[] {
  const ranges: { key: string; from: number; to: number }[] = [];
  KEYS.lastIndex = 0;
  for (let match = KEYS.exec(text); match; match = KEYS.exec(text)) {
    const from = match.index + match[0].length;
    if (ranges.length) ranges[ranges.length - 1].to = match.index;
    ranges.push({ key: match[1].replace('Lable', 'Label'), from, to: text.length });
    if (text[from] === '[') KEYS.lastIndex = endOfJson(text, from);
  }
  return ranges;
}

/** Index after the array that begins at `from`, or `from` when it does not end. */
function endOfJson(text: string, from: number): number {
  // Trend writes the JSON as it is or with every quote and backslash escaped once more (formats.md §1.2).
  const isEscaped = /^[[{\s]*\\"/.test(text.slice(from, from + 16));
  const quote = isEscaped ? '\\"' : '"';
  const escape = isEscaped ? '\\\\' : '\\';
  let depth = 0;
  let isQuoted = false;
  for (let i = from; i < text.length; i++) {
    if (text.startsWith(escape, i)) i += isEscaped && text[i + 2] === '\\' ? 3 : escape.length;
    else if (text.startsWith(quote, i)) {
      isQuoted = !isQuoted;
      i += quote.length - 1;
    } else if (isQuoted) continue;
    else if (text[i] === '[' || text[i] === '{') depth++;
    else if ((text[i] === ']' || text[i] === '}') && --depth === 0) return i + 1;
  }
  return from;
}

/** CEF escapes `=`, `\` and line ends in values. */
function unescape(value: string): string {
  if (value.indexOf('\\') < 0) return value;
  return value.replace(/\\([=\\nr])/g, (_, char: string) => (char === 'n' || char === 'r' ? ' ' : char));
}
