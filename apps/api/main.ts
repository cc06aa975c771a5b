import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../../libs/config/package-root';
import { ApiModule } from '../../libs/http/api.module';
import { openApiDocument } from '../../libs/http/openapi';
import { createServer } from '../../libs/http/server';
import { ReportIssuer } from '../../libs/report/issued/report-issuer';
import { IngestService } from '../../libs/ingest/ingest.service';
import { QueryPool } from '../../libs/store/query-pool';
import { Store } from '../../libs/store/store';
import { WriteTurn } from '../../libs/store/write-turn';

/** Writes `apps/api/openapi.json` from the routes: `node dist/apps/api/main.js`. The API itself is served by `hoptime serve`. */
async function writeDocument(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hoptime-openapi-'));
  const store = await Store.open(`chdb:${join(folder, 'store')}`);
  try {
    const [turn, ingest] = [new WriteTurn(), new IngestService(store)];
    const options = { version: packageVersion(), verdictThresholdMs: 60_000 };
    const root = ApiModule.of({
      pool: new QueryPool(store),
      ingest,
      turn,
      issuer: new ReportIssuer({ store, turn, ingest, options, path: '' }),
      storePath: store.path,
      settings: { version: packageVersion(), verdictThresholdMs: 60_000, hesNetworks: [], resolver: '' },
    });
    const app = await createServer(root, { dashboardFolder: folder, log: () => undefined });
    const document = JSON.stringify(openApiDocument(app), null, 2);
    writeFileSync(join(packageRoot(), 'apps', 'api', 'openapi.json'), `${document}\n`);
    await app.close();
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

void writeDocument();
