import { cpuMs } from '../../test/support/cpu-time';
import { nextQueueId, readReply } from './smtp-reply';

type Expected = [reply: string, queueId: string | undefined, status: string | undefined, code: number | undefined];
const none = undefined;

const replies: Expected[] = [
  ['250 2.0.0 Ok: queued as 3CBEFC0811', '3CBEFC0811', '2.0.0', 250],
  ['250 2.0.0 Ok: queued as 4jYF9t0q3dz3V8)', '4jYF9t0q3dz3V8', '2.0.0', 250],
  ['250 OK queued as FABCDEFABC.', 'FABCDEFABC', none, 250],
  [
    '250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4jYF9t0q3dz3V8',
    '4jYF9t0q3dz3V8',
    '2.0.0',
    250,
  ],
  [
    '250 2.6.0 Ok, id=0123-01, from MTA([127.0.0.1]:10025): 250 2.0.0 Ok: queued as 2471D40E5E',
    '2471D40E5E',
    '2.6.0',
    250,
  ],
  ['250 2.0.0 queued as OUTER1234 by the filter, 250 2.0.0 Ok: queued as 1NNER5678', '1NNER5678', '2.0.0', 250],
  ['Sent (Ok: queued as 2471D40E5E)', '2471D40E5E', none, none],
  ['Sent (p4GABcSv000375 Message accepted for delivery)', 'p4GABcSv000375', none, none],
  ['250 2.0.0 p4GABcSv000375 Message accepted for delivery', 'p4GABcSv000375', '2.0.0', 250],
  ['250 2.0.0 1z3r022fdx-1 Message accepted for delivery', '1z3r022fdx-1', '2.0.0', 250],
  ['250 2.0.0: 12ab34cd Message accepted for delivery', '12ab34cd', '2.0.0', 250],
  ['250 OK id=1aQrOE-0004A7-TL', '1aQrOE-0004A7-TL', none, 250],
  ['250 OK id=1vnK2E-00000002Cfc-2ahs', '1vnK2E-00000002Cfc-2ahs', none, 250],
  [
    '250 2.6.0 <a@partner.example> [InternalId=98765432109, Hostname=ex1.corp.example] 9 bytes in 0.1 Queued mail for delivery',
    '98765432109',
    '2.6.0',
    250,
  ],
  ['250 2.0.0 OK  1284086080 a1-20020a05si123456.12 - gsmtp', 'a1-20020a05si123456.12', '2.0.0', 250],
  ['250 2.0.0 OK 1284086080 j12si123456.12', 'j12si123456.12', '2.0.0', 250],
  ['Sent (ok:  Message 123456 accepted)', '123456', none, none],
  ['250 2.0.0 <frank@corp.example> QIEpLl6IBGuyAwAAPopsHA:R2 Saved', 'QIEpLl6IBGuyAwAAPopsHA:R2', '2.0.0', 250],
  ['250 2.0.0 <frank@corp.example> qYyyBMslNFRuZQAAANQOA Saved', 'qYyyBMslNFRuZQAAANQOA', '2.0.0', 250],
  ['250 2.0.0 Ok: queued as soon as possible', none, '2.0.0', 250],
  ['250 Ok', none, none, 250],
  ['delivered to mailbox', none, none, none],
  ['451 4.7.1 greylisted, formerly queued as 3CBEFC0811', none, '4.7.1', 451],
  [
    'host store1[10.1.0.31] said: 451 4.2.0 <x@corp.example> Internal error occurred. [2026-11-23 18:39:36] (in reply to end of DATA command)',
    none,
    '4.2.0',
    451,
  ],
  ['host a.example[10.1.0.31] said: 550-5.1.1 The account does not exist', none, '5.1.1', 550],
  ['host a.example[10.1.0.31] refused to talk to me: 421 4.3.2 All servers are busy', none, '4.3.2', 421],
  ['connect to mbox1.corp.example[10.1.0.30]:25: Connection refused', none, none, none],
  ['delivery temporarily suspended: connect to a.example[10.1.0.30]:587: Connection refused', none, none, none],
  ['Deferred: 451 4.3.0 <later103@ny.corp.example>: Temporary lookup failure', none, '4.3.0', 451],
  ['4.7.1 Service unavailable - try again later', none, '4.7.1', none],
  ['450 2.2.2.2 is not a status', none, none, 450],
  ['550 Version 5.7.1 of the policy', none, none, 550],
  ['', none, none, none],
];

test.each(replies)('%s', (reply, queueId, status, code) => {
  expect(nextQueueId(reply)).toBe(queueId);
  expect(readReply(reply)).toEqual({ code, enhancedStatus: status, nextQueueId: queueId });
});

test('a long reply without id costs no more than its length', () => {
  const reply = `250 ${'queued a '.repeat(20_000)}`;
  expect(cpuMs(() => expect(nextQueueId(reply)).toBeUndefined())).toBeLessThan(500);
});
