import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { verdictText } from '../../../libs/delay/verdict';
import type { Inspection } from '../../../libs/http/api-types';
import { PageLink, useNavigation } from '../address/navigation';
import { useLiveStore } from '../api/live-store';
import { Card } from '../parts/card';
import { DataTable, type Column } from '../parts/data-table';
import { Duration, Share, ShareTrack } from '../parts/duration';
import { secondText } from '../words/moment-text';

const PASSED: Readonly<Record<Inspection['passed_hes'], string>> = {
  yes: 'This mail passed HES',
  no: 'This mail did not pass HES',
  unknown: 'Nothing in the header says whether this mail passed HES',
};

interface InspectionPanelProps {
  inspection: Inspection;
  /** where it came from, as the reader knows it */
  name: string;
  first: boolean;
}

/** What the header of one mail says. */
export function InspectionPanel({ inspection, name, first }: InspectionPanelProps): ReactElement {
  const { tz } = useNavigation().state;
  const { range } = useLiveStore();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (first) title.current?.focus();
  }, [first]);
  const verdict = inspection.verdict === null ? '' : `: ${verdictText(inspection.verdict)}`;
  return (
    <div className="grid" data-inspection>
      <section className="card" aria-label={`Inspection of ${name}`}>
        <h2 ref={title} tabIndex={-1} className="finding">
          {PASSED[inspection.passed_hes]}
          {verdict}.
        </h2>
        {inspection.part === 'quoted_original' && (
          <p className="soft">This is the original mail that a delivery status notification quotes.</p>
        )}
        <div className="next">
          <h3>What to do next</h3>
          <p>{inspection.advice}</p>
        </div>
        <dl className="strip facts">
          <Fact name="Held by HES" of="hes" ms={inspection.hes_ms} />
          <Fact name="HES at work" ms={inspection.hes_processing_ms} />
          <Fact name="HES waiting" ms={inspection.hes_waiting_ms} />
          <Fact name="After HES" of="downstream" ms={inspection.downstream_ms} />
          <Fact name="Before HES" ms={inspection.upstream_ms} />
          <Fact name="First to last stamp" ms={inspection.chain_ms} />
        </dl>
        <p className="small soft facts-text">
          <span className="mono">{inspection.message_id ?? 'no Message-ID'}</span> to{' '}
          {inspection.recipient ?? 'an unknown recipient'}
          {inspection.slowest_hop !== null && (
            <>
              ; it stayed longest at{' '}
              <strong>{inspection.slowest_hop === 'hes' ? 'HES' : inspection.slowest_hop}</strong>,{' '}
              <Duration ms={inspection.slowest_hop_ms} />
            </>
          )}
          .
          {inspection.message_id !== null && (range?.journeys ?? 0) > 0 && (
            <>
              {' '}
              <PageLink to={{ view: 'journey', details: { message: inspection.message_id } }}>
                Look for it in the store
              </PageLink>
            </>
          )}
        </p>
      </section>
      <Card title="Hops of the header, oldest first">
        <HeaderHops hops={inspection.hops} tz={tz} />
      </Card>
      <Remarks inspection={inspection} />
    </div>
  );
}

type HeaderHop = Inspection['hops'][number];

function HeaderHops({ hops, tz }: { hops: readonly HeaderHop[]; tz: string }): ReactElement {
  const columns: Column<HeaderHop>[] = [
    {
      title: 'host',
      cell: ({ host, segment }) => (
        <span className={`segment-${segment ?? 'total'}`}>
          <span className="key" aria-hidden="true" />
          {host ?? 'unknown'}
        </span>
      ),
    },
    { title: 'segment', cell: ({ segment }) => (segment === 'hes' ? 'HES' : (segment ?? '–')) },
    { title: `stamp (${tz})`, cell: ({ at }) => secondText(at, tz) },
    {
      title: 'kept it',
      number: true,
      cell: ({ delay_ms, negative, corrected_delay_ms }) => (
        <>
          <Duration ms={delay_ms} />
          {negative && <strong className="bad"> ▲ a clock is wrong</strong>}
          {corrected_delay_ms !== null && corrected_delay_ms !== delay_ms && (
            <span className="n">
              {' '}
              without the clock error <Duration ms={corrected_delay_ms} />
            </span>
          )}
        </>
      ),
    },
    {
      title: 'share',
      number: true,
      cell: ({ share, segment }) => (
        <span className={`stack segment-${segment ?? 'total'}`}>
          <Share share={share} />
          <ShareTrack share={share} />
        </span>
      ),
    },
    { title: 'software', cell: ({ software }) => software ?? '–' },
  ];
  return (
    <DataTable
      caption="Hops of the header"
      columns={columns}
      rows={hops}
      keyOf={({ host, at }, index) => `${index} ${host} ${at}`}
    />
  );
}

function Remarks({ inspection }: { inspection: Inspection }): ReactNode {
  const remarks = [
    ...inspection.evidence,
    ...inspection.greylist_hints.map(({ host, text }) => `${host ?? 'A host'} says it greylisted: ${text}`),
    ...(inspection.retry_pool
      ? [`It went through the retry pool ${inspection.retry_pool}: the first attempt was refused`]
      : []),
    ...(inspection.other_trend_product
      ? [`Another Trend Micro product left its mark: ${inspection.other_trend_product}`]
      : []),
  ];
  return (
    <>
      {remarks.length > 0 && (
        <Card title="Why this is so">
          <ul className="steps">
            {remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </Card>
      )}
      {inspection.problems.length > 0 && (
        <div className="notice warn">
          <strong>What could not be read</strong>
          <ul className="steps">
            {inspection.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Fact({ name, of, ms }: { name: string; of?: 'hes' | 'downstream'; ms: number | null }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={of ? `segment-${of} coloured` : undefined} data-fact={name}>
        <Duration ms={ms} />
      </dd>
    </div>
  );
}
