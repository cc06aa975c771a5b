import { Command, Option } from 'nest-commander';
import { ApiKeyRepository, type ApiKey } from '../../../libs/access/api-key.repository';
import { ROLES, type Role } from '../../../libs/access/role';
import { textTable } from '../../../libs/delay/text-table';
import { isScopeDomain } from '../../../libs/store/row-scope';
import { choice, repeated } from '../command';
import { UsageError } from '../failure';
import { print, printJson } from '../output';
import { StoreCommand, type StoreOptions } from '../store.command';

interface KeysOptions extends StoreOptions {
  name?: string;
  role?: string;
  days?: number;
  domain?: string[];
  json?: boolean;
}

const DAY_MS = 86_400_000;
const ACTIONS = ['create', 'list', 'revoke'] as const;

@Command({
  name: 'keys',
  arguments: '<action> [key-id]',
  argsDescription: { action: 'create, list or revoke', 'key-id': 'which to revoke, as list shows it' },
  description: 'API keys: at any address but the loopback every request needs one',
})
export class KeysCommand extends StoreCommand {
  protected override readonly cluster = 'whole';
  protected readonly examples = `
    hoptime keys create --name grafana --role analyst --days 365
    hoptime keys create --name berlin --role viewer --domain berlin.corp.example --domain corp-berlin.example
    hoptime keys list
    hoptime keys revoke 0f3a9c51d2e4
    curl -H "Authorization: Bearer $KEY" http://mail-report.corp.example:3000/api/v1/range`;

  async run([action, id]: string[], options: KeysOptions): Promise<void> {
    const what = choice('action', action, ACTIONS);
    if (what === 'create') return this.create(options);
    if (what === 'list') return this.list(options);
    if (id === undefined) throw new UsageError('keys revoke: name the key by its id; hoptime keys list shows them');
    const key = await this.withStore(options, (store) => store.inTurn(() => new ApiKeyRepository(store).revoke(id)));
    if (!key) throw new Error(`there is no key ${id}: hoptime keys list shows them`);
    if (options.json) await printJson(shown(key, Date.now()));
    else await print(`Revoked: ${key.id} (${key.name}). A running server refuses it within two seconds.\n`);
  }

  private async create({ name, role, days, domain = [], ...options }: KeysOptions): Promise<void> {
    if (name === undefined || role === undefined)
      throw new UsageError(`keys create: --name and --role are needed; a role is one of ${ROLES.join(', ')}`);
    if (domain.length > 0 && role !== 'viewer' && role !== 'analyst')
      throw new UsageError(`keys create: --domain goes with the roles viewer and analyst; ${role} is about all mail`);
    const now = Date.now();
    const expires = days === undefined ? null : now + days * DAY_MS;
    const { key, text } = await this.withStore(options, (store) =>
      store.inTurn(() => new ApiKeyRepository(store).create(name, role as Role, now, expires, domain)),
    );
    if (options.json) await printJson({ ...shown(key, now), key: text });
    else
      await print(`${text}\n\nThis is shown once: only its hash is kept. ${key.id} is how list and revoke name it.\n`);
  }

  private async list(options: KeysOptions): Promise<void> {
    const keys = await this.withStore(options, (store) => new ApiKeyRepository(store).all());
    const now = Date.now();
    const rows = keys.map((key) => shown(key, now));
    if (options.json) return printJson(rows);
    if (rows.length === 0) return print('No keys yet: hoptime keys create --name NAME --role viewer\n');
    const columns = ['id', 'name', 'role', 'state', 'created', 'expires', 'recipient domains'].map((title) => ({
      title,
    }));
    const cells = rows.map((row) => [
      row.id,
      row.name,
      row.role,
      row.state,
      row.created_at,
      row.expires_at ?? 'never',
      row.domains.join(' ') || 'all',
    ]);
    return print(textTable(columns, cells));
  }

  @Option({ flags: '--name <name>', description: 'whose key it is, for lists and the audit log' })
  parseName(text: string): string {
    if (!/^[\p{L}\p{N} ._@-]{1,100}$/u.test(text))
      throw new UsageError('--name: letters, digits, blanks and . _ @ - only, at most 100');
    return text;
  }

  @Option({
    flags: '--role <role>',
    description: 'viewer, analyst (+ SQL), operator (+ ingest), auditor (+ audit log)',
  })
  parseRole(text: string): string {
    return choice('--role', text, ROLES);
  }

  @Option({ flags: '--days <n>', description: 'how long it is good for; without, until it is revoked' })
  parseDays(text: string): number {
    const days = Number(text);
    if (!Number.isInteger(days) || days < 1 || days > 3650) throw new UsageError('--days: a number from 1 to 3650');
    return days;
  }

  @Option({
    flags: '--domain <domain>',
    description: 'recipient domain whose mail alone the key sees, in API and SQL; may be repeated (viewer, analyst)',
  })
  parseDomain(text: string, before: string[] | undefined): string[] {
    const domain = text.trim().toLowerCase();
    if (!isScopeDomain(domain))
      throw new UsageError(`--domain: ${JSON.stringify(text)} is no domain such as corp.example`);
    return repeated(domain, before);
  }

  @Option({ flags: '--json', description: 'one JSON document' })
  parseJson(): boolean {
    return true;
  }
}

function shown({ id, name, role, createdAt, expiresAt, revoked, domains }: ApiKey, now: number) {
  const state = revoked ? 'revoked' : expiresAt !== null && expiresAt <= now ? 'expired' : 'good';
  const time = (ms: number): string => new Date(ms).toISOString();
  return {
    id,
    name,
    role,
    state,
    created_at: time(createdAt),
    expires_at: expiresAt === null ? null : time(expiresAt),
    domains,
  };
}
