import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pagerCommand } from '../../libs/config/config';
import { printBytes } from './output';

/**
 * Shows an answer: through the user's pager where standard output is a terminal, as it is where it is not. A pager that the user leaves before
 * the end has shown enough.
 */
export async function show(bytes: AsyncIterable<Uint8Array>, paged: boolean): Promise<void> {
  const command = paged && process.stdout.isTTY ? pagerCommand() : undefined;
  if (command === undefined) {
    for await (const chunk of bytes) await printBytes(chunk);
    return;
  }
  const pager = spawn('sh', ['-c', command], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(pager, 'exit');
  let isOpen = true;
  pager.stdin.on('error', () => (isOpen = false));
  void ended.then(() => (isOpen = false));
  for await (const chunk of bytes) {
    if (!isOpen) break;
    if (!pager.stdin.write(chunk)) await Promise.race([once(pager.stdin, 'drain').catch(() => undefined), ended]);
  }
  pager.stdin.end();
  await ended;
}
