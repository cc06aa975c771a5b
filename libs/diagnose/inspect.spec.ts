import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, type Inspection } from './inspect';

const folder = join(__dirname, '../sources/formats/trace-headers/fixtures');
const fixture = (name: string): Buffer => readFileSync(join(folder, name));
const one = (input: string | Uint8Array): Inspection => inspect(input)[0];

/** A chain from (host, second) pairs, newest first as in a mail. */
const chain = (...hops: [string, number][]): string =>
  hops
    .map(([host, second]) => {
      const at = new Date(Date.UTC(2026, 2, 2, 8, 0, second)).toUTCString().replace('GMT', '+0000');
      return `Received: from x.example (unknown [192.0.2.1]) by ${host} with SMTP id 1; ${at}\n`;
    })
    .join('');

describe('inspect, with figures computed by hand from the fixtures', () => {
  it('splits what HES held into processing and waiting at the retry pool', () => {
    expect(one(fixture('hes-fallback-pool.eml'))).toMatchObject({
      part: 'message',
      message_id: 'DB7PR01MB0001A1B2C3@DB7PR01MB0001.eurprd01.partner.example',
      recipient: 'bob@mail.corp.example',
      original_recipient: 'sales@corp.example',
      passed_hes: 'yes',
      evidence: [
        'Received by relay1.hes.trendmicro.com, rout5.hes.trendmicro.com, rfout2.hes.trendmicro.com',
        'X-TMASE-Version: StarCloud-1.3-8.2.1013-24582.005',
        'handed over by rfout2.hes.trendmicro.com',
      ],
      transaction_id: null,
      hes_passes: 1,
      hes_accepted_by: 'relay1.hes.trendmicro.com',
      hes_received_at: '2019-05-08T09:15:09.000Z',
      hes_last_stamp_by: 'rfout2.hes.trendmicro.com',
      hes_last_stamp_at: '2019-05-08T09:15:12.000Z',
      hes_stamps: 3,
      retry_pool: 'rfout2.hes.trendmicro.com',
      hes_first_attempt_at: '2019-05-08T09:15:12.000Z',
      next_hop: 'mx1.corp.example',
      hes_released_at: '2019-05-08T09:20:35.000Z',
      released_by: 'trace_header',
      hes_ms: 326_000, // 09:15:09 to 09:20:35
      hes_processing_ms: 3_000, // to 09:15:12
      hes_waiting_ms: 323_000,
      hes_internal_ms: 3_000,
      upstream_ms: 6_000, // 09:15:03 to 09:15:09
      downstream_ms: 7_000, // 09:20:35 to 09:20:42
      total_ms: 333_000,
      chain_ms: 339_000,
      slowest_hop: 'hes',
      slowest_hop_ms: 326_000,
      clock_skew: [],
      greylist_hints: [],
      verdict: 'hes_waiting_on_downstream',
      problems: [],
    });
  });

  it('gives the rows of the chain, the delay charged to the host that kept the mail', () => {
    expect(
      one(fixture('hes-fallback-pool.eml')).hops.map((hop) => [
        hop.host,
        hop.at?.slice(11, 19),
        hop.segment,
        hop.delay_ms,
        hop.share,
      ]),
    ).toEqual([
      ['DB7PR01MB0001.eurprd01.partner.example', '09:15:03', 'upstream', 1_000, 0.0029], // 1/339
      ['DB7PR01MB0002.eurprd01.partner.example', '09:15:04', 'upstream', 5_000, 0.0147],
      ['relay1.hes.trendmicro.com', '09:15:09', 'hes', 2_000, 0.0059],
      ['rout5.hes.trendmicro.com', '09:15:11', 'hes', 1_000, 0.0029],
      ['rfout2.hes.trendmicro.com', '09:15:12', 'hes', 323_000, 0.9528],
      ['mx1.corp.example', '09:20:35', 'downstream', 7_000, 0.0206],
      ['mbox1.corp.example', '09:20:42', 'downstream', null, null],
    ]);
  });

  it('starts with X-TM-MAIL-RECEIVED-TIME and finds no waiting without a retry pool', () => {
    expect(one(fixture('tmes-inbound.eml'))).toMatchObject({
      evidence: [
        'Received by inpre01.tmes.trendmicro.eu, inpost01.tmes.trendmicro.eu',
        'X-TM-MAIL-UUID is present',
        'X-TMASE-Version: StarCloud-1.3-9.1.1015-28246.001',
      ],
      transaction_id: '6f1c0000-0000-4000-8000-00000000aa01',
      hes_received_at: '2026-03-02T08:00:07.342Z',
      hes_accept_stamp_at: '2026-03-02T08:00:07.000Z',
      hes_released_at: '2026-03-02T08:00:12.000Z',
      retry_pool: null,
      hes_ms: 4_658,
      hes_processing_ms: 4_658,
      hes_waiting_ms: 0,
      hes_internal_ms: 2_000,
      upstream_ms: 2_342,
      downstream_ms: 2_000,
      total_ms: 6_658,
      chain_ms: 9_000,
      verdict: 'none',
    });
  });

  it('never takes a greylisting field for this mail’s delay', () => {
    const inspection = one(fixture('tmes-retry-pool.eml'));
    expect(inspection).toMatchObject({
      hes_ms: 914_250, // 09:51:00.750 to 10:06:15
      hes_processing_ms: 1_250,
      hes_waiting_ms: 913_000,
      upstream_ms: null, // nothing before HES in this header
      downstream_ms: 5_000,
      verdict: 'hes_waiting_on_downstream',
    });
    expect(inspection.greylist_hints).toEqual([
      {
        host: 'lists.corp.example',
        text: 'delayed 1913 seconds by postgrey-1.37 at lists.corp.example; Tue, 18 Apr 2023 10:06:15 UTC',
        claimed_ms: 1_913_000,
        observed_wait_ms: 913_000,
        explains_at_most_ms: 913_000,
      },
    ]);
  });

  it('does not take another Trend product for HES', () => {
    expect(one(fixture('other-trend-product.eml'))).toMatchObject({
      passed_hes: 'no',
      evidence: [],
      other_trend_product: 'SMEX-14.0.0.3152-9.1.1006-23728.005',
      hes_ms: null,
      total_ms: null,
      chain_ms: 3_000,
      verdict: 'not_via_hes',
    });
    expect(one(`X-TM-AS-GCONF: 00\n${chain(['a.example', 1])}`).other_trend_product).toBe(
      'unnamed Trend Micro product',
    );
    expect(one(chain(['a.example', 2], ['IMSVA', 1])).other_trend_product).toBe('IMSVA');
    expect(one(`X-TM-AS-Product-Ver: HES-1.0\n${chain(['a.example', 1])}`)).toMatchObject({
      passed_hes: 'yes',
      evidence: ['X-TM-AS-Product-Ver: HES-1.0'],
      other_trend_product: null,
      verdict: null,
    });
  });

  it('takes neither X-Received for a hop nor the latency that Exchange Online writes for anybody’s delay', () => {
    const inspection = one(fixture('gmail-and-exchange-online.eml'));
    expect(inspection.problems).toEqual([]);
    // 08:00:01, :02 (Exchange Online), :05 and :07 (the provider); the two X-Received of :06 and the 1.234 s are nobody's.
    expect(inspection.hops.map((hop) => hop.delay_ms)).toEqual([1_000, 3_000, 2_000, null]);
    expect([inspection.chain_ms, inspection.passed_hes]).toEqual([6_000, 'no']);
  });

  it('reads every vendor form and says what it could not read', () => {
    const inspection = one(fixture('vendor-forms.eml'));
    expect(inspection.problems).toEqual(['1 of 12 Received fields have no date-time that can be read']);
    expect(inspection.hops.map((hop) => hop.delay_ms)).toEqual([
      null,
      ...[1_144, 133, 2_723, 4_000, 1_000, 1_000, 2_000, 1_000, 2_000, 1_000],
      null,
    ]);
    expect(inspection.chain_ms).toBe(16_000); // 14:52:05 to 14:52:21
    // smtp3 from 14:52:17 to 14:52:21, one stay of three stamps; mx0a as long, but later wins only when longer
    expect([inspection.slowest_hop, inspection.slowest_hop_ms]).toEqual(['mx0a.partner.example', 4_000]);
  });
});

