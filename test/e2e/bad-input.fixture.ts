import { gzipSync } from 'node:zlib';
import { randomNumbers } from '../support/line-files';

const at = (second: number): string => `2026-03-02T10:20:${String(second).padStart(2, '0')}.000000+00:00 mx1 postfix`;
const ID = '4fPZDN0mgNz8xQ';

/** One message, complete. */
export const GOOD = `${at(0)}/smtpd[101]: ${ID}: client=repost01.tmes.trendmicro.eu[18.185.115.10]
${at(0)}/cleanup[102]: ${ID}: message-id=<good@partner.example>
${at(1)}/qmgr[103]: ${ID}: from=<bob@partner.example>, size=4096, nrcpt=1 (queue active)
${at(5)}/local[104]: ${ID}: to=<alice@corp.example>, relay=local, delay=5.7, delays=0.25/0.01/0/5.4, dsn=2.0.0, status=sent (delivered to mailbox)
${at(6)}/qmgr[103]: ${ID}: removed
`;

/** Another message on another host, for files that are bad but not only bad. */
const BEFORE = GOOD.replace(/ mx1 /g, ' mx2 ').replace(/good@/g, 'before@').replaceAll('alice@', 'carol@');

const row = (received: string, state: string): string =>
  `${received},${state},csv-1@partner.example,ada@partner.example,bob@corp.example,in,6f1c0000-0000-4000-8000-0000000000e1,192.0.2.10,\n`;

export interface BadInput {
  readonly content: string | Buffer;
  readonly args?: string[];
  /** exit code of interfaces.md §3 */
  readonly status: 0 | 1 | 3;
  /** what is said of the file */
  readonly says: RegExp;
  readonly records: number;
  readonly parsed: number;
}

function junk(): Buffer {
  const random = randomNumbers(3);
  return Buffer.from(Array.from({ length: 64 * 1024 }, () => Math.floor(random() * 256)));
}

/** Five lines of a message, then as many gzip members of 64 MiB of zeros as make 1.2 GB. */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  return Buffer.concat([gzipSync(BEFORE), ...Array.from({ length: 19 }, () => member)]);
}

function truncatedGzip(): Buffer {
  const whole = gzipSync(
    BEFORE +
      BEFORE.replaceAll('mx2', 'mx3')
        .replace(/4fPZDN0mgNz8xQ/g, '4F2A1B0C3D')
        .repeat(2000),
  );
  return whole.subarray(0, whole.length - 20);
}

const ENTITIES = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('\n');

/** By name of the file. */
export const BAD_INPUTS: Readonly<Record<string, () => BadInput>> = {
  'junk.bin': () => ({
    content: junk(),
    status: 1,
    says: /looks like none of the known formats/,
    records: 0,
    parsed: 0,
  }),
  'empty.log': () => ({ content: '', status: 0, says: /the file is empty/, records: 0, parsed: 0 }),
  'truncated.log.gz': () => ({
    content: truncatedGzip(),
    status: 1,
    says: /gzip data ends too early; .*copy the file again/,
    records: -1,
    parsed: -1,
  }),
  'bomb.log.gz': () => ({ content: bomb(), status: 1, says: /1000:1|expands/, records: -1, parsed: 5 }),
  'missing-columns.csv': () => ({
    content: 'Action,Message ID,From,To\nDelivered,csv-1@partner.example,ada@partner.example,bob@corp.example\n',
    status: 1,
    says: /missing columns: a time; .*mapping/,
    records: 0,
    parsed: 0,
  }),
  'no-zone.csv': () => ({
    content: `Date,Action,Message ID,From,To,Direction,Mail ID,Sender IP,Details\n${row('2026-03-02 08:00:40', 'Delivered')}`,
    status: 3,
    says: /--timezone/,
    records: 1,
    parsed: 0,
  }),
  'long-line.log': () => ({
    content: Buffer.concat([
      Buffer.from(BEFORE),
      Buffer.alloc(100 * 1024 * 1024, 'x'),
      Buffer.from(`\n${BEFORE.replaceAll('mx2', 'mx3')}`),
    ]),
    status: 3,
    says: /line longer than 1 MiB/,
    records: 11,
    parsed: 10,
  }),
  'entity-bomb.xml': () => ({
    content: `<?xml version="1.0"?>\n<!DOCTYPE mailTracking [\n<!ENTITY e0 "ha">\n${ENTITIES}\n]>\n<mailTracking><record><messageID>&e20;</messageID></record></mailTracking>\n`,
    status: 1,
    says: /DTD|DOCTYPE|document type/i,
    records: 0,
    parsed: 0,
  }),
  'outer-dtd.xml': () => ({
    content: '<?xml version="1.0"?>\n<!DOCTYPE x SYSTEM "file:///etc/passwd">\n<x><record>&y;</record></x>\n',
    status: 1,
    says: /DTD|DOCTYPE|document type/i,
    records: 0,
    parsed: 0,
  }),
  'wrong-zone.log': () => ({
    content: wrongZoneLines(),
    args: ['--timezone', 'Asia/Tokyo', '--year', '2026'],
    status: 0,
    says: /stamps are 9 h before the time inside the queue ids: the zone is probably wrong.*hoptime forget FILE`, then .*--timezone/s,
    records: 3,
    parsed: 3,
  }),
};

/** Long queue ids of 2 March 2026, 10:00:04 UTC (Postfix's base 52: `4fPZDN` is 1,772,445,604 seconds). */
function wrongZoneLines(): string {
  return ['4fPZDN0mgNz8xR', '4fPZDN0mgNz8xS', '4fPZDN0mgNz8xT']
    .map((id) => `Mar  2 10:00:05 mx2 postfix/smtpd[101]: ${id}: client=repost01.tmes.trendmicro.eu[18.185.115.10]\n`)
    .join('');
}
