import type { ClockError } from './clock-error';
import type { FleetName } from './hosts';
import type { TruthTotals } from './totals';

export interface SimulationOptions {
  /** folder for the files; made when missing, emptied when it holds an earlier simulation, refused when it holds anything else */
  out: string;
  /** whole number, 1 or more; notifications, noise and refused mail come on top */
  messages: number;
  /** whole number; the same options give the same bytes */
  seed: number;
  /** whole days from `start`, 1 to 366 */
  days: number;
  /** which hosts there are ({@link FLEETS}); `postfix` when left out */
  fleet?: FleetName;
  /** midnight UTC; 2026-03-02 when left out */
  start?: Date;
  /** IANA zone of mbx2's log; UTC when left out. With another zone that log must be ingested on its own. */
  mbx2Zone?: string;
  /** hosts (mx1, mx2, mbx1, mbx2; of the mixed fleet also mx3) whose clocks are wrong; truth keeps the true times, logs and mail files show the clocks' */
  clockErrors?: Readonly<Record<string, ClockError>>;
}

export interface SimulatedFile {
  /** relative to `out` */
  path: string;
  format:
    'trend-email-security' | 'postfix' | 'sendmail' | 'exim' | 'exchange-tracking' | 'm365-trace' | 'trace-headers';
  /** log lines, tracking records, or 1 for a mail file */
  records: number;
}

/** How to hand a part of the output to `hoptime ingest`. */
export interface IngestCall {
  paths: string[];
  timeZone: string;
  /** name of the MTA, which its log does not say */
  mta?: string;
}

export interface SimulationSummary {
  out: string;
  messages: number;
  seed: number;
  fleet: FleetName;
  from: string;
  to: string;
  ingest: IngestCall[];
  files: SimulatedFile[];
  incidents: Record<string, { from: string; to: string }>;
  totals: TruthTotals;
}