describe('verdicts', () => {
  const hes = 'relay1.hes.trendmicro.com';

  it.each([
    [
      'hes_processing',
      [
        ['mx.example', 120],
        [hes, 10],
        ['up.example', 0],
      ],
    ],
    [
      'upstream',
      [
        ['mx.example', 120],
        [hes, 110],
        ['up.example', 0],
      ],
    ],
    [
      'downstream:mx.example',
      [
        ['box.example', 120],
        ['mx.example', 20],
        [hes, 10],
        ['up.example', 0],
      ],
    ],
    [
      'none',
      [
        ['box.example', 60],
        ['mx.example', 0],
        [hes, 0],
      ],
    ],
    [
      'downstream:mx.example',
      [
        ['box.example', 61],
        ['mx.example', 0],
        [hes, 0],
      ],
    ],
  ] as [string, [string, number][]][])('%s', (verdict, hops) => {
    expect(one(chain(...hops)).verdict).toBe(verdict);
  });

  it('takes another threshold', () => {
    const [inspection] = inspect(chain(['mx.example', 12], [hes, 1]), { thresholdMs: 10_000 });
    expect(inspection).toMatchObject({ verdict: 'hes_processing', hes_ms: 11_000 });
  });

  it('decides nothing while HES still has the mail, or without a header', () => {
    expect(one(chain([hes, 1]))).toMatchObject({ passed_hes: 'yes', hes_ms: null, downstream_ms: null, verdict: null });
    expect(one('')).toMatchObject({ passed_hes: 'unknown', verdict: null, problems: ['no mail header found'] });
    expect(one('Subject: a\n')).toMatchObject({ passed_hes: 'unknown', problems: ['no Received field'] });
  });
});

