import { clockText } from '../delay/clocks/clock-text';
import { countText, counted, durationText, shareText } from '../delay/duration-text';
import { ESTIMATE_NOTE, ESTIMATE_TITLES, estimateRows } from '../delay/in-flight/estimate-text';
import { localText } from '../delay/local-time';
import { SEGMENTS, type Report, type Segment } from '../delay/report';
import { headlines } from '../delay/report-headlines';
import { leftOutText, slaMeasureText, slaOutcomeText, slaValueText } from '../delay/sla/sla-text';
import { verdictText } from '../delay/verdict';
import { cdfChart, heatMap, NAMES, shareBar } from './charts';
import { html, Html, table } from './html';
import { changeLines } from './issued/changes-text';
import type { Exception, ReportDocument } from './report-document';
import { STYLE } from './report-style';

/** The report as one HTML file that needs nothing else, reads in light and dark, and prints on A4. */
export function reportHtml(document: ReportDocument): string {
  const { report, distribution, overTime } = document;
  const range = `${localText(report.from, report.tz)} to ${localText(report.to, report.tz)} ${report.tz}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Mail delay report, ${range}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <p class="soft">Hoptime mail delay report</p>
          <h1>How long did the mail wait, and where?</h1>
          <p>${range}</p>
          ${filters(report)}${issuedLine(document)}
        </header>
        <main>
          <section>
            ${headlines(report)
              .trim()
              .split('\n')
              .map((line) => html`<p class="answer">${line}</p>`)}
          </section>
          ${sla(report)}
          <section>
            <h2>Delay</h2>
            ${segments(report.segments, 'Delay by segment')}${inFlight(report)}${estimates(report)}${rawSegments(report)}${report.coverage.journeys > 0 ? cdfChart(distribution) : null}
          </section>
          <section>
            <h2>Delay over time</h2>
            ${heatMap(overTime, 'hes', report.tz, report.interval)}${heatMap(overTime, 'downstream', report.tz, report.interval)}${months(document)}
          </section>
          <section>
            <h2>Causes by share of all delay</h2>
            ${causes(report)}
          </section>
          <section>
            <h2>Where: MTAs and recipient domains</h2>
            ${hops(report)}${domains(document)}
          </section>
          <section>
            <h2>Coverage</h2>
            ${coverage(report)}
          </section>
          <section class="exceptions">
            <h2>The slowest mail, with its evidence</h2>
            ${document.exceptions.map(exception)}${document.exceptions.length === 0 ? html`<p>No journey is known as a whole.</p>` : null}
          </section>
          ${revision(document)}
          <section>
            <h2>Method</h2>
            ${method(document)}
          </section>
        </main>
        <footer><p class="soft">Made at ${report.generated_at} by Hoptime ${report.version}.</p></footer>
      </body>
    </html> `;
  return page.text;
}

function filters({ filters }: Report): Html | null {
  const given = Object.entries(filters).map(([name, values]) => `${name} = ${values.join(' or ')}`);
  return given.length === 0 ? null : html`<p><strong>Only:</strong> ${given.join('; ')}</p>`;
}

function issuedLine({ issued }: ReportDocument): Html | null {
  if (!issued) return null;
  const { id, revision, issued_at, inputs } = issued;
  const { count, events, without_hash } = inputs;
  const unknown =
    without_hash === 0 ? '' : ` (of ${countText(without_hash)} it is not known, and the manifest says why)`;
  return html`<p class="soft">
    Report ${id}, revision ${revision}, issued at ${issued_at}. It rests on ${counted(count, 'input')} with
    ${counted(events, 'event')}; its manifest names each with its SHA-256${unknown}. hoptime verify computes it again.
  </p>`;
}

const MOST_CHANGES = 40;

function revision({ issued }: ReportDocument): Html | null {
  if (!issued?.changes) return null;
  return html`<section>
    <h2>What changed since revision ${issued.revision - 1}</h2>
    <ul>
      ${changeLines(issued.changes, MOST_CHANGES).map((line) => html`<li><code>${line}</code></li>`)}
    </ul>
  </section>`;
}

const TITLES: Readonly<Record<Segment, string>> = {
  hes: 'held by HES',
  hes_processing: '… HES at work',
  hes_waiting: '… HES waiting for the next MTA',
  downstream: 'after HES',
  total: 'total',
};
const number = (title: string): { title: string; number: true } => ({ title, number: true });

function estimates(report: Report): Html | null {
  const rows = estimateRows(report).map(([segment, cells]) => [TITLES[segment], ...cells]);
  if (rows.length === 0) return null;
  return html`${table('With mail in flight counted in', [{ title: 'segment' }, ...ESTIMATE_TITLES.map(number)], rows)}
    <p class="soft">${ESTIMATE_NOTE}</p>`;
}

