import { HOUR, MINUTE, type Micros } from './clock';
import { DEAD_FORWARD, FORWARDS, resolveRecipient } from './aliases';
import { DEAD_DOMAIN, domainOf, mailbox, mailboxAt, mailboxHost, senderAddress } from './fleet';
import { LINKING_FORMS, type HesForm } from './hes-forms';
import type { HesTransaction, Letter } from './hes-transaction';
import type { Fleet } from './hosts';
import type { Random } from './random';

const SUBJECTS = [
  'Invoice 2026-117',
  'Re: meeting on Thursday',
  'Offer, as discussed; second version',
  'Quote "Q-88" & terms <draft>',
  'Grüße aus München',
  'Server report',
  'Fwd: tickets',
  'Contract\tunsigned',
  '会議の件',
  'Lunch?',
];
const CAMPAIGN_SIZE = 40;

/** Makes the letters that come to HES: whom they are for, and what their Message-IDs look like. */
export class Letters {
  private campaign = { messageId: '', sender: '', sent: new Set<string>() };
  private campaigns = 0;
  private written = 0;
  private readonly recent: { letter: Letter; released: Micros }[] = [];

  constructor(
    private readonly random: Random,
    private readonly fleet: Fleet,
  ) {}

  /** A letter for HES, of a shape that the export form of its time can tell apart. */
  forHes(now: Micros, form: HesForm): Letter {
    const { random } = this;
    if (random.chance(0.01)) return this.newsletter();
    if (LINKING_FORMS.has(form) && random.chance(0.003)) {
      const replayed = this.replay(now);
      if (replayed) return replayed;
    }
    const letter = this.ordinary(now, this.envelope(form));
    if (!LINKING_FORMS.has(form)) return letter;
    if (random.chance(0.008) && this.isLinkedByQueueId(letter.envelope)) return { ...letter, messageId: '' };
    return this.fleet.oddMessageIds && random.chance(0.01)
      ? { ...letter, messageId: this.oddMessageId(letter.sender) }
      : letter;
  }

  /** A letter from `sender` for known recipients. */
  ordinary(now: Micros, envelope: readonly string[], sender = senderAddress(this.random)): Letter {
    const { random } = this;
    const messageId = this.messageId(now, sender);
    return { sender, messageId, size: this.size(), subject: random.pick(SUBJECTS), envelope };
  }

  /** Tells what became of a letter: one that HES delivered may come a second time, under the same Message-ID. */
  remember(transaction: HesTransaction): void {
    const { mail, form, visit } = transaction;
    if (!visit || !mail.messageId || mail.envelope.length > 1 || !LINKING_FORMS.has(form) || !this.random.chance(0.05))
      return;
    this.recent.push({ letter: mail, released: visit.active });
    if (this.recent.length > 100) this.recent.shift();
  }

  private replay(now: Micros): Letter | undefined {
    const at = this.recent.findIndex(({ released }) => released + 2 * HOUR < now);
    return at < 0 ? undefined : this.recent.splice(at, 1)[0].letter;
  }

  private newsletter(): Letter {
    const { random } = this;
    if (!this.campaign.messageId || this.campaign.sent.size >= CAMPAIGN_SIZE) {
      const number = ++this.campaigns;
      this.campaign = {
        messageId: `campaign-${number}@news.example`,
        sender: `bounce-${number}@news.example`,
        sent: new Set(),
      };
    }
    const { messageId, sender, sent } = this.campaign;
    let recipient = mailbox(random, this.fleet);
    while (sent.has(recipient)) recipient = mailbox(random, this.fleet);
    sent.add(recipient);
    return { sender, messageId, size: 48_000, subject: 'Newsletter, spring', envelope: [recipient] };
  }

  private envelope(form: HesForm): readonly string[] {
    const { random } = this;
    const { aliases, formerDomains } = this.fleet;
    const share = random.float();
    if (share < 0.02) return [random.pick([...aliases.single.keys()])];
    if (share < 0.028) return [random.pick([...FORWARDS.keys()])];
    if (share < 0.0286) return [DEAD_FORWARD.alias];
    if (share < 0.0316) return [random.pick([...aliases.lists.keys()])];
    if (share < 0.0396)
      return [`left${random.int(1, 200)}@${formerDomains.length > 1 ? random.pick(formerDomains) : formerDomains[0]}`];
    if (share < 0.0402 && form !== 'cef' && form !== 'csv-last-action') return [mailboxAt(random, DEAD_DOMAIN)];
    const first = mailbox(random, this.fleet);
    if (share < 0.0502) return [first.replace(/(^|[@.])[a-z]/g, (letter) => letter.toUpperCase())];
    if (share > 0.94) {
      const count = random.int(2, 5);
      const all = new Set([first]);
      while (all.size < count) all.add(mailboxAt(random, domainOf(first)));
      return [...all];
    }
    return [first];
  }

  private messageId(now: Micros, sender: string): string {
    const { random } = this;
    const domain = domainOf(sender);
    const written = new Date(Math.floor((now - MINUTE * random.float()) / 1000)).toISOString();
    const number = ++this.written;
    switch (random.int(0, 4)) {
      case 0:
        return `${written.slice(0, 19).replace(/\D/g, '')}.${number}@mail.${domain}`;
      case 1:
        return `${random.uuid()}@${domain}`;
      case 2:
        return `${number}.${random.int(1, 99)}.${Date.parse(written)}.JavaMail.app@${domain}`;
      case 3:
        return `CA${random.hex(20)}${number}@mail.${domain}`;
      default:
        return `DB7PR04MB${number}${random.hex(12).toUpperCase()}@DB7PR04.${domain.toUpperCase()}`;
    }
  }

  /** Whether all logs on the way name queue ids: a trace of Microsoft 365 has none, and only Message-IDs tell what it is about. */
  private isLinkedByQueueId(envelope: readonly string[]): boolean {
    const mailboxes = envelope.flatMap((address) => resolveRecipient(this.fleet.aliases, address));
    return mailboxes.every((address) => mailboxHost(this.fleet, address).product !== 'microsoft-365');
  }

  /** One that Sendmail cuts, or one that Exim does not log. */
  private oddMessageId(sender: string): string {
    const { random } = this;
    const domain = domainOf(sender);
    return random.chance(0.5) ? `${random.hex(120)}@mailer.${domain}` : `[${random.hex(12)}]@${domain}`;
  }

  private size(): number {
    return 900 + Math.floor(Math.min(this.random.logNormal(16_000, 1.2), 25_000_000));
  }
}
