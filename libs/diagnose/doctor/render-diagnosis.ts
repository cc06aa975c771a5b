import { paragraph } from '../terminal-text';
import type { Diagnosis, Severity } from './diagnosis';
import { regionText } from './mx-findings';

const MARKS: Record<Severity, string> = {
  ok: 'ok       ',
  note: 'note     ',
  warning: 'warning  ',
  problem: 'PROBLEM  ',
  unknown: 'unknown  ',
};
const TITLES = {
  mx: 'Do the MX records send the mail through HES? (KB step 1)',
  allow_list: 'Do the allow-lists let HES in? (KB step 2)',
  seen_addresses: 'From where did HES come?',
  refusals: 'What the logs say of refused connections',
} as const;

/** A diagnosis as text for a terminal of 80 columns: the answer, then each check with its findings and what to do. */
export function renderDiagnosis(diagnosis: Diagnosis): string {
  const { domain, ok, findings, mx, resolver, data_as_of: dataAsOf } = diagnosis;
  const answer = {
    true: `${domain}: nothing found that makes mail late or lets it pass HES by.`,
    false: `${domain}: there is something to do.`,
    null: `${domain}: not everything could be found out.`,
  }[`${ok}`];
  const lines = [...paragraph('', answer), ''];
  for (const check of ['mx', 'allow_list', 'seen_addresses', 'refusals'] as const) {
    const own = findings.filter((finding) => finding.check === check);
    if (own.length === 0 && check !== 'mx') continue;
    lines.push(TITLES[check]);
    if (check === 'mx') lines.push(...mx.records.map(recordLine));
    for (const { severity, finding, advice } of own) {
      lines.push(...paragraph(`  ${MARKS[severity]}`, finding));
      if (advice) lines.push(...paragraph('    do     ', advice));
    }
    lines.push('');
  }
  if (diagnosis.allow_lists.length === 0) lines.push(...paragraph('', NO_LIST), '');
  if (diagnosis.refusals !== null && (diagnosis.from !== null || diagnosis.to !== null))
    lines.push(...paragraph('', `Of the logs: ${rangeText(diagnosis)}.`), '');
  if (diagnosis.refusals === null) lines.push(...paragraph('', NO_STORE), '');
  const asked = resolver === null ? 'the system’s name server' : `the name server ${resolver}`;
  const rests = `Asked ${asked}. Trend's hosts are those known on ${dataAsOf.mail_exchangers}, its ranges those of ${dataAsOf.networks}.`;
  return [...lines, ...paragraph('', rests), ''].join('\n');
}

const rangeText = ({ from, to }: Diagnosis): string =>
  [from === null ? '' : `from ${from}`, to === null ? '' : `before ${to}`].filter(Boolean).join(', ');

const NO_LIST =
  'No allow-list was given: --acl FILE takes a list of CIDRs, Postfix main.cf or a cidr table, or Exchange connectors as JSON or CSV.';
const NO_STORE = 'There is no store, so the logs were not asked: hoptime ingest /var/log/mail.log*, then ask again.';

function recordLine({ preference, exchange, service, region, addresses }: Diagnosis['mx']['records'][number]): string {
  const whose = service === null ? 'not HES' : `${service.toUpperCase()}, ${regionText(region)}`;
  const [first = 'no address', ...more] = addresses;
  return `  ${String(preference).padStart(5)} ${exchange}  (${whose}; ${first}${more.length > 0 ? ` and ${more.length} more` : ''})`;
}
