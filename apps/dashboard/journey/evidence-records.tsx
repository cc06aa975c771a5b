import { useState, type ReactElement } from 'react';
import type { MessageEvidence } from '../../../libs/http/api-types';
import { useAnswer } from '../api/use-answer';
import { WhenReady } from '../parts/states';

type Shown = MessageEvidence['records'][number];

/** The records themselves that the trace events come from, read from their files when somebody wants to see them. */
export function EvidenceRecords({ address }: { address: string }): ReactElement {
  const [wanted, setWanted] = useState(false);
  const answer = useAnswer<MessageEvidence>(wanted ? address : null);
  return (
    <details className="after" onToggle={(event) => setWanted(event.currentTarget.open)}>
      <summary>The lines as they stand in the files</summary>
      {wanted && (
        <WhenReady answer={answer} what="the lines">
          {({ records }) => records.map((record) => <Record key={`${record.file}:${record.line}`} record={record} />)}
        </WhenReady>
      )}
    </details>
  );
}

function Record({ record: { file, line, text, problem } }: { record: Shown }): ReactElement {
  return (
    <figure className="evidence-record" data-record={`${file}:${line}`}>
      <figcaption className="small soft">
        {file}:{line}
      </figcaption>
      {text === null ? <p className="small">Not shown: {problem}.</p> : <pre>{text}</pre>}
    </figure>
  );
}
