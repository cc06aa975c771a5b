import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TrueJourney } from '../../libs/simulate/truth';

/** A journey as `hoptime journeys --format ndjson` prints it, or as `simulate` knows it. */
type Told = Omit<TrueJourney, 'origin' | 'hops'> & { hops: (TrueJourney['hops'][number] & { segment?: string })[] };

export interface Comparison {
  /** journeys that agree in every field */
  equal: number;
  /** journeys of the truth that the program does not answer as they are, and journeys it answers that are not so: one line each */
  differences: string[];
}

const FIELDS = [
  'message_id',
  'recipient',
  'original_recipient',
  'state',
  'via_hes',
  'verdict',
  'hes_received_at',
  'hes_first_attempt_at',
  'hes_released_at',
  'released_by',
  'delivered_at',
  'hes_ms',
  'hes_processing_ms',
  'hes_waiting_ms',
  'downstream_ms',
  'total_ms',
  'deferrals',
  'hop_count',
] as const;

/**
 * Compares all that the program answers with what `simulate` knows, field by field and hop by hop behind HES. A journey has no name that
 * both sides know (Message-IDs repeat), so whole journeys are compared, as often as they occur.
 */
export async function compareWithTruth(truthFile: string, answerFile: string): Promise<Comparison> {
  const missing = new Map<string, number>();
  for await (const journey of journeysIn(truthFile)) missing.set(journey, (missing.get(journey) ?? 0) + 1);
  let equal = 0;
  const differences: string[] = [];
  for await (const journey of journeysIn(answerFile)) {
    const left = missing.get(journey) ?? 0;
    if (left === 0) differences.push(`answered: ${journey}`);
    else {
      equal++;
      if (left === 1) missing.delete(journey);
      else missing.set(journey, left - 1);
    }
  }
  for (const [journey, times] of missing)
    differences.push(...Array.from({ length: times }, () => `true:     ${journey}`));
  return { equal, differences: differences.sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1)) };
}

const nameIn = (difference: string): string => difference.slice(difference.indexOf('{'));

async function* journeysIn(ndjson: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(ndjson), crlfDelay: Infinity })) {
    if (line !== '') yield textOf(JSON.parse(line) as Told);
  }
}

/** What is compared of a journey, as one text. */
function textOf(journey: Told): string {
  const hops = journey.hops
    .filter(({ segment, mta }) => (segment ?? (mta === 'hes' ? 'hes' : 'downstream')) === 'downstream')
    .map(({ mta, received_at, relayed_at, dwell_ms, deferrals }) => ({
      mta,
      received_at,
      relayed_at,
      dwell_ms,
      deferrals,
    }));
  return JSON.stringify({ ...Object.fromEntries(FIELDS.map((field) => [field, journey[field]])), hops });
}
