import { MILLISECOND, SECOND, seconds, type Micros } from './clock';
import { DEAD_DOMAIN, HES_FIRST, HES_RETRY, domainOf, entryHost } from './fleet';
import type { HesForm } from './hes-forms';
import type { Fleet, Host, Peer } from './hosts';
import type { Incidents } from './incidents';
import type { LostSession, QueueVisit, Refusal } from './queue-visit';
import type { Random } from './random';
import { GREYLISTED, LOOKUP_FAILED, accepted } from './replies';
import { smtpEntry, type Routing } from './routing';

/** One message as HES took it: one `mailID`, one or more recipients. */
export interface HesTransaction {
  readonly mailId: string;
  readonly received: Micros;
  /** how the records of this transaction were exported */
  readonly form: HesForm;
  readonly client: Peer;
  readonly mail: Letter;
  readonly recipients: readonly HesRecipient[];
  readonly refusals: readonly Refusal[];
  readonly lostSessions: readonly LostSession[];
  /** reception by the gateway, where HES delivered */
  readonly visit?: QueueVisit;
  /** the HES host that delivered, for the trace header fields of mail files */
  readonly lastHost?: Peer;
}

/** What a sender wrote. */
export interface Letter {
  readonly sender: string;
  readonly messageId: string;
  readonly size: number;
  readonly subject: string;
  readonly envelope: readonly string[];
}

export interface HesRecipient {
  readonly address: string;
  readonly events: readonly HesEvent[];
  /** when the gateway refused this recipient to HES, by the gateway's log */
  readonly refused: readonly Micros[];
}

export type HesAction =
  | 'Received'
  | 'Scanning in sandbox'
  | 'Temporary delivery error'
  | 'Delivered'
  | 'Bounced'
  | 'Quarantined'
  | 'Deleted'
  | 'Expired';

export interface HesEvent {
  readonly action: HesAction;
  readonly at: Micros;
  /** `genTime`: when the record was written */
  readonly generated: Micros;
  /** the record is in the export when this lies before its end: a delivery counts as told when the next MTA has it */
  readonly told: Micros;
  readonly deliveredTo: string;
  readonly details: string;
}

/** How HES treats a letter. */
export type HesTreatment = 'deliver' | 'sandbox' | 'quarantine' | 'release' | 'delete' | 'bounce';

const HES_LIFETIME: Micros = seconds(10 * 86_400);

