import { Gauge, type Registry } from 'prom-client';
import type { RecentMail } from '../delay/recent-mail.service';
import type { Distribution } from '../delay/report';

/** Who asks more often gets the same answer: scrapes cost the store one question in this time. */
const KEPT_MS = 10_000;
const QUANTILES = { '0.5': 'p50_ms', '0.95': 'p95_ms', '0.99': 'p99_ms' } as const satisfies Record<
  string,
  keyof Distribution
>;

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/**
 * How mail does at the moment, for alerts (docs/monitoring.md): no addresses, no domains; MTAs by name. While the store does not answer there are
 * no such values, and the rest of the metrics is told.
 */
export function tellOfMail(registry: Registry, recent: (now: number) => Promise<RecentMail>): void {
  let kept: { readonly at: number; readonly mail: Promise<RecentMail | undefined> } | undefined;
  const mailAt = (now: number): Promise<RecentMail | undefined> => {
    if (!kept || now - kept.at >= KEPT_MS) kept = { at: now, mail: recent(now).catch(() => undefined) };
    return kept.mail;
  };
  const gauge = (name: string, help: string, labelNames: string[], samples: (mail: RecentMail) => Sample[]): void => {
    new Gauge({
      name: `hoptime_mail_${name}`,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const mail = await mailAt(Date.now());
        this.reset();
        if (!mail && labelNames.length === 0) this.set(NaN);
        if (mail) for (const [labels, value] of samples(mail)) this.set(labels, value);
      },
    });
  };
  const bySegment = (mail: RecentMail, of: (figures: Distribution) => Sample[]): Sample[] =>
    Object.entries(mail.segments).flatMap(([segment, figures]) =>
      of(figures).map(([labels, value]): Sample => [{ segment, ...labels }, value]),
    );
  const known = (value: number | null, scale: number, labels: Sample[0]): Sample[] =>
    value === null ? [] : [[labels, value / scale]];

  gauge(
    'delay_seconds',
    'Quantiles of the delay of mail that was first seen in the last hour and whose delay is known.',
    ['segment', 'quantile'],
    (mail) =>
      bySegment(mail, (figures) =>
        Object.entries(QUANTILES).flatMap(([quantile, column]) => known(figures[column], 1000, { quantile })),
      ),
  );
  gauge(
    'within_ratio',
    'Share of that mail whose delay was shorter than so many seconds.',
    ['segment', 'seconds'],
    (mail) =>
      bySegment(mail, ({ share_under }) =>
        Object.entries(share_under).flatMap(([ms, share]) => known(share, 1, { seconds: String(Number(ms) / 1000) })),
      ),
  );
  gauge('known', 'How much mail that is: one mail to one recipient counts once.', ['segment'], (mail) =>
    bySegment(mail, ({ count }) => [[{}, count]]),
  );
  gauge('journeys', 'Journeys that were first seen in the last hour, whatever is known of them.', [], (mail) => [
    [{}, mail.journeys],
  ]);
  gauge('verdicts', 'Of these by verdict: who made them wait.', ['verdict'], (mail) =>
    Object.entries(mail.verdicts).map(([verdict, count]): Sample => [{ verdict }, count]),
  );
  gauge('in_flight', 'Journeys of the last 5 days that have not ended, as far as is read.', [], (mail) => [
    [{}, mail.inFlight.count],
  ]);
  gauge('in_flight_oldest_at_seconds', 'When the oldest of them was first seen, seconds since 1970.', [], (mail) => [
    [{}, secondsOf(mail.inFlight.oldest_at)],
  ]);
  gauge('newest_at_seconds', 'When the newest journey was first seen, seconds since 1970.', [], (mail) => [
    [{}, secondsOf(mail.newestAt)],
  ]);
}

/** NaN, as Prometheus writes what there is not. */
const secondsOf = (iso: string | null): number => (iso === null ? NaN : Date.parse(iso) / 1000);
