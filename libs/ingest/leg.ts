/** What one MTA says of one recipient of one message. Times are epoch ms; '' and null are unknown. */
export interface Leg {
  readonly id: string;
  /** the ownership: legs of one custody differ in the recipient */
  readonly custody: string;
  readonly messageKey: string;
  /** the same; where this MTA's log tells none (Sendmail cuts long ones), that of the one message that queue ids say it is */
  readonly knownKey: string;
  readonly isHes: boolean;
  readonly mta: string;
  readonly product: string;
  readonly queueId: string;
  readonly begunAt: number;
  readonly receivedAt: number | null;
  readonly endedAt: number | null;
  /** who handed it over: hes, mta, self, foreign, unnamed, pickup, '' */
  readonly client: string;
  readonly peer: string;
  readonly originalQueueId: string;
  readonly nextMta: string;
  readonly nextAddress: string;
  readonly nextQueueId: string;
  readonly recipient: string;
  readonly originalRecipient: string;
}

/** When a leg begins, as exactly as it is known. */
export const takenAt = (leg: Leg): number => leg.receivedAt ?? leg.begunAt;
