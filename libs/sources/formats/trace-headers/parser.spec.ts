import { EventCollector } from '../../../trace/event-draft';
import type { TraceEvent } from '../../../trace/trace-event';
import { traceHeaders } from '.';
import { HEADER_LIMIT, readHeaderBlock } from './header-block';

function parse(text: string | Uint8Array): { outcome: unknown; events: TraceEvent[] } {
  const bytes = Buffer.from(text);
  const sink = new EventCollector();
  const outcome = traceHeaders.parser({ fileTime: 0 }).parse({ bytes, from: 0, to: bytes.length, line: 1 }, sink);
  return { outcome, events: sink.events };
}

const short = (events: TraceEvent[]): string[] =>
  events.map(
    (e) =>
      `${new Date(e.eventTime).toISOString().slice(11, 23)} ${e.kind} ${e.mta} ${e.transactionId ?? '-'}` +
      (e.nextMta ? ` to ${e.nextMta} ${e.nextQueueId ?? '-'}` : ''),
  );

const MX =
  'Received: from o.example (unknown [192.0.2.1]) by mx.example (Postfix) id 7;\n Mon, 2 Mar 2026 08:00:00 +0000\n';

describe('the outcome of a record', () => {
  it.each([
    ['', { reject: 'no mail header found' }],
    ['\0\xff junk without any field\n', { reject: 'no mail header found' }],
    ['Subject: draft\nMessage-ID: <a@b.example>\n\nbody', { skip: 'mail without Received fields' }],
    [
      'Received: from EGR authenticated sender dora\n\n',
      { reject: 'no Received field has a date-time that can be read' },
    ],
    [MX, 'events'],
  ])('%j', (text, outcome) => {
    expect(parse(text).outcome).toEqual(outcome);
  });

  it('does not count a Received field of the body', () => {
    expect(parse(`Subject: a\n\n${MX}`).outcome).toEqual({ skip: 'mail without Received fields' });
  });
});

describe('custody at HES', () => {
  const outbound =
    'Received: from 1_.trendmicro.com (unknown [172.21.0.1]) by repost01.tmes.trendmicro.eu (Postfix) with SMTP id B;\n Mon, 2 Mar 2026 08:00:03 +0000\n' +
    'X-TM-MAIL-RECEIVED-TIME: 1772438401.250000\nX-TM-MAIL-UUID: aa\n' +
    'Received: from a.example (unknown [192.0.2.1]) by repre01.tmes.trendmicro.eu (Trend Micro Email Security) with ESMTPS id A;\n Mon, 2 Mar 2026 08:00:01 +0000\n';
  const inbound =
    'Received: from 2_.trendmicro.com (unknown [172.21.0.2]) by inpost01.tmes.trendmicro.com (Postfix) with SMTP id D;\n Mon, 2 Mar 2026 08:00:06 +0000\n' +
    'X-TM-MAIL-RECEIVED-TIME: 1772438405.500000\nX-TM-MAIL-UUID: bb\n' +
    'Received: from repost01.tmes.trendmicro.eu (repost01.tmes.trendmicro.eu [203.0.113.1]) by inpre01.tmes.trendmicro.com (Trend Micro Email Security) with ESMTPS id C;\n Mon, 2 Mar 2026 08:00:05 +0000\n';
  const next =
    'Received: from inpost01.tmes.trendmicro.com (inpost01.tmes.trendmicro.com [203.0.113.2]) by mx.example (Postfix) with ESMTPS id E for <b@c.example>;\n Mon, 2 Mar 2026 08:00:08 +0000\n';

  it('keeps two passages apart: the sender’s TMES hands over to the recipient’s', () => {
    expect(short(parse(next + inbound + outbound).events)).toEqual([
      '08:00:01.250 received hes aa',
      '08:00:05.500 relayed hes aa to hes -',
      '08:00:05.500 received hes bb',
      '08:00:08.000 relayed hes bb to mx.example E',
      '08:00:08.000 received mx.example -',
    ]);
  });

  it('knows a passage by its X-TM-MAIL fields where the Received fields were removed', () => {
    const stripped = `${next}X-TM-MAIL-RECEIVED-TIME: 1772438405.500000\nX-TM-MAIL-UUID: bb\nReceived: from x.example by old.example; Mon, 2 Mar 2026 08:00:00 +0000\n`;
    const { events } = parse(stripped);
    expect(short(events)).toEqual([
      '08:00:00.000 received old.example -',
      '08:00:05.500 relayed old.example - to hes -',
      '08:00:05.500 received hes bb',
      '08:00:08.000 relayed hes bb to mx.example E',
      '08:00:08.000 received mx.example -',
    ]);
    expect(events[2]).toMatchObject({ statement: 'mail-received-time', recipient: 'b@c.example' });
  });

  it('finds fields that a later MTA moved below all Received fields', () => {
    const moved = `${next}${inbound.replace(/X-TM.*\n/g, '')}X-TM-MAIL-UUID: bb\nX-TM-MAIL-RECEIVED-TIME: 1772438405.500000\n`;
    expect(short(parse(moved).events)).toEqual([
      '08:00:05.500 received hes bb',
      '08:00:08.000 relayed hes bb to mx.example E',
      '08:00:08.000 received mx.example -',
    ]);
  });

  it('falls back to Trend’s own stamp without X-TM-MAIL-RECEIVED-TIME', () => {
    const { events } = parse(next + inbound.replace(/X-TM-MAIL-RECEIVED-TIME.*\n/, ''));
    expect(events[0]).toMatchObject({
      mta: 'hes',
      statement: 'received-field',
      timeResolutionMs: 1000,
      transactionId: 'bb',
    });
    expect(short(events)[0]).toBe('08:00:05.000 received hes bb');
  });

  it('begins with a notification that Trend itself wrote', () => {
    const ndr =
      'Received: by inpost.tmes.trendmicro.com (Postfix) id F00; Mon, 2 Mar 2026 09:00:00 +0000 (UTC)\nMessage-Id: <ndr@tmes.example>\n';
    expect(short(parse(ndr).events)).toEqual(['09:00:00.000 received hes -']);
  });
});

