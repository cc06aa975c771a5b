import { useState, type ReactElement } from 'react';
import type { IssuedReport, IssuedReports } from '../../../libs/http/api-types';
import { endpoint } from '../api/ask';
import { useAnswer } from '../api/use-answer';
import { Card } from '../parts/card';
import { Empty, WhenReady } from '../parts/states';
import { IssueCard } from '../reports/issue-card';
import { ReportTable } from '../reports/report-table';

/** The reports that were issued, and a form that issues one. */
export function ReportsView(): ReactElement {
  const answer = useAnswer<IssuedReports>(endpoint('reports'));
  const [issued, setIssued] = useState<readonly IssuedReport[]>([]);
  return (
    <div className="grid">
      <IssueCard onIssued={(report) => setIssued((before) => [report, ...before])} />
      <Card title="Issued reports">
        <WhenReady answer={answer} what="the reports" height={240}>
          {({ reports }) => {
            const all = newestFirst([...issued, ...reports]);
            return all.length === 0 ? (
              <Empty title="No report was issued yet">
                Issue one above, or with <code>hoptime report --month 2026-03 --format html -o march.html --issue</code>
              </Empty>
            ) : (
              <ReportTable reports={all} />
            );
          }}
        </WhenReady>
        <p className="soft small">
          An issued report never changes. Anybody can compute it again: <code>hoptime verify march.html</code>, with the
          report and its manifest in one folder.
        </p>
      </Card>
    </div>
  );
}

function newestFirst(reports: readonly IssuedReport[]): IssuedReport[] {
  return [...new Map(reports.map((report) => [report.id, report])).values()].sort((a, b) => b.sequence - a.sequence);
}
