import { TIME_BASIS } from '../../../trace/event-draft';
import type { CommonOptions } from '../../source';
import { fieldText, type Columns } from './columns';
import { StampColumn } from './stamp-column';
import { FIELD } from './tracking-fields';

/** The times of one record after the other. One per file, since the columns remember the minutes that they saw. */
export class RecordTimes {
  /** when HES received the message, where `hasTimestamp` */
  readonly timestamp: StampColumn;
  /** the time that {@link chooseAction} chose for the action */
  action: StampColumn;
  /** whether that is when the action happened, or only when the record was written */
  actionBasis = TIME_BASIS.event;
  hasTimestamp = false;
  hasDeliveryTime = false;

  private readonly deliveryTime: StampColumn;
  private readonly genTime: StampColumn;
  private hasGenTime = false;

  constructor(options: CommonOptions) {
    this.timestamp = new StampColumn(options);
    this.deliveryTime = new StampColumn(options);
    this.genTime = new StampColumn(options);
    this.action = this.deliveryTime;
  }

  /** Reads the stamps that a record has, `genTime` only where it is needed. Returns what is wrong with them, '' when nothing is. */
  read(columns: Columns, values: readonly string[]): string {
    const received = stampText(fieldText(columns, values, FIELD.timestamp));
    const acted = stampText(fieldText(columns, values, FIELD.deliveryTime));
    this.hasTimestamp = received !== '';
    this.hasDeliveryTime = acted !== '';
    this.hasGenTime = false;
    if (this.hasTimestamp && !this.timestamp.read(received)) return `timestamp: ${this.timestamp.problem}`;
    if (this.hasDeliveryTime) return this.deliveryTime.read(acted) ? '' : `delivery time: ${this.deliveryTime.problem}`;
    const written = stampText(fieldText(columns, values, FIELD.genTime));
    this.hasGenTime = written !== '';
    if (this.hasGenTime) return this.genTime.read(written) ? '' : `log time: ${this.genTime.problem}`;
    return this.hasTimestamp ? '' : 'no time in the record';
  }

  /**
   * Sets `action` and `actionBasis`: the action's own time; failing that, the time of the record, marked as such.
   * @param isOneEvent the record is one event, whose time is then the record's only time
   */
  chooseAction(isOneEvent: boolean): void {
    this.actionBasis = TIME_BASIS.event;
    if (this.hasDeliveryTime) this.action = this.deliveryTime;
    else if (isOneEvent && this.hasTimestamp) this.action = this.timestamp;
    else {
      this.actionBasis = TIME_BASIS.record;
      this.action = this.hasGenTime ? this.genTime : this.timestamp;
    }
  }
}

/** Exports write some word or dash where there is no time. */
function stampText(text: string): string {
  const value = text.trim();
  return value.length <= 4 && /^(?:-*|none|null|n\/a)$/i.test(value) ? '' : value;
}
