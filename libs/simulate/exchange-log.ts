import type { Micros } from './clock';
import type { QueueVisit } from './queue-visit';
import { RotatedLog } from './rotated-log';
import type { TextFile } from './text-file';
import { TRACKING_COLUMNS, csvRow, isoMillis } from './tracking-row';
import { trackingRows } from './tracking-rows';

/** The message tracking log of one Exchange server (2019; formats.md §4). */
export class ExchangeLog extends RotatedLog {
  visit(visit: QueueVisit): void {
    const { mta, name, address } = this.host;
    const server = { label: mta.toUpperCase(), name, address };
    for (const { at, row } of trackingRows(this.place.random, server, visit)) {
      const rest = csvRow(row, TRACKING_COLUMNS.slice(1));
      this.line(at, `,${rest}\r`);
    }
  }

  /** What is refused before there is a message stands in the protocol log. */
  refusal(): void {}

  lostSession(): void {}

  hourly(): void {}

  protected override begin(from: Micros): TextFile {
    const file = super.begin(from);
    file.write(
      '\uFEFF#Software: Microsoft Exchange Server\r\n#Version: 15.02.1544.011\r\n#Log-type: Message Tracking Log\r\n',
    );
    file.write(`#Date: ${isoMillis(from)}\r\n#Fields: ${TRACKING_COLUMNS.join(',')}\r\n`);
    return file;
  }

  protected fileName(day: string): string {
    return `MSGTRK${day.replaceAll('-', '')}-1.LOG`;
  }

  protected stamp(shown: Micros): string {
    return isoMillis(shown);
  }
}
