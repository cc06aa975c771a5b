import type { BusUrl } from '../config/bus-url';
import type { WorkerRole } from '../config/config';
import { parseStoreUrl } from '../config/store-url';

/** What a role does, each in any number of processes; `all` does everything in one. */
export interface Duties {
  readonly collects: boolean;
  readonly writes: boolean;
  readonly correlates: boolean;
  readonly answers: boolean;
}

export function dutiesOf(role: WorkerRole): Duties {
  const all = role === 'all';
  return {
    collects: all || role === 'collector',
    writes: all || role === 'writer',
    correlates: all || role === 'correlator',
    answers: all || role === 'api',
  };
}

/** Why a role cannot work with this bus and this store, each with what to do; none where it can (interfaces.md §2). */
export function impossible(role: WorkerRole, busUrl: BusUrl, storeUrl: string): string[] {
  if (role === 'all') return [];
  const problems: string[] = [];
  if (busUrl.kind === 'memory' && role !== 'api')
    problems.push(
      `WORKER_ROLE=${role}: BUS_URL=memory: hands over inside one process only; set BUS_URL=kafka://…, or WORKER_ROLE=all`,
    );
  const store = parseStoreUrl(storeUrl);
  if (role !== 'collector' && !('problem' in store) && store.kind === 'chdb')
    problems.push(
      `WORKER_ROLE=${role}: STORE_URL=chdb: belongs to one process; set STORE_URL=http(s)://… of a ClickHouse server, or WORKER_ROLE=all`,
    );
  return problems;
}
