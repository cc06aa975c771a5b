import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ClockPairAnswer } from '../../libs/delay/clocks/clock.service';
import { type JourneyWithHops } from '../../libs/delay/journey';
import { aheadMs, type ClockError } from '../../libs/simulate/clock-error';
import { type TrueJourney } from '../../libs/simulate/truth';

const HOUR_MS = 3_600_000;
const FIGURES = ['hes_ms', 'downstream_ms', 'total_ms'] as const;

export type ClockErrors = Readonly<Record<string, ClockError>>;

/** By how many ms the clock of a host is ahead at a stamp of its own clock. */
function aheadAtStamp(errors: ClockErrors, host: string, startMs: number, stampMs: number): number {
  if (!errors[host]) return 0;
  let ahead = 0;
  // the true time is the stamp minus the lead at that time
  for (let round = 0; round < 8; round++) ahead = aheadMs(errors[host], startMs, stampMs - ahead);
  return ahead;
}

/** Pair-hours with at least 30 transfers: how many there are, and those whose true offset (the median over the minutes of the hour) lies beside the bounds. */
export function beyondBounds(
  pairs: readonly ClockPairAnswer[],
  errors: ClockErrors,
  startMs: number,
): { pairHours: number; beyond: string[] } {
  const beyond: string[] = [];
  let pairHours = 0;
  for (const { from_mta, to_mta, hours } of pairs) {
    for (const { at_ms, transfers, lower_ms, upper_ms } of hours) {
      if (transfers < 30) continue;
      pairHours++;
      const offsets = Array.from({ length: 60 }, (_, i) => {
        const stamp = at_ms + (i + 0.5) * (HOUR_MS / 60);
        const ahead = aheadAtStamp(errors, to_mta, startMs, stamp);
        return ahead - aheadAtStamp(errors, from_mta, startMs, stamp - ahead);
      }).sort((a, b) => a - b);
      const offset = offsets[30];
      if (offset < lower_ms || offset > upper_ms)
        beyond.push(
          `${from_mta} > ${to_mta} ${new Date(at_ms).toISOString()}: ${offset} not in ${lower_ms}…${upper_ms}`,
        );
    }
  }
  return { pairHours, beyond };
}

/** By how many ms the figures of journeys differ from what is true, without sign and sorted, per figure. A Message-ID that comes again for a recipient is left out. */
export async function errorsOf(
  truthFile: string,
  journeys: AsyncIterable<JourneyWithHops> | readonly JourneyWithHops[],
): Promise<Record<(typeof FIGURES)[number], number[]>> {
  const truth = new Map<string, TrueJourney | null>();
  for await (const line of createInterface({ input: createReadStream(truthFile) })) {
    const journey = JSON.parse(line) as TrueJourney;
    const key = `${journey.message_id} ${journey.recipient}`;
    truth.set(key, truth.has(key) ? null : journey);
  }
  const errors = { hes_ms: [] as number[], downstream_ms: [] as number[], total_ms: [] as number[] };
  for await (const journey of journeys) {
    const known = truth.get(`${journey.message_id} ${journey.recipient}`);
    if (!known) continue;
    for (const figure of FIGURES) {
      const [told, real] = [journey[figure], known[figure]];
      if (told !== null && real !== null) errors[figure].push(Math.abs(told - real));
    }
  }
  for (const figure of FIGURES) errors[figure].sort((a, b) => a - b);
  return errors;
}

/** The value with at least `share` of all at or below it. */
export const atShare = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
