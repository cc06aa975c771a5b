import { type ReactElement } from 'react';
import { countText, counted } from '../../../libs/delay/duration-text';
import type { Live } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { Card } from '../parts/card';
import { DataTable, type Column } from '../parts/data-table';
import { exactText, secondText } from '../words/moment-text';

type LiveFile = Live['files'][number];

const STATES: Readonly<Record<LiveFile['state'], string>> = {
  following: 'followed as it grows',
  read: 'read',
  gone: 'not there any more',
  settling: 'waits until it does not grow',
  empty: 'empty',
  copy: 'a copy of another input',
  unknown_format: 'no format fits',
  unreadable: 'cannot be read',
  forgotten: 'forgotten, stays out',
};

/** What live input follows, how far behind it is, and what hinders it. Nothing where nothing is watched. */
export function LiveCard({ live }: { live: Live }): ReactElement | null {
  const { tz } = useNavigation().state;
  if (!live.running || (live.watch.length === 0 && live.syslog.length === 0 && live.files.length === 0)) return null;
  const columns: Column<LiveFile>[] = [
    { title: 'input', long: true, cell: ({ name }) => name },
    { title: 'state', long: true, cell: ({ state, problem, warning }) => problem ?? warning ?? STATES[state] },
    {
      title: 'bytes not read yet',
      number: true,
      cell: ({ lag_bytes }) => (lag_bytes === null ? '–' : countText(lag_bytes)),
    },
    { title: 'records', number: true, cell: ({ records }) => countText(records) },
    {
      title: `last read (${tz})`,
      cell: ({ last_read_at: at }) => (at === null ? '–' : <span title={exactText(at, tz)}>{secondText(at, tz)}</span>),
    },
  ];
  const behind =
    live.lag_bytes === 0 ? 'Nothing waits to be read.' : `${counted(live.lag_bytes, 'byte')} wait to be read.`;
  return (
    <Card title="Live input" aside={<span className="soft small">{behind}</span>}>
      {live.problem !== null && (
        <p className="bad" role="alert">
          ▲ The store takes nothing now: {live.problem}
        </p>
      )}
      {live.syslog.map(({ name, received, dropped, problem }) => (
        <p key={name} className={dropped > 0 || problem !== null ? 'bad' : 'soft'}>
          {name}: {counted(received, 'message')} received{dropped > 0 ? `, ${countText(dropped)} lost` : ''}
          {problem === null ? '.' : `; ${problem}`}
        </p>
      ))}
      <DataTable caption="Followed files" columns={columns} rows={live.files} keyOf={({ path }) => path} />
    </Card>
  );
}
