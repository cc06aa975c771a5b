import { EventCollector } from '../../../trace/event-draft';
import { PseudonymisingSink } from '../../../trace/pseudonymising-sink';
import { Pseudonyms } from '../../../trace/pseudonyms';
import type { TraceEvent } from '../../../trace/trace-event';
import type { CommonOptions, Outcome } from '../../source';
import { trendEmailSecurity } from '.';
import type { TrackingOptions } from './options';
import { RecordFields } from '../../fields/record-fields';

const FILE_TIME = Date.UTC(2026, 2, 3);

function parse(
  fields: Readonly<Record<string, string>>,
  options: Partial<CommonOptions & TrackingOptions> = {},
): { outcome: Outcome; events: TraceEvent[] } {
  const parser = trendEmailSecurity.parser({ fileTime: FILE_TIME, ...options });
  const sink = new EventCollector();
  const record = {
    bytes: new Uint8Array(0),
    from: 0,
    to: 0,
    line: 1,
    fields: RecordFields.of(Object.keys(fields), Object.values(fields)),
  };
  return { outcome: parser.parse(record, sink), events: sink.events };
}

const REST = {
  genTime: '2026-03-02T08:20:39Z',
  timestamp: '2026-03-02T08:15:00Z',
  deliveryTime: '2026-03-02T08:20:31Z',
  sender: 'ada@partner.example',
  direction: 'in',
  messageID: '<a1@partner.example>',
  subject: 'R&D, "second"',
  size: '2048',
  mailID: '6f1c0000-0000-4000-8000-0000000000a1',
  recipient: 'Bob@Corp.example',
  action: 'Delivered',
  senderIP: '192.0.2.10',
  deliveredTo: 'mx1.corp.example[198.51.100.20]:25',
  details: '250 2.0.0 Ok: queued as 4fPq1x0Zk3z1Tn',
};

const RECEIVED: TraceEvent = {
  kind: 'received',
  statement: 'tracking',
  eventTime: Date.UTC(2026, 2, 2, 8, 15, 0),
  timeResolutionMs: 1000,
  timeBasis: 'event',
  direction: 'in',
  mta: 'hes',
  product: 'trend-email-security',
  peerAddress: '192.0.2.10',
  messageId: 'a1@partner.example',
  sender: 'ada@partner.example',
  recipient: 'bob@corp.example',
  transactionId: '6f1c0000-0000-4000-8000-0000000000a1',
  sizeBytes: 2048,
};

const RELAYED: TraceEvent = {
  ...RECEIVED,
  kind: 'relayed',
  eventTime: Date.UTC(2026, 2, 2, 8, 20, 31),
  nextMta: 'mx1.corp.example',
  nextAddress: '198.51.100.20',
  nextQueueId: '4fPq1x0Zk3z1Tn',
  smtpReply: '250 2.0.0 Ok: queued as 4fPq1x0Zk3z1Tn',
  enhancedStatus: '2.0.0',
};

