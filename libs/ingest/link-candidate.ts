import type { MtaNames } from '../trace/mta-name';
import { takenAt, type Leg } from './leg';
import type { LinkKind } from './link-kind';
import { MATCHED_BY_RECIPIENT, RECIPIENT, type RecipientMatch } from './recipient-match';

/** Two legs that one hand-over could join. */
export interface Candidate {
  readonly from: Leg;
  readonly to: Leg;
  readonly kind: LinkKind;
  readonly recipientRank: number;
  /** see {@link distance} */
  readonly apart: number;
}

export type KindOf = (from: Leg, to: Leg, mtas: MtaNames) => LinkKind | undefined;

/**
 * The two ends of a transfer are one SMTP transaction. A log read in the wrong zone may put them a day apart, and must still be linked
 * so that the mistake is seen; where already the recipient is inferred, only a clock's error is believed.
 */
const MAX_APART_MS = 26 * 3_600_000;
const MAX_APART_GUESSED_MS = 3_600_000;

/** How far apart the ends may lie where both are known, in ms. */
export const maxApart = (recipientRank: number): number =>
  recipientRank === RECIPIENT.sole ? MAX_APART_GUESSED_MS : MAX_APART_MS;

/** Could `from` have handed the message to `to`? */
export function candidate(
  from: Leg,
  to: Leg,
  mtas: MtaNames,
  recipients: RecipientMatch,
  kindOf: KindOf,
): Candidate | undefined {
  if (from.custody === to.custody) return undefined;
  const kind = kindOf(from, to, mtas);
  if (!kind) return undefined;
  const recipientRank = recipients.of(from, to);
  if (recipientRank === RECIPIENT.other) return undefined;
  const apart = distance(from, to);
  if (from.endedAt !== null && apart > maxApart(recipientRank)) return undefined;
  return { from, to, kind, recipientRank, apart };
}

/** The weakest of what the link rests on. */
export const matchedBy = ({ kind, recipientRank }: Pick<Candidate, 'kind' | 'recipientRank'>): number =>
  Math.max(kind.matchedBy, MATCHED_BY_RECIPIENT[recipientRank]);

/** How far apart the two ends of the SMTP transaction are, in ms; where the release is not known, how long after the reception. */
function distance(from: Leg, to: Leg): number {
  if (from.endedAt !== null) return Math.abs(takenAt(to) - from.endedAt);
  const held = takenAt(to) - takenAt(from);
  return held >= 0 ? held : 1e12 - held;
}

/** By kind of link, then recipient, then distance in time, ties to the earlier; what remains is decided by content. */
export function byPreference(a: Candidate, b: Candidate): number {
  return (
    byEvidence(a, b) ||
    a.to.begunAt - b.to.begunAt ||
    compareText(a.to.id, b.to.id) ||
    compareText(a.from.id, b.from.id)
  );
}

/** Only what speaks for the link itself. */
export function byEvidence(a: Candidate, b: Candidate): number {
  return (
    a.kind.linkRank - b.kind.linkRank ||
    a.recipientRank - b.recipientRank ||
    a.apart - b.apart ||
    (a.from.endedAt ?? a.from.begunAt) - (b.from.endedAt ?? b.from.begunAt)
  );
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
