/** Loaded into a child process with `node --import`: leaves its peak of resident memory, in bytes, in the file PEAK_MEMORY_FILE. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS * 1024));
});
