import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { Compare } from '../../../libs/http/api-types';
import { DataTable, type Column } from '../parts/data-table';
import { Share, ShareTrack } from '../parts/duration';

type Dimension = Compare['dimensions'][number];
type Value = Dimension['values'][number];

const DIMENSION_TITLES: Readonly<Record<Dimension['dimension'], string>> = {
  recipient_domain: 'Recipient domain',
  sender_domain: 'Sender domain',
  mta: 'MTA',
  reply: 'SMTP reply',
  tls: 'TLS',
  size_class: 'Size',
  hour: 'Hour of the day',
  weekday: 'Weekday',
};
const VALUES_SHOWN = 5;

/** The dimensions in which the selected mail differs from the rest, what differs most first, with the counts behind it. */
export function ComparePicture({ compare }: { compare: Compare }): ReactElement {
  const { dimensions, slow, rest, not_known } = compare;
  if (slow === 0 || rest === 0) {
    return (
      <p>{slow === 0 ? 'No mail is in this patch.' : 'The patch is all mail of its time: nothing to compare with.'}</p>
    );
  }
  const telling = dimensions.filter(({ score }) => score > 0);
  const others = dimensions.filter(({ score }) => score === 0);
  return (
    <>
      <p className="soft">
        {countText(slow)} selected, compared with the other {countText(rest)} of{' '}
        {compare.baseline ? 'the range' : 'the same time'}.
        {telling.length === 0 && ' Nothing differs by more than chance.'}
      </p>
      <div className="grid two compare">
        {telling.map((each) => (
          <DimensionTable key={each.dimension} dimension={each} segment={compare.segment} />
        ))}
      </div>
      {(others.length > 0 || not_known.length > 0) && (
        <p className="soft small after">
          {others.length > 0 &&
            `No difference beyond chance: ${others.map(({ dimension }) => DIMENSION_TITLES[dimension]).join(', ')}. `}
          {not_known.length > 0 &&
            `The inputs do not say: ${not_known.map((name) => DIMENSION_TITLES[name]).join(', ')}.`}
        </p>
      )}
    </>
  );
}

interface DimensionTableProps {
  dimension: Dimension;
  /** whose colour the selected mail has */
  segment: Compare['segment'];
}

function DimensionTable({ dimension, segment }: DimensionTableProps): ReactElement {
  const title = DIMENSION_TITLES[dimension.dimension];
  const columns: Column<Value>[] = [
    {
      title: title,
      long: true,
      cell: ({ value }) => value ?? (dimension.dimension === 'reply' ? 'no refusal' : 'not known'),
    },
    {
      title: 'selected',
      number: true,
      cell: ({ slow, share_of_slow }) => (
        <span className={`segment-${segment} stack`}>
          <span>
            <Share share={share_of_slow} /> <span className="n">n = {countText(slow)}</span>
          </span>
          <ShareTrack share={share_of_slow} />
        </span>
      ),
    },
    {
      title: 'rest',
      number: true,
      cell: ({ rest, share_of_rest }) => (
        <span className="segment-total stack">
          <span>
            <Share share={share_of_rest} /> <span className="n">n = {countText(rest)}</span>
          </span>
          <ShareTrack share={share_of_rest} />
        </span>
      ),
    },
  ];
  return (
    <section aria-label={`Difference by ${title}`}>
      <DataTable
        caption={`Difference by ${title}`}
        columns={columns}
        rows={dimension.values.slice(0, VALUES_SHOWN)}
        keyOf={({ value }) => String(value)}
      />
    </section>
  );
}
