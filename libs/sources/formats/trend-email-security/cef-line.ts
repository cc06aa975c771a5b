import { parseCefExtension } from './cef-extension';

/** Signature ids of Trend's stream (formats.md §1.2). Only tracking says what became of a message. */
const TRACKING_SIGNATURE = '400101';
const OTHER_SIGNATURES: Readonly<Record<string, string>> = {
  '100101': 'DETECTION',
  '300101': 'AUDIT',
  '500101': 'CTP_DETECTION',
};

/** A syslog line as CEF: the extension of a tracking line, or why it is none. */
export type CefLine =
  | { readonly tracking: Map<string, string> }
  | { readonly skip: string; readonly isTrend: boolean }
  | { readonly reject: string };

/**
 * Reads `<14> 2024-01-01T11:11:11Z host tmes[1]: CEF:0|Trend Micro|TMES|1.0.0.0|400101|TRACKING|4|k=v …`, or the part from `CEF:` on.
 * The syslog header is not read: its time is that of the forwarder.
 */
export function parseCefLine(line: string): CefLine {
  const start = line.indexOf('CEF:');
  if (start < 0) return { skip: 'no CEF line', isTrend: false };
  const header = headerParts(line, start);
  if (!header) return { reject: 'CEF header is cut short' };
  const [, vendor, , , signature] = header.parts;
  if (vendor.trim().toLowerCase() !== 'trend micro') return { skip: 'CEF line of another vendor', isTrend: false };
  if (signature !== TRACKING_SIGNATURE) {
    const name = Object.hasOwn(OTHER_SIGNATURES, signature) ? OTHER_SIGNATURES[signature] : 'another signature';
    return { skip: `${name}, not a tracking record`, isTrend: signature in OTHER_SIGNATURES };
  }
  return { tracking: parseCefExtension(line.slice(header.end)) };
}

/** The seven parts before the extension, `\|` within them kept as text. */
function headerParts(line: string, start: number): { parts: string[]; end: number } | undefined {
  const parts: string[] = [];
  let from = start;
  for (let i = start; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === '|') {
      parts.push(line.slice(from, i));
      from = i + 1;
      if (parts.length === 7) return { parts, end: from };
    }
  }
  return undefined;
}
