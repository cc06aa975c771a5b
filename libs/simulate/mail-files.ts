import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECOND, rfc5322, seconds, type Micros } from './clock';
import type { HostClock } from './clock-error';
import { HES_ACCEPT, domainOf } from './fleet';
import type { HesTransaction, Letter } from './hes-transaction';
import type { Host, Peer } from './hosts';
import type { QueueVisit } from './queue-visit';
import type { Random } from './random';

const PER_KIND = { plain: 4, retried: 2, sandboxed: 1, direct: 1 } as const;

/** Saves a few messages of the fleet as a user's mail program would: header fields as each host of the path wrote them. */
export class MailFiles {
  readonly paths: string[] = [];
  private readonly left: Record<keyof typeof PER_KIND, number> = { ...PER_KIND };
  private nextPlain = 0;

  constructor(
    private readonly folder: string,
    private readonly random: Random,
    private readonly clock: (host: Host) => HostClock,
  ) {}

  /** Saves the message when its kind is still wanted. `visit` is its way through the fleet, told whole. */
  offer(visit: QueueVisit, mail: Letter, client: Peer, transaction?: HesTransaction): void {
    const mailboxVisit = visit.recipients[0].next;
    const session = mailboxVisit?.recipients[0].attempts.at(-1);
    const single = visit.recipients.length === 1 && !visit.recipients[0].original;
    if (!single || !mail.messageId || mail.messageId.startsWith('campaign-') || !mailboxVisit || !session) return;
    if (session.status !== 'sent' || ![visit, mailboxVisit].every(({ host }) => host.product === 'postfix')) return;
    const kind = kindOf(transaction);
    if (!this.left[kind] || (kind === 'plain' && visit.active < this.nextPlain)) return;
    this.left[kind]--;
    if (kind === 'plain') this.nextPlain = visit.active + seconds(3 * 86_400);
    const recipient = visit.recipients[0].address;
    const lines = [
      `Return-Path: <${mail.sender}>`,
      `Delivered-To: ${recipient}`,
      `Received: from ${mailboxVisit.host.name}`,
      `\tby ${mailboxVisit.host.name} with LMTP`,
      `\tid ${session.reply.split(' ')[3]}`,
      `\t(envelope-from <${mail.sender}>)`,
      `\tfor <${recipient}>; ${rfc5322(this.clock(mailboxVisit.host)(session.at), 0, '')}`,
      ...this.postfixReceived(mailboxVisit, recipient),
      ...this.postfixReceived(visit, recipient),
      ...(transaction ? this.hesReceived(transaction) : []),
      ...this.authorReceived(client, mail, transaction?.received ?? visit.opened),
    ];
    const path = join(this.folder, `${String(this.paths.length + 1).padStart(2, '0')}-${kind}.eml`);
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(path, lines.join('\r\n') + '\r\n');
    utimesSync(path, session.at / SECOND, session.at / SECOND);
    this.paths.push(path);
  }

  private hesReceived(transaction: HesTransaction): string[] {
    const { client, received, visit, lastHost, refusals, mailId } = transaction;
    if (!visit || !lastHost || visit.origin.kind !== 'smtp') return [];
    const from = `from ${client.address}_.trendmicro.com (unknown [172.21.${this.random.int(16, 200)}.${this.random.int(1, 254)}])`;
    const firstAttempt = refusals[0]?.at ?? visit.origin.connected;
    const scanned = firstAttempt - Math.min(seconds(0.4), firstAttempt - received);
    const noted = received + Math.min(seconds(0.2), scanned - received);
    const hop = (host: string, at: Micros): string[] => [
      `Received: ${from}`,
      `\tby ${host} (Postfix) with SMTP id ${this.random.hex(12).toUpperCase()};`,
      `\t${rfc5322(at, 0, 'UTC')}`,
    ];
    const firstHost = refusals[0]?.client.name ?? lastHost.name;
    return [
      ...(firstHost === lastHost.name ? [] : hop(lastHost.name, firstAttempt + SECOND)),
      ...hop(firstHost, scanned),
      `X-TM-MAIL-RECEIVED-TIME: ${Math.floor(noted / SECOND)}.${String(Math.floor((noted % SECOND) / 1000)).padStart(3, '0')}000`,
      `X-TM-MAIL-UUID: ${mailId}`,
      `Received: from ${client.name} (unknown [${client.address}])`,
      `\tby ${HES_ACCEPT} (Trend Micro Email Security) with ESMTPS id ${this.random.hex(13).toUpperCase()};`,
      `\t${rfc5322(received, 0, 'UTC')}`,
      'X-TM-AS-ERS: ' + `${client.address}-0.0.0.0`,
      'X-TMASE-Version: StarCloud-1.3-9.1.1026-29024.006',
      'X-TMASE-Result: 10--9.128500-4.000000',
      `X-TM-Deliver-Signature: ${this.random.hex(32).toUpperCase()}`,
    ];
  }

  private postfixReceived(visit: QueueVisit, recipient: string): string[] {
    if (visit.origin.kind !== 'smtp') return [];
    const { name, address } = visit.origin.client;
    return [
      `Received: from ${name} (${name} [${address}])`,
      '\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
      '\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)',
      '\t(No client certificate requested)',
      `\tby ${visit.host.name} (Postfix) with ESMTPS id ${visit.queueId}`,
      `\tfor <${recipient}>; ${rfc5322(this.clock(visit.host)(visit.arrival), 0, 'UTC')}`,
    ];
  }

  private authorReceived(client: Peer, mail: Letter, handedOver: Micros): string[] {
    const written = handedOver - seconds(this.random.int(2, 9));
    return [
      `Received: from [192.168.7.${this.random.int(2, 99)}] (unknown [10.9.0.${this.random.int(2, 99)}])`,
      `\tby ${client.name} (Postfix) with ESMTPSA id ${this.random.hex(9).toUpperCase()};`,
      `\t${rfc5322(written, 60, 'CET')}`,
      `Message-ID: <${mail.messageId}>`,
      `Date: ${rfc5322(written - seconds(3), 60, '')}`,
      `From: <${mail.sender}>`,
      `To: <${mail.envelope[0]}>`,
      `Subject: A message of the sample fleet, from ${domainOf(mail.sender)}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'Hello.',
    ];
  }
}

function kindOf(transaction: HesTransaction | undefined): keyof typeof PER_KIND {
  if (!transaction) return 'direct';
  if (transaction.refusals.length) return 'retried';
  const sandboxed = transaction.recipients[0].events.some(({ action }) => action === 'Scanning in sandbox');
  return sandboxed ? 'sandboxed' : 'plain';
}
