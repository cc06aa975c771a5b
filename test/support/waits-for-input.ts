import type { ChildProcess } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { until } from './until';

/** Until a command has opened its store and waits for its standard input, which it copies to a file without a name. */
export async function waitsForInput({ pid }: ChildProcess, told?: () => unknown): Promise<void> {
  await until(() => openFiles(pid).some((path) => path.includes('/hoptime-input-')), { told });
}

function openFiles(pid: number | undefined): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`));
  } catch {
    // It has ended, or has just closed one of them.
    return [];
  }
}
