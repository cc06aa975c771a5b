import { countText, durationText } from './duration-text';
import { type Distribution, type Report } from './report';
import { verdictText } from './verdict';

/** The answer in sentences: how long HES held the mail, how long the hops after it took, how many mails were late and why. */
export function headlines(report: Report): string {
  const { hes, hes_waiting, downstream } = report.segments;
  const lines = [
    hes.count > 0
      ? `HES held the mail ${spread(hes)}.`
      : 'How long HES held the mail is not known: ingest its mail tracking export.',
    waiting(hes_waiting),
    downstream.count > 0
      ? `The hops after HES took ${spread(downstream)}.`
      : 'How long the hops after HES took is not known: ingest the logs of the MTAs behind HES.',
    late(report),
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}

function spread({ p50_ms, p95_ms, max_ms }: Distribution): string {
  return `${durationText(p50_ms)} (median); 95 of 100 at most ${durationText(p95_ms)}; the longest ${durationText(max_ms)}`;
}

function waiting({ count, p95_ms, max_ms }: Distribution): string {
  if (count === 0 || max_ms === null || max_ms <= 0) return '';
  const often = p95_ms !== null && p95_ms > 0 ? `5 of 100 waited ${durationText(p95_ms)} or more, ` : '';
  return `  Not all of that was HES at work: some of it HES waited for the next MTA, which had refused or deferred the mail (${often}the longest ${durationText(max_ms)}).`;
}

function late({ verdicts }: Report): string {
  const causes = Object.entries(verdicts).filter(([verdict]) => verdict !== 'none' && verdict !== 'not_via_hes');
  const number = causes.reduce((sum, [, count]) => sum + count, 0);
  const decided = number + (verdicts.none ?? 0);
  if (decided === 0) return '';
  if (decided === 1 && number === 0) return 'The one mail that can be judged was not late.';
  if (decided === 1)
    return `The one mail that can be judged was late: ${causes.map(([verdict]) => verdictText(verdict)).join()}.`;
  if (number === 0) return `None of the ${countText(decided)} mails that can be judged was late.`;
  const list = causes.map(([verdict, count]) => `${verdictText(verdict)} ${countText(count)}`).join(', ');
  return `Late were ${countText(number)} of the ${countText(decided)} that can be judged: ${list}.`;
}
