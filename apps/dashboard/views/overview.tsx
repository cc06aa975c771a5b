import { useMemo, type ReactElement } from 'react';
import { clockText } from '../../../libs/delay/clocks/clock-text';
import type { Summary } from '../../../libs/http/api-types';
import { PageLink } from '../address/navigation';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { AnswerInWords } from '../overview/answer-in-words';
import { EstimateCard } from '../overview/estimate-card';
import { ParetoCard } from '../overview/pareto-card';
import { SegmentCard } from '../overview/segment-card';
import { SegmentTable } from '../overview/segment-table';
import { SlowestCard } from '../overview/slowest-card';
import { TimelineCard } from '../overview/timeline-card';
import { VerdictsCard } from '../overview/verdicts-card';
import { Card } from '../parts/card';
import { CoverageStrip } from '../parts/coverage-strip';
import { NothingInRange } from '../parts/nothing-in-range';
import { WhenReady } from '../parts/states';

/** The question and its answer: HES beside what comes after it, then why mail was late, when, and which. */
export function OverviewView(): ReactElement {
  const summary = useAnswer<Summary>(useScopedEndpoint('delays/summary'));
  return (
    <WhenReady answer={summary} what="the figures" height={620}>
      {(data) => (data.coverage.journeys === 0 ? <NothingInRange /> : <Figures summary={data} />)}
    </WhenReady>
  );
}

function Figures({ summary }: { summary: Summary }): ReactElement {
  const { segments } = summary;
  const both = useMemo(() => ({ processing: segments.hes_processing, waiting: segments.hes_waiting }), [segments]);
  return (
    <div className="grid">
      <AnswerInWords summary={summary} />
      <div className="grid two">
        {segments.hes && <SegmentCard segment="hes" figures={segments.hes} parts={both} />}
        {segments.downstream && <SegmentCard segment="downstream" figures={segments.downstream} />}
      </div>
      {summary.raw_segments && (
        <Card title="Clocks" aside={<PageLink to={{ view: 'clocks' }}>Offsets over time</PageLink>}>
          <p data-clocks>These figures are {clockText(summary)}</p>
          <details>
            <summary>The same as the logs say it (raw)</summary>
            <SegmentTable segments={summary.raw_segments} />
          </details>
        </Card>
      )}
      <CoverageStrip coverage={summary.coverage} inFlight={summary.in_flight} tz={summary.tz} />
      <div className="grid wide">
        <TimelineCard />
        <VerdictsCard verdicts={summary.verdicts} journeys={summary.coverage.journeys} />
      </div>
      <EstimateCard />
      <ParetoCard />
      <SlowestCard />
      <Card title="All figures" aside={<Exactness exact={summary.exact} />}>
        <SegmentTable segments={segments} />
      </Card>
    </div>
  );
}

function Exactness({ exact }: { exact: boolean }): ReactElement {
  return (
    <span className="soft small">
      {exact ? 'exact, quantiles by nearest rank' : 'quantiles within 0.8 %, counts and shares exact'}
    </span>
  );
}
