import {
  openTemporaryStore,
  writeEvents,
  type EventFacts,
  type TemporaryStore,
} from '../../store/temporary-store.fixture';
import { allowListOf } from '../allow-list/read-allow-list';
import { allowListFindings, refusalFindings, seenFindings } from './connection-findings';
import { coverageOf, seenAddresses } from './coverage';
import type { Refusal } from './diagnosis';
import { HesClientsService } from './hes-clients.service';
import { refusalKind } from './refusal-kind';

const T = Date.parse('2026-03-02T10:00:00Z');
const refusal = (seconds: number, reply: string, more: Partial<EventFacts> = {}): EventFacts => ({
  kind: 'deferred',
  statement: 'noqueue',
  eventTime: T + seconds * 1000,
  mta: 'mx1',
  product: 'postfix',
  peer: 'inpost02.tmes.trendmicro.eu',
  peerAddress: '18.185.115.12',
  sender: 'a@partner.example',
  recipient: 'b@corp.example',
  smtpReply: reply,
  ...more,
});

let place: TemporaryStore;
beforeAll(async () => {
  place = await openTemporaryStore();
  await writeEvents(place.store, [
    refusal(1, '450 4.2.0 <b@corp.example>: Recipient address rejected: Greylisted for 300 seconds'),
    refusal(2, '450 4.2.0 <c@corp.example>: Recipient address rejected: Greylisted for 299 seconds'),
    refusal(2, '450 4.2.0 <c@corp.example>: Recipient address rejected: Greylisted for 299 seconds'),
    refusal(3, 'Connection rate limit exceeded: 61', { peer: '', peerAddress: '192.0.2.7', recipient: '' }),
    refusal(3, 'Connection rate limit exceeded: 62', { peer: '', peerAddress: '192.0.2.7', recipient: '' }),
    refusal(4, '550 5.1.1 no such mailbox', {
      kind: 'rejected',
      peer: 'rfout1.hes.trendmicro.com',
      peerAddress: '54.193.4.136',
    }),
    refusal(5, '450 not HES', { peer: 'mail.partner.example', peerAddress: '203.0.113.9' }),
    refusal(6, 'no address', { peerAddress: 'not an address', peer: '' }),
  ]);
});
afterAll(() => place.close());

describe('what the store says of HES', () => {
  it('knows clients by name, by published range and by configured address', async () => {
    const clients = await new HesClientsService(place.store, ['192.0.2.7']).clients();
    expect(clients).toEqual([
      {
        address: '54.193.4.136',
        name: 'rfout1.hes.trendmicro.com',
        mtas: ['mx1'],
        events: 1,
        first_at: '2026-03-02T10:00:04.000Z',
        last_at: '2026-03-02T10:00:04.000Z',
      },
      {
        address: '192.0.2.7',
        name: '',
        mtas: ['mx1'],
        events: 2,
        first_at: '2026-03-02T10:00:03.000Z',
        last_at: '2026-03-02T10:00:03.000Z',
      },
      {
        address: '18.185.115.12',
        name: 'inpost02.tmes.trendmicro.eu',
        mtas: ['mx1'],
        events: 2,
        first_at: '2026-03-02T10:00:01.000Z',
        last_at: '2026-03-02T10:00:02.000Z',
      },
    ]);
    expect((await new HesClientsService(place.store, []).clients()).map(({ address }) => address)).toEqual([
      '54.193.4.136',
      '18.185.115.12',
    ]);
  });

  it('counts refusals by reply, a repeated line once, and says which addresses nobody expects', async () => {
    const service = new HesClientsService(place.store, ['192.0.2.7']);
    const clients = await service.clients();
    const refusals = await service.refusals(clients);
    expect(refusals.map(({ kind, reply, refusals: count }) => [kind, reply, count])).toEqual([
      ['greylisted', '450 4.2.0 <…>: Recipient address rejected: Greylisted for # seconds', 2],
      ['rate_limited', 'Connection rate limit exceeded', 2],
      ['refused', '550 5.1.1 no such mailbox', 1],
    ]);
    expect(refusalFindings(refusals).map(({ severity }) => severity)).toEqual(['warning', 'warning', 'note']);

    const [list] = allowListOf('fw.txt', '18.185.115.0/25').lists;
    const seen = seenAddresses(clients, [list], ['192.0.2.7']);
    expect(
      seen.map(({ address, published, configured, missing_in }) => [address, published, configured, missing_in]),
    ).toEqual([
      ['54.193.4.136', false, false, ['fw.txt']],
      ['192.0.2.7', false, true, ['fw.txt']],
      ['18.185.115.12', true, false, []],
    ]);
    expect(seenFindings(seen, 1).map(({ severity, finding }) => [severity, finding])).toEqual([
      ['warning', 'HES came from 1 address outside of the published ranges: 54.193.4.136 (rfout1.hes.trendmicro.com).'],
      [
        'problem',
        '2 addresses from which HES came are not let in by fw.txt: 54.193.4.136 (rfout1.hes.trendmicro.com), 192.0.2.7.',
      ],
    ]);
  });
});

