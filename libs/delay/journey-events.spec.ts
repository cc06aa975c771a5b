import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

it('shows the last line of a statement that comes several times, whatever was merged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hoptime-lines-'));
  try {
    const line = (time: string, rest: string): string => `2026-03-02T${time}.000+00:00 mx7 postfix/${rest}\n`;
    const active = line('08:00:00', 'qmgr[1]: 4ABCDE: from=<a@partner.example>, size=100, nrcpt=1 (queue active)');
    const id = line('08:00:00', 'cleanup[2]: 4ABCDE: message-id=<twice@partner.example>');
    const sent = line(
      '08:00:09',
      'local[3]: 4ABCDE: to=<b@corp.example>, relay=local, delay=9, delays=0/9/0/0, dsn=2.0.0, status=sent (delivered to mailbox)',
    );
    await writeFile(join(folder, 'whole.log'), id + active + active + sent + sent + sent);
    await writeFile(join(folder, 'cut.log'), active + sent);
    const service = new IngestService(place.store);
    await service.ingest([join(folder, 'whole.log'), join(folder, 'cut.log')], {});
    const lines = async (): Promise<unknown[][]> => {
      const { journeys } = await new JourneyService(place.store).accounts('twice@partner.example', '', 2);
      return journeys.flatMap(({ events }) =>
        events.map(({ statement, file, line: at }) => [statement, basename(file), at]),
      );
    };
    const expected = [
      ['message-id', 'whole.log', 1],
      ['queue-active', 'whole.log', 3],
      ['delivery', 'whole.log', 6],
    ];
    expect(await lines()).toEqual(expected);
    await place.store.command({ sql: 'OPTIMIZE TABLE hoptime_store.trace_events FINAL' });
    expect(await lines()).toEqual(expected);
  } finally {
    await rm(folder, { recursive: true });
  }
});
