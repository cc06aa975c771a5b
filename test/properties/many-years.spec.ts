import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerOf } from '../support/answer';
import { withOwnStore } from '../support/own-store';

/** An archive, or a log with damaged dates, may name more months than the store takes in one insert. */
const MONTHS = 104;
const folder = mkdtempSync(join(tmpdir(), 'hoptime-years-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`a log of ${MONTHS} months is read like one of a day`, async () => {
  const lines = Array.from({ length: MONTHS }, (_, month) => {
    const day = `${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-02`;
    return (
      `${day}T10:00:00.000000+00:00 mx1 postfix/cleanup[9]: 4F2A1B0C3D: message-id=<m${month}@partner.example>\n` +
      `${day}T10:00:01.000000+00:00 mx1 postfix/lmtp[9]: 4F2A1B0C3D: to=<alice@corp.example>, relay=store, delay=1, delays=0.1/0/0/0.9, dsn=2.0.0, status=sent (250 2.0.0 Saved)\n` +
      `${day}T10:00:01.100000+00:00 mx1 postfix/qmgr[9]: 4F2A1B0C3D: removed\n`
    );
  });
  const log = join(folder, 'archive.log');
  writeFileSync(log, lines.join(''));
  await withOwnStore(async ({ store, ingest }) => {
    const { totals, journeys } = await ingest.ingest([log]);
    expect(totals).toMatchObject({ records: 3 * MONTHS, parsed: 3 * MONTHS });
    expect(journeys).toEqual({ total: MONTHS, complete: MONTHS });
    expect((await answerOf(store)).hops).toHaveLength(MONTHS);
  });
});
