import { storeTime } from '../../delay/store-time';
import type { Store } from '../../store/store';
import type { IssueResult } from '../issued/issue.service';
import { issuedSentence } from '../issued/changes-text';
import type { ReportQuestion } from '../issued/computed-report';
import { duePeriods, type DuePeriod } from './due-periods';
import type { Schedule } from './schedule';

const ASK_MS = 20_000;
/** After a failure. */
const PAUSE_MS = 300_000;
/** So many periods that were missed are made up, the newest. */
const MOST_MADE_UP = 120;
const FIRST_SEEN = 0;

export interface ScheduleParts {
  readonly store: Pick<Store, 'rows' | 'command'>;
  readonly schedules: readonly Schedule[];
  /** the turn of those who change the store, in all processes */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** issues a report; called within the turn */
  readonly issue: (question: ReportQuestion, asPdf: boolean) => Promise<IssueResult>;
  readonly note: (sentence: string) => void;
  readonly now?: () => number;
}

/**
 * Issues the reports of schedules when they are due. What was done is in the store, and is looked up in the turn in which it is done: of any number
 * of processes one issues a period, once. A run that is cut off is done again, and finds the report that it had issued.
 */
export class ReportSchedule {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private readonly now: () => number;

  constructor(private readonly parts: ScheduleParts) {
    this.now = parts.now ?? Date.now;
  }

  /** Looks now and every 20 s, until stopped. */
  start(): void {
    if (this.parts.schedules.length > 0) this.lookIn(0);
  }

  /** Waits for the report in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private lookIn(ms: number): void {
    this.timer = setTimeout(() => {
      this.running = this.look();
    }, ms);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    let pause = ASK_MS;
    try {
      await this.runDue();
    } catch (error) {
      pause = PAUSE_MS;
      this.parts.note(`a scheduled report failed, and is tried again in 5 minutes: ${messageOf(error)}`);
    }
    if (!this.stopped) this.lookIn(pause);
  }

  /** Issues all that is due now. */
  async runDue(): Promise<void> {
    for (const schedule of this.parts.schedules) {
      if ((await this.dueOf(schedule)).length === 0) continue;
      await this.parts.inTurn(async () => {
        // Another process may have done some of it until it was this one's turn.
        for (const period of await this.dueOf(schedule)) await this.run(schedule, period);
      });
    }
  }

  private async dueOf(schedule: Schedule): Promise<DuePeriod[]> {
    const runs = await this.parts.store.rows<{ from_ms: number; run_ms: number }>('queries/report_runs', {
      schedule: schedule.name,
    });
    const now = this.now();
    const last = runs.at(-1);
    if (!last) {
      await this.keep(schedule, { from: FIRST_SEEN, to: FIRST_SEEN, runAt: now }, '');
      return [];
    }
    const done = new Set(runs.map(({ from_ms }) => from_ms));
    const due = duePeriods(schedule, last.run_ms, now).filter(({ from }) => !done.has(from));
    return due.slice(-MOST_MADE_UP);
  }

  private async run(schedule: Schedule, period: DuePeriod): Promise<void> {
    const { from, to } = period;
    const { filters, zone, clauses, clock, pdf, name } = schedule;
    const result = await this.parts.issue({ filter: { ...filters, from, to }, timeZone: zone, clauses, clock }, pdf);
    await this.keep(schedule, period, result.head.id);
    this.parts.note(`schedule ${name}: ${issuedSentence(result)}`);
  }

  private keep({ name }: Schedule, { from, to, runAt }: DuePeriod, reportId: string): Promise<void> {
    return this.parts.store.command('ingest/insert_report_run', {
      schedule: name,
      period_from: storeTime(from),
      period_to: storeTime(to),
      run_at: storeTime(runAt),
      report_id: reportId,
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
