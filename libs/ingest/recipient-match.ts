import { MATCH } from './link-kind';
import type { Leg } from './leg';

/** How a downstream recipient is the recipient of the leg before, best first (delay model §4.4). */
export const RECIPIENT = { exact: 0, orig_to: 1, sole: 2, other: -1 } as const;

/** What the way a recipient was matched does to `matched_by`. */
export const MATCHED_BY_RECIPIENT: readonly number[] = [MATCH.none, MATCH.orig_to, MATCH.sole_recipient];

/** Compares the recipients of legs of one message. */
export class RecipientMatch {
  private custodies: Map<string, Set<string>> | undefined;
  private transactions: Map<string, Set<string>> | undefined;

  constructor(private readonly legs: readonly Leg[]) {}

  /** One of {@link RECIPIENT}. */
  of(from: Leg, to: Leg): number {
    if (from.recipient === to.recipient) return RECIPIENT.exact;
    if (from.recipient === '' || to.recipient === '') return RECIPIENT.sole;
    if (to.originalRecipient === from.recipient) return RECIPIENT.orig_to;
    if (this.recipientsOfCustody(to).has(from.recipient)) return RECIPIENT.other;
    return this.isSole(from) ? RECIPIENT.sole : RECIPIENT.other;
  }

  /** Is the leg's recipient the only one of its SMTP transaction? Of HES, records of one queue id, else of one moment, are one. */
  isSole(leg: Leg): boolean {
    return transactionsOf(leg).every((key) => this.recipientsOfTransaction(key).size === 1);
  }

  private recipientsOfCustody({ custody }: Leg): Set<string> {
    this.custodies ??= recipientsBy(this.legs, (leg) => [leg.custody]);
    return this.custodies.get(custody) ?? new Set();
  }

  private recipientsOfTransaction(key: string): Set<string> {
    this.transactions ??= recipientsBy(this.legs, transactionsOf);
    return this.transactions.get(key) ?? new Set();
  }
}

function transactionsOf(leg: Leg): string[] {
  const ownership = `${leg.mta} ${leg.custody}`;
  return leg.isHes
    ? [ownership, `${leg.mta} hes ${leg.queueId} ${leg.queueId === '' ? leg.receivedAt : ''}`]
    : [ownership];
}

function recipientsBy(legs: readonly Leg[], keysOf: (leg: Leg) => string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const leg of legs) {
    for (const key of keysOf(leg)) {
      const recipients = found.get(key);
      if (recipients) recipients.add(leg.recipient);
      else found.set(key, new Set([leg.recipient]));
    }
  }
  return found;
}
