import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulate } from './simulate';

/** Three messages, checked by hand: line shapes, the arithmetic between the lines, and the truth that follows from them. */
const out = mkdtempSync(join(tmpdir(), 'hoptime-tiny-'));
const read = (path: string): string => readFileSync(join(out, path), 'utf8');
const mailLines = (host: string): string[] =>
  read(`postfix/${host}/mail-2026-03-02.log`)
    .trimEnd()
    .split('\n')
    .filter((line) => !/postfix\/anvil|postfix-script/.test(line));

beforeAll(async () => {
  await simulate({ out, messages: 3, seed: 1, days: 1 });
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

test('the gateway: long queue ids, delay = 08.718537 − 05.729242 = 2.989 s, printed as 3', () => {
  expect(mailLines('mx1').slice(7)).toEqual([
    '2026-03-02T16:25:05.495452+00:00 mx1 postfix/smtpd[3781]: connect from inpost01.tmes.trendmicro.eu[18.185.115.11]',
    '2026-03-02T16:25:05.729742+00:00 mx1 postfix/smtpd[3781]: 4fPkmd592yzmwD: client=inpost01.tmes.trendmicro.eu[18.185.115.11]',
    '2026-03-02T16:25:05.756047+00:00 mx1 postfix/cleanup[10955]: 4fPkmd592yzmwD: message-id=<cc943354-955b-4fef-b988-c7a75909a3d6@s123.example>',
    '2026-03-02T16:25:05.782352+00:00 mx1 postfix/qmgr[1234]: 4fPkmd592yzmwD: from=<bob.5362@s123.example>, size=122018, nrcpt=1 (queue active)',
    '2026-03-02T16:25:05.791352+00:00 mx1 postfix/smtpd[3781]: disconnect from inpost01.tmes.trendmicro.eu[18.185.115.11] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7',
    '2026-03-02T16:25:08.718537+00:00 mx1 postfix/smtp[7240]: 4fPkmd592yzmwD: to=<dave26@ldn.corp.example>, relay=mbx2.corp.example[10.2.0.32]:25, delay=3, delays=0.05/0.01/0.1/2.8, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as CAFEF1A001)',
    '2026-03-02T16:25:08.720537+00:00 mx1 postfix/qmgr[1234]: 4fPkmd592yzmwD: removed',
  ]);
});

test('the mailbox host: short queue ids, whole seconds, one deferral, and its delay= counted from the arrival both times', () => {
  expect(mailLines('mbx2')).toEqual([
    'Mar  2 16:25:05 mbx2 postfix/smtpd[3522]: connect from mx1.corp.example[198.51.100.11]',
    'Mar  2 16:25:06 mbx2 postfix/smtpd[3522]: CAFEF1A001: client=mx1.corp.example[198.51.100.11]',
    'Mar  2 16:25:07 mbx2 postfix/cleanup[10002]: CAFEF1A001: message-id=<cc943354-955b-4fef-b988-c7a75909a3d6@s123.example>',
    'Mar  2 16:25:08 mbx2 postfix/qmgr[1234]: CAFEF1A001: from=<bob.5362@s123.example>, size=122018, nrcpt=1 (queue active)',
    'Mar  2 16:25:08 mbx2 postfix/smtpd[3522]: disconnect from mx1.corp.example[198.51.100.11] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7',
    'Mar  2 16:26:38 mbx2 postfix/lmtp[4640]: CAFEF1A001: to=<dave26@ldn.corp.example>, relay=mbx2.corp.example[private/dovecot-lmtp], delay=91, delays=1.9/73/0.01/16, dsn=4.2.0, status=deferred (host mbx2.corp.example[private/dovecot-lmtp] said: 451 4.2.0 <dave26@ldn.corp.example> Internal error occurred. Refer to server log for more information. [2026-03-02 16:26:38] (in reply to end of DATA command))',
    'Mar  2 16:32:17 mbx2 postfix/qmgr[1234]: CAFEF1A001: from=<bob.5362@s123.example>, size=122018, nrcpt=1 (queue active)',
    'Mar  2 16:33:02 mbx2 dovecot: lmtp(dave26@ldn.corp.example)<4212><nlVkwMz3xGSj1Vqv:R3>: msgid=<cc943354-955b-4fef-b988-c7a75909a3d6@s123.example>: saved mail to INBOX',
    'Mar  2 16:33:02 mbx2 postfix/lmtp[19828]: CAFEF1A001: to=<dave26@ldn.corp.example>, relay=mbx2.corp.example[private/dovecot-lmtp], delay=475, delays=431/30/0.01/15, dsn=2.0.0, status=sent (250 2.0.0 <dave26@ldn.corp.example> nlVkwMz3xGSj1Vqv:R3 Saved)',
    'Mar  2 16:33:02 mbx2 postfix/qmgr[1234]: CAFEF1A001: removed',
  ]);
});

test('REST page, one record per line', () => {
  expect(read('hes/mail-tracking-2026-03-02T06h-page-001.json').split('\n')).toEqual([
    '{"logs":[',
    '{"genTime":"2026-03-02T08:33:56Z","timestamp":"2026-03-02T08:33:49Z","deliveryTime":"2026-03-02T08:33:51Z","sender":"carol.9300@s13.example","direction":"in","messageID":"<92a04053-92bb-49f3-a644-e7ffe7279299@s13.example>","subject":"Re: meeting on Thursday","size":44641,"mailID":"2ae00ab4-5b8b-4b32-a9c1-f2d1f4c974e9","recipient":"peggy23@corp.example","action":"Delivered","tlsInfo":"upstreamTLS: TLS 1.3; downstreamTLS: TLS 1.3","headerFrom":"carol.9300@s13.example","headerTo":["peggy23@corp.example"],"senderIP":"203.0.113.193","deliveredTo":"mx1.corp.example[198.51.100.11]:25","attachments":[],"embeddedUrls":[],"details":"250 2.0.0 Ok: queued as 4fPXJt69k1zmwC"}',
    ']}',
    '',
  ]);
});

test('console export with one row per event', () => {
  expect(read('hes/mail-tracking-2026-03-02T12h.csv').split('\n')).toEqual([
    '\uFEFFTimestamp;Direction;Sender;Recipient;Subject;Message ID;Sender IP;Delivered To;Action;Details',
    '2026-03-02 12:37:08;Incoming;carol.7023@s121.example;peggy17@corp.example;Fwd: tickets;<DB7PR04MB24A1D1DA626B4@DB7PR04.S121.EXAMPLE>;203.0.113.195;;Received;',
    '2026-03-02 12:37:11;Incoming;carol.7023@s121.example;peggy17@corp.example;Fwd: tickets;<DB7PR04MB24A1D1DA626B4@DB7PR04.S121.EXAMPLE>;203.0.113.195;mx2.corp.example[198.51.100.12]:25;Delivered;250 2.0.0 Ok: queued as DE7A11A001',
    '',
  ]);
});

test('XML', () => {
  expect(read('hes/mail-tracking-2026-03-02T15h.xml').split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<mailtrackinglogs>',
    '<record><genTime>2026-03-02T16:25:11Z</genTime><timestamp>2026-03-02T16:25:04Z</timestamp><deliveryTime>2026-03-02T16:25:05Z</deliveryTime><sender>bob.5362@s123.example</sender><direction>in</direction><messageID>&lt;cc943354-955b-4fef-b988-c7a75909a3d6@s123.example&gt;</messageID><subject>会議の件</subject><size>122018</size><mailID>bc3eafc9-64d4-4b67-a1c0-05741a5a60a7</mailID><recipient>dave26@ldn.corp.example</recipient><action>Delivered</action><tlsInfo>upstreamTLS: TLS 1.3; downstreamTLS: TLS 1.3</tlsInfo><headerFrom>bob.5362@s123.example</headerFrom><headerTo>dave26@ldn.corp.example</headerTo><senderIP>203.0.113.18</senderIP><deliveredTo>mx1.corp.example[198.51.100.11]:25</deliveredTo><details>250 2.0.0 Ok: queued as 4fPkmd592yzmwD</details></record>',
    '</mailtrackinglogs>',
    '',
  ]);
});

test('truth of the deferred message: 1 s at HES, 2.936 s at mx1, 474 s at mbx2', () => {
  const journeys = read('truth.ndjson').trimEnd().split('\n');
  expect(journeys).toHaveLength(3);
  expect(JSON.parse(journeys[2])).toEqual({
    message_id: 'cc943354-955b-4fef-b988-c7a75909a3d6@s123.example',
    recipient: 'dave26@ldn.corp.example',
    original_recipient: 'dave26@ldn.corp.example',
    state: 'complete',
    via_hes: 'yes',
    origin: 'hes',
    hes_received_at: '2026-03-02T16:25:04.000Z',
    hes_first_attempt_at: '2026-03-02T16:25:05.000Z',
    hes_released_at: '2026-03-02T16:25:05.000Z',
    released_by: 'tracking',
    delivered_at: '2026-03-02T16:33:02.000Z',
    hes_ms: 1000,
    hes_processing_ms: 1000,
    hes_waiting_ms: 0,
    downstream_ms: 477000,
    total_ms: 478000,
    verdict: 'downstream:mbx2',
    deferrals: 1,
    hop_count: 2,
    hops: [
      {
        mta: 'mx1',
        received_at: '2026-03-02T16:25:05.782Z',
        relayed_at: '2026-03-02T16:25:08.718Z',
        dwell_ms: 2936,
        deferrals: 0,
      },
      {
        mta: 'mbx2',
        received_at: '2026-03-02T16:25:08.000Z',
        relayed_at: '2026-03-02T16:33:02.000Z',
        dwell_ms: 474000,
        deferrals: 1,
      },
    ],
  });
});
