import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import type { FileReport } from '../../libs/ingest/ingest-report';
import { Tally } from '../../libs/ingest/tally';
import { detect, type Detection } from '../../libs/sources/detect';
import type { InputFile } from '../../libs/sources/readers/input-file';
import { isOutlookItem, outlookHeaders } from '../../libs/sources/readers/outlook-item';
import { framerFor } from '../../libs/sources/readers/read-records';
import { encodingOf } from '../../libs/sources/readers/text-encoding';
import { SOURCES } from '../../libs/sources/registry';
import type { CommonOptions, Framing, Outcome, RawRecord, Source } from '../../libs/sources/source';
import { EventCollector } from '../../libs/trace/event-draft';
import type { TraceEvent } from '../../libs/trace/trace-event';
import { randomNumbers } from '../support/line-files';
import { withOwnStore } from '../support/own-store';
import { LINES } from '../properties/mixed-log.fixture';
import { mutated } from './mutate.fixture';

/** Damaged input of every source and framing: nothing throws, every record has an outcome, the books balance, and what is rejected can be looked up. */
const ROUNDS = 100;
const OPTIONS: CommonOptions = { timeZone: 'UTC', fileTime: Date.UTC(2026, 11, 1) };
const folder = mkdtempSync(join(tmpdir(), 'hoptime-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const formats = resolve(__dirname, '../../libs/sources/formats');
const mails = globSync('trace-headers/fixtures/*.eml', { cwd: formats, absolute: true }).sort();
const own: Record<string, string> = {
  'mixed.log': LINES.map(
    ([at, program, text]) =>
      `${new Date(Date.UTC(2026, 2, 2, 10) + at * 1000).toISOString()} mx1 postfix/${program}: ${text}\n`,
  ).join(''),
  'mails.mbox': mails
    .map((path) => `From bob@partner.example Mon Mar  2 10:00:00 2026\n${readFileSync(path, 'utf8')}\nbody\n\n`)
    .join(''),
};
const seeds = [
  ...globSync('*/fixtures/*', { cwd: formats, absolute: true })
    .filter((path) => !/expected\.json$|\.ts$/.test(path))
    .sort(),
  ...Object.entries(own).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }),
].map((path) => ({ name: basename(path), path, bytes: asText(readFileSync(path)) }));

/** What the reader hands to the framers: the header of an Outlook item, UTF-16 as UTF-8, no byte order mark. */
function asText(bytes: Buffer): Buffer {
  if (isOutlookItem(bytes)) return outlookHeaders(bytes) as Buffer;
  const marked = bytes.subarray(0, 3).equals(Buffer.from('\ufeff'));
  const encoding = encodingOf(bytes);
  return encoding === 'utf-8' ? bytes.subarray(marked ? 3 : 0) : Buffer.from(new TextDecoder(encoding).decode(bytes));
}

const inputFile = (path: string): InputFile => ({ path, display: path, modifiedAt: OPTIONS.fileTime });

async function kindOf(path: string, format?: string): Promise<Detection> {
  const detection = await detect(inputFile(path), format);
  if ('problem' in detection) throw new Error(`${path}: ${detection.problem}`);
  return detection;
}

/** The records of `bytes`, handed to the framer in chunks of random size. */
function* framed(bytes: Buffer, framing: Framing, random: () => number): Generator<RawRecord> {
  const framer = framerFor(framing);
  for (let from = 0; from < bytes.length;) {
    const to = from + 1 + Math.floor(random() * bytes.length);
    framer.push(Buffer.from(bytes.subarray(from, to)));
    for (let record = framer.next(); record; record = framer.next()) yield record;
    from = to;
  }
  framer.end();
  for (let record = framer.next(); record; record = framer.next()) yield record;
}

interface Read {
  tally: Tally;
  events: number;
  rejected: { line: number; reason: string; text: string }[];
}

/** What a record must not be: understood without an event, or not understood and yet with one; numbers that no column can hold. */
function contradiction(outcome: Outcome, events: readonly TraceEvent[]): string | undefined {
  if (events.length > 0 !== (outcome === 'events')) return `${JSON.stringify(outcome)} with ${events.length} events`;
  const numbers = events.flatMap((event) => Object.entries(event)).filter(([, value]) => typeof value === 'number');
  const unfit = numbers.filter(([, value]) => !Number.isSafeInteger(value));
  return unfit.length > 0 ? JSON.stringify(unfit) : undefined;
}

