import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventCollector } from '../../trace/event-draft';
import type { TraceEvent } from '../../trace/trace-event';
import type { CommonOptions, Framing, Outcome, RawRecord, Source } from '../source';
import { framerFor } from './read-records';
import { asUtf8 } from './text-encoding';

interface Golden {
  readonly framing: Framing;
  readonly options: CommonOptions;
  readonly records: { readonly outcome: Outcome; readonly events?: TraceEvent[] }[];
}

/** Fixtures of a format of rows or objects: `fixtures/NAME`, and beside each `NAME.expected.json`, written by hand. */
export class FileGoldens {
  readonly files: readonly string[];

  constructor(
    private readonly source: Source,
    private readonly folder: string,
  ) {
    this.files = readdirSync(join(folder, 'fixtures')).filter((file) => !file.endsWith('.expected.json'));
  }

  golden(file: string): Golden {
    return JSON.parse(readFileSync(join(this.folder, 'fixtures', `${file}.expected.json`), 'utf8')) as Golden;
  }

  /** What the parser makes of a fixture. */
  async read(file: string): Promise<{ outcome: Outcome; events?: TraceEvent[] }[]> {
    const { framing, options } = this.golden(file);
    const parser = this.source.parser(options);
    const results: { outcome: Outcome; events?: TraceEvent[] }[] = [];
    await this.each(file, framing, (record) => {
      const sink = new EventCollector();
      const outcome = record.problem === undefined ? parser.parse(record, sink) : { reject: record.problem };
      results.push(sink.events.length > 0 ? { outcome, events: sink.events } : { outcome });
    });
    return results;
  }

  /** The score of a fixture in one framing. */
  async score(file: string, framing: Framing = this.golden(file).framing): Promise<number> {
    const sample: RawRecord[] = [];
    await this.each(file, framing, (record) => {
      const bytes = Buffer.from(record.bytes.subarray(record.from, record.to));
      sample.push({ ...record, bytes, from: 0, to: bytes.length, fields: record.fields?.copy() });
    });
    return this.source.looksLike(sample, framing).score;
  }

  private async each(file: string, framing: Framing, visit: (record: RawRecord) => void): Promise<void> {
    const framer = framerFor(framing);
    const bytes = readFileSync(join(this.folder, 'fixtures', file));
    const chunks = async function* (): AsyncGenerator<Buffer> {
      yield bytes;
    };
    const take = (): void => {
      for (let record = framer.next(); record; record = framer.next()) visit(record);
    };
    for await (const chunk of asUtf8(chunks())) {
      framer.push(chunk);
      take();
    }
    framer.end();
    take();
  }
}
