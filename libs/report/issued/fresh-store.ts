import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectFile } from '../../ingest/collector';
import { optionsOf } from '../../ingest/correlation-parameters';
import { Correlator } from '../../ingest/correlator';
import { embeddedBus } from '../../ingest/embedded-bus';
import { Outbox } from '../../ingest/outbox';
import type { FileReport, IngestOptions } from '../../ingest/ingest-report';
import type { InputFile } from '../../sources/readers/input-file';
import { InputRepository } from '../../store/input.repository';
import { Store } from '../../store/store';
import type { Manifest } from './manifest';

/** A file, and how it was read when it fed the report. */
export interface FreshInput {
  readonly file: InputFile;
  readonly options: IngestOptions;
}

/**
 * Reads files into a new temporary store, as they were read before, makes the journeys with what those of the report were made with, and runs
 * `work` on it. The store is gone afterwards.
 * @param onFile told before each file
 */
export async function inFreshStore<T>(
  inputs: readonly FreshInput[],
  { configuration, pseudonymKey }: { configuration: Manifest['configuration']; pseudonymKey: string },
  work: (store: Store, reports: readonly FileReport[]) => Promise<T>,
  onFile: (path: string) => void = () => undefined,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hoptime-verify-'));
  try {
    const store = await Store.open(`chdb:${folder}`, { own: true, pseudonymKey });
    try {
      const bus = new Outbox(embeddedBus(store));
      const reports: FileReport[] = [];
      for (const { file, options } of inputs) {
        onFile(file.display);
        reports.push((await collectFile(bus, file, options, [], undefined, store.pseudonyms)).report);
      }
      await bus.flush();
      await new Correlator(store, configuration ? optionsOf(configuration) : undefined).correlate();
      await new InputRepository(store).markCorrelated();
      return await work(store, reports);
    } finally {
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
