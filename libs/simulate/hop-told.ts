import { MILLISECOND, SECOND, stampMs } from './clock';
import { printedDelayMs } from './postfix-delay';
import type { Attempt, QueueVisit } from './queue-visit';
import { traceForm } from './trace-forms';

/** What a host's log tells of one custody; ms. */
export interface Hop {
  readonly mta: string;
  readonly received: number;
  readonly relayed: number | null;
  readonly deferrals: number;
}

/**
 * The hop that a host's log tells of the attempts that it `seen` has, by delay model §3: what the log does not say is not known. A
 * message trace of Microsoft 365 has no time of delivery, unless it is an extended one.
 */
export function hopTold(visit: QueueVisit, seen: readonly Attempt[]): Hop {
  const { host } = visit;
  const last = seen[seen.length - 1];
  const deferrals = seen.filter(({ status }) => status === 'deferred').length;
  if (host.product === 'microsoft-365') {
    const { resolutionMs, hasEvents } = traceForm(visit.active);
    const relayed = hasEvents && last.status === 'sent' ? stampMs(last.at, 1) : null;
    return { mta: host.mta, received: stampMs(visit.active, resolutionMs), relayed, deferrals };
  }
  const relayed = last.status === 'sent' ? stampMs(last.at, host.resolutionMs) : null;
  return { mta: host.mta, received: receivedMs(visit, seen), relayed, deferrals };
}

function receivedMs(visit: QueueVisit, seen: readonly Attempt[]): number {
  const { host, origin } = visit;
  const stamp = (time: number): number => stampMs(time, host.resolutionMs);
  if (origin.kind === 'pickup') {
    // Waiting in the maildrop is this host's own, so custody of local mail is counted back from its delivery.
    const last = seen[seen.length - 1];
    if (host.product === 'postfix') return stamp(last.at) - printedDelayMs(last.at - visit.arrival);
    // The submission program writes its own line, with its own queue id.
    return stamp(visit.opened);
  }
  // Neither Sendmail nor Exchange logs a reception of its notifications: what is left is the first delivery line, less its delay.
  if (origin.kind === 'bounce' && host.product === 'sendmail')
    return stamp(seen[0].at) - sendmailDelayMs(visit, seen[0]);
  // Exchange counts the time that a message spent there, to the millisecond.
  if (origin.kind === 'bounce' && host.product === 'exchange')
    return stamp(seen[0].at) - Math.floor((seen[0].at - visit.opened) / MILLISECOND);
  return stamp(visit.active);
}

/** `delay=` of Sendmail: the difference of two times in whole seconds. */
export const sendmailDelayMs = ({ arrival }: QueueVisit, { at }: Attempt): number =>
  (Math.floor(at / SECOND) - Math.floor(arrival / SECOND)) * 1000;
