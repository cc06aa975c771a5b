import { EventCollector } from '../../../trace/event-draft';
import type { RawRecord } from '../../source';
import { trendEmailSecurity } from '.';
import { RecordFields } from '../../fields/record-fields';

function table(names: readonly string[], ...rows: (readonly string[])[]): RawRecord[] {
  return rows.map((values, i) => ({
    bytes: new Uint8Array(0),
    from: 0,
    to: 0,
    line: i + 2,
    fields: RecordFields.of(names, values),
  }));
}

function line(text: string): RawRecord {
  const bytes = Buffer.from(text);
  return { bytes, from: 0, to: bytes.length, line: 1 };
}

/** The survey's answer, and how many records it asked for. */
async function survey(records: readonly RawRecord[], mapping?: Record<string, string>): Promise<[object, number]> {
  let asked = 0;
  async function* source(): AsyncGenerator<RawRecord> {
    for (const record of records) {
      asked++;
      yield record;
    }
  }
  return [await trendEmailSecurity.survey!(source(), { fileTime: 0, mapping }), asked];
}

const TIME = '2026-03-02T08:15:00Z';

describe('the survey of a file', () => {
  it('sees one row per state in a second time column, at once', async () => {
    const rows = table(['Timestamp', 'Delivery Time', 'Action'], [TIME, '', 'Received'], [TIME, TIME, 'Delivered']);
    expect(await survey(rows)).toEqual([{ shape: 'states' }, 1]);
  });

  it('sees one row per event where any row says Received', async () => {
    const rows = table(['Date', 'Action'], [TIME, 'Delivered'], [TIME, 'RECEIVED'], [TIME, 'Delivered']);
    expect(await survey(rows)).toEqual([{ shape: 'events' }, 2]);
  });

  it('sees the last action of each recipient otherwise, after the whole file', async () => {
    const rows = table(['Date', 'Action'], [TIME, 'Delivered'], [TIME, 'Deleted'], [TIME]);
    expect(await survey(rows)).toEqual([{ shape: 'last-action' }, 3]);
  });

  it.each(['{', '<'])('reads on where records begin with %s, since the next may have a second time', async (sign) => {
    const bytes = Buffer.from(sign);
    const names = ['timestamp', 'action'];
    const records = [
      ...table(names, [TIME, 'Received'], [TIME, 'Received']),
      ...table(['timestamp', 'deliveryTime', 'action'], [TIME, TIME, 'Delivered']),
    ].map((record) => ({ ...record, bytes, to: 1 }));
    expect(await survey(records)).toEqual([{ shape: 'states' }, 3]);
    expect(await survey(records.slice(0, 2))).toEqual([{ shape: 'events' }, 2]);
  });

  it('passes over rows that the reader could not split', async () => {
    const broken: RawRecord = { ...line('a,"b'), problem: 'a stray quote' };
    const rows = table(['Date', 'Action'], [TIME, 'Received'], [TIME, 'Deleted']);
    expect(await survey([broken, rows[1], broken, rows[0]])).toEqual([{ shape: 'events' }, 4]);
    expect(trendEmailSecurity.looksLike([broken], 'csv').score).toBe(0);
  });

  it('knows the columns of the mapping', async () => {
    const rows = table(['Wann', 'Was'], [TIME, 'Received'], [TIME, 'Delivered']);
    expect(await survey(rows, { Wann: 'timestamp', Was: 'action' })).toEqual([{ shape: 'events' }, 1]);
  });

  it('says nothing of syslog lines and of an empty file', async () => {
    expect(await survey([line('CEF:0|Trend Micro|TMES|1|400101|TRACKING|4|rt=1'), line('')])).toEqual([{}, 1]);
    expect(await survey([])).toEqual([{}, 0]);
  });
});

