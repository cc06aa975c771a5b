import { useEffect, useRef, type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { Compare, SegmentName } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint } from '../api/ask';
import { useScopeQuery } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { Card } from '../parts/card';
import { Choice } from '../parts/choice';
import { PagedJourneys } from '../parts/paged-journeys';
import { WhenReady } from '../parts/states';
import { rangeText } from '../words/moment-text';
import { SEGMENT_TITLES } from '../words/segment-names';
import { ComparePicture } from './compare-picture';
import { bucketText } from './heat-option';
import { type Patch } from './patch';

const LISTED = 20;

/** What differs in the mail of a patch from the rest of the same time, and that mail itself. */
export function PatchPanel({ patch, segment }: { patch: Patch; segment: SegmentName }): ReactElement {
  const { state, go } = useNavigation();
  const scope = useScopeQuery();
  const query = { ...scope, ...patch, segment };
  const withRange = state.details.baseline === 'range';
  const baseline = withRange ? { baseline_from: scope?.from, baseline_to: scope?.to } : {};
  const compare = useAnswer<Compare>(scope && endpoint('delays/compare', { ...query, ...baseline }));
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus({ preventScroll: true });
    title.current?.scrollIntoView({ block: 'nearest' });
  }, [patch]);
  return (
    <div className="grid" data-patch>
      <div className="notice">
        <h2 ref={title} tabIndex={-1}>
          Selected: {SEGMENT_TITLES[segment]} {patchDelay(patch)}, {rangeText(patch.from, patch.to, state.tz)}
        </h2>
        <div>
          <button type="button" onClick={() => go({ details: { ...state.details, patch: undefined } })}>
            Close the selection
          </button>
        </div>
      </div>
      <Card
        title="What differs in this mail"
        aside={
          <Choice
            name="Compared with"
            options={[
              ['rest', 'The rest of its time'],
              ['range', 'The rest of the range'],
            ]}
            value={withRange ? 'range' : 'rest'}
            onChoose={(value) =>
              go({ details: { ...state.details, baseline: value === 'range' ? value : undefined } }, 'replace')
            }
          />
        }
      >
        <WhenReady answer={compare} what="what differs" height={220}>
          {(data) => <ComparePicture compare={data} />}
        </WhenReady>
      </Card>
      <Card
        title="The journeys in it"
        aside={
          <span className="n">{compare.data ? `n = ${countText(compare.data.slow)}, ` : ''}the slowest first</span>
        }
      >
        <PagedJourneys
          caption="Journeys of the selected patch"
          query={scope && { ...query, sort: 'slowest', limit: LISTED }}
        />
      </Card>
    </div>
  );
}

function patchDelay({ min_ms, max_ms }: Patch): string {
  if (min_ms === null && max_ms === null) return 'of any length';
  return min_ms === null ? `under ${bucketText(max_ms, null).replace(' or more', '')}` : bucketText(min_ms, max_ms);
}