function rawSegments(report: Report): Html | null {
  if (!report.raw_segments) return null;
  return html`<p><strong>Clocks:</strong> ${clockText(report)}</p>
    ${segments(report.raw_segments, 'The same as the logs say it (raw)')}`;
}

function segments(all: Report['segments'], caption: string): Html {
  const rows = SEGMENTS.map((name) => {
    const { count, mean_ms, p50_ms, p95_ms, p99_ms, max_ms, share_under } = all[name];
    const times = [mean_ms, p50_ms, p95_ms, p99_ms, max_ms].map(durationText);
    return [TITLES[name], countText(count), ...times, ...Object.values(share_under).map(shareText)];
  });
  const columns = ['journeys', 'mean', 'median', '95 %', '99 %', 'slowest', '< 1 min', '< 5 min', '< 10 min'];
  return table(caption, [{ title: 'segment' }, ...columns.map(number)], rows);
}

function inFlight({ in_flight, tz }: Report): Html {
  return in_flight.count === 0
    ? html`<p>In flight: none.</p>`
    : html`<p>
        <strong>In flight: ${counted(in_flight.count, 'journey')}</strong>, in none of these figures, the oldest since
        ${localText(in_flight.oldest_at, tz)}.
      </p>`;
}

function sla({ sla: results }: Report): Html | null {
  if (results.length === 0) return null;
  const rows = results.map((result) => [
    html`<strong>${result.title}</strong><br /><span class="soft">${slaMeasureText(result)}; ${result.source}</span>`,
    html`<span class="moment">${result.period}</span>${result.whole_period ? '' : ' (part of it)'}`,
    result.value === null ? '–' : slaValueText(result, result.value),
    result.counted === 0 ? '–' : `${slaValueText(result, result.best)} to ${slaValueText(result, result.worst)}`,
    html`<strong class="${result.met === false ? 'bad' : ''}">${slaOutcomeText(result)}</strong>`,
    `${countText(result.measured)} of ${countText(result.counted)}`,
    leftOutText(result.left_out),
  ]);
  const columns = [
    { title: 'clause' },
    { title: 'period' },
    number('value'),
    { title: 'bounds' },
    { title: 'outcome' },
    number('mail measured'),
    { title: 'left out' },
  ];
  return html`<section>
    <h2>Service level</h2>
    ${table('Clauses and their values', columns, rows)}
    <p class="soft">
      One value per message and original recipient. Bounds: if mail in flight and mail whose end is not known had taken
      no time, or had been the slowest.
    </p>
  </section>`;
}

function months({ months: all, report: { tz } }: ReportDocument): Html | null {
  if (all.length === 0) return null;
  const inOrder = [...all].sort(
    (a, b) =>
      a.at.localeCompare(b.at) || SEGMENTS.indexOf(a.segment as Segment) - SEGMENTS.indexOf(b.segment as Segment),
  );
  const rows = inOrder.map(({ at, segment, count, mean_ms, p50_ms, p95_ms, p99_ms, max_ms }) => [
    localText(at, tz).slice(0, 7),
    NAMES[segment as keyof typeof NAMES],
    countText(count),
    ...[mean_ms, p50_ms, p95_ms, p99_ms, max_ms].map(durationText),
  ]);
  return table(
    'Months side by side',
    [
      { title: 'month' },
      { title: 'segment' },
      ...['journeys', 'mean', 'median', '95 %', '99 %', 'slowest'].map(number),
    ],
    rows,
  );
}

function causes({ pareto }: Report): Html {
  if (pareto.causes.length === 0) return html`<p>No mail was late.</p>`;
  const rows = pareto.causes.map(({ verdict, journeys, delay_ms, share_of_delay, cumulated_share }) => [
    verdictText(verdict),
    countText(journeys),
    durationText(delay_ms),
    shareBar(share_of_delay, 'total'),
    shareText(cumulated_share),
  ]);
  return table(
    'Causes of late mail',
    [
      { title: 'cause' },
      number('journeys'),
      number('delay'),
      { title: 'share of all delay' },
      number('with those above'),
    ],
    rows,
  );
}

function hops({ hops: all }: Report): Html {
  if (all.length === 0) return html`<p>No MTA after HES has been seen.</p>`;
  const rows = all.map(({ mta, product, count, p50_ms, p95_ms, p99_ms, deferrals, share_of_downstream }) => [
    mta,
    product,
    countText(count),
    ...[p50_ms, p95_ms, p99_ms].map(durationText),
    countText(deferrals),
    shareBar(share_of_downstream, 'downstream'),
  ]);
  return table(
    'MTAs after HES',
    [
      { title: 'MTA' },
      { title: 'product' },
      ...['mail', 'median', '95 %', '99 %', 'deferrals'].map(number),
      { title: 'share of time after HES' },
    ],
    rows,
  );
}

