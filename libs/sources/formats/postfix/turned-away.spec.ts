import { HEAD, read } from './one-line.fixture';

/** Clients of HES that Postfix turned away before a recipient was named; lines as Postfix 3.7 writes them. */
const HES = 'inpost02.tmes.trendmicro.eu[18.185.115.12]';
const peer = { peer: 'inpost02.tmes.trendmicro.eu', peerAddress: '18.185.115.12' };

describe('a client of HES that is turned away without a recipient', () => {
  test.each([
    [
      `smtpd[1]: warning: Connection rate limit exceeded: 61 from ${HES} for service smtp`,
      { kind: 'deferred', smtpReply: 'Connection rate limit exceeded: 61', ...peer },
    ],
    [
      `smtpd[1]: warning: Message delivery request rate limit exceeded: 7 from unknown[34.253.238.200] for service smtp`,
      { kind: 'deferred', smtpReply: 'Message delivery request rate limit exceeded: 7', peerAddress: '34.253.238.200' },
    ],
    [
      `smtpd[1]: NOQUEUE: reject: CONNECT from ${HES}: 554 5.7.1 <inpost02>: Client host rejected: Access denied; proto=SMTP`,
      { kind: 'rejected', smtpReply: '554 5.7.1 <inpost02>: Client host rejected: Access denied', ...peer },
    ],
    [
      `smtpd[1]: NOQUEUE: reject: MAIL from ${HES}: 450 4.7.1 Error: too much mail; from=<a@b.example> proto=ESMTP helo=<x>`,
      { kind: 'deferred', smtpReply: '450 4.7.1 Error: too much mail', sender: 'a@b.example', ...peer },
    ],
    [
      'postscreen[1]: NOQUEUE: reject: CONNECT from [18.185.115.12]:40210: too many connections',
      { kind: 'deferred', smtpReply: 'too many connections', peerAddress: '18.185.115.12' },
    ],
  ])('%s', (line, expected) => {
    const stamp = { eventTime: Date.parse('2026-03-02T00:00:00Z'), timeResolutionMs: 1000, timeBasis: 'event' };
    const event = { statement: 'noqueue', mta: 'mx1', product: 'postfix', ...stamp, ...expected };
    expect(read(HEAD + line)).toEqual({ outcome: 'events', events: [event] });
  });

  test.each([
    [
      'smtpd[1]: warning: Connection rate limit exceeded: 61 from mail.partner.example[192.0.2.9] for service smtp',
      'warning',
    ],
    ['smtpd[1]: warning: hostname mail.partner.example does not resolve to address 18.185.115.12', 'warning'],
    [
      'smtpd[1]: NOQUEUE: reject: CONNECT from unknown[192.0.2.9]: 554 5.7.1 no; proto=SMTP',
      'refusal without recipient',
    ],
    [`smtpd[1]: NOQUEUE: reject: CONNECT from ${HES}:`, 'refusal without reply'],
  ])('%s is skipped', (line, skip) => {
    expect(read(HEAD + line)).toEqual({ outcome: { skip } });
  });
});
