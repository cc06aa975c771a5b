import { useCallback, type ReactElement } from 'react';
import type { Timeline } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { Chart } from '../charts/chart';
import type { Palette } from '../charts/palette';
import { Card } from '../parts/card';
import { Choice } from '../parts/choice';
import { WhenReady } from '../parts/states';
import { FIGURES, TIMELINE_SEGMENTS, timelineOption, type Figure } from './timeline-option';
import { TimelineTable } from './timeline-table';
import { SEGMENT_TITLES } from '../words/segment-names';

const SIGNS = { hes_processing: '●', hes_waiting: '▲', downstream: '■' } as const;

/** The time line, split by segment: a chart, and the same figures as a table. */
export function TimelineCard(): ReactElement {
  const { state, go } = useNavigation();
  const figure = FIGURES.find((name) => name === state.details.figure) ?? 'p95';
  const interval = (['hour', 'day', 'month'] as const).find((name) => name === state.details.interval);
  const address = useScopedEndpoint('delays/timeline', { segment: TIMELINE_SEGMENTS.join(','), interval });
  const timeline = useAnswer<Timeline>(address);
  const choose = (details: { figure?: string; interval?: string }): void =>
    go({ details: { ...state.details, ...details } }, 'replace');
  return (
    <Card
      title="Time line"
      aside={
        <span className="fields">
          <Choice
            name="Interval"
            options={[
              ['hour', 'Hours'],
              ['day', 'Days'],
              ['month', 'Months'],
            ]}
            value={interval ?? timeline.data?.interval ?? null}
            onChoose={(value) => choose({ interval: value })}
          />
          <Choice
            name="Quantile"
            options={FIGURES.map((name) => [name, name])}
            value={figure}
            onChoose={(value) => choose({ figure: value === 'p95' ? undefined : value })}
          />
        </span>
      }
    >
      <div className="legend">
        {TIMELINE_SEGMENTS.map((segment) => (
          <span key={segment}>
            <span className={`sign segment-${segment}`} aria-hidden="true">
              {SIGNS[segment]}
            </span>
            {SEGMENT_TITLES[segment]}
          </span>
        ))}
        <span>bars: n</span>
      </div>
      <WhenReady answer={timeline} what="the time line" height={320}>
        {(data) => <TimelineChart timeline={data} figure={figure} />}
      </WhenReady>
    </Card>
  );
}

function TimelineChart({ timeline, figure }: { timeline: Timeline; figure: Figure }): ReactElement {
  const option = useCallback((palette: Palette) => timelineOption(timeline, figure, palette), [timeline, figure]);
  return (
    <>
      <Chart
        label={`Time line of ${figure} per ${timeline.interval}, one line per segment; the figures stand in the table below`}
        height={320}
        option={option}
      />
      <details>
        <summary>Figures as a table</summary>
        <TimelineTable timeline={timeline} />
      </details>
    </>
  );
}
