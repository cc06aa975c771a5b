import { type ReactElement } from 'react';
import type { Diagnosis } from '../../../libs/http/api-types';

type Finding = Diagnosis['findings'][number];

/** A sign and a word for each severity, never a colour alone. */
const SEVERITIES: Readonly<Record<Finding['severity'], readonly [sign: string, word: string]>> = {
  ok: ['✓', 'fine'],
  note: ['·', 'note'],
  warning: ['▲', 'warning'],
  problem: ['✕', 'problem'],
  unknown: ['?', 'not known'],
};

/** Findings in words, each with what to do. */
export function FindingList({ findings }: { findings: readonly Finding[] }): ReactElement {
  return (
    <ul className="findings">
      {findings.map(({ severity, finding, advice }) => {
        const [sign, word] = SEVERITIES[severity];
        return (
          <li key={finding} data-severity={severity}>
            <p>
              <strong>
                <span aria-hidden="true">{sign}</span> {word}
              </strong>{' '}
              <span data-finding>{finding}</span>
            </p>
            {advice && <p className="soft">What to do: {advice}</p>}
          </li>
        );
      })}
    </ul>
  );
}
