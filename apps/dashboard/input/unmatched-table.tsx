import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { CoverageAnswer } from '../../../libs/http/api-types';
import { DataTable } from '../parts/data-table';
import { ShareTrack } from '../parts/duration';

const STEPS: Readonly<Record<CoverageAnswer['funnel'][number]['step'], string>> = {
  journeys: 'Journeys',
  via_hes: 'Passed HES',
  matched_downstream: 'Found again after HES',
  complete: 'Complete, or relayed beyond our logs',
};

type Reason = CoverageAnswer['unmatched'][number]['reason'];

const REASONS: Readonly<Record<Reason, readonly [what: string, advice: string]>> = {
  no_hop_after_hes: ['HES tells of it, no MTA after it does', 'Read the logs of the MTAs behind HES for this time.'],
  no_hes_record: ['It came from HES, but no HES record tells of it', 'Read the HES mail tracking export of this time.'],
  origin_unknown: [
    'Nothing says where it came from',
    'Read the logs of the MTA that took it first, from before this time on.',
  ],
};

/** How many journeys reach each step, and those that lack an end, by what tells of them and why. */
export function UnmatchedTable({ coverage }: { coverage: CoverageAnswer }): ReactElement {
  const all = coverage.funnel[0]?.journeys ?? 0;
  return (
    <div className="grid two">
      <ul className="bars" aria-label="Coverage, step by step">
        {coverage.funnel.map(({ step, journeys }) => (
          <li key={step} className="row segment-hes">
            <span>{STEPS[step]}</span>
            <strong data-funnel={step}>{countText(journeys)}</strong>
            <ShareTrack share={all === 0 ? 0 : journeys / all} />
          </li>
        ))}
      </ul>
      {coverage.unmatched.length === 0 ? (
        <p className="soft">Every journey has both its ends.</p>
      ) : (
        <DataTable
          caption="Journeys that lack an end, by what tells of them and why"
          columns={[
            { title: 'why', long: true, cell: ({ reason }) => REASONS[reason][0] },
            { title: 'told by', cell: ({ source }) => source },
            { title: 'journeys', number: true, cell: ({ journeys }) => countText(journeys) },
            { title: 'what to do', long: true, cell: ({ reason }) => REASONS[reason][1] },
          ]}
          rows={coverage.unmatched}
          keyOf={({ source, reason }) => `${source} ${reason}`}
        />
      )}
    </div>
  );
}
