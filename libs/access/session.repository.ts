import type { Store } from '../store/store';
import { timeText, type ApiKey } from './api-key.repository';
import type { Role } from './role';

/** Who a session is of, and until when (epoch ms). */
export interface Session {
  readonly caller: ApiKey;
  readonly until: number;
}

interface Row {
  key_id: string;
  name: string;
  role: Role;
  domains: string[];
  until_ms: number;
}

const ENDED = 2;

/** Sessions in the store, by the hash of what the browser keeps: they outlast a restart, and all processes of the store know them. */
export class SessionRepository {
  constructor(private readonly store: Pick<Store, 'rows' | 'client'>) {}

  async begin(hash: string, session: Session): Promise<void> {
    await this.write(hash, session, 1);
  }

  /** The session; undefined where there is none, or it was ended. */
  async find(hash: string): Promise<Session | undefined> {
    const [row] = await this.store.rows<Row>('queries/session', { session_hash: hash, ended: ENDED });
    if (!row) return undefined;
    const { key_id, name, role, domains, until_ms } = row;
    return { caller: personOf({ id: key_id, name, role, domains }), until: until_ms };
  }

  async end(hash: string, session: Session): Promise<void> {
    await this.write(hash, session, ENDED);
  }

  private async write(session_hash: string, { caller, until }: Session, version: number): Promise<void> {
    const { id, name, role, domains } = caller;
    const values = [{ session_hash, key_id: id, name, role, domains, until: timeText(until), version }];
    await this.store.client.insert({ table: 'hoptime_store.sessions', format: 'JSONEachRow', values });
  }
}

/** Somebody whom the identity provider knows, as a caller of the same form as an API key. */
export const personOf = (known: Pick<ApiKey, 'id' | 'name' | 'role' | 'domains'>): ApiKey => ({
  ...known,
  secretHash: '',
  createdAt: 0,
  expiresAt: null,
  revoked: false,
});
