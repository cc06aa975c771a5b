import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { CoverageAnswer, Inputs, Live } from '../../../libs/http/api-types';
import { endpoint } from '../api/ask';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { InputTable } from '../input/input-table';
import { LiveCard } from '../input/live-card';
import { RejectedTable } from '../input/rejected-table';
import { UploadCard } from '../input/upload-card';
import { UnmatchedTable } from '../input/unmatched-table';
import { Card } from '../parts/card';
import { EmptyStore } from '../parts/empty-store';
import { WhenReady } from '../parts/states';

/** What the figures are made of: files read, records not understood by file and reason, journeys that lack an end. */
export function InputView(): ReactElement {
  const inputs = useAnswer<Inputs>(endpoint('inputs'));
  const coverage = useAnswer<CoverageAnswer>(useScopedEndpoint('coverage'));
  const live = useAnswer<Live>(endpoint('live'));
  return (
    <div className="grid">
      <UploadCard />
      {live.data && <LiveCard live={live.data} />}
      <WhenReady answer={inputs} what="the inputs" height={480}>
        {(data) => (data.totals.inputs === 0 ? <EmptyStore /> : <Books inputs={data} coverage={coverage.data} />)}
      </WhenReady>
    </div>
  );
}

const CAUSES = { retention: 'older than they are kept', erase: 'of an address that was erased' } as const;

function Books({ inputs, coverage }: { inputs: Inputs; coverage: CoverageAnswer | null }): ReactElement {
  const { totals } = inputs;
  const items = [
    ['Inputs', 'inputs', totals.inputs],
    ['Records', 'records', totals.records],
    ['Parsed', 'parsed', totals.parsed],
    ['Skipped, they speak of no mail', 'skipped', totals.skipped],
    ['Rejected, not understood', 'rejected', totals.rejected],
    ['Trace events', 'events', totals.events],
  ] as const;
  return (
    <div className="grid">
      <section aria-label="Totals of all inputs" className="card strip-card">
        <dl className="strip">
          {items.map(([title, name, count]) => (
            <div key={name}>
              <dt>{title}</dt>
              <dd data-total={name}>{countText(count)}</dd>
            </div>
          ))}
        </dl>
      </section>
      {coverage && coverage.coverage.journeys > 0 && (
        <Card title="From journey to complete" aside={<span className="soft small">in the range above</span>}>
          <UnmatchedTable coverage={coverage} />
        </Card>
      )}
      <Card title="Not understood, by file and reason">
        {inputs.rejected.length === 0 ? (
          <p className="soft">Every record of the inputs was understood.</p>
        ) : (
          <RejectedTable rejected={inputs.rejected} />
        )}
      </Card>
      <Card title="What was read">
        <InputTable inputs={inputs.inputs} />
        {inputs.removed.length > 0 && (
          <p className="soft small">
            Removed since:{' '}
            {inputs.removed
              .map(
                ({ cause, what, removed, last_at }) =>
                  `${countText(removed)} ${what} (${CAUSES[cause]}, last on ${last_at.slice(0, 10)})`,
              )
              .join('; ')}
            .
          </p>
        )}
        {inputs.inputs.length < totals.inputs && (
          <p className="soft small">
            The newest {countText(inputs.inputs.length)} of {countText(totals.inputs)} inputs.
          </p>
        )}
      </Card>
    </div>
  );
}
