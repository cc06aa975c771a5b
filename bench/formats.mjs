// Lines per second of each format against Postfix's in the same run, in CPU seconds (they suffer less from a busy machine than the clock): files of real
// shape, made here, (1) through reader, parser and encoder of rows, each file in a process of its own as `ingest` reads one kind of file, (2) through `hoptime ingest` to journeys, a new process and store each. Mails (EML)
// count as messages. Beside the ratio in lines stand those in messages, events and bytes: a line of Postfix tells 0.7 events in 140 bytes, a JSON object two in 600.
// Below, the floors: the objects of the same files through V8's JSON.parse, the elements through fast-xml-parser, and nothing else, measured in the same way.
//   npm run build && node bench/formats.mjs [thousand messages, default 100] [runs, default 5]
// Bars: 0.5 of Postfix in lines/s; 5,000 mails/s.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOGS, mails } from './format-logs.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const load = createRequire(join(root, 'dist', 'libs', 'x.js'));
const { SOURCES } = load('./sources/registry.js');
const { readRecords } = load('./sources/readers/read-records.js');
const { EventDraft } = load('./trace/event-draft.js');
const { RowBinaryBuffer } = load('./store/row-binary.js');
const { XMLParser } = load('fast-xml-parser');

const WARM_SECONDS = 5;
const self = fileURLToPath(import.meta.url);
if (process.argv[2] === 'read' || process.argv[2] === 'floor') {
  const [, , task, file, passes] = process.argv;
  const work = task === 'read' ? read : parseAlone;
  // What the compiler makes of a parser takes it some seconds; a log of an hour is read with what it has made at last.
  for (let warm = 0; warm < WARM_SECONDS;) warm += (await work(JSON.parse(file))).seconds;
  const results = [];
  for (let pass = 0; pass < Number(passes); pass++) results.push(await work(JSON.parse(file)));
  console.log(JSON.stringify(results));
  process.exit();
}
const [thousands = '100', runsText = '5'] = process.argv.slice(2);
const messages = Number(thousands) * 1000;
const runs = Number(runsText);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const folder = mkdtempSync(join(tmpdir(), 'hoptime-formats-'));

