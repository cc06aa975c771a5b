import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMs } from '../../../test/support/cpu-time';
import { EventCollector } from '../../trace/event-draft';
import { traceHeaders } from '../formats/trace-headers';
import { framerFor } from './read-records';
import { isOutlookItem, outlookHeaders } from './outlook-item';
import { openBytes } from './open-bytes';
import { inputFile, temporaryFolder } from './readers.fixture';

/** Written by another program in Outlook's layout, around the header of tmes-inbound.eml; an attached message has a header of its own. */
const fixtures = join(__dirname, '../formats/trace-headers/fixtures');
const item = readFileSync(join(fixtures, 'outlook.msg'));
const folder = temporaryFolder(afterAll);

function headerOf(bytes: Uint8Array): string {
  const headers = outlookHeaders(bytes);
  return 'reason' in headers ? `${headers.reason}: ${headers.advice}` : headers.toString('utf8');
}

async function textOf(name: string, bytes: Uint8Array): Promise<{ text: string; reason?: string }> {
  const stream = openBytes(inputFile(folder, name, bytes));
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return { text, reason: stream.problem?.reason };
}

describe('an Outlook item', () => {
  it('is the header of the mail in it', () => {
    const [header] = readFileSync(join(fixtures, 'tmes-inbound.eml'), 'utf8').split('\n\n');
    expect(isOutlookItem(item)).toBe(true);
    expect(headerOf(item)).toBe(`${header.replaceAll('\n', '\r\n')}\r\n\r\n`);
  });

  it('gives the events of the mail that it holds', () => {
    const golden = JSON.parse(readFileSync(join(fixtures, 'outlook.msg.expected.json'), 'utf8')) as {
      records: unknown;
    };
    const framer = framerFor('headers');
    framer.push(outlookHeaders(item) as Buffer);
    expect(framer.next()).toBeUndefined();
    framer.end();
    const record = framer.next();
    const sink = new EventCollector();
    const outcome = record && traceHeaders.parser({ fileTime: Date.UTC(2026, 10, 24) }).parse(record, sink);
    expect([{ outcome, events: sink.events }]).toEqual(golden.records);
  });

  it('is read as a text like any other file, also when 8-bit', async () => {
    expect(await textOf('late.msg', item)).toEqual({ text: headerOf(item), reason: undefined });
    // the same item with the tag of an 8-bit text: what it holds are then UTF-16's bytes, as they are
    const tag = Buffer.from('007D001F', 'utf16le');
    const eightBit = Buffer.from(item);
    Buffer.from('007D001E', 'utf16le').copy(eightBit, eightBit.indexOf(tag));
    expect(headerOf(eightBit).startsWith('R\0e\0')).toBe(true);
  });

  it('says when there is no header in it', async () => {
    const bare = Buffer.from(item);
    for (let at = bare.indexOf('007D', 0, 'utf16le'); at >= 0; at = bare.indexOf('007D', at, 'utf16le'))
      bare.write('0E1D', at, 'utf16le');
    expect(await textOf('draft.msg', bare)).toEqual({
      text: '',
      reason:
        'is an Outlook item without internet headers: it was not received by SMTP (a draft, a sent mail, or no mail at all)',
    });
  });

  it('comes to an end for damaged items: chains that turn back, counts and sizes that lie', () => {
    const broken = 'Outlook item that is broken: save the message again, or save it as EML';
    const patched = (at: number, value: number): string => {
      const damaged = Buffer.from(item);
      damaged.writeUInt32LE(value, at);
      return headerOf(damaged);
    };
    // number of allocation table sectors, of small ones, of further ones
    for (const at of [0x2c, 0x40, 0x48]) expect(patched(at, 0x7fffffff)).toBe(broken);
    // the directory's first sector points at itself
    const table = (item.readUInt32LE(0x4c) + 1) * 512;
    const directory = item.readUInt32LE(0x30);
    expect(patched(table + 4 * directory, directory)).toBe(broken);
    for (let length = 8; length < item.length; length += 97)
      expect(typeof headerOf(item.subarray(0, length))).toBe('string');
  });

  it('never throws, and never takes long, whatever four bytes are damaged', () => {
    const damageAll = (): void => {
      for (let at = 8; at + 4 <= 2048; at += 12) {
        for (const value of [0, 1, 0x7fffffff, 0xfffffffe]) {
          const damaged = Buffer.from(item);
          damaged.writeUInt32LE(value, at);
          expect(typeof headerOf(damaged)).toBe('string');
        }
      }
    };
    expect(cpuMs(damageAll)).toBeLessThan(20_000);
  });
});
