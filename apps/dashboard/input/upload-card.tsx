import { useState, type FormEvent, type ReactElement } from 'react';
import { counted, countText } from '../../../libs/delay/duration-text';
import type { IngestAnswer } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint, Problem, send } from '../api/ask';
import { Card } from '../parts/card';
import { ProblemNotice } from '../parts/states';

interface Progress {
  /** of the files that were read */
  readonly answers: readonly IngestAnswer[];
  /** ended it before the last file */
  readonly problem?: Problem;
  /** name of the one that is read now */
  readonly reading?: string;
}

/** Reads files into the store, one after the other, as `hoptime ingest` does, and says what came of each. */
export function UploadCard(): ReactElement {
  const { tz } = useNavigation().state;
  const [files, setFiles] = useState<readonly File[]>([]);
  const [timezone, setTimezone] = useState(tz);
  const [mta, setMta] = useState('');
  const [{ answers, problem, reading }, setProgress] = useState<Progress>({ answers: [] });
  const read = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const done: IngestAnswer[] = [];
    try {
      for (const file of files) {
        setProgress({ answers: [...done], reading: file.name });
        const address = endpoint('ingest', { name: file.name, timezone: timezone.trim(), mta: mta.trim() });
        done.push(await send<IngestAnswer>(address, file, 'application/octet-stream'));
      }
      setProgress({ answers: done });
    } catch (error) {
      const failure = error instanceof Problem ? error : new Problem('This page failed', String(error), -1, null);
      setProgress({ answers: done, problem: failure });
    }
  };
  return (
    <Card title="Read files">
      <form className="fields" onSubmit={(event) => void read(event)}>
        <label>
          HES exports, mail logs or mails, also compressed by gzip
          <input type="file" multiple required onChange={(event) => setFiles([...(event.target.files ?? [])])} />
        </label>
        <label>
          Zone of stamps without one
          <input value={timezone} onChange={(event) => setTimezone(event.target.value)} spellCheck={false} />
        </label>
        <label>
          MTA, where the log does not say it
          <input value={mta} onChange={(event) => setMta(event.target.value)} spellCheck={false} />
        </label>
        <button className="primary" disabled={files.length === 0 || reading !== undefined}>
          {reading === undefined ? (files.length > 1 ? `Read ${files.length} files` : 'Read it') : 'Reading …'}
        </button>
      </form>
      <div className="after" role="status">
        <Tally answers={answers} />
        {reading !== undefined && (
          <p>
            Reading {reading}, {answers.length + 1} of {files.length} …
          </p>
        )}
      </div>
      {problem && <ProblemNotice problem={problem} />}
    </Card>
  );
}

function Tally({ answers }: { answers: readonly IngestAnswer[] }): ReactElement | null {
  if (answers.length === 0) return null;
  return (
    <ul className="steps">
      {answers
        .flatMap(({ files }) => files)
        .map((file) => (
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