describe('custody from stamp to stamp', () => {
  const field = (host: string, second: number, id: string): string =>
    `Received: from x.example (unknown [192.0.2.1]) by ${host} (Postfix) with ESMTP id ${id};\n Mon, 2 Mar 2026 08:00:${second} +0000\n`;
  const undated = 'Received: from x.example (unknown [192.0.2.1]) by lost.example (Postfix) with ESMTP id L\n';
  const box = field('box.example', 30, 'B');
  const hes = field('relay1.hes.trendmicro.com', 10, 'H');

  it('ends at the stamp of the next MTA, which the end names with its queue id', () => {
    const { events } = parse(box + field('mx.example', 20, 'M'));
    expect(events).toHaveLength(3);
    expect(events[1]).toEqual({
      kind: 'relayed',
      statement: 'received-field',
      eventTime: Date.UTC(2026, 2, 2, 8, 0, 30),
      timeResolutionMs: 1000,
      timeBasis: 'event',
      mta: 'mx.example',
      product: 'trace-headers',
      queueId: 'M',
      nextMta: 'box.example',
      nextQueueId: 'B',
    });
  });

  it.each([
    ['without a stamp', undated],
    ['without a host', 'Received: from x.example with SMTP; Mon, 2 Mar 2026 08:00:25 +0000\n'],
  ])('leaves out an MTA %s: its time stays with the one before it', (_, between) => {
    expect(short(parse(box + between + field('mx.example', 20, 'M')).events)).toEqual([
      '08:00:20.000 received mx.example -',
      '08:00:30.000 relayed mx.example - to box.example B',
      '08:00:30.000 received box.example -',
    ]);
  });

  it('takes fields of one MTA for one custody where no queue id tells them apart, as qmail writes', () => {
    const qmail = 'Received: (qmail 7 invoked by uid 89); 2 Mar 2026 08:00:22 -0000\n';
    const smtp = 'Received: from x.example by MX.example with SMTP; 2 Mar 2026 08:00:20 -0000\n';
    expect(short(parse(box + qmail + smtp).events)).toEqual([
      '08:00:20.000 received MX.example -',
      '08:00:30.000 relayed MX.example - to box.example B',
      '08:00:30.000 received box.example -',
    ]);
    expect(short(parse(`Return-Path: <a@b.example>\n${qmail}${smtp}`).events)).toEqual([
      '08:00:20.000 received MX.example -',
      '08:00:22.000 delivered MX.example -',
    ]);
    expect(short(parse(field('mx.example', 22, 'M') + smtp).events)).toEqual([
      '08:00:20.000 received MX.example -',
      '08:00:22.000 relayed MX.example - to mx.example M',
      '08:00:22.000 received mx.example -',
    ]);
  });

  it('gives HES and those before it the recipient that HES saw, the others both', () => {
    const { events } = parse(
      `Delivered-To: store@c.example\n${box}${field('mx.example', 20, 'M for <info@c.example>')}${hes}${field('up.example', 10, 'U')}`,
    );
    expect(events.map((e) => [e.kind, e.mta, e.recipient, e.originalRecipient])).toEqual([
      ['received', 'up.example', 'info@c.example', undefined],
      ['relayed', 'up.example', 'info@c.example', undefined],
      ['received', 'hes', 'info@c.example', undefined],
      ['relayed', 'hes', 'info@c.example', undefined],
      ['received', 'mx.example', 'store@c.example', 'info@c.example'],
      ['relayed', 'mx.example', 'store@c.example', 'info@c.example'],
      ['received', 'box.example', 'store@c.example', 'info@c.example'],
      ['delivered', 'box.example', 'store@c.example', 'info@c.example'],
    ]);
  });

  it('gives HES the final recipient where nothing tells another', () => {
    const { events } = parse(`Delivered-To: store@c.example\n${box}${hes}`);
    expect(events.map((e) => e.recipient)).toEqual(Array(4).fill('store@c.example'));
  });

  it('sees no delivery by HES, nor by the MTA before an undated one', () => {
    expect(short(parse(`Return-Path: <a@b.example>\n${hes}${field('up.example', 10, 'U')}`).events)).toEqual([
      '08:00:10.000 received up.example -',
      '08:00:10.000 relayed up.example - to hes -',
      '08:00:10.000 received hes -',
    ]);
    expect(short(parse(`Return-Path: <a@b.example>\n${undated}${box}`).events)).toEqual([
      '08:00:30.000 received box.example -',
    ]);
  });
});

