import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { SegmentFigures } from '../../../libs/http/api-types';
import { PageLink } from '../address/navigation';
import { Card } from '../parts/card';
import { Duration, Share, ShareTrack } from '../parts/duration';
import { limitText } from '../words/moment-text';
import { SEGMENT_TITLES } from '../words/segment-names';

interface SegmentCardProps {
  segment: 'hes' | 'downstream';
  figures: SegmentFigures;
  /** what HES-held time consists of, which decides who pays */
  parts?: { processing?: SegmentFigures; waiting?: SegmentFigures };
}

/** One half of the answer: the quantiles of a segment, always with the number of journeys, and its shares under 1, 5 and 10 minutes. */
export function SegmentCard({ segment, figures, parts }: SegmentCardProps): ReactElement {
  const quantiles = [
    ['p50', figures.p50_ms],
    ['p95', figures.p95_ms],
    ['p99', figures.p99_ms],
  ] as const;
  return (
    <Card
      title={SEGMENT_TITLES[segment]}
      className={`figure-card segment-${segment}`}
      aside={
        <span className="n" data-n={figures.count}>
          n = {countText(figures.count)}
        </span>
      }
    >
      <dl className="quantiles" data-segment={segment}>
        {quantiles.map(([name, ms]) => (
          <div key={name} className={name === 'p50' ? 'lead' : undefined}>
            <dt>{name}</dt>
            <dd data-figure={name}>
              <Duration ms={ms} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="shares">
        {Object.entries(figures.share_under).map(([limit, share]) => (
          <div className="share" key={limit}>
            <span className="soft">under {limitText(Number(limit))}</span>
            <ShareTrack share={share} />
            <span data-under={limit}>
              <Share share={share} />
            </span>
          </div>
        ))}
      </div>
      <div className="split">
        {parts ? (
          <>
            <Part name="hes_processing" figures={parts.processing} />
            <Part name="hes_waiting" figures={parts.waiting} />
          </>
        ) : (
          <span>
            <PageLink to={{ view: 'hops' }}>Which MTA took the time</PageLink>
          </span>
        )}
      </div>
    </Card>
  );
}

function Part({ name, figures }: { name: 'hes_processing' | 'hes_waiting'; figures?: SegmentFigures }): ReactElement {
  return (
    <span className={`segment-${name}`}>
      <span className={`key ${name === 'hes_waiting' ? 'hatched' : ''}`} aria-hidden="true" />
      {SEGMENT_TITLES[name]}: p50 <Duration ms={figures?.p50_ms ?? null} />, p95{' '}
      <strong>
        <Duration ms={figures?.p95_ms ?? null} />
      </strong>{' '}
      <span className="n">n = {countText(figures?.count ?? 0)}</span>
    </span>
  );
}
