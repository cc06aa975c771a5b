// Reads one log again and again and says what a pass cost in CPU seconds: a process of its own for each log, as `ingest` reads one kind of file.
//   node bench/format-pass.mjs read|alone '{"path":…,"format":…,"framing":…}' [passes]
// `read`: through reader, parser and encoder of rows. `alone`: its records through the parser of another library (JSON.parse, fast-xml-parser, papaparse), and nothing else.
// Without a number of passes it makes one for each message of its parent, once it is warm.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const load = createRequire(join(root, 'dist', 'libs', 'x.js'));
/** What the compiler makes of a parser takes it some seconds; a log of an hour is read with what it has made at last. */
const WARM_SECONDS = 3;

const [, , task, text, passes] = process.argv;
const file = JSON.parse(text);
const work = task === 'read' ? reading() : parsing();

/** CPU seconds and books of reading the file once. */
function reading() {
  const { SOURCES } = load('./sources/registry.js');
  const { readRecords } = load('./sources/readers/read-records.js');
  const { EventDraft } = load('./trace/event-draft.js');
  const { RowBinaryBuffer } = load('./store/row-binary.js');
  const { path, format, framing } = file;
  const source = SOURCES.find(({ name }) => name === format);
  const rows = new RowBinaryBuffer('1', 8 * 1024 * 1024);
  return async () => {
    const parser = source.parser({ fileTime: Date.UTC(2026, 10, 24) });
    const draft = new EventDraft();
    const counts = { records: 0, events: 0, rejected: 0 };
    const sink = {
      draft,
      emit() {
        counts.events++;
        if (!rows.hasRoomFor(draft)) rows.clear();
        rows.append(draft, 1);
      },
    };
    const before = process.cpuUsage();
    await readRecords({ path, display: path, modifiedAt: 0 }, framing, (batch) => {
      for (let record = batch.next(); record; record = batch.next()) {
        const outcome = record.problem === undefined ? parser.parse(record, sink) : { reject: record.problem };
        counts.records++;
        if (outcome !== 'events' && 'reject' in outcome) counts.rejected++;
      }
    });
    return { seconds: secondsSince(before), ...counts };
  };
}

/** CPU seconds that the parser of the framing alone needs for the file, whose bytes are in memory: its rows at one go, its objects or elements one by one. */
function parsing() {
  const bytes = readFileSync(file.path);
  const ofRows = () => load('papaparse').parse(bytes.toString('utf8'), { delimiter: ',' }).data.length - 1;
  const { XMLParser } = load('fast-xml-parser');
  const xml = new XMLParser({ preserveOrder: true, ignoreAttributes: false, parseTagValue: false });
  const ofLines = () => {
    let records = 0;
    for (let from = 0, to; (to = bytes.indexOf(10, from)) >= 0; from = to + 1) {
      const line = bytes.toString('utf8', from, to);
      if (file.framing === 'json') records += JSON.parse(line) === null ? 0 : 1;
      else if (line.startsWith('<record>')) records += xml.parse(line).length;
    }
    return records;
  };
  return () => {
    const before = process.cpuUsage();
    const records = file.framing === 'csv' ? ofRows() : ofLines();
    return { seconds: secondsSince(before), records };
  };
}

function secondsSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

for (let warm = 0; warm < WARM_SECONDS;) warm += (await work()).seconds;
if (passes === undefined) {
  process.on('message', async () => process.send(await work()));
  process.send('warm');
} else {
  const results = [];
  for (let pass = 0; pass < Number(passes); pass++) results.push(await work());
  console.log(JSON.stringify(results));
}
