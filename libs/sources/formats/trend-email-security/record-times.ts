import { TIME_BASIS } from '../../../trace/event-draft';
import { laterReading } from '../../../trace/time-zone';
import { parseTimestamp } from '../../../trace/timestamp';
import type { RecordFields } from '../../fields/record-fields';
import { StampColumn } from '../../fields/stamp-column';
import type { CommonOptions } from '../../source';
import type { Columns } from './columns';
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

  constructor(private readonly options: CommonOptions) {
    const parse = (text: string): ReturnType<typeof parseTimestamp> => parseWithZone(text, options);
    this.timestamp = new StampColumn(options, parse);
    this.deliveryTime = new StampColumn(options, parse);
    this.genTime = new StampColumn(options, parse);
    this.action = this.deliveryTime;
  }

  /** Reads the stamps that a record has, `genTime` only where it is needed. Returns what is wrong with them, '' when nothing is. */
  read({ index }: Columns, fields: RecordFields): string {
    const [received, acted] = [index[FIELD.timestamp], index[FIELD.deliveryTime]];
    this.hasTimestamp = isStamp(fields, received);
    this.hasDeliveryTime = isStamp(fields, acted);
    this.hasGenTime = false;
    if (this.hasTimestamp && !this.timestamp.read(fields, received)) return `timestamp: ${this.timestamp.problem}`;
    if (this.hasDeliveryTime) {
      if (!this.deliveryTime.read(fields, acted)) return `delivery time: ${this.deliveryTime.problem}`;
      if (this.hasTimestamp && this.deliveryTime.time < this.timestamp.time) this.mendDoubledHour(fields.text(acted));
      return '';
    }
    const written = index[FIELD.genTime];
    this.hasGenTime = isStamp(fields, written);
    if (this.hasGenTime) return this.genTime.read(fields, written) ? '' : `log time: ${this.genTime.problem}`;
    return this.hasTimestamp ? '' : 'no time in the record';
  }

  /**
   * A stamp without offset in the hour that a clock set back shows twice means the first one, unless the action would then have come before the
   * reception that the same record tells.
   */
  private mendDoubledHour(text: string): void {
    const { timeZone } = this.options;
    if (timeZone === undefined) return;
    const later = laterReading(this.deliveryTime.time, timeZone);
    if (later < this.timestamp.time) return;
    const elsewhere = parseTimestamp(text, { ...this.options, timeZone: '+13:37' });
    const hasOffset = 'problem' in elsewhere || elsewhere.time === this.deliveryTime.time;
    if (!hasOffset) this.deliveryTime.time = later;
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

/** Whether a field holds something: exports write some word or dash where there is no time. */
function isStamp(fields: RecordFields, index: number): boolean {
  fields.trim(index);
  if (fields.isEmpty(index)) return false;
  return fields.to[index] - fields.from[index] > 4 || !/^(?:-*|none|null|n\/a)$/i.test(fields.text(index));
}

/** Forms that begin with a month or weekday are UTC to `parseTimestamp` when no zone is given; here that would be a guess. */
function parseWithZone(text: string, options: CommonOptions): ReturnType<typeof parseTimestamp> {
  const stamp = parseTimestamp(text, options);
  if (options.timeZone !== undefined || 'problem' in stamp || !/^\s*\p{L}/u.test(text)) return stamp;
  const elsewhere = parseTimestamp(text, { ...options, timeZone: 'Etc/GMT-1' });
  const hasZone = !('problem' in elsewhere) && elsewhere.time === stamp.time;
  return hasZone ? stamp : { problem: 'no zone: pass --timezone' };
}
