import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventCollector } from '../../trace/event-draft';
import type { TraceEvent } from '../../trace/trace-event';
import type { CommonOptions, Outcome, RawRecord, Source } from '../source';

interface Golden {
  readonly options: CommonOptions;
  readonly records: { readonly outcome: Outcome; readonly events?: TraceEvent[] }[];
}

/** A text as a reader would hand it over. */
export function lineRecord(text: string): RawRecord {
  const bytes = Buffer.from(text, 'utf8');
  return { bytes, from: 0, to: bytes.length, line: 1 };
}

/** Outcome and events of one line. */
export function readLine(
  source: Source,
  options: CommonOptions,
  text: string,
): { outcome: Outcome; events?: TraceEvent[] } {
  const sink = new EventCollector();
  const outcome = source.parser(options).parse(lineRecord(text), sink);
  return sink.events.length > 0 ? { outcome, events: sink.events } : { outcome };
}

/** Fixtures of a format of lines: `fixtures/*.log`, and beside each the events that were written down by hand. */
export class LineGoldens {
  readonly logs: readonly string[];

  constructor(
    private readonly source: Source,
    private readonly folder: string,
  ) {
    this.logs = readdirSync(join(folder, 'fixtures')).filter((file) => file.endsWith('.log'));
  }

  lines(log: string): string[] {
    return readFileSync(join(this.folder, 'fixtures', log), 'utf8')
      .split('\n')
      .slice(0, -1);
  }

  golden(log: string): Golden {
    const path = join(this.folder, 'fixtures', log.replace('.log', '.expected.json'));
    return JSON.parse(readFileSync(path, 'utf8')) as Golden;
  }

  /** What the parser makes of a fixture. */
  read(log: string): { outcome: Outcome; events?: TraceEvent[] }[] {
    return this.lines(log).map((text) => readLine(this.source, this.golden(log).options, text));
  }

  /** Lines cut at every byte: those where bytes behind the cut were read, or where events and outcome contradict each other. */
  wrongCuts(log: string): string[] {
    const parser = this.source.parser({ fileTime: this.golden(log).options.fileTime });
    const wrong: string[] = [];
    for (const text of this.lines(log)) {
      const whole = Buffer.from(text, 'utf8');
      for (let length = 0; length < whole.length; length++) {
        const sink = new EventCollector();
        const outcome = parser.parse({ bytes: whole, from: 0, to: length, line: 1 }, sink);
        const alone = new EventCollector();
        const bytes = Buffer.from(whole.subarray(0, length));
        const again = parser.parse({ bytes, from: 0, to: length, line: 1 }, alone);
        const same = JSON.stringify([outcome, sink.events]) === JSON.stringify([again, alone.events]);
        if (!same || (outcome === 'events') !== sink.events.length > 0) wrong.push(`${length} of ${text}`);
      }
    }
    return wrong;
  }
}