describe('what the log of Sendmail says of HES', () => {
  const NEXT_DAY = T + 86_400_000;
  const line = (queueId: string, seconds: number, more: Partial<EventFacts>): EventFacts => ({
    ...{ kind: 'received', statement: 'queue-active', eventTime: NEXT_DAY + seconds * 1000 },
    ...{ mta: 'mx2', product: 'sendmail', queueId },
    ...more,
  });
  const client = { sender: 'a@partner.example', peer: 'inpost02.tmes.trendmicro.eu', peerAddress: '18.185.115.12' };
  const text = 'Greylisting in action, please come back in 00:05:00';
  beforeAll(async () => {
    const refused = { statement: 'milter-reject', smtpReply: `451 4.7.1 ${text}` } as const;
    await writeEvents(place.store, [
      // a recipient that a milter refused: the client is in the from= line of the queue id
      line('q1', 1, { ...refused, kind: 'deferred', recipient: 'b@corp.example' }),
      line('q1', 2, { kind: 'opened', statement: 'client', ...client }),
      // a message that it refused after its end: once, however many recipients it had
      line('q2', 3, { ...client, messageId: 'm@partner.example' }),
      line('q2', 4, { ...refused, kind: 'deferred' }),
      line('q2', 4, { ...refused, kind: 'rejected', recipient: 'b@corp.example', smtpReply: text, delayMs: 1000 }),
      line('q2', 4, { ...refused, kind: 'rejected', recipient: 'c@corp.example', smtpReply: text, delayMs: 1000 }),
      // a client that was turned away before there was a queue id
      line('', 5, {
        ...client,
        sender: '',
        kind: 'deferred',
        statement: 'noqueue',
        smtpReply: '421 4.3.2 Connection rate limit exceeded.',
      }),
      // somebody else
      line('q3', 6, { ...refused, kind: 'deferred', recipient: 'b@corp.example' }),
      line('q3', 7, { ...client, kind: 'opened', statement: 'client', peer: 'x.example', peerAddress: '203.0.113.9' }),
    ]);
  });

  it('counts what its milters and rate limits refused, and names HES as the client', async () => {
    const service = new HesClientsService(place.store, []);
    const range = { from: NEXT_DAY };
    const refusals = await service.refusals(await service.clients(range), range);
    expect(refusals.map(({ kind, mta, reply, refusals: n, addresses }) => [kind, mta, reply, n, addresses])).toEqual([
      ['greylisted', 'mx2', `451 4.7.1 ${text.replace('00:05:00', '#')}`, 2, ['18.185.115.12']],
      ['rate_limited', 'mx2', '421 4.3.2 Connection rate limit exceeded.', 1, ['18.185.115.12']],
    ]);
  });
});

it('tells of what both ends know once, by the end that knows more of its cost', () => {
  const told = (told_by: 'mta' | 'hes', mta: string, waiting_ms: number): Refusal => ({
    ...{ told_by, mta, kind: 'greylisted', reply: '450 Greylisted', refusals: 1, addresses: [] },
    ...{ first_at: '', last_at: '', journeys: waiting_ms > 0 ? 1 : 0, waiting_ms },
  });
  const firstWords = (...refusals: Refusal[]): string[] =>
    refusalFindings(refusals).map(({ finding }) => finding.split(' 1 time')[0]);
  expect(firstWords(told('hes', 'mx1.corp.example', 5), told('mta', 'mx1', 5))).toEqual(['HES was greylisted at mx1']);
  expect(firstWords(told('hes', 'mx1.corp.example', 9), told('mta', 'mx1', 5))).toEqual([
    'HES says that it was greylisted at mx1.corp.example',
  ]);
  expect(firstWords(told('hes', 'mx10.corp.example', 9), told('mta', 'mx1', 5))).toHaveLength(2);
});

describe('coverage', () => {
  const [list] = allowListOf('fw.txt', '52.48.127.192/26 52.58.62.192/26 52.58.63.0/25').lists;

  it('asks for the region of the MX records only', () => {
    const check = coverageOf(list, [{ service: 'hes', region: 'EMEA' }]);
    expect(check.covers_needed).toBe(true);
    expect(allowListFindings([check])).toEqual([
      {
        check: 'allow_list',
        severity: 'ok',
        finding: 'fw.txt lets in all published ranges of HES (EMEA).',
        advice: null,
      },
    ]);
    const other = coverageOf(list, [{ service: 'hes', region: 'other' }]);
    expect(allowListFindings([other])[0]).toMatchObject({
      severity: 'problem',
      advice: 'Add 54.86.63.64/26, 54.219.188.0/26, 54.219.191.0/25.',
    });
  });

  it.each([[[]], [[{ service: 'tmes', region: '' } as const]]])(
    'claims nothing where the region is not known: %j',
    (needed) => {
      const check = coverageOf(list, needed);
      expect(check.covers_needed).toBeNull();
      expect(allowListFindings([check])[0].severity).toBe('note');
    },
  );
});

test.each([
  ['450 4.7.1 <a>: Recipient address rejected: Greylisting in effect', '450', 'greylisted'],
  ['421 4.7.0 mx1 Error: too many connections from 18.185.115.12', '421', 'rate_limited'],
  ['450 4.7.1 Error: too much mail from 18.185.115.12', '450', 'rate_limited'],
  ['554 5.7.1 Service unavailable; Client host [18.185.115.12] blocked using rbl.example', '554', 'blocked'],
  ['451 4.3.0 Temporary lookup failure', '451', 'deferred'],
  ['552 5.2.2 mailbox full', '552', 'refused'],
])('%s', (reply, code, kind) => {
  expect(refusalKind(reply, code)).toBe(kind);
});
