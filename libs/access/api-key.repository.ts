import type { Store } from '../store/store';
import { newApiKey } from './api-key';
import type { Role } from './role';

/** A key without its secret. Times are epoch ms; `expiresAt` null = never. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly secretHash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revoked: boolean;
  /** recipient domains whose mail alone the key sees; empty: all mail */
  readonly domains: readonly string[];
}

interface Row {
  key_id: string;
  name: string;
  role: Role;
  secret_hash: string;
  created_ms: number;
  expires_ms: number;
  revoked: number;
  domains: string[];
}

/** API keys in the store. */
export class ApiKeyRepository {
  constructor(private readonly store: Pick<Store, 'rows' | 'client'>) {}

  /** Makes a key and answers its text, which cannot be had again. */
  async create(
    name: string,
    role: Role,
    now: number,
    expiresAt: number | null,
    domains: readonly string[] = [],
  ): Promise<{ key: ApiKey; text: string }> {
    const { id, text, secretHash } = newApiKey();
    const key = { id, name, role, secretHash, createdAt: now, expiresAt, revoked: false, domains };
    await this.write(key, 1);
    return { key, text };
  }

  /** All keys, the oldest first, also those that are revoked or expired. */
  async all(): Promise<ApiKey[]> {
    const rows = await this.store.rows<Row>({
      sql: `SELECT key_id, name, toString(role) AS role, secret_hash, toUnixTimestamp64Milli(created_at) AS created_ms,
        toUnixTimestamp64Milli(expires_at) AS expires_ms, revoked, domains FROM hoptime_store.api_keys FINAL ORDER BY created_at, key_id`,
    });
    return rows.map((row) => ({
      id: row.key_id,
      name: row.name,
      role: row.role,
      secretHash: row.secret_hash,
      createdAt: Number(row.created_ms),
      expiresAt: Number(row.expires_ms) === 0 ? null : Number(row.expires_ms),
      revoked: row.revoked === 1,
      domains: row.domains,
    }));
  }

  /** Ends a key; undefined where there is none of this id. */
  async revoke(id: string): Promise<ApiKey | undefined> {
    const key = (await this.all()).find((each) => each.id === id);
    if (key) await this.write({ ...key, revoked: true }, 2);
    return key;
  }

  private async write(key: ApiKey, version: number): Promise<void> {
    await this.store.client.insert({
      table: 'hoptime_store.api_keys',
      format: 'JSONEachRow',
      values: [
        {
          key_id: key.id,
          name: key.name,
          role: key.role,
          secret_hash: key.secretHash,
          created_at: timeText(key.createdAt),
          expires_at: timeText(key.expiresAt ?? 0),
          revoked: key.revoked ? 1 : 0,
          domains: key.domains,
          version,
        },
      ],
    });
  }
}

export const timeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
