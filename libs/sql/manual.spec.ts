import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openTemporaryStore, type TemporaryStore } from '../store/temporary-store.fixture';
import { SQL_EXAMPLES } from './examples';

/** docs/sql.md against the engine: the manual names every column of every view, as it is. */
const MANUAL = readFileSync(resolve(__dirname, '../../docs/sql.md'), 'utf8');

let own: TemporaryStore;
beforeAll(async () => (own = await openTemporaryStore()));
afterAll(() => own.close());

it('describes every view and column as the engine has them, in its order', async () => {
  const sql = `SELECT table, name, type, comment FROM system.columns WHERE database = 'hoptime' ORDER BY table, position`;
  const columns = await own.store.rows<{ table: string; name: string; type: string; comment: string }>({ sql });
  const described = MANUAL.split('\n### ')
    .slice(1)
    .flatMap((section) => {
      const table = section.split('\n', 1)[0];
      return [...section.split('\n## ')[0].matchAll(/^\| `(\w+)` \| `([^`]+)` \| (.+) \|$/gm)].map(
        ([, name, type, comment]) => ({ table, name, type, comment: comment.replaceAll('\\|', '|') }),
      );
    });
  const inOrder = [...described].sort((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0));
  expect(inOrder).toEqual(columns);
  expect(columns.length).toBeGreaterThan(100);
});

it('shows every example', () => {
  for (const { question, sql } of SQL_EXAMPLES) expect(MANUAL).toContain(`${question}\n\n\`\`\`sql\n${sql};\n\`\`\``);
});
