import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventCollector } from '../../../trace/event-draft';
import { displayMessageId } from '../../../trace/message-id';
import { nextQueueId } from '../../../trace/smtp-reply';
import { type TraceEvent } from '../../../trace/trace-event';
import { type CommonOptions, type Outcome, type RawRecord } from '../../source';
import { postfix } from './index';
import { FILE_TIME, HEAD, read, record } from './one-line.fixture';

const FIXTURES = join(__dirname, 'fixtures');

interface Golden {
  framing: string;
  options: CommonOptions;
  records: { outcome: Outcome; events?: TraceEvent[] }[];
}

const linesOf = (file: string): string[] => readFileSync(join(FIXTURES, file), 'utf8').split('\n').slice(0, -1);
const logs = readdirSync(FIXTURES).filter((file) => file.endsWith('.log'));
const expectedOf = (log: string): Golden =>
  JSON.parse(readFileSync(join(FIXTURES, log.replace('.log', '.expected.json')), 'utf8')) as Golden;

describe('fixtures', () => {
  it.each(logs)('%s gives the events that an independent reading gives', (log) => {
    const golden = expectedOf(log);
    const sink = new EventCollector();
    const parser = postfix.parser(golden.options);
    const actual = linesOf(log).map((text, index) => {
      const before = sink.events.length;
      const outcome = parser.parse(record(text, index + 1), sink);
      const events = sink.events.slice(before);
      return events.length > 0 ? { outcome, events } : { outcome };
    });
    expect(actual).toEqual(golden.records);
  });

  it.each(logs)('%s: a line cut anywhere has an outcome, and no events unless the outcome says so', (log) => {
    const parser = postfix.parser({ fileTime: FILE_TIME });
    for (const text of linesOf(log)) {
      const whole = Buffer.from(text, 'utf8');
      const isAscii = /^[\x20-\x7e]*$/.test(text);
      // One expectation a line: one a cut took longer than what it looks at.
      const cuts: unknown[] = [];
      const cutsAlone: unknown[] = [];
      const balanced: boolean[] = [];
      for (let length = 0; length < whole.length; length++) {
        const sink = new EventCollector();
        // The rest stays in the buffer, as in a reader's: nothing behind `to` may be read.
        const outcome = parser.parse({ bytes: whole, from: 0, to: length, line: 1 }, sink);
        balanced.push((outcome === 'events') === (sink.events.length === 1));
        const alone = new EventCollector();
        const again = parser.parse(record(whole.subarray(0, length).toString('latin1')), alone);
        if (!isAscii) continue;
        cuts.push([length, outcome, sink.events]);
        cutsAlone.push([length, again, alone.events]);
      }
      expect(balanced).toEqual(balanced.map(() => true));
      expect(cutsAlone).toEqual(cuts);
    }
  });

  it('reads a line in the middle of a buffer as it reads it alone', () => {
    const text = linesOf('content-filter.log')[11];
    const bytes = Buffer.from(`)))\n${text}\n queued as ABCDEF)\n`);
    const sink = new EventCollector();
    postfix.parser({ fileTime: FILE_TIME }).parse({ bytes, from: 4, to: 4 + text.length, line: 2 }, sink);
    expect(sink.events).toEqual(read(text).events);
  });
});

it('names no queue id that a cut line may have cut', () => {
  const text =
    'smtp[1]: 0F5383D: to=<a@b>, relay=m.example[192.0.2.1]:25, delay=1, status=sent (250 Ok: queued as 4FJ2';
  expect(read(HEAD + text).events?.[0]).toMatchObject({ kind: 'relayed', smtpReply: '250 Ok: queued as 4FJ2' });
  expect(read(HEAD + text).events?.[0]).not.toHaveProperty('nextQueueId');
});

