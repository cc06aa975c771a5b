import type { CollectedLog } from './collector';

/** What a round brought of one log, in one line; times in UTC. */
export function collectedText({ type, from, to, records, newRecords, pages, problem }: CollectedLog): string {
  const moment = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
  const log = type.replace('_', ' ');
  const counts = `${records} ${records === 1 ? 'record' : 'records'} on ${pages} ${pages === 1 ? 'page' : 'pages'}, ${newRecords} of them new`;
  const span = to > from ? `${moment(from)} to ${moment(to)} UTC: ${counts}` : `nothing from ${moment(from)} UTC on`;
  return `${log}, ${span}${problem === undefined ? '' : '; not to its end'}`;
}

/** A sentence about time that was missed for good; undefined where none was. */
export function lostText({ type, from, lostMs }: CollectedLog): string | undefined {
  if (lostMs === 0) return undefined;
  const since = new Date(from - lostMs).toISOString().slice(0, 16).replace('T', ' ');
  const until = new Date(from).toISOString().slice(0, 16).replace('T', ' ');
  return `${type.replace('_', ' ')} from ${since} to ${until} UTC was not collected in time, and the API reaches back 72 hours only: export it from the console (Logs > Mail Tracking) and ingest the file`;
}
