import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventCollector } from '../../../trace/event-draft';
import type { TraceEvent } from '../../../trace/trace-event';
import { traceHeaders } from '.';
import { readHeaderBlock } from './header-block';
import { readTraceChain } from './trace-chain';

const folder = join(__dirname, 'fixtures');
const mails = readdirSync(folder).filter((name) => name.endsWith('.eml'));
const FILE_TIME = Date.UTC(2026, 10, 24);

function read(name: string): Buffer {
  return readFileSync(join(folder, name));
}

function parse(bytes: Uint8Array): { outcome: unknown; events: TraceEvent[] } {
  const sink = new EventCollector();
  const record = { bytes, from: 0, to: bytes.length, line: 1 };
  const outcome = traceHeaders.parser({ fileTime: FILE_TIME }).parse(record, sink);
  return { outcome, events: sink.events };
}

describe('fixtures, whose goldens were written from the mails, not by the program', () => {
  it('has mails to read', () => {
    expect(mails.length).toBeGreaterThanOrEqual(5);
  });

  it.each(mails)('%s gives exactly the events of its golden', (name) => {
    const golden = JSON.parse(read(`${name}.expected.json`).toString('utf8'));
    expect([parse(read(name))]).toEqual(golden.records);
  });

  it.each(mails)('%s gives the same with CRLF line ends, and inside a larger buffer', (name) => {
    const expected = parse(read(name));
    const crlf = Buffer.from(read(name).toString('utf8').replace(/\n/g, '\r\n'));
    expect(parse(crlf)).toEqual(expected);
    const sink = new EventCollector();
    const bytes = Buffer.concat([Buffer.from('X-Before: 1\n'), read(name), Buffer.from('\nReceived: after')]);
    const record = { bytes, from: 12, to: 12 + read(name).length, line: 1 };
    expect(traceHeaders.parser({ fileTime: FILE_TIME }).parse(record, sink)).toBe('events');
    expect(sink.events).toEqual(expected.events);
  });

  it.each(mails)('%s cut at any byte never throws and never gives a time that does not stand in it', (name) => {
    const whole = read(name);
    const chain = readTraceChain(readHeaderBlock(whole), { fileTime: FILE_TIME });
    const times = new Set(chain.hops.map((hop) => hop.stamp?.time));
    const accepted = chain.passes[0]?.mailReceivedTime?.time ?? 0;
    const invented: string[] = [];
    for (let to = 0; to < whole.length; to++) {
      for (const { eventTime, statement, nextMta } of parse(whole.subarray(0, to)).events) {
        // The fraction may be cut, the seconds not. Whoever hands over to HES does so at the time that HES says.
        const asHesSays = eventTime <= accepted && eventTime > accepted - 1000;
        const known =
          statement === 'mail-received-time' ? asHesSays : times.has(eventTime) || (nextMta === 'hes' && asHesSays);
        if (!known) invented.push(`${statement} ${eventTime} when cut at ${to}`);
      }
    }
    expect(invented).toEqual([]);
  });

  it('never throws on damaged mails', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      bytes: fc.uint8Array({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...mails), fc.array(edit, { minLength: 1, maxLength: 20 }), (name, edits) => {
        const bytes = read(name);
        for (const { at, bytes: patch } of edits) bytes.set(patch, Math.floor(at * (bytes.length - 6)));
        const { outcome, events } = parse(bytes);
        expect(events.length > 0).toBe(outcome === 'events');
      }),
      { numRuns: 300 },
    );
  });
});
