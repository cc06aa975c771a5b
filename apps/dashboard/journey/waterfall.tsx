import { type ReactElement } from 'react';
import { durationText } from '../../../libs/delay/duration-text';
import { localText } from '../../../libs/delay/local-time';
import { Duration } from '../parts/duration';
import { exactText, secondText } from '../words/moment-text';
import { type Stretch, type Waterfall, type WaterfallRow } from './waterfall-rows';

const STRETCH_NAMES: Readonly<Record<Stretch['kind'], string>> = {
  upstream: 'before HES',
  hes_processing: 'HES at work',
  hes_waiting: 'HES waiting for the next MTA',
  downstream: 'after HES',
};

/** The hops of a journey on one axis of time. The picture is for the eye; the list of hops below it says the same in words. */
export function WaterfallPicture({ picture, tz }: { picture: Waterfall; tz: string }): ReactElement {
  const { from, to, rows } = picture;
  const span = Date.parse(to) - Date.parse(from);
  const kinds = [...new Set(rows.flatMap((row) => row.stretches.map(({ kind }) => kind)))];
  const deferred = rows.some((row) => row.marks.length > 0);
  return (
    <div>
      <div className="legend">
        {kinds.map((kind) => (
          <span key={kind} className={`segment-${kind}`}>
            <span className={`key ${kind === 'hes_waiting' ? 'hatched' : ''}`} />
            {STRETCH_NAMES[kind]}
          </span>
        ))}
        {deferred && (
          <span>
            <span className="key-mark" />
            deferred or refused
          </span>
        )}
      </div>
      <div className="waterfall" role="list" aria-label="Hops on an axis of time">
        {rows.map((row, index) => (
          <Row key={`${index} ${row.name}`} row={row} tz={tz} />
        ))}
        <div className="wf-row axis" aria-hidden="true">
          <span />
          <div className="wf-axis">
            <span style={{ left: 0 }}>{secondText(from, tz)}</span>
            <span style={{ left: '50%' }} className="middle">
              + {durationText(Math.round(span / 2))}
            </span>
            <span style={{ left: '100%' }}>+ {durationText(span)}</span>
          </div>
          <span />
        </div>
      </div>
    </div>
  );
}

function Row({ row, tz }: { row: WaterfallRow; tz: string }): ReactElement {
  return (
    <div className="wf-row" role="listitem">
      <div className="wf-name">
        <strong>{row.name}</strong> {row.product && <span className="soft small">{row.product}</span>}
      </div>
      <div className="wf-lane" aria-hidden="true">
        {row.stretches.map(({ kind, from, to }) => (
          <span
            key={kind}
            className={`wf-bar segment-${kind} ${kind === 'hes_waiting' ? 'waiting' : ''}`}
            style={{ left: `min(${from * 100}%, calc(100% - 3px))`, width: `${Math.max(0, to - from) * 100}%` }}
            title={`${row.name}, ${STRETCH_NAMES[kind]}`}
          />
        ))}
        {row.marks.map(({ at, time, reply }) => (
          <span
            key={`${time} ${reply ?? ''}`}
            className="wf-mark"
            style={{ left: `${at * 100}%` }}
            title={`${exactText(time, tz)} ${reply ?? 'deferred'}`}
          />
        ))}
      </div>
      <div className="wf-time">
        {row.dwell_ms === null ? <span className="soft">–</span> : <Duration ms={row.dwell_ms} />}
      </div>
      <span className="unseen">
        {row.received_at ? `from ${localText(row.received_at, tz)}` : ''}{' '}
        {row.relayed_at ? `to ${localText(row.relayed_at, tz)}` : ''}
        {row.marks.length > 0 ? `, deferred ${row.marks.length} times` : ''}
      </span>
    </div>
  );
}
