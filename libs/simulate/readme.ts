import type { SimulationSummary } from './simulation-summary';

/** README.txt of a simulated fleet: what is where, and how to ingest it. */
export function readme(summary: Omit<SimulationSummary, 'out'>): string {
  const calls = summary.ingest.map(
    ({ paths, timeZone }) => `  hoptime ingest ${paths.join(' ')} --timezone ${timeZone}`,
  );
  const { slow_hes: slow, greylisting_mx2: grey, bad_mbx2: bad, mbx2_store_down: down } = summary.incidents;
  return `A synthetic mail fleet with known truth. Nothing in it is about real people or hosts; Trend's host names are real so that
HES is recognised.

Made by: hoptime simulate, ${summary.messages} messages, seed ${summary.seed}, ${summary.from} to ${summary.to}.

Ingest (in this folder; the console exports carry no zone, and the logs of mbx1 and mbx2 neither zone nor year: the files' dates tell the year,
so pass --year when a copy has lost them):
${calls.join('\n')}

hes/      mail tracking of HES, a period per file and form: REST API pages (.json), console exports with one row per state, per event and per
          recipient (.csv), .xml, syslog (.cef.log). The "overlap" pages repeat records of the third period.
postfix/  mail logs of the gateways mx1 and mx2 and of the mailbox hosts mbx1 and mbx2, rotated weekly.
mail/     a few of the messages as files, with the trace header fields of every hop.
truth.ndjson  one line per journey, as the files tell it; truth.json: totals.

Incidents
  HES is slow                    ${slow.from} to ${slow.to}
  mx2 greylists HES              ${grey.from} to ${grey.to}
  mbx2 is overloaded             ${bad.from} to ${bad.to}
  its mail store refuses mail    ${down.from} to ${down.to}
`;
}
