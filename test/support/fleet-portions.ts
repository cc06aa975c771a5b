import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';

/** The files of a simulated fleet in portions below `root`: logs by lines in the order of time, exports dealt out, mails first, since each may name an MTA that is new. */
export function portionsOf(fleet: string, root: string, count: number): string[][] {
  const portions: string[][] = Array.from({ length: count }, () => []);
  globSync('{hes,postfix,sendmail,exim,exchange,microsoft-365,mail}/**', { cwd: fleet, absolute: true })
    .sort()
    .forEach((path, i) => {
      const lines = /\.log$|\bmainlog/.test(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
      for (let n = 0; n < count; n++) {
        const folder = join(root, `portion-${n}`);
        mkdirSync(folder, { recursive: true });
        const target = join(folder, `${i}-${basename(path)}`);
        if (lines.length) {
          const part = lines.slice(
            Math.floor((lines.length * n) / count),
            Math.floor((lines.length * (n + 1)) / count),
          );
          if (part.length) writeFileSync(target, `${part.join('\n')}\n`);
          else continue;
        } else if (path.endsWith('.json') ? i % count === n : n === 0) copyFileSync(path, target);
        else continue;
        portions[n].push(target);
      }
    });
  return portions;
}