function without(fields: Readonly<Record<string, string>>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** kind, ISO time and basis of each event. */
function brief({ events }: { events: TraceEvent[] }): string[] {
  return events.map((e) => `${e.kind} ${new Date(e.eventTime).toISOString()} ${e.timeBasis}`);
}

describe('a record of the REST log', () => {
  it('becomes a reception and a release with every column', () => {
    expect(parse(REST)).toEqual({ outcome: 'events', events: [RECEIVED, RELAYED] });
  });

  it('gives the same events under the headers of a console export', () => {
    const row = {
      Timestamp: REST.timestamp,
      'Delivery Time': REST.deliveryTime,
      DIRECTION: 'Incoming',
      Sender: '<ada@partner.example>',
      recipient: 'bob@corp.example',
      message_id: 'a1@partner.example',
      'Mail ID': REST.mailID,
      'Sender IP': REST.senderIP,
      'Delivered To': REST.deliveredTo,
      Size: '2048',
      Action: 'DELIVERED',
      Details: REST.details,
    };
    expect(parse(row).events).toEqual([RECEIVED, RELAYED]);
  });

  it.each([
    ['Delivered', 'relayed'],
    ['Redirected', 'relayed'],
    ['Temporary delivery error', 'deferred'],
    ['Deferred', 'deferred'],
    ['Bounced', 'bounced'],
    ['Quarantined', 'quarantined'],
    ['Deleted', 'deleted'],
    ['Expired', 'expired'],
    ['released', 'released'],
  ])('reads action %s as %s at the time of the action', (action, kind) => {
    expect(brief(parse({ ...REST, action }))).toEqual([
      'received 2026-03-02T08:15:00.000Z event',
      `${kind} 2026-03-02T08:20:31.000Z event`,
    ]);
  });

  it.each(['Received', 'Submitted to sandbox', 'Scanning in sandbox', 'Password analyzing', 'Something new', ''])(
    'reads action "%s" as a reception only',
    (action) => {
      expect(parse({ ...REST, action })).toEqual({ outcome: 'events', events: [RECEIVED] });
    },
  );

  it.each<Record<string, string>>([
    { action: 'Blocked' },
    { action: 'Rejected' },
    { action: '', type: 'blocked_traffic' },
  ])(
    'says of blocked traffic %j that it was rejected, never received, and knows no sender when none is given',
    (blocked) => {
      const fields = {
        timestamp: REST.timestamp,
        genTime: REST.genTime,
        sender: '',
        recipient: 'bob@corp.example',
        ...blocked,
      };
      expect(parse(fields)).toEqual({
        outcome: 'events',
        events: [
          {
            kind: 'rejected',
            statement: 'tracking',
            eventTime: Date.UTC(2026, 2, 2, 8, 15, 0),
            timeResolutionMs: 1000,
            timeBasis: 'event',
            mta: 'hes',
            product: 'trend-email-security',
            recipient: 'bob@corp.example',
          },
        ],
      });
    },
  );

  it('takes genTime as the time of the record when the action has none of its own', () => {
    const fields = { ...without(REST, 'deliveryTime'), action: 'Quarantined' };
    expect(brief(parse(fields))).toEqual([
      'received 2026-03-02T08:15:00.000Z event',
      'quarantined 2026-03-02T08:20:39.000Z record',
    ]);
    expect(brief(parse({ ...fields, genTime: '' }))[1]).toBe('quarantined 2026-03-02T08:15:00.000Z record');
    expect(brief(parse({ ...fields, deliveryTime: 'none' }))[1]).toBe('quarantined 2026-03-02T08:20:39.000Z record');
  });

  it('reads an empty sender as the null reverse-path only where the record has a sender', () => {
    expect(parse({ ...REST, sender: '' }).events.map((e) => e.sender)).toEqual(['<>', '<>']);
    expect(parse(without(REST, 'sender')).events.map((e) => e.sender)).toEqual([undefined, undefined]);
  });

  it('gives each of several recipients its events', () => {
    const { events } = parse({ ...REST, recipient: 'bob@corp.example; "a,b"@corp.example' });
    expect(events.map((e) => [e.kind, e.recipient])).toEqual([
      ['received', 'bob@corp.example'],
      ['relayed', 'bob@corp.example'],
      ['received', '"a,b"@corp.example'],
      ['relayed', '"a,b"@corp.example'],
    ]);
    expect(parse({ ...REST, recipient: '["a@corp.example","b@corp.example"]' }).events[2].recipient).toBe(
      'b@corp.example',
    );
  });

  it('hides the local part in the reply of a store with pseudonyms, though the reception went before', () => {
    const inner = new EventCollector();
    const sink = new PseudonymisingSink(inner, new Pseudonyms('k'.repeat(32)));
    const fields = { ...REST, action: 'Bounced', details: '550 5.1.1 <bob>... User unknown' };
    const record = {
      bytes: new Uint8Array(0),
      from: 0,
      to: 0,
      line: 1,
      fields: RecordFields.of(Object.keys(fields), Object.values(fields)),
    };
    trendEmailSecurity.parser({ fileTime: FILE_TIME }).parse(record, sink);
    const [received, bounced] = inner.events;
    expect(bounced.recipient).toBe(received.recipient);
    expect(bounced.recipient).toMatch(/@corp\.example$/);
    const [localPart] = (bounced.recipient as string).split('@');
    expect(localPart).not.toBe('bob');
    expect(bounced.smtpReply).toBe(`550 5.1.1 <${localPart}>... User unknown`);
  });

  it('keeps text beyond ASCII whole', () => {
    const { events } = parse({ ...REST, sender: 'jürgen@büro.example', details: '550 5.7.1 Postfach „voll“ 📪' });
    expect(events.map((e) => [e.sender, e.recipient, e.smtpReply])).toEqual([
      ['jürgen@büro.example', 'bob@corp.example', undefined],
      ['jürgen@büro.example', 'bob@corp.example', '550 5.7.1 Postfach „voll“ 📪'],
    ]);
  });

  it('reads a message without any id, which its reply may still link', () => {
    const { events } = parse({ ...REST, messageID: '', mailID: '' });
    expect(events[1]).toEqual({ ...RELAYED, messageId: undefined, transactionId: undefined });
  });

  it('is called hes whatever the MTA of a log beside it is called', () => {
    expect(parse(REST, { mta: 'exim1' }).events.map((e) => e.mta)).toEqual(['hes', 'hes']);
  });

  it('skips policy events, which collectors mix in', () => {
    const fields = {
      eventType: 'policy',
      policyAction: 'Tag',
      timestamp: REST.timestamp,
      recipients: '["bob@corp.example"]',
    };
    expect(parse(fields)).toEqual({ outcome: { skip: 'policy event, not a tracking record' }, events: [] });
  });
});

describe('a row of a file with one time', () => {
  const ROW = without(REST, 'genTime', 'deliveryTime');

  it('is one event at its time in shape events', () => {
    const shape = 'events';
    expect(brief(parse({ ...ROW, action: 'Received' }, { shape }))).toEqual([
      'received 2026-03-02T08:15:00.000Z event',
    ]);
    expect(brief(parse(ROW, { shape }))).toEqual(['relayed 2026-03-02T08:15:00.000Z event']);
    expect(parse({ ...ROW, action: 'Scanning in sandbox' }, { shape })).toEqual({
      outcome: { skip: 'a state inside HES, and not the time of reception' },
      events: [],
    });
  });

  it('is a reception and an action of unknown time in shape last-action', () => {
    const both = ['received 2026-03-02T08:15:00.000Z event', 'relayed 2026-03-02T08:15:00.000Z record'];
    expect(brief(parse(ROW, { shape: 'last-action' }))).toEqual(both);
    expect(brief(parse(ROW))).toEqual(both);
  });
});

describe('stamps', () => {
  it.each([
    // 02:50 CEST is 00:50Z, 02:10 CET is 01:10Z
    ['2026-10-25 02:50:00', '2026-10-25 02:10:00', '00:50:00', '01:10:00'],
    ['2026-10-25 02:10:00', '2026-10-25 02:50:00', '00:10:00', '00:50:00'],
    // its own offset says which of the two it is
    ['2026-10-25 02:50:00', '2026-10-25T02:10:00+02:00', '00:50:00', '00:10:00'],
  ])(
    'in the hour that comes twice no action comes before the reception: %s, %s',
    (timestamp, deliveryTime, from, to) => {
      expect(brief(parse({ ...REST, timestamp, deliveryTime }, { timeZone: 'Europe/Berlin' }))).toEqual([
        `received 2026-10-25T${from}.000Z event`,
        `relayed 2026-10-25T${to}.000Z event`,
      ]);
    },
  );

  it('without offset need a zone', () => {
    for (const timestamp of ['2026-03-02 08:15:00', 'Mar 2 2026 08:15:00']) {
      expect(parse({ ...REST, timestamp })).toEqual({
        outcome: { reject: 'timestamp: no zone: pass --timezone' },
        events: [],
      });
    }
    expect(brief(parse({ ...REST, timestamp: 'Mon, 2 Mar 2026 09:15:00 +0100' }))[0]).toBe(
      'received 2026-03-02T08:15:00.000Z event',
    );
    expect(brief(parse({ ...REST, timestamp: '2026-07-02 08:15:00' }, { timeZone: 'Europe/Berlin' }))[0]).toBe(
      'received 2026-07-02T06:15:00.000Z event',
    );
  });

  it('without seconds have the resolution of a minute', () => {
    const { events } = parse(
      { ...REST, timestamp: '2026-03-02 08:15', deliveryTime: '2026-03-02T08:20:31.250Z' },
      { timeZone: 'UTC' },
    );
    expect(events.map((e) => [e.eventTime, e.timeResolutionMs])).toEqual([
      [Date.UTC(2026, 2, 2, 8, 15), 60_000],
      [Date.UTC(2026, 2, 2, 8, 20, 31, 250), 1],
    ]);
  });

  it('of one minute, and of the minute after, keep their seconds and their problems', () => {
    const parser = trendEmailSecurity.parser({ fileTime: FILE_TIME });
    const sink = new EventCollector();
    const names = ['timestamp', 'recipient', 'messageID'];
    const outcomes = [
      '2026-03-02T08:15:59Z',
      '2026-03-02T08:15:07Z',
      '2026-03-02T08:15:07',
      '2026-03-02T08:15:08',
      '2026-03-02T08:15:08+01:00',
      '2026-03-02T08:15:09+01:00',
      '2026-03-02T08:16:09+01:00',
      '2026-03-02T08:16:99Z',
    ].map((stamp) => {
      const fields = RecordFields.of(names, [stamp, 'bob@corp.example', '<a@b.example>']);
      return parser.parse({ bytes: new Uint8Array(0), from: 0, to: 0, line: 1, fields }, sink);
    });
    const noZone = { reject: 'timestamp: no zone: pass --timezone' };
    expect(outcomes).toEqual([
      'events',
      'events',
      noZone,
      noZone,
      'events',
      'events',
      'events',
      { reject: 'timestamp: impossible date' },
    ]);
    expect(sink.events.map((e) => new Date(e.eventTime).toISOString())).toEqual([
      '2026-03-02T08:15:59.000Z',
      '2026-03-02T08:15:07.000Z',
      '2026-03-02T07:15:08.000Z',
      '2026-03-02T07:15:09.000Z',
      '2026-03-02T07:16:09.000Z',
    ]);
  });

  it('that are missing or unreadable reject the record, naming which', () => {
    expect(parse({ ...REST, timestamp: '', deliveryTime: '', genTime: '' }).outcome).toEqual({
      reject: 'no time in the record',
    });
    expect(parse({ ...REST, deliveryTime: 'soon' }).outcome).toEqual({ reject: 'delivery time: not a timestamp' });
  });
});

describe('columns', () => {
  it('that are missing reject each row with what to do', () => {
    expect(parse({ Wann: '2026-03-02T08:15:00Z', Subject: 'x' }).outcome).toEqual({
      reject:
        'missing columns: message id or transaction id, recipient, a time; tell which columns they are with the mapping option',
    });
    expect(parse({ timestamp: REST.timestamp, recipient: 'bob@corp.example', action: 'Delivered' }).outcome).toEqual({
      reject: 'missing columns: message id or transaction id; tell which columns they are with the mapping option',
    });
  });

  it('of unknown names are read by the mapping, under any alias of the field', () => {
    const mapping = { wann: 'timestamp', 'An Wen': 'Recipient', Kennung: 'Message ID', Status: '', was: 'action' };
    const row = {
      Wann: REST.timestamp,
      'an wen': 'bob@corp.example',
      Kennung: '<k@b.example>',
      Was: 'Deleted',
      Status: 'Bounced',
    };
    expect(brief(parse(row, { mapping }))).toEqual([
      'received 2026-03-02T08:15:00.000Z event',
      'deleted 2026-03-02T08:15:00.000Z record',
    ]);
  });

  it('a mapping to no field is named', () => {
    expect(parse(REST, { mapping: { Wann: 'when' } }).outcome).toEqual({
      reject: expect.stringMatching(
        /^the mapping option names unknown fields \(when\); known are timestamp, deliveryTime, /,
      ),
    });
  });

  it('the more telling of two names for a field wins', () => {
    const row = { Date: '2026-01-01T00:00:00Z', ...REST };
    expect(parse(row).events).toEqual([RECEIVED, RELAYED]);
  });

  it('a short row lacks the values of its last columns', () => {
    const parser = trendEmailSecurity.parser({ fileTime: FILE_TIME });
    const sink = new EventCollector();
    const fields = RecordFields.of(['Timestamp', 'Message ID', 'Recipient'], [REST.timestamp, '<a@b.example>']);
    expect(parser.parse({ bytes: new Uint8Array(0), from: 0, to: 0, line: 1, fields }, sink)).toEqual({
      reject: 'no recipient in the record',
    });
  });
});
