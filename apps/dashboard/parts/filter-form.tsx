import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { FILTER_NAMES, type FilterName } from '../../../libs/delay/journey-filter';
import type { Breakdown } from '../../../libs/http/api-types';
import { useNavigation } from '../address/navigation';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';
import { choicesOf, FILTER_TITLES } from '../words/filter-names';

/** Adds one filter: what, and which value. Free text is proposed from what the range holds. */
export function FilterForm({ onDone }: { onDone: () => void }): ReactElement {
  const { state, go } = useNavigation();
  const [name, setName] = useState<FilterName>('verdict');
  const [value, setValue] = useState(choicesOf('verdict')?.[0][0] ?? '');
  const choices = choicesOf(name);
  const listId = useId();
  const address = useScopedEndpoint('delays/breakdown', { by: name, limit: 100 });
  const proposed = useAnswer<Breakdown>(choices ? null : address);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = value.trim().toLowerCase();
    if (wanted === '') return;
    const values = [...new Set([...(state.filters[name] ?? []), wanted])];
    go({ filters: { ...state.filters, [name]: values } });
    onDone();
  };
  return (
    <form className="tray fields" onSubmit={add} aria-label="Add a filter">
      <label>
        Only mail whose
        <select
          value={name}
          onChange={(event) => {
            const next = event.target.value as FilterName;
            setName(next);
            setValue(choicesOf(next)?.[0][0] ?? '');
          }}
        >
          {FILTER_NAMES.map((each) => (
            <option key={each} value={each}>
              {FILTER_TITLES[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        is
        {choices ? (
          <select value={value} onChange={(event) => setValue(event.target.value)}>
            {choices.map(([each, text]) => (
              <option key={each} value={each}>
                {text}
              </option>
            ))}
          </select>
        ) : (
          <input value={value} onChange={(event) => setValue(event.target.value)} list={listId} required />
        )}
      </label>
      <datalist id={listId}>
        {proposed.data?.values.flatMap((each) => (each.value ? [<option key={each.value} value={each.value} />] : []))}
      </datalist>
      <button className="primary">Add filter</button>
      <button
        type="button"
        className="plain"
        onClick={() => {
          go({ filters: {} });
          onDone();
        }}
      >
        Clear all
      </button>
    </form>
  );
}
