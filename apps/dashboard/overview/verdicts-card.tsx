import { type ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import { verdictText } from '../../../libs/delay/verdict';
import type { Summary } from '../../../libs/http/api-types';
import { PageLink, useNavigation } from '../address/navigation';
import { Card } from '../parts/card';
import { ShareTrack } from '../parts/duration';

/** Why mail was late: journeys by verdict, the commonest first, each a link to its mail. */
export function VerdictsCard({
  verdicts,
  journeys,
}: {
  verdicts: Summary['verdicts'];
  journeys: number;
}): ReactElement {
  const { state } = useNavigation();
  const rows = Object.entries(verdicts).sort(([, most], [, least]) => least - most);
  const decided = rows.reduce((sum, [, count]) => sum + count, 0);
  if (decided < journeys) rows.push(['unknown', journeys - decided]);
  const most = Math.max(...rows.map(([, count]) => count), 1);
  return (
    <Card title="Why late" aside={<span className="n">n = {countText(journeys)}</span>}>
      <ul className="bars">
        {rows.map(([verdict, count]) => (
          <li key={verdict} className={classOf(verdict)}>
            <PageLink to={{ view: 'journey', filters: { ...state.filters, verdict: [verdict] } }}>
              <span>{verdict === 'unknown' ? 'Not decided' : capital(verdictText(verdict))}</span>
              <strong data-verdict={verdict}>{countText(count)}</strong>
              <ShareTrack share={count / most} />
            </PageLink>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function classOf(verdict: string): string {
  if (verdict.startsWith('downstream')) return 'segment-downstream';
  if (verdict === 'hes_processing') return 'segment-hes_processing';
  if (verdict === 'hes_waiting_on_downstream') return 'segment-hes_waiting';
  return verdict === 'upstream' ? 'segment-upstream' : 'segment-total';
}

/** The names of MTAs stay as they are, only the first word begins large. */
const capital = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}`;
