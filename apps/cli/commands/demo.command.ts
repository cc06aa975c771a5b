import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'nest-commander';
import { readConfig } from '../../../libs/config/config';
import { packageVersion } from '../../../libs/config/package-root';
import { counted } from '../../../libs/delay/duration-text';
import { localText } from '../../../libs/delay/local-time';
import { reportText } from '../../../libs/delay/report-text';
import { ReportService } from '../../../libs/delay/report.service';
import type { SimulationSummary } from '../../../libs/simulate/simulation-summary';
import { asDiskFull } from '../../../libs/store/disk-full';
import type { Store } from '../../../libs/store/store';
import { refuseHeld } from '../../../libs/store/store-lock';
import { CliCommand } from '../command';
import { note, print } from '../output';
import { progressDisplay } from '../progress';
import { serveStore } from '../serving';
import { correlatorOptions } from '../../../libs/ingest/correlator-options';

@Command({
  name: 'demo',
  description: 'See what hoptime is for: report and dashboard of three weeks of made-up mail, in a store of its own',
})
export class DemoCommand extends CliCommand {
  protected readonly examples = `
    hoptime demo
    hoptime demo --out ./look-at-hoptime
    hoptime demo --no-serve`;

  async run(_arguments: string[], options: { out?: string; serve?: boolean; port?: string }): Promise<void> {
    const out = options.out ?? join('hoptime-data', 'demo');
    const fleetFolder = join(out, 'fleet');
    const storeFolder = join(out, 'store');
    const config = readConfig({ flags: { HTTP_PORT: options.port } });
    const { demoFleet } = await import('../../../libs/simulate/simulate.js');
    const { Store } = await import('../../../libs/store/store.js');

    await note(`Making up three weeks of mail in ${fleetFolder} …`);
    const fleet = await demoFleet(fleetFolder).catch((error: unknown) => {
      throw asDiskFull(error, fleetFolder);
    });
    refuseHeld(resolve(storeFolder));
    await rm(storeFolder, { recursive: true, force: true });
    await note(`Reading ${counted(fleet.files.length, 'file')} of ${counted(fleet.messages, 'message')} …`);
    const store = await Store.open(`chdb:${storeFolder}`, { own: true });
    try {
      await ingest(store, fleet, fleetFolder, correlatorOptions(config));
      const report = await new ReportService(store).report({
        filter: {},
        timeZone: 'UTC',
        version: packageVersion(),
        now: Date.now(),
      });
      const next = { program: 'npx hoptime', options: ['--store-url', `chdb:${relative('.', storeFolder) || '.'}`] };
      await print(`${reportText(report, next)}\n${incidentsOf(fleet)}`);
      if (options.serve !== false)
        await serveStore(store, { ...config, tmes: undefined }, {}, options.port === undefined);
    } catch (error) {
      throw asDiskFull(error, store.path);
    } finally {
      await store.close();
    }
  }

  @Option({
    flags: '--out <folder>',
    description: 'where the made-up files and their store go (default: hoptime-data/demo)',
  })
  parseOut(text: string): string {
    return text;
  }

  @Option({ flags: '--no-serve', description: 'end after the report, without the dashboard' })
  parseServe(): boolean {
    return false;
  }

  @Option({
    flags: '--port <port>',
    description: 'port of the dashboard, 0 for any free one (default: HTTP_PORT, else 3000)',
  })
  parsePort(text: string): string {
    return text;
  }
}

async function ingest(
  store: Store,
  fleet: SimulationSummary,
  folder: string,
  options: ReturnType<typeof correlatorOptions>,
): Promise<void> {
  const { IngestService } = await import('../../../libs/ingest/ingest.service.js');
  const service = new IngestService(store, options);
  const display = await progressDisplay();
  try {
    for (const { paths, timeZone, mta } of fleet.ingest) {
      const report = await service.ingest(
        paths.map((path) => join(folder, path)),
        { timeZone, mta },
        display.onProgress,
      );
      for (const { path, problem } of report.files) if (problem) await note(`hoptime: ${path}: ${problem}`);
    }
  } finally {
    display.end();
  }
}

function incidentsOf({ incidents }: SimulationSummary): string {
  const lines = Object.entries(incidents).map(
    ([name, { from, to }]) =>
      `  ${localText(from, 'UTC')} to ${localText(to, 'UTC')}  ${name.replace(/_/g, ' ').replace('hes', 'HES')}\n`,
  );
  return `What went wrong in this made-up fleet, to compare with what the report found (UTC):\n${lines.join('')}Your own mail: npx hoptime ingest PATH… and npx hoptime report\n`;
}
