import { type ReactElement, type ReactNode } from 'react';
import { countText, counted } from '../../../libs/delay/duration-text';
import { verdictText } from '../../../libs/delay/verdict';
import type { Summary } from '../../../libs/http/api-types';
import { PageLink, useNavigation } from '../address/navigation';
import { useLiveStore } from '../api/live-store';
import { Duration } from '../parts/duration';
import { limitText } from '../words/moment-text';
import { lateOf } from './late';

const CAUSES_SHOWN = 4;

/** The answer of the page in sentences: how long HES held the mail, how long the hops after it took, who made mail late. */
export function AnswerInWords({ summary }: { summary: Summary }): ReactElement {
  const { hes, downstream } = summary.segments;
  return (
    <section aria-label="The answer in words" className="answer-block">
      <p className="answer" data-answer>
        {hes && hes.count > 0 ? (
          <>
            HES held half of the mail at most <Figure ms={hes.p50_ms} of="hes" />, 95 of 100 at most{' '}
            <Figure ms={hes.p95_ms} of="hes" />.{' '}
          </>
        ) : (
          <>How long HES held the mail is not known yet. </>
        )}
        {downstream && downstream.count > 0 ? (
          <>
            The hops after HES took at most <Figure ms={downstream.p50_ms} of="downstream" /> and{' '}
            <Figure ms={downstream.p95_ms} of="downstream" />.
          </>
        ) : (
          <>How long the hops after HES took is not known yet.</>
        )}
      </p>
      <Missing summary={summary} />
      <LateSentence verdicts={summary.verdicts} />
    </section>
  );
}

function Figure({ ms, of }: { ms: number | null; of: 'hes' | 'downstream' }): ReactElement {
  return (
    <b className={of}>
      <Duration ms={ms} />
    </b>
  );
}

function Missing({ summary }: { summary: Summary }): ReactNode {
  const { hes, downstream } = summary.segments;
  if (hes?.count === 0) return <Advice>Ingest the HES mail tracking export of this time.</Advice>;
  if (downstream?.count === 0) return <Advice>Ingest the logs of the MTAs behind HES of this time.</Advice>;
  return null;
}

const Advice = ({ children }: { children: ReactNode }): ReactElement => <p className="answer-more">{children}</p>;

function LateSentence({ verdicts }: { verdicts: Summary['verdicts'] }): ReactNode {
  const { range } = useLiveStore();
  const { filters } = useNavigation().state;
  const { late, judged, causes } = lateOf(verdicts);
  const threshold = range === null ? '' : ` (over ${limitText(range.verdict_threshold_ms)} in one place)`;
  if (judged === 0) return null;
  if (late === 0) {
    return (
      <Advice>
        None of the {countText(judged)} mails that can be judged was late{threshold}.
      </Advice>
    );
  }
  const rest = causes.slice(CAUSES_SHOWN);
  return (
    <Advice>
      Late{threshold} were{' '}
      <strong>
        {countText(late)} of the {countText(judged)}
      </strong>{' '}
      that can be judged:{' '}
      {causes.slice(0, CAUSES_SHOWN).map(([verdict, count], index) => (
        <span key={verdict}>
          {index > 0 && ', '}
          <PageLink to={{ view: 'journey', filters: { ...filters, verdict: [verdict] } }}>
            {verdictText(verdict)} {countText(count)}
          </PageLink>
        </span>
      ))}
      {rest.length > 0 && `, and ${counted(rest.length, 'more cause')}`}.
    </Advice>
  );
}
