import { type ReactElement } from 'react';
import { durationText, shareText } from '../../../libs/delay/duration-text';
import { exactMs } from '../words/moment-text';

/** A duration in human units; the exact milliseconds are its tooltip and can be read from `data-ms`. */
export function Duration({ ms }: { ms: number | null }): ReactElement {
  return (
    <span title={exactMs(ms)} data-ms={ms ?? ''}>
      {durationText(ms)}
    </span>
  );
}

/** A share as per cent; the exact share is its tooltip. */
export function Share({ share }: { share: number | null }): ReactElement {
  return (
    <span title={share === null ? 'not known' : String(share)} data-share={share ?? ''}>
      {shareText(share)}
    </span>
  );
}

/** A bar beside a share that is also written in figures; decoration for screen readers. */
export function ShareTrack({ share }: { share: number | null }): ReactElement {
  return (
    <span className="track" aria-hidden="true">
      <span style={{ width: `${(share ?? 0) * 100}%` }} />
    </span>
  );
}