describe('clocks', () => {
  it('names the hosts between two opposite steps, and takes their error off the delays', () => {
    const inspection = one(chain(['d.example', 605], ['c.example', 5], ['b.example', 3], ['a.example', 600]));
    expect(inspection.clock_skew).toEqual([
      {
        host: 'a.example',
        next_host: 'b.example',
        at_least_ms: 597_000,
        suspects: ['b.example', 'c.example'],
        direction: 'behind',
        offset_ms: 597_000,
      },
    ]);
    expect(inspection.hops.map((hop) => [hop.delay_ms, hop.negative, hop.corrected_delay_ms])).toEqual([
      [-597_000, true, 0],
      [2_000, false, null],
      [600_000, false, 3_000],
      [null, false, null],
    ]);
    expect([inspection.slowest_hop, inspection.slowest_hop_ms]).toEqual(['c.example', 3_000]);
  });

  it('knows a clock that is ahead, and says nothing of steps within the resolution', () => {
    expect(one(chain(['c.example', 10], ['b.example', 100], ['a.example', 5])).clock_skew).toMatchObject([
      { suspects: ['b.example'], direction: 'ahead', offset_ms: 90_000 },
    ]);
    expect(one(chain(['b.example', 9], ['a.example', 10])).clock_skew).toEqual([]);
    expect(one(chain(['b.example', 8], ['a.example', 10])).clock_skew).toMatchObject([
      { at_least_ms: 2_000, suspects: [], direction: null, offset_ms: null },
    ]);
  });
});

describe('files with more than one header', () => {
  it('answers for each mail of an mbox, and leaves a From of the text alone', () => {
    const mbox =
      `From ada@b.example Mon Mar  2 08:00:00 2026\nMessage-ID: <1@b.example>\n${chain(['a.example', 1])}\nFrom here on it is text.\n\nFrom nowhere, text.\n\n` +
      `From ada@b.example Mon Mar  2 08:00:05 2026\nMessage-ID: <2@b.example>\n${chain(['a.example', 2])}\nbody\n`;
    expect(inspect(mbox).map((inspection) => inspection.message_id)).toEqual(['1@b.example', '2@b.example']);
    expect(inspect(mbox.replace(/\n/g, '\r\n')).map((inspection) => inspection.message_id)).toEqual([
      '1@b.example',
      '2@b.example',
    ]);
  });

  it('answers for the original that a delivery status notification quotes', () => {
    const ndr =
      `Message-ID: <ndr@tmes.example>\n${chain(['inpost.tmes.trendmicro.com', 50])}Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n` +
      `--b1\nContent-Type: text/plain\n\nSorry.\n--b1\nContent-Type: message/delivery-status\n\nAction: failed\n\n` +
      `--b1\nContent-Description: Undelivered\nContent-Type: text/rfc822-headers\n\nMessage-ID: <original@b.example>\n${chain(['inpre01.tmes.trendmicro.com', 2])}--b1--\n`;
    expect(
      inspect(ndr).map((inspection) => [inspection.part, inspection.message_id, inspection.hes_received_at]),
    ).toEqual([
      ['message', 'ndr@tmes.example', '2026-03-02T08:00:50.000Z'],
      ['quoted_original', 'original@b.example', '2026-03-02T08:00:02.000Z'],
    ]);
  });

  it('reads pasted text that an editor saved as UTF-16, and says what is wrong with an MSG file', () => {
    const text = `Message-ID: <u@b.example>\r\n${chain(['a.example', 1])}`;
    expect(one(Buffer.from(`\ufeff${text}`, 'utf16le')).message_id).toBe('u@b.example');
    const item = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
    expect(one(item).problems).toEqual(['Outlook item that is broken; save the message again, or save it as EML']);
  });

  it.each(readdirSync(folder).filter((name) => name.endsWith('.eml')))('%s cut at any byte never throws', (name) => {
    const whole = fixture(name);
    for (let to = 0; to < whole.length; to += 3) expect(inspect(whole.subarray(0, to))).toHaveLength(1);
  });
});