function domains({ domains: all }: ReportDocument): Html {
  const rows = all.map(({ value, journeys, p50_ms, p95_ms, p99_ms, share_of_delay }) => [
    value ?? 'unknown',
    countText(journeys),
    ...[p50_ms, p95_ms, p99_ms].map(durationText),
    shareBar(share_of_delay, 'total'),
  ]);
  return table(
    'Recipient domains, by share of all delay',
    [{ title: 'domain' }, ...['journeys', 'median', '95 %', '99 %'].map(number), { title: 'share of all delay' }],
    rows,
  );
}

function coverage({ coverage: c }: Report): Html {
  const of = (count: number, all: number): string => (all === 0 ? '–' : shareText(count / all));
  const rows = [
    ['journeys', countText(c.journeys), ''],
    ['passed HES', countText(c.via_hes), of(c.via_hes, c.journeys)],
    ['did not pass HES', countText(c.not_via_hes), of(c.not_via_hes, c.journeys)],
    ['not known whether', countText(c.unknown), of(c.unknown, c.journeys)],
    ['passed HES and found again after it', countText(c.matched_downstream), of(c.matched_downstream, c.via_hes)],
    ...(['complete', 'relayed', 'in_flight', 'bounced', 'rejected', 'expired', 'quarantined', 'deleted'] as const).map(
      (state) => [`ended: ${state.replace('_', ' ')}`, countText(c[state]), of(c[state], c.journeys)],
    ),
    ['records of all inputs that were not understood', countText(c.rejected_records), ''],
  ];
  return table('Of how much mail anything is known', [{ title: '' }, number('count'), number('share')], rows);
}

/** Longer ones, as of no MTA that is read, may break within. */
const LONG_QUEUE_ID = 26;

function exception({ account, more }: Exception): Html {
  const { message_id, recipient, total_ms, hes_ms, downstream_ms, explanation, events } = account;
  const rows = events.map(({ event_time, mta, kind, queue_id, smtp_reply, file, line }) => [
    html`<span class="moment">${event_time.replace('T', ' ').replace('Z', '')}</span>`,
    html`<span class="word">${mta ?? '–'}</span>`,
    html`<span class="word">${kind}</span>`,
    html`<code class="${(queue_id ?? '').length > LONG_QUEUE_ID ? '' : 'moment'}">${queue_id}</code>`,
    smtp_reply,
    html`<code class="file">${file}:${line}</code>`,
  ]);
  return html`<article>
    <h3><code>${message_id}</code> to ${recipient}</h3>
    <p>
      ${durationText(total_ms)} in all: ${durationText(hes_ms)} held by HES, ${durationText(downstream_ms)} after it.
      ${explanation.finding} ${explanation.advice}
    </p>
    ${table('Its events (UTC)', [{ title: 'time' }, { title: 'MTA' }, { title: 'kind' }, { title: 'queue id' }, { title: 'reply' }, { title: 'file and line' }], rows)}
    ${more > 0 ? html`<p class="soft">${counted(more, 'further event')} not shown.</p>` : null}
  </article>`;
}

const DEFINITIONS: readonly (readonly [string, string])[] = [
  ['journey', 'one message to one final recipient; it lies in the range that contains its first event'],
  [
    'held by HES',
    'from the earliest reception by HES to the release to the next MTA (mail tracking, first and last time)',
  ],
  [
    'HES waiting for the next MTA',
    'from the first failed attempt to hand the mail over, or the first refusal that the next MTA logged, to the release',
  ],
  ['HES at work', 'held by HES without that waiting: scanning, sandbox, policy, quarantine'],
  ['after HES', 'from the release to the end of the last custody that any log tells of'],
  ['95 %', 'the smallest observed value with at least 95 of 100 at or below it (nearest rank)'],
  ['late', 'the largest part took longer than the threshold of a verdict'],
];

function method({ method: facts, report }: ReportDocument): Html {
  const rows = [
    ...Object.entries(facts),
    ['figures over', `${report.from ?? '–'} to ${report.to ?? '–'} (half-open), borders of days in ${report.tz}`],
  ];
  return html`${table('How it was computed', [{ title: '' }, { title: '' }], rows)}
    <dl>
      ${DEFINITIONS.map(
        ([word, meaning]) =>
          html`<dt>${word}</dt>
            <dd>${meaning}</dd>`,
      )}
    </dl>`;
}
