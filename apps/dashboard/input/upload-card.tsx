import { useState, type FormEvent, type ReactElement } from 'react';
import { counted, countText } from '../../../libs/delay/duration-text';
import type { IngestAnswer } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint, Problem, send } from '../api/ask';
import { Card } from '../parts/card';
import { ProblemNotice } from '../parts/states';

type Result = { readonly answer: IngestAnswer } | { readonly problem: Problem } | 'reading' | null;

/** Reads one file into the store, as `hoptime ingest` does, and says what came of it. */
export function UploadCard(): ReactElement {
  const { tz } = useNavigation().state;
  const [file, setFile] = useState<File | null>(null);
  const [timezone, setTimezone] = useState(tz);
  const [mta, setMta] = useState('');
  const [result, setResult] = useState<Result>(null);
  const read = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!file) return;
    setResult('reading');
    try {
      const address = endpoint('ingest', { name: file.name, timezone: timezone.trim(), mta: mta.trim() });
      setResult({ answer: await send<IngestAnswer>(address, file, 'application/octet-stream') });
    } catch (error) {
      setResult({
        problem: error instanceof Problem ? error : new Problem('This page failed', String(error), -1, null),
      });
    }
  };
  return (
    <Card title="Read a file">
      <form className="fields" onSubmit={(event) => void read(event)}>
        <label>
          HES export, mail log or mail, also compressed by gzip
          <input type="file" required onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </label>
        <label>
          Zone of stamps without one
          <input value={timezone} onChange={(event) => setTimezone(event.target.value)} spellCheck={false} />
        </label>
        <label>
          MTA, where the log does not say it
          <input value={mta} onChange={(event) => setMta(event.target.value)} spellCheck={false} />
        </label>
        <button className="primary" disabled={file === null || result === 'reading'}>
          {result === 'reading' ? 'Reading …' : 'Read it'}
        </button>
      </form>
      <div className="after" role="status">
        {result !== null && result !== 'reading' && 'answer' in result && <Tally answer={result.answer} />}
      </div>
      {result !== null && result !== 'reading' && 'problem' in result && <ProblemNotice problem={result.problem} />}
    </Card>
  );
}

function Tally({ answer }: { answer: IngestAnswer }): ReactElement {
  return (
    <ul className="steps">
      {answer.files.map((file) => (
        <li key={file.path} data-read>
          {file.problem ?? (
            <>
              {file.path}, {file.format ?? 'unknown format'}: {counted(file.records, 'record')}, of them{' '}
              {countText(file.parsed)} parsed, {countText(file.skipped)} skipped, {countText(file.rejected)} rejected.
            </>
          )}{' '}
          {[...file.rejected_reasons.map(({ reason }) => reason), ...file.warnings].join('; ')}
        </li>
      ))}
    </ul>
  );
}
