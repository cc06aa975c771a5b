import { Command, Option } from 'nest-commander';
import { countText } from '../../../libs/delay/duration-text';
import { journeysOf } from '../ingest-text';
import { print, printJson } from '../output';
import { progressDisplay } from '../progress';
import { ingestInto, StoreCommand, type StoreOptions } from '../store.command';

@Command({
  name: 'forget',
  arguments: '<input>',
  argsDescription: { input: 'path of a file that was read, or the input id that ingest --json answers' },
  description: 'Take out what a file brought (a wrong zone, a wrong file) and correlate anew what it touched',
})
export class ForgetCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime forget tracking.csv
    hoptime forget 5f1c0a9e44b7d210`;

  async run([target]: string[], options: StoreOptions & { json?: boolean }): Promise<void> {
    const report = await this.withStore(options, async (store, config) => {
      const display = await progressDisplay();
      try {
        const ingest = await ingestInto(store, config);
        return await store.inTurn(() => ingest.forget(target, display.onProgress));
      } finally {
        display.end();
      }
    });
    const inputs = report.inputs.map(({ inputId, path, events }) => ({ input_id: inputId, path, events }));
    if (options.json) await printJson({ inputs, journeys: report.journeys });
    if (inputs.length === 0)
      throw new Error(`nothing was read from ${target}: see hoptime sql "SELECT path, input_id FROM inputs"`);
    if (options.json) return;
    const forgotten = inputs.map(({ path, events }) => `Forgotten: ${path} (${countText(events)} events).\n`).join('');
    await print(`${forgotten}${journeysOf(report.journeys)}`);
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}