/** The life of a letter inside HES, and its hand-over to a gateway. */
export function passHes(
  random: Random,
  fleet: Fleet,
  incidents: Incidents,
  routing: Routing,
  given: Pick<HesTransaction, 'received' | 'form' | 'client' | 'mail'>,
  treatment: HesTreatment,
): HesTransaction {
  const { received, form, mail } = given;
  const events: HesEvent[] = [];
  const refused = new Map(mail.envelope.map((address) => [address, [] as Micros[]]));
  const tell = (action: HesAction, at: Micros, details = '', deliveredTo = '', told = at): void => {
    events.push({ action, at, generated: at + seconds(4 + random.float() * 8), told, deliveredTo, details });
  };
  const transaction = { ...given, mailId: random.uuid(), refusals: [] as Refusal[], lostSessions: [] as LostSession[] };
  const finish = (visit?: QueueVisit, lastHost?: Peer): HesTransaction => ({
    ...transaction,
    visit,
    lastHost,
    recipients: mail.envelope.map((address) => ({ address, events, refused: refused.get(address) ?? [] })),
  });

  tell('Received', received);
  if (treatment === 'sandbox') tell('Scanning in sandbox', received + SECOND);
  let now = received + processing(random, incidents, received, treatment);
  if (treatment === 'bounce') {
    tell('Bounced', received, '552 5.3.4 Message size exceeds fixed limit', 'none');
    return finish();
  }
  if (treatment === 'delete') tell('Deleted', now);
  if (treatment === 'quarantine' || treatment === 'release') tell('Quarantined', now);
  if (treatment === 'delete' || treatment === 'quarantine') return finish();
  if (treatment === 'release') now += seconds(3600 * (1 + 7 * random.float()));

  if (domainOf(mail.envelope[0].toLowerCase()) === DEAD_DOMAIN) {
    for (let wait = 1800; now - received < HES_LIFETIME; wait = Math.min(wait * 2, 6 * 3600)) {
      tell('Temporary delivery error', now, `451 4.4.1 connect to mail.${DEAD_DOMAIN}:25: Connection timed out`);
      now += seconds(wait * (1 + 0.1 * random.float()));
    }
    tell('Expired', now, '554 5.4.7 delivery time expired', 'none');
    return finish();
  }

  const gateway = entryHost(random, fleet, mail.envelope[0]);
  for (let attempt = 0; ; attempt++) {
    const client = random.pick(attempt ? HES_RETRY : HES_FIRST);
    const trouble = form === 'cef' ? undefined : troubleAt(random, incidents, gateway, now, attempt, form);
    const relay = `${gateway.name}[${gateway.address}]:25`;
    if (!trouble) {
      const entry = smtpEntry(random, client, now);
      const visit = routing.enter(gateway, entry, mail, mail.envelope);
      const replied = visit.active + random.int(5, 40) * MILLISECOND;
      tell('Delivered', replied, accepted(visit), relay, visit.active);
      return finish(visit, client);
    }
    if (trouble === 'lost') {
      const queueId = routing.idAt(gateway, now + 90 * MILLISECOND);
      const lost = now + random.int(1000, 9000) * MILLISECOND;
      const { messageId } = mail;
      transaction.lostSessions.push({ host: gateway, client, connected: now, queueId, messageId, lost });
      tell('Temporary delivery error', lost, `451 4.4.2 lost connection with ${relay}`, relay);
      now = lost;
    } else {
      const queueId = gateway.product === 'sendmail' ? routing.idAt(gateway, now + 90 * MILLISECOND) : undefined;
      for (const [i, recipient] of mail.envelope.entries()) {
        // What Microsoft 365 refuses stands in no trace.
        if (gateway.product === 'microsoft-365') break;
        const at = now + (100 + 3 * i) * MILLISECOND;
        const reply = trouble.replace('%', recipient);
        transaction.refusals.push({ host: gateway, at, client, sender: mail.sender, recipient, reply, queueId });
        refused.get(recipient)?.push(at);
      }
      now += (110 + 3 * mail.envelope.length) * MILLISECOND;
      const example = trouble.replace('%', mail.envelope[0]);
      tell('Temporary delivery error', now + 5 * MILLISECOND, example, relay, now);
    }
    now += seconds(300 + 600 * random.float());
  }
}

function processing(random: Random, incidents: Incidents, received: Micros, treatment: HesTreatment): Micros {
  if (treatment === 'sandbox') return seconds(120 + 360 * random.float());
  if (incidents.isHesSlow(received)) return seconds(240 + 480 * random.float());
  if (random.chance(0.003)) return seconds(60 + 140 * random.float());
  return seconds(0.3 + random.logNormal(1.9, 0.7));
}

/** The reply with which a gateway turns HES away (`%` is the recipient), `lost` for a broken session, undefined when all goes well. */
function troubleAt(
  random: Random,
  incidents: Incidents,
  gateway: Host,
  now: Micros,
  attempt: number,
  form: HesForm,
): string | undefined {
  if (incidents.isGreylisting(gateway, now) && random.chance(attempt === 0 ? 0.45 : 0.08))
    return GREYLISTED[gateway.product];
  if (attempt > 0) return undefined;
  if (random.chance(0.004)) return LOOKUP_FAILED[gateway.product];
  // This export keeps no time of a failed attempt, and a lost session leaves no refusal in the gateway's log.
  if (form !== 'csv-last-action' && random.chance(0.002)) return 'lost';
  return undefined;
}
