import { useMemo, type ReactElement } from 'react';
import { SEGMENTS, type Segment } from '../../../libs/delay/report';
import type { CoverageAnswer, Distribution, Heatmap } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { useLiveStore, useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { HeatMap } from '../distribution/heat-map';
import { patchText, readPatch, type Patch } from '../distribution/patch';
import { InFlightCard } from '../distribution/in-flight-card';
import { PatchForm } from '../distribution/patch-form';
import { PatchPanel } from '../distribution/patch-panel';
import { SpreadCards } from '../distribution/spread-cards';
import { Card } from '../parts/card';
import { Choice } from '../parts/choice';
import { CoverageStrip } from '../parts/coverage-strip';
import { NothingInRange } from '../parts/nothing-in-range';
import { WhenReady } from '../parts/states';
import { SEGMENT_TITLES } from '../words/segment-names';

/** How the delays of a segment are spread over time and length; a patch of the heat map opens what differs in it and its journeys. */
export function DistributionView(): ReactElement {
  const { state, go, addressWith } = useNavigation();
  const { bounds } = useLiveStore();
  const segment: Segment = SEGMENTS.find((name) => name === state.details.segment) ?? 'hes';
  const interval = (['hour', 'day', 'month'] as const).find((name) => name === state.details.interval);
  const patch = useMemo(() => readPatch(state.details.patch), [state.details.patch]);
  const heatmap = useAnswer<Heatmap>(useScopedEndpoint('delays/heatmap', { segment, interval, per_octave: 2 }));
  const distribution = useAnswer<Distribution>(useScopedEndpoint('delays/distribution', { per_octave: 4 }));
  const coverage = useAnswer<CoverageAnswer>(useScopedEndpoint('coverage'));
  const select = (selected: Patch): void => go({ details: { ...state.details, patch: patchText(selected) } });
  if (coverage.data?.coverage.journeys === 0) return <NothingInRange />;
  return (
    <div className="grid">
      <Choice
        name="Segment"
        options={SEGMENTS.map((name) => [name, SEGMENT_TITLES[name]])}
        value={segment}
        onChoose={(name) => go({ details: { ...state.details, segment: name, patch: undefined } })}
      />
      <WhenReady answer={coverage} what="the coverage" height={70}>
        {(data) => <CoverageStrip coverage={data.coverage} inFlight={data.in_flight} tz={data.tz} />}
      </WhenReady>
      <Card
        title={`When, and how long: ${SEGMENT_TITLES[segment]}`}
        aside={
          <Choice
            name="Interval"
            options={[
              ['hour', 'Hours'],
              ['day', 'Days'],
              ['month', 'Months'],
            ]}
            value={interval ?? heatmap.data?.interval ?? null}
            onChoose={(value) => go({ details: { ...state.details, interval: value } }, 'replace')}
          />
        }
      >
        <p className="soft small">
          Drag over a patch to see what differs in it and which mail it is. The stronger the colour, the more mail.
        </p>
        <WhenReady answer={heatmap} what="the heat map" height={330}>
          {(data) => <HeatMap map={data} segment={segment} onBrush={select} />}
        </WhenReady>
        {bounds && (
          <details>
            <summary>Select a patch by hand</summary>
            <PatchForm key={addressWith({})} from={bounds.from} to={bounds.to} tz={state.tz} onSelect={select} />
          </details>
        )}
      </Card>
      {patch && <PatchPanel patch={patch} segment={segment} />}
      <WhenReady answer={distribution} what="the distribution" height={300}>
        {(data) => <SpreadCards distribution={data} segment={segment} />}
      </WhenReady>
      <InFlightCard segment={segment} />
    </div>
  );
}
