import { useState, type FormEvent, type ReactElement } from 'react';
import { counted } from '../../../libs/delay/duration-text';
import type { IssueAnswer, IssuedReport } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { useLiveStore } from '../api/live-store';
import { endpoint, Problem, send } from '../api/ask';
import { Card } from '../parts/card';
import { ProblemNotice } from '../parts/states';
import { usualMonth } from './usual-month';

type Result = { readonly answer: IssueAnswer } | { readonly problem: Problem } | 'issuing' | null;

/** Issues the report of a month, and says what came of it. */
export function IssueCard({ onIssued }: { onIssued: (report: IssuedReport) => void }): ReactElement {
  const { tz, clock } = useNavigation().state;
  const { range } = useLiveStore();
  const [chosen, setChosen] = useState<string | null>(null);
  const [zone, setZone] = useState(tz);
  const [clauses, setClauses] = useState('trend-hes-2019');
  const [pdf, setPdf] = useState(false);
  const [result, setResult] = useState<Result>(null);
  const month = chosen ?? usualMonth(range?.to ?? null, new Date().toISOString(), zone);
  const issue = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setResult('issuing');
    try {
      const address = endpoint('reports', {
        month,
        tz: zone.trim(),
        clauses: clauses.trim(),
        clock,
        pdf: pdf ? 'true' : '',
      });
      const answer = await send<IssueAnswer>(address, '', 'text/plain');
      onIssued(answer.report);
      setResult({ answer });
    } catch (error) {
      setResult({
        problem: error instanceof Problem ? error : new Problem('This page failed', String(error), -1, null),
      });
    }
  };
  return (
    <Card title="Issue the report of a month">
      <form className="fields" onSubmit={(event) => void issue(event)}>
        <label>
          Month, as 2026-03
          <input
            type="month"
            required
            pattern="\d{4}-\d{2}"
            value={month}
            onChange={(event) => setChosen(event.target.value)}
          />
        </label>
        <label>
          Zone of its borders
          <input value={zone} onChange={(event) => setZone(event.target.value)} spellCheck={false} />
        </label>
        <label>
          SLA clauses that come along, by commas
          <input value={clauses} onChange={(event) => setClauses(event.target.value)} spellCheck={false} />
        </label>
        <label className="tick">
          <input type="checkbox" checked={pdf} onChange={(event) => setPdf(event.target.checked)} />
          As a PDF too
        </label>
        <button className="primary" disabled={result === 'issuing'}>
          {result === 'issuing' ? 'Issuing …' : 'Issue it'}
        </button>
      </form>
      <div className="after" role="status">
        {result !== null && result !== 'issuing' && 'answer' in result && <p>{sentence(result.answer)}</p>}
      </div>
      {result !== null && result !== 'issuing' && 'problem' in result && <ProblemNotice problem={result.problem} />}
    </Card>
  );
}

function sentence({ issued, report: { id, revision, changed } }: IssueAnswer): string {
  if (!issued) return `Nothing differs from ${id}, which stands.`;
  if (!changed) return `${id} is issued.`;
  return `${id} is issued, revision ${revision}: ${counted(changed.figures, 'figure')} and ${counted(changed.inputs, 'input')} differ from the one before.`;
}
