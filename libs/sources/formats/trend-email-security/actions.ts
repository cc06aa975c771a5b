import { DIRECTION, KIND } from '../../../trace/event-draft';
import type { RecordFields } from '../../fields/record-fields';
import { RepeatedValues } from '../../fields/repeated-values';
import { comparableName } from './tracking-fields';

/** HES took responsibility: said by a row of its own where a file has one row per event. */
export const RECEIVED = KIND.received;
/** A state inside HES, or an action that this table does not know: no event beyond the reception. */
export const NO_EVENT = -1;

/** Actions of Trend's documentation and of real records (formats.md §1.1). An open set. */
const KIND_OF_ACTION: Readonly<Record<string, number>> = {
  received: RECEIVED,
  delivered: KIND.relayed,
  redirected: KIND.relayed,
  temporarydeliveryerror: KIND.deferred,
  deferred: KIND.deferred,
  bounced: KIND.bounced,
  quarantined: KIND.quarantined,
  deleted: KIND.deleted,
  expired: KIND.expired,
  released: KIND.released,
  blocked: KIND.rejected,
  rejected: KIND.rejected,
};

const CODE_OF_DIRECTION: Readonly<Record<string, number>> = {
  in: DIRECTION.in,
  incoming: DIRECTION.in,
  inbound: DIRECTION.in,
  out: DIRECTION.out,
  outgoing: DIRECTION.out,
  outbound: DIRECTION.out,
  internal: DIRECTION.internal,
};

const codeIn =
  (table: Readonly<Record<string, number>>, otherwise: number) =>
  (word: string): number => {
    const comparable = comparableName(word);
    return Object.hasOwn(table, comparable) ? table[comparable] : otherwise;
  };

/** The words of tracking records as code numbers. One per parser. */
export class TrackingWords {
  private readonly kinds = new RepeatedValues(codeIn(KIND_OF_ACTION, NO_EVENT));
  private readonly directions = new RepeatedValues(codeIn(CODE_OF_DIRECTION, DIRECTION.unknown));

  /** Kind number of an action in any case and spacing, {@link NO_EVENT} for states inside HES and for unknown actions. */
  kind(fields: RecordFields, index: number): number {
    return this.kinds.of(fields, index);
  }

  /** Direction number; unknown for other words. */
  direction(fields: RecordFields, index: number): number {
    return this.directions.of(fields, index);
  }
}

/** Does the type of a record (`Blocked traffic`, `blocked_traffic`) say that HES refused the message at the connection? */
export function isBlockedTraffic(type: string): boolean {
  return type !== '' && /^\s*blocked/i.test(type);
}

/** Is a record of Vision One's search, by its scan type, one of mail tracking? Other scans see the same mail at another place, or only what was detected in it. */
export function isGatewayTraffic(scanType: string): boolean {
  return /^\s*gateway_realtime_(?:accepted|blocked)_mail_traffic\s*$/i.test(scanType);
}
