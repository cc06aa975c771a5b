import { ascii, lastIndexOfByte, startsWith, ASCII } from './byte-scan';

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

const NAMES: readonly { readonly name: Uint8Array; readonly agent: number }[] = [
  ['smtpd', AGENT.other],
  ['qmgr', AGENT.other],
  ['smtp', AGENT.smtp],
  ['cleanup', AGENT.other],
  ['local', AGENT.mailbox],
  ['lmtp', AGENT.lmtp],
  ['pipe', AGENT.mailbox],
  ['virtual', AGENT.mailbox],
  ['error', AGENT.other],
  ['retry', AGENT.other],
  ['discard', AGENT.discard],
  ['postsuper', AGENT.postsuper],
  ['pickup', AGENT.other],
  ['bounce', AGENT.other],
  ['postscreen', AGENT.other],
].map(([name, agent]) => ({ name: ascii(name as string), agent: agent as number }));

/**
 * The agent of a syslog program name such as `postfix/smtp`, `postfix-smo/submission/smtpd` or, with a syslog_name of
 * the site's own, `mx-in/smtp`; −1 when no Postfix program bears that name. The last part is the program, what stands
 * between is the instance and the service (postconf(5), syslog_name).
 */
export function agentOf(bytes: Uint8Array, from: number, to: number): number {
  const slash = lastIndexOfByte(bytes, ASCII.slash, from, to);
  const named = startsWith(bytes, from, to, POSTFIX);
  if (slash < 0) return named ? AGENT.unknown : NOT_POSTFIX;
  for (let i = 0; i < NAMES.length; i++) {
    const { name, agent } = NAMES[i];
    if (name.length === to - slash - 1 && startsWith(bytes, slash + 1, to, name)) return agent;
  }
  return named ? AGENT.other : NOT_POSTFIX;
}
