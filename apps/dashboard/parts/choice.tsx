import { type ReactElement } from 'react';

interface ChoiceProps<T extends string> {
  /** what is chosen, for screen readers */
  name: string;
  options: readonly (readonly [value: T, text: string])[];
  value: T | null;
  onChoose: (value: T) => void;
}

/** A few alternatives side by side, one of them pressed. */
export function Choice<T extends string>({ name, options, value, onChoose }: ChoiceProps<T>): ReactElement {
  return (
    <div className="choice" role="group" aria-label={name}>
      {options.map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChoose(option)}>
          {text}
        </button>
      ))}
    </div>
  );
}
