import { ASCII, ascii, startsWith } from '../../log-text/byte-scan';

/**
 * The Postfix program that wrote a line, as far as the meaning of the line depends on it. `unknown`: an envelope that
 * lost the name (RFC 5424 as rsyslog writes it cuts APP-NAME at the slash, formats.md §13.16).
 */
export const AGENT = {
  unknown: 0,
  /** any Postfix program not listed here */
  other: 1,
  smtp: 2,
  lmtp: 3,
  /** local, virtual, pipe: what they deliver is in its mailbox */
  mailbox: 4,
  discard: 5,
  postsuper: 6,
} as const;

const NOT_POSTFIX = -1;
const POSTFIX = ascii('postfix');

/** Programs by {@link slot}: no two of them share one, so that a line costs one comparison. */
const PROGRAMS: ({ readonly name: Uint8Array; readonly agent: number } | undefined)[] = new Array(512).fill(undefined);
for (const [agent, names] of [
  [AGENT.smtp, ['smtp']],
  [AGENT.lmtp, ['lmtp']],
  [AGENT.mailbox, ['local', 'virtual', 'pipe']],
  [AGENT.discard, ['discard']],
  [AGENT.postsuper, ['postsuper']],
  [AGENT.other, ['smtpd', 'qmgr', 'cleanup', 'pickup', 'bounce', 'error', 'retry', 'postscreen']],
] as const) {
  for (const text of names) {
    const name = ascii(text);
    PROGRAMS[slot(name[0], name.length)] = { name, agent };
  }
}

function slot(first: number, length: number): number {
  return ((length & 15) << 5) | (first & 31);
}

/**
 * The agent of a syslog program name such as `postfix/smtp`, `postfix-smo/submission/smtpd` or, with a syslog_name of
 * the site's own, `mx-in/smtp`; −1 when no Postfix program bears that name. The last part is the program, what stands
 * between is the instance and the service (postconf(5), syslog_name).
 */
export function agentOf(bytes: Uint8Array, from: number, to: number): number {
  let slash = to - 1;
  while (slash >= from && bytes[slash] !== ASCII.slash) slash--;
  const named = startsWith(bytes, from, to, POSTFIX);
  if (slash < from) return named ? AGENT.unknown : NOT_POSTFIX;
  const length = to - slash - 1;
  const program = PROGRAMS[slot(bytes[slash + 1], length)];
  if (program !== undefined && program.name.length === length && startsWith(bytes, slash + 1, to, program.name)) {
    return program.agent;
  }
  return named ? AGENT.other : NOT_POSTFIX;
}