/** Reader and parser as an ingest puts them together, with the rules that hold between outcomes and events. */
async function read(bytes: Buffer, source: Source, framing: Framing, random: () => number): Promise<Read> {
  async function* surveyed(): AsyncGenerator<RawRecord> {
    yield* framed(bytes, framing, random);
  }
  const found = source.survey ? await source.survey(surveyed(), OPTIONS) : {};
  const parser = source.parser({ ...OPTIONS, ...source.options.parse(found) });
  const sink = new EventCollector();
  const result: Read = { tally: new Tally(), events: 0, rejected: [] };
  for (const record of framed(bytes, framing, random)) {
    const outcome = record.problem === undefined ? parser.parse(record, sink) : { reject: record.problem };
    const reason = result.tally.count(outcome, record.line);
    if (reason !== undefined)
      result.rejected.push({
        line: record.line,
        reason,
        text: Buffer.from(record.bytes.subarray(record.from, record.to)).toString('latin1'),
      });
    const wrong = contradiction(outcome, sink.events);
    if (wrong !== undefined) throw new Error(`line ${record.line}: ${wrong}`);
    result.events += sink.events.splice(0).length;
  }
  const { records, parsed, skipped, rejected } = result.tally;
  expect(records).toBe(parsed + skipped + rejected);
  return result;
}

describe.each(seeds)('$name', ({ path, bytes }) => {
  it('as it is, is understood', async () => {
    const { source, framing } = await kindOf(path);
    const { tally, events } = await read(bytes, source, framing, randomNumbers(1));
    expect(tally.parsed).toBeGreaterThan(0);
    expect(events).toBeGreaterThanOrEqual(tally.parsed);
  });

  it(`damaged in ${ROUNDS} ways, is read to its end`, async () => {
    const { source, framing } = await kindOf(path);
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const damaged = mutated(bytes, randomNumbers(seed));
      try {
        const once = await read(damaged, source, framing, randomNumbers(seed + 1000));
        const again = await read(damaged, source, framing, randomNumbers(seed + 2000));
        expect(again).toEqual(once);
      } catch (error) {
        throw new Error(`seed ${seed}: ${JSON.stringify(damaged.toString('latin1').slice(0, 3000))}`, { cause: error });
      }
    }
  });
});

/** Of a rejected record so much is kept. */
const KEPT_BYTES = 64 * 1024;
/** What stands for a subject, and for a field of a row that may be one. */
const LEFT_OUT = /\[(?:subject|hidden)\]/;

/** Whether `kept` is the text of a record without what was left out: damage may move other values to where a subject is. */
function isKept(kept: string, raw: string): boolean {
  const [first, ...parts] = kept.split(LEFT_OUT);
  if (parts.length === 0) return kept === raw.slice(0, KEPT_BYTES);
  // Where something was left out, bytes that are no UTF-8 were replaced.
  const text = Buffer.from(Buffer.from(raw, 'latin1').toString('utf8')).toString('latin1');
  if (!text.startsWith(first)) return false;
  const last = parts.pop() as string;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  // Of a text that is cut, the end is wherever the bytes that are kept end.
  if (text.length > KEPT_BYTES) return text.includes(last, at);
  return text.endsWith(last) && at + last.length <= text.length;
}

/** A seed that stays the file's own when other fixtures come. */
const ownNumber = (name: string): number =>
  [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 65_521, 0);

describe('in the store', () => {
  it('damaged files are ingested, and every rejected record can be looked up with line, reason and text', async () => {
    const files = await Promise.all(
      seeds.map(async ({ name, path, bytes }) => {
        const damaged = join(folder, `damaged-${name}`);
        const content = mutated(bytes, randomNumbers(ownNumber(name)));
        writeFileSync(damaged, content);
        const { source } = await kindOf(path);
        const { framing } = await kindOf(damaged, source.name);
        return { path: damaged, source, expected: await read(content, source, framing, randomNumbers(1)) };
      }),
    );
    await withOwnStore(async ({ store, ingest }) => {
      const reports: FileReport[] = [];
      for (const source of SOURCES) {
        const paths = files.filter((file) => file.source === source).map(({ path }) => path);
        reports.push(...(await ingest.ingest(paths, { timeZone: 'UTC', format: source.name })).files);
      }
      const rows = await store.rows<{ file: string; line: number; reason: string; text: string }>({
        sql: 'SELECT file, line, reason, base64Encode(text) AS text FROM hoptime.rejected_records',
      });
      expect(rows.length).toBeGreaterThan(10);
      let shortened = 0;
      for (const { path, expected } of files) {
        const { records, parsed, skipped, rejected } = expected.tally;
        expect(reports.find((report) => report.path === path)).toMatchObject({
          records,
          parsed,
          skipped,
          rejected,
          events: expected.events,
        });
        const found = rows
          .filter(({ file }) => file === path)
          .map(({ line, reason, text }) => ({ line, reason, text: Buffer.from(text, 'base64').toString('latin1') }))
          .sort(byLine);
        const wanted = [...expected.rejected].sort(byLine);
        expect(found.map(toPlace)).toEqual(wanted.map(toPlace));
        const wrong = found.filter(({ text }, i) => !isKept(text, wanted[i].text));
        expect(wrong.map(toPlace)).toEqual([]);
        shortened += found.filter(({ text }) => LEFT_OUT.test(text)).length;
      }
      expect(shortened).toBeGreaterThan(0);
    });
  });
});

type Rejected = Read['rejected'][number];
const toPlace = ({ line, reason }: Rejected): string => `${line}: ${reason}`;
const byLine = (a: Rejected, b: Rejected): number => a.line - b.line || a.text.length - b.text.length;
