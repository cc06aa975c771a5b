import { join } from 'node:path';
import { packageRoot } from '../config/package-root';
import { IngestService } from '../ingest/ingest.service';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { JourneyService } from './journey.service';

/** The statements that a journey rests on, of the story in which Sendmail refuses mail of HES (test/scenarios/hes-sendmail-postfix). */
let place: TemporaryStore;
beforeAll(async () => {
  place = await openTemporaryStore();
  const inputs = join(packageRoot(), 'test', 'scenarios', 'hes-sendmail-postfix', 'inputs');
  await new IngestService(place.store).ingest([inputs], {});
});
afterAll(() => place.close());

const refusals = async (messageId: string): Promise<unknown[][]> => {
  const { journeys } = await new JourneyService(place.store).accounts(messageId, '', 2);
  return journeys.flatMap(({ events }) =>
    events
      .filter(({ statement }) => statement === 'milter-reject')
      .map(({ event_time, mta, smtp_reply, line }) => [event_time, mta, smtp_reply, line]),
  );
};

it('has the recipient that a milter refused to HES before, whose sender stands in another line', async () => {
  expect(await refusals('sm-1@partner.example')).toEqual([
    ['2026-03-02T10:00:03.400Z', 'mx1', '451 4.7.1 Greylisting in action, please come back in 00:05:00', 1],
  ]);
});

it('has the recipient of a message that a milter refused after its end', async () => {
  expect(await refusals('sm-4@partner.example')).toEqual([
    ['2026-03-02T10:30:03.700Z', 'mx1', 'Service unavailable - try again later', 13],
  ]);
});
