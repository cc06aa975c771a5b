import type { ReactElement } from 'react';
import { countText } from '../../../libs/delay/duration-text';
import type { Breakdown } from '../../../libs/http/api-types';
import { useScopedEndpoint } from '../api/live-store';
import { useAnswer } from '../api/use-answer';

/** So many domains are offered, out of so many that the answer may name. */
const OFFERED = 6;
const ASKED = 50;

interface Choices {
  readonly chosen: string;
  readonly choose: (domain: string) => void;
}

/** The recipient domains of mail that passed HES, those with the most mail first: what somebody most likely wants to check. */
export function DomainChoices({ chosen, choose }: Choices): ReactElement | null {
  const by = { by: 'recipient_domain', via_hes: 'yes', segment: 'total', limit: String(ASKED) };
  const { data } = useAnswer<Breakdown>(useScopedEndpoint('delays/breakdown', by));
  const domains = (data?.values ?? [])
    .filter((value): value is typeof value & { value: string } => value.value !== null && value.value !== '')
    .toSorted((a, b) => b.journeys - a.journeys)
    .slice(0, OFFERED);
  if (domains.length === 0) return null;
  return (
    <nav aria-label="Recipient domains of your mail" className="after">
      <p className="soft small">In your mail:</p>
      <div className="chips">
        {domains.map(({ value, journeys }) => (
          <button
            key={value}
            type="button"
            className="chip"
            aria-current={value === chosen ? 'true' : undefined}
            onClick={() => choose(value)}
          >
            {value} <span className="soft">{countText(journeys)}</span>
          </button>
        ))}
      </div>
    </nav>
  );
}
