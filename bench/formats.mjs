// Records per second of each format against Postfix's lines in the same run, in CPU seconds (they suffer less from a busy machine than the clock): files of
// real shape, made here, (1) through reader, parser and encoder of rows, each file in a process of its own (format-pass.mjs), one pass of each after the other, (2) through
// `hoptime ingest` to journeys, a new process and store each. Mails (EML) count as messages. Beside the ratio in lines stands that in messages: of one Postfix writes seven
// lines, an object or a row of HES is a whole one. For comparison what a parser of another library alone needs for the same records: XML, which is read with one, cannot be
// faster than it.
//   npm run build && node bench/formats.mjs [thousand messages, default 30] [rounds, default 5]
// Bars: 0.5 of Postfix in lines/s; 5,000 mails/s.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOGS, mails } from './format-logs.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const program = resolve(here, '../dist/apps/cli/main.js');
const [thousands = '30', roundsText = '5'] = process.argv.slice(2);
const messages = Number(thousands) * 1000;
const rounds = Number(roundsText);
const RATIO_BAR = 0.5;
const MAILS_BAR = 5000;
/** Of these only fast-xml-parser is what Hoptime itself reads with: rows and plain objects it reads from bytes. */
const PARSERS = { csv: 'papaparse', json: 'JSON.parse', xml: 'fast-xml-parser' };
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const folder = mkdtempSync(join(tmpdir(), 'hoptime-formats-'));

/** A process that is warm and makes a pass over a file when it is asked to. */
async function reader(task, { path, format, framing }) {
  const child = fork(join(here, 'format-pass.mjs'), [task, JSON.stringify({ path, format, framing })]);
  // A child that fails has said why.
  child.on('exit', (code) => code && process.exit(code));
  await once(child, 'message');
  return {
    async pass() {
      child.send('pass');
      return (await once(child, 'message'))[0];
    },
    end: () => child.kill(),
  };
}

/** CPU seconds of `hoptime ingest` until the journeys are there. */
function ingest({ path, format }) {
  const store = join(folder, 'store');
  const command = `TIMEFORMAT='%U %S'; time "${process.execPath}" "${program}" ingest "${path}" --format ${format} --json >/dev/null 2>&1`;
  const { stderr } = spawnSync('bash', ['-c', command], {
    encoding: 'utf8',
    env: { ...process.env, STORE_URL: `chdb:${store}` },
  });
  rmSync(store, { recursive: true, force: true });
  const [user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return user + system;
}

function verdictOf({ isMail, ratio, perSecond, floor, parser }) {
  if (isMail) return perSecond >= MAILS_BAR ? 'holds' : 'missed';
  if (ratio >= RATIO_BAR) return 'holds';
  if (floor >= RATIO_BAR) return 'missed';
  const beside = `${parser} alone is at ${floor.toFixed(2)}`;
  return parser === PARSERS.xml ? `out of reach: ${beside}` : `missed (${beside})`;
}

const readers = [];
try {
  const files = LOGS.map(({ name, format, framing, text }) => {
    const path = join(folder, name);
    const content = text(messages);
    writeFileSync(path, content);
    return { name, format, framing, path, records: content.split('\n').length - 1, messages };
  });
  const mailCount = Math.max(1000, Math.floor(messages / 10));
  const mbox = join(folder, 'mails.mbox');
  writeFileSync(mbox, mails(mailCount));
  files.push({
    name: 'mails.mbox',
    format: 'trace-headers',
    framing: 'headers',
    path: mbox,
    records: mailCount,
    messages: mailCount,
  });

  for (const file of files) {
    file.read = [];
    file.alone = [];
    readers.push({ file, into: file.read, ...(await reader('read', file)) });
    if (file.framing in PARSERS) readers.push({ file, into: file.alone, ...(await reader('alone', file)) });
  }
  // One pass of each after the other, so that a busy moment of the machine hits all alike.
  for (let round = 0; round < rounds; round++) {
    for (const { file, into, pass } of readers) {
      const { seconds, events, rejected } = await pass();
      into.push(seconds);
      if (rejected > 0) throw new Error(`${file.name}: ${rejected} records rejected`);
      if (events !== undefined) file.events = events;
    }
  }
  for (const { end } of readers) end();

  console.log(`${messages} messages a log, median of ${rounds} rounds, per CPU second; ratios to lines of Postfix`);
  console.log(
    '| log | records | bytes | events | read/s | MB/s | ratio | by messages | another parser alone | to journeys/s | ratio | bar |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
  const [postfix] = files;
  for (const file of files) {
    const { name, framing, records } = file;
    const bytes = statSync(file.path).size / records;
    const perSecond = records / median(file.read);
    const toJourneys = records / ingest(file);
    if (file === postfix) Object.assign(postfix, { perSecond, toJourneys });
    const isMail = framing === 'headers';
    const ratio = perSecond / postfix.perSecond;
    const parser = PARSERS[framing];
    const floor = parser ? records / median(file.alone) / postfix.perSecond : Infinity;
    const cells = [
      name,
      records,
      bytes.toFixed(0),
      (file.events / records).toFixed(2),
      perSecond.toFixed(0),
      ((perSecond * bytes) / 1e6).toFixed(0),
      isMail ? 'mails' : ratio.toFixed(2),
      ((ratio * file.messages * postfix.records) / records / postfix.messages).toFixed(2),
      parser ? `${parser} ${floor.toFixed(2)}` : '',
      toJourneys.toFixed(0),
      isMail ? 'mails' : (toJourneys / postfix.toJourneys).toFixed(2),
      verdictOf({ isMail, ratio, perSecond, floor, parser }),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  for (const { end } of readers) end();
  rmSync(folder, { recursive: true, force: true });
}