describe('options', () => {
  const removed = `${HEAD}qmgr[1]: 0F5383D: removed`;

  it('names the MTA as told, also where the log has no name', () => {
    expect(read(removed, { mta: 'edge.corp.example' }).events?.[0].mta).toBe('edge.corp.example');
    expect(read('Mar  2 00:00:00 postfix/qmgr[1]: 0F5383D: removed', { mta: 'edge' }).events?.[0].mta).toBe('edge');
  });

  it('reads stamps in the zone and year told', () => {
    // 2024-03-02 00:00 in Berlin is 23:00 UTC of the day before
    const event = read(removed, { timeZone: 'Europe/Berlin', year: 2024 }).events?.[0];
    expect(event?.eventTime).toBe(Date.UTC(2024, 2, 1, 23));
  });
});

describe('agreement with the rules of libs/trace', () => {
  it.each([
    '<a@b>',
    '<>',
    '',
    'unspecified',
    '<a@b> (added by postmaster@b)',
    '<CA28 odd@b>',
    '< a@b >',
    '<<a@b>>',
    'a@b trailing',
    'x <a@b>',
    '<cut-off@b',
    '<[9ff2]@b>',
  ])('Message-ID %p', (text) => {
    const event = read(`${HEAD}cleanup[1]: 0F5383D: message-id=${text}`).events?.[0];
    expect(event?.messageId ?? '').toBe(displayMessageId(text));
  });

  it.each([
    '250 2.0.0 Ok: queued as 4FJ2kQ0T9Zz1X',
    '250 2.0.0 Ok: queued as <4FJ2kQ0T9Zz1X>',
    '250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 300581A89B8',
    '250 ok: Message 123 queued as abc.def. Thanks',
    '250 2.0.0 Ok: queued as X1',
    '250 OK id=1xVYrT-0000He-2g',
    '250 2.6.0 <a@b> [InternalId=12345, Hostname=x.example] Queued mail for delivery',
    '250 2.0.0 OK 1349246383 j9si1676296paw.328 - gsmtp',
    '250 Ok',
    '',
  ])('reply %p', (reply) => {
    const text = `smtp[1]: 0F5383D: to=<a@b>, relay=m.example[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (${reply})`;
    const event = read(HEAD + text).events?.[0];
    expect(event?.kind).toBe('relayed');
    expect(event?.nextQueueId).toBe(nextQueueId(reply));
  });
});

describe('likeness', () => {
  const sample = (...texts: string[]): RawRecord[] => texts.map((text) => record(text));
  const own = `${HEAD}qmgr[1]: 0F5383D: removed`;
  const other = 'Mar  2 00:00:00 mx1 sshd[1]: Failed password';

  it.each([
    [1, sample(own, '# comment', '')],
    [0.75, sample(own, other)],
    [0, sample(other, 'free text', '{"messageID":"<a@b>","action":"Delivered"}')],
    [0, sample()],
  ])('%p', (score, records) => {
    expect(postfix.looksLike(records, 'lines').score).toBe(score);
  });

  it('says how many of how many', () => {
    expect(postfix.looksLike(sample(own, other, ''), 'lines').reason).toBe("1 of 2 lines are Postfix programs'");
  });

  it('claims no other framing', () => {
    expect(postfix.looksLike(sample(own), 'csv').score).toBe(0);
  });
});

describe('strange bytes', () => {
  it.each([
    ['zeros', Buffer.alloc(300)],
    ['no UTF-8', Buffer.concat([Buffer.from(`${HEAD}smtp[1]: 0F5383D: to=<`), Buffer.alloc(99, 0xff)])],
    ['a bracket that never closes', Buffer.from(`<22>1 2026-03-02T00:00:00Z mx1 postfix 1 - [x y="z`)],
    ['empty priority', Buffer.from('<>')],
    [
      'a journal stamp that is no count of microseconds',
      Buffer.from('{"__REALTIME_TIMESTAMP":"179545914E300000","_HOSTNAME":"h","MESSAGE":"7B3643F820: removed"}'),
    ],
    ['JSON array', Buffer.from('{"MESSAGE":["a"]}')],
  ])('%s: a reason, no exception', (_, bytes) => {
    const sink = new EventCollector();
    const outcome = postfix.parser({ fileTime: FILE_TIME }).parse({ bytes, from: 0, to: bytes.length, line: 1 }, sink);
    expect(outcome).not.toBe('events');
    expect(sink.events).toEqual([]);
  });
});
