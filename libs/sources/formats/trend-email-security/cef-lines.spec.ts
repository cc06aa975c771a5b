import { EventCollector } from '../../../trace/event-draft';
import type { TraceEvent } from '../../../trace/trace-event';
import type { Outcome } from '../../source';
import { trendEmailSecurity } from '.';

const PARSER = trendEmailSecurity.parser({ fileTime: Date.UTC(2026, 2, 3) });
const HEADER = 'CEF:0|Trend Micro|TMES|1.0.0.0|400101|TRACKING|4|';
const SYSLOG = '<14> 2026-03-02T08:20:40Z forwarder.tmes.example tmes[1]: ';

function parse(line: string | Uint8Array): { outcome: Outcome; events: TraceEvent[] } {
  const sink = new EventCollector();
  // Junk on both sides: a record is a part of a larger buffer.
  const text = Buffer.from(line);
  const bytes = Buffer.concat([Buffer.from('act=Deleted\n'), text, Buffer.from(' act=Expired')]);
  const outcome = PARSER.parse({ bytes, from: 12, to: 12 + text.length, line: 2 }, sink);
  return { outcome, events: sink.events };
}

const EXTENSION =
  'rt=2026-03-02T08:20:39.412Z suser=ada+list=1@partner.example duser=bob@corp.example msg=Re: offer = final src=192.0.2.10 ' +
  'deviceTranslatedAddress=mx1.corp.example[198.51.100.20]:25 cs1Label=mailUuid cs1=6f1c0000-0000-4000-8000-0000000000a1 ' +
  'cs2Label=direction cs2=incoming cs3Label=messageId cs3=<a1+x=9@partner.example> cn1Label=messageSize cn1=2048 ' +
  'act=Temporary delivery error cs4Label=attachments cs4=[{\\"fileName\\":\\"a.pdf\\"}] cs5Label=tlsInfo ' +
  'cs5=upstreamTLS: TLS 1.3; downstreamTLS: TLS 1.2 cs6Lable=embeddedUrl cs6=["http://shop.example/?src=9.9.9.9"]';

const DEFERRED: TraceEvent = {
  kind: 'deferred',
  statement: 'tracking',
  eventTime: Date.UTC(2026, 2, 2, 8, 20, 39, 412),
  timeResolutionMs: 1,
  timeBasis: 'record',
  direction: 'in',
  mta: 'hes',
  product: 'trend-email-security',
  peerAddress: '192.0.2.10',
  messageId: 'a1+x=9@partner.example',
  nextMta: 'mx1.corp.example',
  nextAddress: '198.51.100.20',
  sender: 'ada+list=1@partner.example',
  recipient: 'bob@corp.example',
  transactionId: '6f1c0000-0000-4000-8000-0000000000a1',
  sizeBytes: 2048,
};

