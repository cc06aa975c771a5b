import { useRef, useState, type DragEvent, type ReactElement } from 'react';
import type { Inspections } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { endpoint, Problem, send } from '../api/ask';
import { InspectionPanel } from '../inspect/inspection-panel';
import { Card } from '../parts/card';
import { Loading, ProblemNotice } from '../parts/states';

type Result =
  | { readonly state: 'asking' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'told'; readonly name: string; readonly inspections: Inspections['inspections'] };

/** One mail's header, dropped or pasted: passed HES? held how long? which hop was slow? Needs no store and keeps nothing. */
export function InspectView(): ReactElement {
  const { tz } = useNavigation().state;
  const [result, setResult] = useState<Result | null>(null);
  const [text, setText] = useState('');
  const inspect = async (body: Blob | string, name: string): Promise<void> => {
    setResult({ state: 'asking' });
    try {
      const timezone = tz === 'UTC' ? undefined : tz;
      const answer = await send<Inspections>(endpoint('inspect', { timezone }), body, 'application/octet-stream');
      setResult({ state: 'told', name, inspections: answer.inspections });
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('This page failed', String(error), -1, null);
      setResult({ state: 'failed', problem });
    }
  };
  return (
    <div className="grid">
      <div className="grid two">
        <Card title="Drop a mail">
          <DropPlace onFile={(file) => void inspect(file, file.name)} />
        </Card>
        <Card title="Or paste its header">
          <form
            className="grid"
            onSubmit={(event) => {
              event.preventDefault();
              if (text.trim() !== '') void inspect(text, 'the pasted header');
            }}
          >
            <label>
              Header text, from the first Received line on
              <textarea
                className="mono"
                rows={7}
                value={text}
                onChange={(event) => setText(event.target.value)}
                spellCheck={false}
                placeholder={'Received: from …\nReceived: from …\nX-TM-AS-Product-Ver: …'}
              />
            </label>
            <span>
              <button className="primary" disabled={text.trim() === ''}>
                Inspect
              </button>
            </span>
          </form>
        </Card>
      </div>
      {result?.state === 'asking' && <Loading height={240} what="the header" />}
      {result?.state === 'failed' && <ProblemNotice problem={result.problem} />}
      {result?.state === 'told' &&
        result.inspections.map((inspection, index) => (
          <InspectionPanel
            key={`${result.name} ${index}`}
            inspection={inspection}
            name={result.name}
            first={index === 0}
          />
        ))}
    </div>
  );
}

function DropPlace({ onFile }: { onFile: (file: File) => void }): ReactElement {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <div
      className={`drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>Drop an EML, an Outlook item (MSG) or an mbox file here. It is read by this server only, and not kept.</p>
      <button type="button" onClick={() => input.current?.click()}>
        Choose a file …
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Mail file"
        accept=".eml,.msg,.mbox,.txt,message/rfc822"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          event.target.value = '';
        }}
      />
      <p className="soft small">Outlook: save the message as MSG or EML, or paste its internet headers.</p>
    </div>
  );
}
