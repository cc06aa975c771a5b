/** What `message-info` says of the time that a message spent at one server, ms; −1 = not said. */
export interface ServerLatency {
  /** all of it but the reception over SMTP: from the end of DATA on */
  readonly sinceReceptionMs: number;
  readonly receptionMs: number;
  readonly queueMs: number;
  readonly sendMs: number;
  /** one unit of the total's last digit */
  readonly unitMs: number;
}

const TOTAL = /^TOTAL(?:-[A-Z]+)?=(\d+(?:\.\d+)?)$/;
const PART = /^([A-Z]+)(?:-[A-Za-z0-9-]+)?=(\d+(?:\.\d+)?)/;
/** Sending over SMTP and delivery by the store driver; their sub-components stand in parentheses. */
const SENDING = new Set(['SMS', 'SDD']);

/**
 * Reads the latency tree of a `message-info`: `<time>;SRV=host:TOTAL-HUB=14.439|SMR=0.1|CAT=0.2(CATRS=0.1)|QDE=13.8|SMS=0.3;LSRV=host:TOTAL-DEL=…`
 * (seconds), of the server named `host`; without one of that name of the last. undefined where there is none. Source: formats.md §4.
 */
export function serverLatency(info: string, host: string): ServerLatency | undefined {
  if (!info.includes('SRV=')) return undefined;
  const servers = info.split(';').filter((part) => /^L?SRV=/.test(part));
  const label = labelOf(host);
  const own = servers.find((part) => labelOf(part.slice(part.indexOf('=') + 1)) === label) ?? servers.at(-1);
  if (own === undefined) return undefined;
  const components = topLevel(own.slice(own.indexOf(':') + 1));
  const total = TOTAL.exec(components[0] ?? '');
  if (!total) return undefined;
  let [reception, sending] = [0, 0];
  for (const component of components.slice(1)) {
    const part = PART.exec(component);
    if (part?.[1] === 'SMR') reception += seconds(part[2]);
    else if (part && SENDING.has(part[1])) sending += seconds(part[2]);
  }
  const rest = Math.max(0, seconds(total[1]) - reception);
  const detailed = components.length > 1;
  return {
    sinceReceptionMs: rest,
    receptionMs: detailed ? reception : -1,
    queueMs: detailed ? Math.max(0, rest - sending) : -1,
    sendMs: detailed ? sending : -1,
    unitMs: total[1].includes('.') ? 1 : 1000,
  };
}

const seconds = (text: string): number => Math.round(Number(text) * 1000);

const labelOf = (name: string): string => (/^[^.:|;]*/.exec(name)?.[0] ?? '').toLowerCase();

/** Splits at `|` outside of parentheses. */
function topLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === '|' && depth <= 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
