import type { Leg } from './leg';

/** Which legs are followed already: a leg is followed at most once per recipient. */
export class Followers {
  private readonly recipients = new Map<Leg, Set<string>>();

  /** Is `from` followed by another leg to the recipient of `to`? */
  has(from: Leg, to: Leg): boolean {
    return this.recipients.get(from)?.has(to.recipient) === true;
  }

  add(from: Leg, to: Leg): void {
    const known = this.recipients.get(from);
    if (known) known.add(to.recipient);
    else this.recipients.set(from, new Set([to.recipient]));
  }
}
