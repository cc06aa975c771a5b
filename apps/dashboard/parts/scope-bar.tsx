import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { FILTER_NAMES } from '../../../libs/delay/journey-filter';
import { localTime } from '../../../libs/delay/local-time';
import { parseBound } from '../../../libs/delay/time-range';
import { useNavigation } from '../address/navigation';
import { type NamedRange } from '../address/page-state';
import { useLiveStore } from '../api/live-store';
import { FILTER_TITLES, filterValueText } from '../words/filter-names';
import { rangeText } from '../words/moment-text';
import { Choice } from './choice';
import { FilterForm } from './filter-form';

const RANGES: readonly (readonly [NamedRange | 'own', string])[] = [
  ['all', 'Everything'],
  ['24h', '24 h'],
  ['7d', '7 days'],
  ['30d', '30 days'],
  ['90d', '90 days'],
  ['own', 'From … to'],
];

const CLOCKS: readonly (readonly ['raw' | 'corrected', string])[] = [
  ['raw', 'Raw clocks'],
  ['corrected', 'Corrected'],
];

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Range, zone and filters of the page; what is chosen is in its address. */
export function ScopeBar(): ReactElement {
  const { state, go, addressWith } = useNavigation();
  const { bounds } = useLiveStore();
  const [open, setOpen] = useState<'range' | 'filter' | null>(null);
  const given = FILTER_NAMES.flatMap((name) => (state.filters[name] ?? []).map((value) => [name, value] as const));
  const trayId = useId();
  return (
    <section aria-label="Range and filters" className="grid scope-grid">
      <div className="scope">
        <Choice
          name="Range"
          options={RANGES}
          value={'from' in state.range || open === 'range' ? 'own' : state.range.named}
          onChoose={(value) => {
            if (value === 'own') return setOpen(open === 'range' ? null : 'range');
            setOpen(null);
            go({ range: { named: value } });
          }}
        />
        <button
          type="button"
          aria-expanded={open === 'filter'}
          aria-controls={trayId}
          onClick={() => setOpen(open === 'filter' ? null : 'filter')}
        >
          Filter{given.length > 0 ? ` (${given.length})` : ''}
        </button>
        <ZoneSelect />
        <Choice name="Clocks" options={CLOCKS} value={state.clock} onChoose={(clock) => go({ clock })} />
        {bounds && <span className="soft small">{rangeText(bounds.from, bounds.to, state.tz)}</span>}
      </div>
      {given.length > 0 && (
        <div className="chips" role="group" aria-label="Filters">
          {given.map(([name, value]) => (
            <button
              key={`${name} ${value}`}
              type="button"
              className="chip"
              aria-label={`Remove filter: ${FILTER_TITLES[name]} ${filterValueText(name, value)}`}
              onClick={() => {
                const left = (state.filters[name] ?? []).filter((other) => other !== value);
                go({ filters: { ...state.filters, [name]: left.length > 0 ? left : undefined } });
              }}
            >
              {FILTER_TITLES[name]}: <strong>{filterValueText(name, value)}</strong> <span aria-hidden="true">✕</span>
            </button>
          ))}
        </div>
      )}
      <div id={trayId} hidden={open !== 'filter'}>
        {open === 'filter' && <FilterForm onDone={() => setOpen(null)} />}
      </div>
      {open === 'range' && <OwnRange key={addressWith({})} onDone={() => setOpen(null)} />}
    </section>
  );
}

function ZoneSelect(): ReactElement {
  const { state, go } = useNavigation();
  return (
    <select aria-label="Time zone" value={state.tz} onChange={(event) => go({ tz: event.target.value })}>
      {OWN_ZONE !== 'UTC' && <option value={OWN_ZONE}>{OWN_ZONE} (this computer)</option>}
      {ZONES.filter((zone) => zone !== OWN_ZONE || zone === 'UTC').map((zone) => (
        <option key={zone} value={zone}>
          {zone}
        </option>
      ))}
      {!ZONES.includes(state.tz) && state.tz !== OWN_ZONE && <option value={state.tz}>{state.tz}</option>}
    </select>
  );
}

/** Two bounds by hand, in the zone of the page. */
function OwnRange({ onDone }: { onDone: () => void }): ReactElement {
  const { state, go } = useNavigation();
  const { bounds } = useLiveStore();
  const text = (iso: string | null | undefined): string => {
    if (!iso) return '';
    const { day, minute } = localTime(iso, state.tz);
    return `${day}T${minute}`;
  };
  const [from, setFrom] = useState(text(bounds?.from));
  // an end within a minute that the field cannot say: the next one holds all of it
  const [to, setTo] = useState(text(bounds && new Date(Date.parse(bounds.to) + 59_999).toISOString()));
  const [problem, setProblem] = useState('');
  const use = (event: FormEvent): void => {
    event.preventDefault();
    const [begin, end] = [parseBound(from, state.tz), parseBound(to, state.tz)];
    if (typeof begin !== 'number' || typeof end !== 'number') return setProblem('Give both times.');
    if (begin >= end) return setProblem('The end must lie after the beginning.');
    go({ range: { from: new Date(begin).toISOString(), to: new Date(end).toISOString() } });
    onDone();
  };
  return (
    <form className="tray fields" onSubmit={use} aria-label="Range by hand">
      <label>
        From ({state.tz})
        <input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} required />
      </label>
      <label>
        To, not included
        <input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} required />
      </label>
      <button className="primary">Show</button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
