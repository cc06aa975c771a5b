#!/usr/bin/env node
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { BusSetupError } from '../../libs/bus/kafka-client';
import { ConfigError, isDebug, readConfig, useUtc, widenThreadPool } from '../../libs/config/config';
import { correlatorOptions } from '../../libs/ingest/correlator-options';
import { withoutAddresses } from '../../libs/trace/without-addresses';
import { openBus } from '../../libs/worker/open-bus';
import { dutiesOf, impossible } from '../../libs/worker/role';
import { Worker } from '../../libs/worker/worker';
import { AppModule } from './app.module';
import { HELP, sourcesOf } from './arguments';

useUtc();
widenThreadPool();

const note = (sentence: string): void => void process.stderr.write(`hoptime-worker: ${withoutAddresses(sentence)}\n`);

/** Runs one worker until it is told to stop, or until it has read what was to be read. */
async function main(): Promise<void> {
  const sources = sourcesOf(process.argv.slice(2));
  if (!sources) return void process.stdout.write(HELP);
  const config = readConfig();
  const duties = dutiesOf(config.workerRole);
  const problems = impossible(config.workerRole, config.busUrl, config.storeUrl);
  const { paths, watch, syslogPort } = sources;
  const reads = paths.length + watch.length > 0 || syslogPort !== undefined;
  if (config.workerRole === 'collector' && !reads && !config.tmes)
    problems.push(
      "WORKER_ROLE=collector reads nothing: name files, --watch PATH or --syslog PORT, or set TMES_API_URL for Trend's API",
    );
  if (!duties.collects && reads)
    problems.push(`WORKER_ROLE=${config.workerRole} reads no files: leave them to a collector`);
  if (problems.length > 0) throw new ConfigError(problems);

  const stop = new AbortController();
  const stopped = new Promise<void>((done) => stop.signal.addEventListener('abort', () => done(), { once: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error('stopped')));
  const correlation = { ...correlatorOptions(config), rollup: true };
  // Brokers and a server that are away are waited for, until somebody ends the worker.
  const opened = await Promise.race([openParts(), stopped]);
  if (!opened) return;
  const { bus, store } = opened;

  const module = AppModule.of({ config, duties, sources, correlation, bus, store, note });
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  const worker = app.get(Worker);
  try {
    // It may have to wait for brokers, and is ended all the same.
    const started = worker.start().then(() => note(`${config.workerRole} is at work`));
    started.catch(() => undefined);
    await Promise.race([stopped, started]);
    if (!stop.signal.aborted) await Promise.race([stopped, worker.done()]);
  } finally {
    await worker.stop();
    await app.close();
  }

  async function openParts() {
    const bus = await openBus(config, note, stop.signal);
    if (!duties.writes && !duties.correlates && !duties.answers) return { bus, store: undefined };
    const { Store } = await import('../../libs/store/store.js');
    const { pseudonymKey } = config;
    const options = {
      pseudonymKey,
      own: true,
      retrySeconds: Infinity,
      folder: config.dataFolder,
      onNote: note,
      cluster: 'whole' as const,
    };
    return { bus, store: await Store.open(config.storeUrl, options) };
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const failure = error instanceof Error ? error : new Error(String(error));
    const isUsage = failure instanceof ConfigError || failure instanceof BusSetupError;
    for (const line of (isDebug() && !isUsage ? (failure.stack ?? failure.message) : failure.message).split('\n'))
      note(line);
    process.exit(isUsage ? 2 : 1);
  },
);
