import type { FleetName } from './hosts';
import type { SimulationSummary } from './simulation-summary';

const FOLDERS: Readonly<Record<FleetName, string>> = {
  postfix: 'postfix/  mail logs of the gateways mx1 and mx2 and of the mailbox hosts mbx1 and mbx2, rotated weekly.\n',
  mixed: `postfix/  mail logs of the gateway mx1 and of the mailbox host mbx1 (Dovecot), rotated weekly, as all that follow.
sendmail/ mail log of the gateway mx2.
exchange/ message tracking log of the mailbox host mbx2 (Exchange Server).
exim/     main log of mx3, gateway and mailbox host of a branch office (par.corp.example); it does not name its host.
microsoft-365/  message traces, each day in another form: of the mailboxes of cloud.corp.example, where HES delivers, and of users of
          ny.corp.example who have moved. Only the extended ones tell when a mail was delivered.
`,
};

/** README.txt of a simulated fleet: what is where, and how to ingest it. */
export function readme(summary: Omit<SimulationSummary, 'out'>): string {
  const calls = summary.ingest.map(
    ({ paths, timeZone, mta }) =>
      `  hoptime ingest ${paths.join(' ')} --timezone ${timeZone}${mta ? ` --mta ${mta}` : ''}`,
  );
  const { slow_hes: slow, greylisting_mx2: grey, bad_mbx2: bad, mbx2_store_down: down } = summary.incidents;
  return `A synthetic mail fleet with known truth. Nothing in it is about real people or hosts; Trend's host names are real so that
HES is recognised.

Made by: hoptime simulate, ${summary.messages} messages, seed ${summary.seed}, ${summary.from} to ${summary.to}.

Ingest (in this folder; the console exports carry no zone, and stamps of classic syslog neither zone nor year: the files' dates tell the year,
so pass --year when a copy has lost them):
${calls.join('\n')}

hes/      mail tracking of HES, a period per file and form: REST API pages (.json), console exports with one row per state, per event and per
          recipient (.csv), .xml, syslog (.cef.log). The "overlap" pages repeat records of the third period.
${FOLDERS[summary.fleet]}mail/     a few of the messages as files, with the trace header fields of every hop.
truth.ndjson  one line per journey, as the files tell it; truth.json: totals.

Incidents
  HES is slow                    ${slow.from} to ${slow.to}
  mx2 greylists HES              ${grey.from} to ${grey.to}
  mbx2 is overloaded             ${bad.from} to ${bad.to}
  its mail store refuses mail    ${down.from} to ${down.to}
`;
}