describe('recipient and final delivery (delay model §4.7)', () => {
  const events = (text: string): TraceEvent[] => parse(text).events;

  it('takes the topmost Delivered-To before any for clause', () => {
    const text = `Delivered-To: b@store.example\n${MX.replace('id 7;', 'id 7 for <a@mx.example>;')}Delivered-To: older@example\n`;
    expect(events(text).map((e) => [e.kind, e.recipient])).toEqual([
      ['received', 'b@store.example'],
      ['delivered', 'b@store.example'],
    ]);
  });

  it('takes the for clause of the topmost field that has one, else nothing', () => {
    expect(events(MX + MX.replace('id 7;', 'id 8 for <a@mx.example>;')).map((e) => e.recipient)).toEqual([
      'a@mx.example',
      'a@mx.example',
      'a@mx.example',
    ]);
    expect(events(MX)[0].recipient).toBeUndefined();
  });

  it('sees no delivery in a Return-Path between Received fields, nor without any', () => {
    expect(events(`${MX}Return-Path: <a@b.example>\n${MX}`).map((e) => e.kind)).toEqual([
      'received',
      'relayed',
      'received',
    ]);
    expect(events(MX).map((e) => e.kind)).toEqual(['received']);
  });

  it('keeps the null reverse-path of a notification', () => {
    expect(events(`Return-Path: <>\n${MX}`).at(-1)).toMatchObject({ kind: 'delivered', sender: '<>' });
  });
});

describe('readHeaderBlock', () => {
  const names = (text: string): string[] =>
    readHeaderBlock(Buffer.from(text)).map((field) => `${field.name}=${field.body}`);

  it('unfolds, lower-cases names, and stops at the empty line', () => {
    expect(names('A: 1\r\n\t2\r\nb : 3\r\n\r\nC: 4')).toEqual(['a=1 2', 'b=3']);
    expect(names('Message-ID: \n <a@b>\n')).toEqual(['message-id=<a@b>']);
  });

  it('passes over a byte order mark, empty lines and the From line of an mbox', () => {
    expect(names('\ufeff\n\nFrom a@b.example Mon Mar  2 08:00:00 2026\nA: 1\n')).toEqual(['a=1']);
  });

  it('mends folds whose white space was lost', () => {
    expect(names('Received: from a\nby b.example\nfor <c>; Mon, 2 Mar 2026 08:00:00 +0000\nSubject: x')).toEqual([
      'received=from a by b.example for <c>; Mon, 2 Mar 2026 08:00:00 +0000',
      'subject=x',
    ]);
  });

  it('looks at no more than a mebibyte', () => {
    const bytes = Buffer.concat([Buffer.from('A: 1\n'), Buffer.alloc(HEADER_LIMIT, 'x'), Buffer.from('\nB: 2\n')]);
    expect(readHeaderBlock(bytes).map((field) => field.name)).toEqual(['a']);
  });
});

describe('looksLike', () => {
  const score = (text: string, framing: 'headers' | 'lines' = 'headers'): number => {
    const bytes = Buffer.from(text);
    return traceHeaders.looksLike([{ bytes, from: 0, to: bytes.length, line: 1 }], framing).score;
  };

  it('is sure of a mail, sees no mail in other files, and reads headers only', () => {
    expect(score(`${MX}Message-ID: <a@b.example>\n`)).toBe(0.98);
    expect(score(MX)).toBe(0.9);
    expect(score('From: a\nTo: b\nSubject: c\n\n')).toBe(0.6);
    expect(score(MX, 'lines')).toBe(0);
    expect(score('')).toBe(0);
    expect(score('Nov 23 19:39:16 mx1 postfix/smtpd[998]: connect from a[192.0.2.1]\n')).toBe(0);
    expect(score('2026-11-23T19:39:09.264255+01:00 mx1 postfix/qmgr[1]: A1: from=<a@b>, size=1\n')).toBe(0);
    expect(score('{"logs":[{"messageID":"<a@b>"}]}\n')).toBe(0);
    expect(score('Timestamp,From,To\n2026-03-02 08:00:00,a,b\n')).toBe(0);
  });
});
