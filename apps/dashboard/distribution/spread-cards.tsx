import { useCallback, useMemo, type ReactElement } from 'react';
import { countText, shareText } from '../../../libs/delay/duration-text';
import { SEGMENTS, type Segment } from '../../../libs/delay/report';
import type { Distribution } from '../../../libs/http/api-types';
import { Chart } from '../charts/chart';
import type { Palette } from '../charts/palette';
import { Card } from '../parts/card';
import { DataTable } from '../parts/data-table';
import { SEGMENT_TITLES } from '../words/segment-names';
import { bucketText } from './heat-option';
import { spreadOf, type SpreadBucket } from './spread';
import { cumulativeOption, histogramOption } from './spread-option';

/** Histogram and cumulative share of a segment, with the buckets as a table. */
export function SpreadCards({ distribution, segment }: { distribution: Distribution; segment: Segment }): ReactElement {
  const spreads = useMemo(
    () => new Map(SEGMENTS.map((each) => [each, spreadOf(distribution, each)] as const)),
    [distribution],
  );
  const own = spreads.get(segment) as SpreadBucket[];
  const histogram = useCallback((palette: Palette) => histogramOption(own, segment, palette), [own, segment]);
  const cumulative = useCallback((palette: Palette) => cumulativeOption(spreads, segment, palette), [spreads, segment]);
  const count = distribution.segments[segment]?.count ?? 0;
  if (own.length === 0) {
    return (
      <p className="soft" role="status">
        No mail in this range has a known duration of this segment. Choose another segment, or see Input for what is
        missing.
      </p>
    );
  }
  const n = (
    <span className="n" data-n={count}>
      n = {countText(count)}
    </span>
  );
  return (
    <div className="grid two">
      <Card title={`Histogram: ${SEGMENT_TITLES[segment]}`} aside={n}>
        <Chart label="Histogram; its buckets stand in the table below" height={250} option={histogram} />
        <details>
          <summary>Buckets as a table</summary>
          <BucketTable spread={own} />
        </details>
      </Card>
      <Card title="Share that took less than …" aside={n}>
        <div className="legend">
          {SEGMENTS.map((each) => (
            <span key={each} className={`segment-${each}`}>
              <span className={`key ${each === 'hes_waiting' ? 'hatched' : ''}`} aria-hidden="true" />
              {SEGMENT_TITLES[each]}
            </span>
          ))}
        </div>
        <Chart
          label="Cumulative share of mail by delay, one line per segment; the figures stand in the table of buckets"
          height={250}
          option={cumulative}
        />
      </Card>
    </div>
  );
}

function BucketTable({ spread }: { spread: readonly SpreadBucket[] }): ReactElement {
  const all = spread[spread.length - 1].below;
  return (
    <DataTable
      caption="Buckets of the histogram"
      columns={[
        { title: 'took', cell: ({ lower_ms, upper_ms }) => bucketText(lower_ms, upper_ms) },
        { title: 'n', number: true, cell: ({ count }) => countText(count) },
        { title: 'n up to here', number: true, cell: ({ below }) => countText(below) },
        { title: 'share up to here', number: true, cell: ({ below }) => shareText(below / all) },
      ]}
      rows={spread.filter(({ count }) => count > 0)}
      keyOf={({ lower_ms }) => String(lower_ms)}
    />
  );
}
