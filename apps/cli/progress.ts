import { countText } from '../../libs/delay/duration-text';
import type { IngestProgress, OnProgress } from '../../libs/ingest/ingest-report';

export interface ProgressDisplay {
  readonly onProgress: OnProgress;
  /** removes the bar; safe to call twice */
  end(): void;
}

/** A bar on stderr with rate and time left, when that is a terminal; else nothing. */
export async function progressDisplay(): Promise<ProgressDisplay> {
  if (!process.stderr.isTTY) return { onProgress: () => undefined, end: () => undefined };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    format: '{phase} {bar} {percentage} % {detail} {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
    etaBuffer: 50,
  });
  let phase: IngestProgress['phase'] | undefined;
  let since = 0;
  return {
    onProgress: (progress) => {
      if (progress.phase !== phase) {
        bar.stop();
        phase = progress.phase;
        since = performance.now();
        bar.start(progress.bytesTotal, 0, { phase, detail: '' });
      }
      // what comes through a pipe has no size beforehand
      bar.setTotal(Math.max(progress.bytesTotal, progress.bytesRead, 1));
      bar.update(progress.bytesRead, { phase, detail: detail(progress, performance.now() - since) });
    },
    end: () => bar.stop(),
  };
}

function detail({ phase, file, bytesRead, records }: IngestProgress, elapsedMs: number): string {
  if (phase === 'correlating') return '| linking hops to journeys |';
  const rate = elapsedMs > 0 ? (bytesRead / 1e6 / (elapsedMs / 1000)).toFixed(1) : '0';
  const name = file.length > 40 ? `…${file.slice(-39)}` : file;
  return `| ${name} | ${countText(records)} records, ${rate} MB/s |`;
}
