import { useCallback, type ReactElement } from 'react';
import { drawnRange } from '../../../libs/delay/clocks/drawn-range';
import { countText, durationText } from '../../../libs/delay/duration-text';
import { localText } from '../../../libs/delay/local-time';
import type { Clocks } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint } from '../api/ask';
import { useLiveStore } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { Chart } from '../charts/chart';
import type { Palette } from '../charts/palette';
import { offsetOption, type ClockPair } from '../clocks/offset-option';
import { Card } from '../parts/card';
import { DataTable, type Column } from '../parts/data-table';
import { Duration } from '../parts/duration';
import { Empty, WhenReady } from '../parts/states';

/** Pairs beyond these are in the table only: a fleet has many, and few carry the mail. */
const DRAWN = 12;
const nameOf = (mta: string): string => (mta === 'hes' ? 'HES' : mta);

/** How far the clocks of the MTAs are apart, and what happened to them. Filters do not apply: a clock is that of all mail. */
export function ClocksView(): ReactElement {
  const { bounds } = useLiveStore();
  const clocks = useAnswer<Clocks>(bounds === null ? null : endpoint('clocks', bounds));
  return (
    <WhenReady answer={clocks} what="the clocks" height={480}>
      {(data) =>
        data.pairs.length === 0 ? (
          <Empty title="No two clocks to compare">
            A transfer compares the clocks of two MTAs whose own records are there: read the mail tracking of HES and
            the logs of the MTAs behind it.
          </Empty>
        ) : (
          <Offsets clocks={data} />
        )
      }
    </WhenReady>
  );
}

function Offsets({ clocks }: { clocks: Clocks }): ReactElement {
  const { tz } = useNavigation().state;
  return (
    <div className="grid">
      <Card title="What happened to the clocks">
        {clocks.changes.length === 0 ? (
          <p>No jump and no drift: every clock kept its distance to the others within the bounds.</p>
        ) : (
          <ul>
            {clocks.changes.map((change) => (
              <li key={`${change.from} ${change.kind} ${change.from_mta} ${change.to_mta}`} data-change={change.kind}>
                {change.sentence}
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card
        title="Every clock"
        aside={
          <span className="soft small">
            {clocks.reference && `against that of ${nameOf(clocks.reference)}, in the last hour with mail`}
          </span>
        }
      >
        <HostTable hosts={clocks.hosts} tz={tz} reference={clocks.reference} />
      </Card>
      {clocks.pairs.slice(0, DRAWN).map((pair) => (
        <Card
          key={`${pair.from_mta} ${pair.to_mta}`}
          title={`${nameOf(pair.from_mta)} → ${pair.to_mta}`}
          aside={<span className="n">n = {countText(pair.transfers)}</span>}
        >
          <PairChart pair={pair} tz={tz} />
        </Card>
      ))}
      {clocks.pairs.length > DRAWN && (
        <p className="soft">
          {countText(clocks.pairs.length - DRAWN)} more pairs have less mail: ask the API for them.
        </p>
      )}
    </div>
  );
}

interface HostTableProps extends Pick<Clocks, 'hosts' | 'reference'> {
  readonly tz: string;
}

function HostTable({ hosts, reference, tz }: HostTableProps): ReactElement {
  const columns: Column<Clocks['hosts'][number]>[] = [
    { title: 'MTA', cell: ({ mta }) => <span data-clock={mta}>{nameOf(mta)}</span> },
    {
      title: `hour (${tz})`,
      cell: ({ mta, at }) =>
        at === null ? (mta === reference ? 'counts as right' : 'no transfers') : localText(at, tz),
    },
    { title: 'ahead by', number: true, cell: ({ lead_ms }) => <Duration ms={lead_ms} /> },
    { title: 'at least', number: true, cell: ({ lower_ms }) => <Duration ms={lower_ms} /> },
    { title: 'at most', number: true, cell: ({ upper_ms }) => <Duration ms={upper_ms} /> },
  ];
  return (
    <DataTable caption="By how much each clock is ahead" columns={columns} rows={hosts} keyOf={({ mta }) => mta} />
  );
}

function PairChart({ pair, tz }: { pair: ClockPair; tz: string }): ReactElement {
  const option = useCallback((palette: Palette) => offsetOption(pair, tz, palette), [pair, tz]);
  const columns: Column<ClockPair['hours'][number]>[] = [
    { title: 'hour', cell: ({ at }) => localText(at, tz) },
    { title: 'n', number: true, cell: ({ transfers }) => countText(transfers) },
    { title: 'ahead by', number: true, cell: ({ estimate_ms }) => <Duration ms={estimate_ms} /> },
    { title: 'at least', number: true, cell: ({ lower_ms }) => <Duration ms={lower_ms} /> },
    { title: 'at most', number: true, cell: ({ upper_ms }) => <Duration ms={upper_ms} /> },
  ];
  return (
    <>
      <Chart
        label={`By how much the clock of ${pair.to_mta} is ahead of that of ${nameOf(pair.from_mta)}, hour by hour, between its bounds; the figures stand in the table below`}
        height={200}
        option={option}
      />
      <Beyond pair={pair} />
      <details>
        <summary>Figures as a table</summary>
        <DataTable
          caption={`${nameOf(pair.from_mta)} to ${pair.to_mta}, hour by hour`}
          columns={columns}
          rows={pair.hours}
          keyOf={({ at }) => at}
        />
      </details>
    </>
  );
}

/** What the picture does not reach, in words. */
function Beyond({ pair: { hours } }: { pair: ClockPair }): ReactElement | null {
  const { from_ms, to_ms, beyond } = drawnRange(hours);
  if (beyond.length === 0) return null;
  const beside = ({ estimate_ms }: { estimate_ms: number }): number =>
    Math.max(estimate_ms - to_ms, from_ms - estimate_ms);
  const furthest = beyond.reduce((a, b) => (beside(b) > beside(a) ? b : a));
  const what =
    beyond.length === 1 ? '1 hour with few transfers lies' : `${countText(beyond.length)} hours with few transfers lie`;
  return (
    <p className="soft small" data-beyond={beyond.length}>
      ▲ {what} beyond what is drawn, the furthest at {durationText(furthest.estimate_ms)} (n ={' '}
      {countText(furthest.transfers)}).
    </p>
  );
}
