import { searchPath, type Config } from '../config/config';
import { packageVersion } from '../config/package-root';
import type { IngestService } from '../ingest/ingest.service';
import type { Store } from '../store/store';
import type { WriteTurn } from '../store/write-turn';
import { ReportIssuer } from './issued/report-issuer';
import { signingKeyOf } from './issued/signing-key';
import { readSchedules } from './schedule/schedule';
import { ReportSchedule } from './schedule/report-schedule';

/**
 * What a process that serves a store needs for reports: who issues them, and the schedule, not yet started.
 * @param note takes a sentence for whoever runs the process
 * @throws ConfigError for a key or schedules that cannot be used
 */
export function reportingOf(
  store: Store,
  turn: WriteTurn,
  ingest: IngestService,
  config: Config,
  note: (sentence: string) => void,
): { issuer: ReportIssuer; schedule: ReportSchedule } {
  const { verdictThresholdMs, reportSigningKey, reportSchedules } = config;
  const options = { version: packageVersion(), verdictThresholdMs, signingKey: signingKeyOf(reportSigningKey) };
  const issuer = new ReportIssuer({ store, turn, ingest, options, path: searchPath() });
  const schedule = new ReportSchedule({
    store,
    schedules: reportSchedules === '' ? [] : readSchedules(reportSchedules),
    inTurn: (work) => issuer.inTurn(work),
    issue: (question, asPdf) => issuer.issueInTurn(question, asPdf),
    note,
  });
  return { issuer, schedule };
}