describe('the options', () => {
  it('allow the three shapes and nothing else', () => {
    for (const shape of ['states', 'events', 'last-action', undefined]) {
      expect(trendEmailSecurity.options.safeParse({ shape }).success).toBe(true);
    }
    expect(trendEmailSecurity.options.safeParse({ shape: 'rows' }).success).toBe(false);
  });
});

describe('likeness', () => {
  const score = (names: readonly string[]): number => trendEmailSecurity.looksLike(table(names, []), 'csv').score;

  it('is certain of REST records and of tracking lines', () => {
    const rest = table(['genTime', 'timestamp', 'messageID', 'mailID', 'recipient', 'action'], []);
    expect(trendEmailSecurity.looksLike(rest, 'json')).toEqual({
      score: 1,
      reason: 'genTime and mailID: records of the Trend mail tracking log',
    });
    const lines = [line('noise'), line('<14> x CEF:0|Trend Micro|TMES|1.0.0.0|400101|TRACKING|4|rt=1')];
    expect(trendEmailSecurity.looksLike(lines, 'lines')).toEqual({
      score: 1,
      reason: 'CEF lines of Trend Micro with signature 400101 (TRACKING)',
    });
  });

  it('names the columns of a console export', () => {
    const names = [
      'Timestamp',
      'Direction',
      'Sender',
      'Recipient',
      'Message ID',
      'Sender IP',
      'Delivered To',
      'Action',
    ];
    expect(trendEmailSecurity.looksLike(table(names, []), 'csv')).toEqual({
      score: 0.9,
      reason:
        'message id, recipient, a time and columns of Trend mail tracking (Direction, Sender IP, Delivered To, Action)',
    });
  });

  it('is less sure without columns of its own, and says which it misses', () => {
    expect(score(['Timestamp', 'Recipient', 'Message ID'])).toBe(0.2);
    expect(trendEmailSecurity.looksLike(table(['Upstream TLS', 'Action', 'Wann'], []), 'csv')).toEqual({
      score: 0.2,
      reason:
        'columns of Trend mail tracking (Upstream TLS, Action), but missing columns: message id or transaction id, recipient, ' +
        'a time; tell which columns they are with the mapping option',
    });
  });

  it('leaves other logs to others', () => {
    const m365 = ['Received', 'SenderAddress', 'RecipientAddress', 'Status', 'MessageId', 'MessageTraceId', 'Size'];
    const exchange = [
      'date-time',
      'client-ip',
      'event-id',
      'source-context',
      'recipient-address',
      'message-id',
      'direction',
    ];
    expect(score(m365)).toBeLessThan(0.1);
    expect(score(exchange)).toBeLessThan(0.1);
    const postfix = [line('Mar  2 08:15:00 mx1 postfix/qmgr[1]: 4fPq1x0Zk3z1Tn: removed')];
    expect(trendEmailSecurity.looksLike(postfix, 'lines')).toEqual({ score: 0, reason: 'no CEF line' });
    expect(trendEmailSecurity.looksLike([], 'csv').score).toBe(0);
    expect(trendEmailSecurity.looksLike(postfix, 'headers').score).toBe(0);
  });
});

it('knows a file of policy events, of which it uses none', () => {
  const names = ['genTime', 'eventType', 'policyName', 'policyAction', 'sender', 'recipients', 'messageID', 'mailID'];
  const values = [
    '2026-03-02T10:00:09Z',
    'spam',
    'Default',
    'Quarantine',
    'ada@partner.example',
    '["bob@corp.example"]',
    '<p1@partner.example>',
    'x',
  ];
  const record = { bytes: Buffer.from('{}'), from: 0, to: 2, line: 1, fields: RecordFields.of(names, values) };
  expect(trendEmailSecurity.looksLike([record], 'json').score).toBe(0.7);
  const sink = new EventCollector();
  expect(trendEmailSecurity.parser({ fileTime: 0 }).parse(record, sink)).toEqual({
    skip: 'policy event, not a tracking record',
  });
  expect(sink.events).toEqual([]);
});
