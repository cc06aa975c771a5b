import { MINUTE, SECOND, isoWholeSecond, type Micros } from './clock';
import { attemptsTogether, type SharedAttempt } from './attempts-together';
import type { Peer } from './hosts';
import { loggedMessageId } from './message-ids';
import type { LostSession, QueueRecipient, QueueVisit, Refusal } from './queue-visit';
import type { Random } from './random';
import { RotatedLog } from './rotated-log';

const CIPHER = 'X=TLS1.3:TLS_AES_256_GCM_SHA384:256';

const host = ({ name, address }: Peer): string => `H=${name} [${address}]`;

/** The main log of one Exim host (4.97, default log selectors, UTC; formats.md §8, §13.23 to 29). It does not name the host. */
export class EximLog extends RotatedLog {
  visit(visit: QueueVisit): void {
    const { queueId, origin, sender, size, active } = visit;
    const id = loggedMessageId(visit);
    const idField = id ? ` id=${id}` : '';
    const from =
      origin.kind === 'smtp'
        ? `${sender || '<>'} ${host(origin.client)} P=esmtps ${CIPHER} CV=no S=${size}${idField}`
        : origin.kind === 'pickup'
          ? `${sender} U=root P=local S=${size}${idField}`
          : `<> R=${origin.about.queueId} U=Debian-exim P=local S=${size}`;
    this.add(active, `${queueId} <= ${from}`);
    for (const shared of attemptsTogether(visit.recipients)) this.attempt(queueId, shared);
    for (const { expired, address } of visit.recipients)
      if (expired !== undefined)
        this.add(expired, `${queueId} ** ${address} R=dnslookup T=remote_smtp: retry timeout exceeded`);
    this.add(visit.removed, `${queueId} Completed`);
  }

  refusal({ at, client, sender, recipient, reply }: Refusal): void {
    const [severity, why] = [reply[0] === '4' ? 'temporarily rejected' : 'rejected', reply.slice(4)];
    this.add(at, `${host(client)} ${CIPHER} CV=no F=<${sender}> ${severity} RCPT <${recipient}>: ${why}`);
  }

  lostSession({ lost, client }: LostSession): void {
    this.add(lost, `SMTP connection lost while reading message data (header) ${host(client)}`);
  }

  hourly(random: Random, hour: Micros): void {
    const pid = random.int(2000, 32_000);
    this.add(hour + 10 * MINUTE, `Start queue run: pid=${pid}`);
    this.add(hour + 10 * MINUTE + SECOND, `End queue run: pid=${pid}`);
    const client = `192.0.2.${random.int(1, 254)}`;
    this.add(hour + random.int(11, 50) * MINUTE, `no host name found for IP address ${client}`);
  }

  protected fileName(day: string): string {
    return `mainlog-${day}`;
  }

  protected stamp(shown: Micros): string {
    return isoWholeSecond(shown).replace('T', ' ');
  }

  private add(at: Micros, text: string): void {
    this.line(at, ` ${text}`);
  }

  private attempt(queueId: string, { attempt, recipients }: SharedAttempt): void {
    const { at, status, into, peer, stage, reply } = attempt;
    const remote = `R=dnslookup T=remote_smtp`;
    const way = into === 'mailbox' ? 'R=local_user T=maildir_home' : remote;
    for (const [i, recipient] of recipients.entries()) {
      const to = into === 'mailbox' && status === 'sent' ? localAddress(recipient) : remoteAddress(recipient);
      if (status === 'sent') {
        const sent = into === 'mailbox' ? way : `${way} ${host(peer)} ${CIPHER} CV=yes C="${reply}"`;
        this.add(at, `${queueId} ${i && into === 'next host' ? '->' : '=>'} ${to} ${sent}`);
      } else if (status === 'deferred') {
        this.add(at, `${queueId} == ${to} ${way} ${deferral(attempt)}`);
        this.add(
          at + 5 * MINUTE - 40 * SECOND,
          `${queueId} == ${to} ${way} defer (-53): retry time not reached for any host`,
        );
      } else if (stage === 'RCPT TO' && into === 'mailbox') this.add(at, `${queueId} ** ${to}: ${reply}`);
      else {
        const said = `SMTP error from remote mail server after ${stage}:<${recipient.address}>: ${reply}`;
        this.add(
          at,
          `${queueId} ** ${to} ${way}${into === 'mailbox' ? '' : ` ${host(peer)}`}: ${into === 'mailbox' ? reply : said}`,
        );
      }
    }
  }
}

/** Local delivery prints the local part, and the address that it came from. */
const localAddress = ({ address, original }: QueueRecipient): string =>
  `${address.split('@')[0].toLowerCase()} <${original ?? address}>`;

const remoteAddress = ({ address, original }: QueueRecipient): string =>
  original ? `${address} <${original}>` : address;

function deferral({ into, peer, stage, reply }: SharedAttempt['attempt']): string {
  if (into === 'mailbox') return `defer (-1): ${reply}`;
  if (stage === 'connect') return `defer (${reply === 'Connection refused' ? 111 : 110}): ${reply}`;
  return `defer (-45) ${host(peer)}: SMTP error from remote mail server after initial connection: ${reply}`;
}
