import { JourneyService, type JourneyAccount } from '../journey.service';
import { type Clock, type ClockService } from './clock.service';
import { type Rows } from './corrected-store';

const RAW = ['hes_ms', 'hes_processing_ms', 'hes_waiting_ms', 'downstream_ms', 'total_ms', 'verdict'] as const;

/** What the logs themselves say, beside corrected figures. */
export type RawFigures = Pick<JourneyAccount, (typeof RAW)[number]>;

/** A journey with either clock; `raw` is null where its figures are raw. */
export type ClockedAccount = JourneyAccount & { raw: RawFigures | null };

/** The journeys of one message as {@link JourneyService.accounts} finds them, with raw or with corrected clocks. */
export async function accountsOf(
  store: Rows,
  clocks: ClockService,
  { messageId, recipient, limit, clock }: { messageId: string; recipient: string; limit: number; clock: Clock },
): Promise<{ journeys: ClockedAccount[]; more: number }> {
  const raw = await new JourneyService(store).accounts(messageId, recipient, limit);
  if (clock === 'raw' || raw.journeys.length === 0)
    return { journeys: raw.journeys.map((journey) => ({ ...journey, raw: null })), more: raw.more };
  const times = raw.journeys.flatMap(({ events }) => events.map(({ event_time }) => Date.parse(event_time)));
  const range = { from: Math.min(...times), to: Math.max(...times) + 1 };
  // The slowest come first, and a correction may change who they are: all are asked, and shown in the order of the raw ones.
  const { journeys } = await new JourneyService(await clocks.corrected(range)).accounts(messageId, recipient, Infinity);
  return {
    journeys: raw.journeys.map((journey) => {
      const figures = Object.fromEntries(RAW.map((name) => [name, journey[name]])) as RawFigures;
      const corrected = journeys.find(({ journey_id }) => journey_id === journey.journey_id);
      return { ...(corrected ?? journey), raw: figures };
    }),
    more: raw.more,
  };
}