describe('a CEF tracking line', () => {
  it.each([
    ['behind its syslog header', SYSLOG + HEADER],
    ['bare', HEADER],
    ['behind a byte order mark', '\ufeff' + HEADER],
  ])('%s becomes one event of its action at the time of the record', (_, start) => {
    expect(parse(start + EXTENSION)).toEqual({ outcome: 'events', events: [DEFERRED] });
    expect(parse(start + EXTENSION + ' \r').events).toEqual([DEFERRED]);
  });

  it('may have its keys in any order', () => {
    const turned = EXTENSION.split(
      / (?=(?:rt|suser|duser|msg|src|act|deviceTranslatedAddress|c[sn]\dLab(?:el|le)|c[sn]\d)=)/,
    ).reverse();
    expect(turned).toHaveLength(21);
    expect(parse(HEADER + turned.join(' ')).events).toEqual([DEFERRED]);
  });

  it('is not deceived by a subject that looks like keys', () => {
    const spoof =
      'act=Delivered rt=2026-01-01T00:00:00Z suser=eve@evil.example cs1Label=messageId cs3=<x@evil.example> src=9.9.9.9';
    expect(parse(HEADER + EXTENSION.replace('Re: offer = final', spoof)).events).toEqual([DEFERRED]);
  });

  it.each([
    '[{"fileName":"a ] act=Delivered.pdf"}]',
    '[{"fileName":"a \\" ] act=Delivered.pdf"},{"fileName":"b"}]',
    '[{\\"fileName\\":\\"a ] act=Delivered.pdf\\",\\"sha256\\":\\"00\\"}]',
    '[{\\"fileName\\":\\"a \\\\\\" ] act=Delivered.pdf\\"}]',
    '[]',
  ])('is not deceived by attachments %s', (attachments) => {
    const line = HEADER + EXTENSION.replace('[{\\"fileName\\":\\"a.pdf\\"}]', () => attachments);
    expect(parse(line).events).toEqual([DEFERRED]);
  });

  it('may have several recipients and escaped signs', () => {
    const line = HEADER + EXTENSION.replace('duser=bob@corp.example', 'duser=bob@corp.example,carol\\=x@corp.example');
    expect(parse(line).events.map((e) => e.recipient)).toEqual(['bob@corp.example', 'carol=x@corp.example']);
  });

  it('of a bounce has the null reverse-path', () => {
    const line = HEADER + EXTENSION.replace('suser=ada+list=1@partner.example', 'suser=');
    expect(parse(line).events).toEqual([{ ...DEFERRED, sender: '<>' }]);
  });

  it('never says when HES received: a state inside HES tells nothing', () => {
    for (const action of ['Received', 'Scanning in sandbox', 'Something new']) {
      const { outcome, events } = parse(HEADER + EXTENSION.replace('Temporary delivery error', action));
      expect(events).toEqual([]);
      expect(outcome).toEqual({ skip: expect.stringMatching(/time/) });
    }
  });

  it('without what it needs is rejected, naming it', () => {
    expect(parse(`${HEADER}rt=2026-03-02T08:20:39.412Z suser=ada@partner.example`).outcome).toEqual({
      reject: 'CEF tracking line without duser, act, mailUuid or messageId; is it cut short?',
    });
    expect(parse(HEADER).outcome).toEqual({
      reject: 'CEF tracking line without rt, duser, act, mailUuid or messageId; is it cut short?',
    });
    expect(parse(HEADER + EXTENSION.replace('08:20:39.412Z', '08:20:39.412')).outcome).toEqual({
      reject: 'log time: no zone: pass --timezone',
    });
  });
});

describe('other lines of the stream', () => {
  it.each([
    [
      'CEF:0|Trend Micro|TMES|1.0.0.0|100101|DETECTION|6|rt=2026-03-02T08:20:40Z cs4Label=messageId',
      'DETECTION, not a tracking record',
    ],
    ['CEF:0|Trend Micro|TMES|1.0.0.0|300101|AUDIT|4|rt=2026-03-02T08:20:40Z', 'AUDIT, not a tracking record'],
    [
      'CEF:0|Trend Micro|TMES|1.0.0.0|500101|CTP_DETECTION|2|rt=2026-03-02 08:20:40',
      'CTP_DETECTION, not a tracking record',
    ],
    ['CEF:0|Trend Micro|TMES|1.0.0.0|constructor|X|2|rt=1', 'another signature, not a tracking record'],
    ['CEF:0|Other \\| Vendor|X|1|400101|TRACKING|4|rt=1', 'CEF line of another vendor'],
    ['Mar  2 08:22:01 mx1 systemd[1]: Started.', 'no CEF line'],
    ['', 'no CEF line'],
  ])('%s is skipped', (line, reason) => {
    expect(parse(line)).toEqual({ outcome: { skip: reason }, events: [] });
  });
});

describe('damaged lines', () => {
  it('cut at any byte never throw, and give either nothing or an event of this message', () => {
    const line = Buffer.from(SYSLOG + HEADER + EXTENSION.replace('Re: offer', 'Angebot für März 📪'));
    const tally = { events: 0, skip: 0, reject: 0 };
    for (let length = 0; length <= line.length; length++) {
      const { outcome, events } = parse(line.subarray(0, length));
      tally[outcome === 'events' ? 'events' : 'skip' in outcome ? 'skip' : 'reject']++;
      expect(events.length).toBe(outcome === 'events' ? 1 : 0);
      for (const event of events) expect(event).toEqual(DEFERRED);
    }
    // While the key after `act` is incomplete it reads as part of the action, which is then unknown.
    expect(tally.events).toBe(line.length - line.indexOf(' cs4Label') + 1 - 'cs4Label'.length);
  });

  it('of any bytes never throw', () => {
    let seed = 7;
    for (let round = 0; round < 500; round++) {
      const line = Buffer.from(SYSLOG + HEADER + EXTENSION);
      for (let i = 0; i < 12; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        line[seed % line.length] = seed >> 8;
      }
      expect(() => parse(line)).not.toThrow();
    }
  });
});
