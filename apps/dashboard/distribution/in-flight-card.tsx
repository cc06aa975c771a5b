import { useCallback, useMemo, type ReactElement } from 'react';
import { durationText, shareText } from '../../../libs/delay/duration-text';
import type { Segment } from '../../../libs/delay/report';
import type { Distribution } from '../../../libs/http/api-types';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { Chart } from '../charts/chart';
import type { Palette } from '../charts/palette';
import { Card } from '../parts/card';
import { DataTable } from '../parts/data-table';
import { WhenReady } from '../parts/states';
import { SEGMENT_TITLES } from '../words/segment-names';
import { borderShares, inFlightOption, type BorderShares } from './in-flight-option';

/** The cumulative share of a segment with mail in flight counted in (Kaplan–Meier), with its band, beside the plain one. Asked by itself: it reads the journeys themselves. */
export function InFlightCard({ segment }: { segment: Segment }): ReactElement {
  const address = useScopedEndpoint('delays/distribution', { segment, per_octave: 4, estimate: 'true' });
  const distribution = useAnswer<Distribution>(address);
  return (
    <Card title={`With mail in flight counted in: ${SEGMENT_TITLES[segment]}`}>
      <WhenReady answer={distribution} what="the estimate" height={250}>
        {(data) => <Curve distribution={data} segment={segment} />}
      </WhenReady>
    </Card>
  );
}

function Curve({ distribution, segment }: { distribution: Distribution; segment: Segment }): ReactElement {
  const shares = useMemo(() => borderShares(distribution, segment), [distribution, segment]);
  const option = useCallback((palette: Palette) => inFlightOption(shares ?? [], segment, palette), [shares, segment]);
  if (shares === null)
    return <p>There is no estimate of this part of the time at HES: nobody knows how long it lasts so far.</p>;
  if (shares.length === 0) return <p>No mail in this range has, or is on its way to, a duration of this segment.</p>;
  return (
    <>
      <p className="soft small">
        Mail in flight counts with the time it has taken so far (Kaplan–Meier, solid, with its 99 % band); the dashed
        line is that of the mail whose duration is known. Where they part, slow mail is still under way.
      </p>
      <Chart
        label={`Share of mail that took less than so long, with mail in flight counted in, within its 99 % band, and without; the figures stand in the table below. ${halfText(shares)}`}
        height={250}
        option={option}
      />
      <details>
        <summary>Shares as a table</summary>
        <DataTable
          caption="Shares with mail in flight counted in"
          columns={[
            { title: 'took less than', cell: ({ upper_ms }) => durationText(upper_ms) },
            { title: 'with mail in flight', number: true, cell: ({ estimate }) => shareText(estimate) },
            { title: 'at least', number: true, cell: ({ lower }) => shareText(lower) },
            { title: 'at most', number: true, cell: ({ upper }) => shareText(upper) },
            { title: 'without', number: true, cell: ({ plain }) => shareText(plain) },
          ]}
          rows={shares}
          keyOf={({ upper_ms }) => String(upper_ms)}
        />
      </details>
    </>
  );
}

/** The first border that half of the mail stays under, as a sentence for who does not see the picture. */
function halfText(shares: readonly BorderShares[]): string {
  const half = shares.find(({ estimate }) => estimate >= 0.5);
  const last = shares[shares.length - 1];
  return half
    ? `${shareText(half.estimate)} took less than ${durationText(half.upper_ms)}.`
    : `${shareText(last.estimate)} took less than ${durationText(last.upper_ms)}, the longest seen.`;
}
