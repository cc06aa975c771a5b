import { useState, type FormEvent, type ReactElement } from 'react';
import { localTime } from '../../../libs/delay/local-time';
import { parseBound } from '../../../libs/delay/time-range';
import { type Patch } from './patch';

const DELAYS: readonly (readonly [ms: string, text: string])[] = [
  ['', 'no limit'],
  ['1000', '1 s'],
  ['10000', '10 s'],
  ['60000', '1 min'],
  ['300000', '5 min'],
  ['600000', '10 min'],
  ['1800000', '30 min'],
  ['3600000', '1 h'],
  ['21600000', '6 h'],
  ['86400000', '1 d'],
];

interface PatchFormProps {
  /** the range of the page, where no patch is selected */
  from: string;
  to: string;
  tz: string;
  onSelect: (patch: Patch) => void;
}

/** Selects a patch without a pointer. */
export function PatchForm({ from, to, tz, onSelect }: PatchFormProps): ReactElement {
  const local = (iso: string): string => {
    const { day, minute } = localTime(iso, tz);
    return `${day}T${minute}`;
  };
  const [begin, setBegin] = useState(local(from));
  // the range ends within a minute that a field cannot say: the next one holds all of it
  const [end, setEnd] = useState(local(new Date(Date.parse(to) + 59_999).toISOString()));
  const [least, setLeast] = useState('60000');
  const [most, setMost] = useState('');
  const [problem, setProblem] = useState('');
  const select = (event: FormEvent): void => {
    event.preventDefault();
    const [a, b] = [parseBound(begin, tz), parseBound(end, tz)];
    if (typeof a !== 'number' || typeof b !== 'number' || a >= b)
      return setProblem('The end must lie after the beginning.');
    if (least !== '' && most !== '' && Number(least) >= Number(most))
      return setProblem('"Less than" must be longer than "at least".');
    setProblem('');
    onSelect({
      from: new Date(a).toISOString(),
      to: new Date(b).toISOString(),
      min_ms: least === '' ? null : Number(least),
      max_ms: most === '' ? null : Number(most),
    });
  };
  const delays = DELAYS.map(([ms, text]) => (
    <option key={ms} value={ms}>
      {text}
    </option>
  ));
  return (
    <form className="fields" onSubmit={select} aria-label="Select a patch by hand">
      <label>
        From ({tz})
        <input type="datetime-local" value={begin} onChange={(event) => setBegin(event.target.value)} required />
      </label>
      <label>
        To, not included
        <input type="datetime-local" value={end} onChange={(event) => setEnd(event.target.value)} required />
      </label>
      <label>
        took at least
        <select value={least} onChange={(event) => setLeast(event.target.value)}>
          {delays}
        </select>
      </label>
      <label>
        and less than
        <select value={most} onChange={(event) => setMost(event.target.value)}>
          {delays}
        </select>
      </label>
      <button>Compare and list</button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
