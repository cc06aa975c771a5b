import fastify from 'fastify';
import { AccessControl } from '../access/access-control';
import { ApiKeyRepository } from '../access/api-key.repository';
import { AuditLog } from '../access/audit-log';
import { RateLimit } from '../access/rate-limit';
import { openTemporaryStore } from '../store/temporary-store.fixture';
import { guardByKeys } from './access-guard';

it('lets an address begin so many logins as it may ask, and probes for ever', async () => {
  const { store, close } = await openTemporaryStore();
  const server = fastify();
  const audit = new AuditLog(store, () => undefined);
  guardByKeys(server, new AccessControl(new ApiKeyRepository(store), audit, () => 0, new RateLimit(2)));
  server.get('/auth/login', () => 'led on');
  server.get('/health/live', () => 'ok');
  const statuses = async (url: string, remoteAddress: string): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < 3; i++) all.push((await server.inject({ url, remoteAddress })).statusCode);
    return all;
  };
  expect(await statuses('/auth/login', '192.0.2.1')).toEqual([200, 200, 429]);
  expect(await statuses('/auth/login', '192.0.2.2')).toEqual([200, 200, 429]);
  expect(await statuses('/health/live', '192.0.2.1')).toEqual([200, 200, 200]);
  await server.close();
  await close();
});
