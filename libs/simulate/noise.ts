import { HOUR, MILLISECOND, MINUTE, SECOND, isoSecond, type Micros } from './clock';
import { mailbox, senderAddress, senderHost } from './fleet';
import type { Fleet } from './hosts';
import type { PostfixLog } from './postfix-log';
import type { Random } from './random';

/** Lines that belong to no message: blocked clients, scans, TLS, statistics. Returns how many clients the block list refused. */
export function clientNoise(random: Random, fleet: Fleet, log: PostfixLog, at: Micros): number {
  const smtpd = log.process('smtpd');
  const address = `192.0.2.${random.int(1, 254)}`;
  if (random.chance(0.7)) {
    const sender = senderAddress(random);
    const helo = senderHost(random, sender).name;
    const blocked = `554 5.7.1 Service unavailable; Client host [${address}] blocked using dnsbl.example`;
    log.add(at, smtpd, `connect from unknown[${address}]`);
    log.add(
      at + 40 * MILLISECOND,
      smtpd,
      `NOQUEUE: reject: RCPT from unknown[${address}]: ${blocked}; from=<${sender}> to=<${mailbox(random, fleet)}> proto=ESMTP helo=<${helo}>`,
    );
    const counts = 'ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4';
    log.add(at + 90 * MILLISECOND, smtpd, `disconnect from unknown[${address}] ${counts}`);
    return 1;
  }
  log.add(
    at,
    smtpd,
    `warning: hostname host-${random.int(1, 999)}.dial.example does not resolve to address ${address}`,
  );
  log.add(at + MILLISECOND, smtpd, `connect from unknown[${address}]`);
  const tls = 'TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)';
  log.add(at + 30 * MILLISECOND, smtpd, `Anonymous TLS connection established from unknown[${address}]: ${tls}`);
  log.add(at + 2 * SECOND, smtpd, `lost connection after EHLO from unknown[${address}]`);
  log.add(at + 2 * SECOND + 300, smtpd, `disconnect from unknown[${address}] ehlo=2 starttls=1 commands=3`);
  return 0;
}

/** What the daemons of Postfix report about themselves, once an hour. */
export function daemonNoise(random: Random, log: PostfixLog, hour: Micros): void {
  const at = hour + random.int(1, 50) * MINUTE;
  const anvil = log.process('anvil');
  const when = isoSecond(at - 3 * MINUTE).slice(11, 19);
  log.add(
    at,
    anvil,
    `statistics: max connection rate ${random.int(1, 9)}/60s for (smtp:${log.host.address}) at ${when}`,
  );
  log.add(at + 100, anvil, `statistics: max cache size ${random.int(1, 9)} at ${when}`);
  if (new Date(hour / 1000).getUTCHours() === 3)
    log.add(hour + HOUR / 2, 'postfix/postfix-script[871]', 'refreshing the Postfix mail system');
}