/** CPU seconds and books of reading a file once. */
async function read({ path, format, framing }) {
  const source = SOURCES.find(({ name }) => name === format);
  const parser = source.parser({ fileTime: Date.UTC(2026, 10, 24) });
  const rows = new RowBinaryBuffer('1', 8 * 1024 * 1024);
  const draft = new EventDraft();
  const counts = { records: 0, events: 0, rejected: 0 };
  const sink = {
    draft,
    emit() {
      counts.events++;
      if (!rows.hasRoom()) rows.clear();
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
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, ...counts };
}

/** CPU seconds that the parser of a framing alone needs for the objects or elements of a file that is in memory, one a line. */
function parseAlone({ path, framing }) {
  const bytes = readFileSync(path);
  const xml = new XMLParser({ preserveOrder: true, ignoreAttributes: false, parseTagValue: false });
  const before = process.cpuUsage();
  let records = 0;
  for (let from = 0, to; (to = bytes.indexOf(10, from)) >= 0; from = to + 1) {
    const text = bytes.toString('utf8', from, to);
    if (framing === 'json') records += JSON.parse(text) === null ? 0 : 1;
    else if (text.startsWith('<record>')) records += xml.parse(text).length;
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, records };
}

/** The same for some passes, in a process that does nothing else. */
function alone(task, { path, format, framing }, passes) {
  const file = JSON.stringify({ path, format, framing });
  const { stdout, stderr } = spawnSync(process.execPath, [self, task, file, String(passes)], { encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** CPU seconds of `hoptime ingest` until the journeys are there. */
function ingest({ path, format }) {
  const store = join(folder, 'store');
  const command = `TIMEFORMAT='%U %S'; time "${process.execPath}" "${join(root, 'dist/apps/cli/main.js')}" ingest "${path}" --format ${format} --json >/dev/null 2>&1`;
  const { stderr } = spawnSync('bash', ['-c', command], {
    encoding: 'utf8',
    env: { ...process.env, STORE_URL: `chdb:${store}` },
  });
  rmSync(store, { recursive: true, force: true });
  const [user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return user + system;
}

try {
  const files = LOGS.map(({ name, format, framing, text }) => {
    const path = join(folder, name);
    const content = text(messages);
    writeFileSync(path, content);
    return { name, format, framing, path, lines: content.split('\n').length - 1 };
  });
  const mailCount = Math.max(1000, Math.floor(messages / 10));
  const mbox = join(folder, 'mails.mbox');
  writeFileSync(mbox, mails(mailCount));
  files.push({ name: 'mails.mbox', format: 'trace-headers', framing: 'headers', path: mbox, lines: mailCount });

  const results = files.map((file) => alone('read', file, 2 * runs));
  const hasFloor = ({ framing }) => framing === 'json' || framing === 'xml';
  const floors = files.map((file) => (hasFloor(file) ? alone('floor', file, 2 * runs) : undefined));
  const seconds = results.map((passes) => passes.map((pass) => pass.seconds));
  const books = results.map(([first]) => first);
  const whole = files.map(() => []);
  // One run of each after the other, so that a busy moment of the machine hits all alike.
  for (let run = 0; run < runs; run++) for (const [index, file] of files.entries()) whole[index].push(ingest(file));
  const perSecond = (all) => files.map(({ lines }, index) => lines / median(all[index]));
  const [reading, ingesting] = [perSecond(seconds), perSecond(whole)];
  console.log(`${messages} messages a log, median of ${runs} runs, lines per CPU second; ratios to Postfix`);
  console.log(
    '| log | lines | bytes/line | events/line | read | MB/s | ratio | by messages | by events | by bytes | ingest to journeys | ratio | by messages |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|');
  const messagesOf = ({ framing }) => (framing === 'headers' ? mailCount : messages);
  const bytesOf = (index) => statSync(files[index].path).size / files[index].lines;
  const eventsOf = (index) => books[index].events / files[index].lines;
  for (const [index, file] of files.entries()) {
    const { records, events, rejected } = books[index];
    if (rejected > 0 || records === 0 || events === 0) throw new Error(`${file.name}: ${JSON.stringify(books[index])}`);
    const mail = file.framing === 'headers';
    const ratio = (all) => (mail ? 'mails' : (all[index] / all[0]).toFixed(2));
    const share = messagesOf(file) / file.lines / (messages / files[0].lines);
    const byMessages = (all) => ((all[index] / all[0]) * share).toFixed(2);
    const cells = [
      file.name,
      file.lines,
      bytesOf(index).toFixed(0),
      eventsOf(index).toFixed(2),
      reading[index].toFixed(0),
      ((reading[index] * bytesOf(index)) / 1e6).toFixed(0),
      ratio(reading),
      byMessages(reading),
      ((reading[index] / reading[0]) * (eventsOf(index) / eventsOf(0))).toFixed(2),
      ((reading[index] / reading[0]) * (bytesOf(index) / bytesOf(0))).toFixed(2),
      ingesting[index].toFixed(0),
      ratio(ingesting),
      byMessages(ingesting),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log('\n| its parser alone | records per CPU second | MB/s | ratio to lines of Postfix | read / parser |');
  console.log('|---|---|---|---|---|');
  for (const [index, passes] of floors.entries()) {
    if (!passes) continue;
    const rate = files[index].lines / median(passes.map((pass) => pass.seconds));
    const speed = ((rate * bytesOf(index)) / 1e6).toFixed(0);
    const cells = [rate.toFixed(0), speed, (rate / reading[0]).toFixed(2), (reading[index] / rate).toFixed(2)];
    console.log(`| ${[files[index].name, ...cells].join(' | ')} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
