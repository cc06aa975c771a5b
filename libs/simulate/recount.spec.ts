import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { simulate } from './simulate';
import type { TrueJourney } from './truth';

/**
 * Truth comes from the model; here the same numbers are counted from the log lines, one line after the other, without the model:
 * what the writers left out or cut differently would show.
 */
const out = mkdtempSync(join(tmpdir(), 'hoptime-recount-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Owner {
  messageId: string;
  active?: number;
  pickup: boolean;
  recipients: Map<string, { relayed?: number; deferrals: number; countedBack: number }>;
}

function recount(host: string): string[] {
  const hops: string[] = [];
  const owners = new Map<string, Owner>();
  const finish = (owner: Owner): void => {
    for (const [recipient, { relayed, deferrals, countedBack }] of owner.recipients)
      hops.push(
        hopKey(host, owner.messageId, recipient, owner.pickup ? countedBack : Number(owner.active), relayed, deferrals),
      );
  };
  let previous = 0;
  for (const path of globSync(`postfix/${host}/*.log`, { cwd: out }).sort()) {
    for (const line of readFileSync(join(out, path), 'utf8').trimEnd().split('\n')) {
      const iso = line.startsWith('2026-');
      const at = iso ? Date.parse(`${line.slice(0, 23)}Z`) : Date.parse(`2026 ${line.slice(0, 15)} UTC`);
      expect(at).toBeGreaterThanOrEqual(previous);
      previous = at;
      const match = /^ \S+ postfix\/(\w+)\[\d+\]: (?!NOQUEUE|warning|statistics)([0-9A-Za-z]{9,}): (.*)$/.exec(
        line.slice(iso ? 32 : 15),
      );
      if (!match) continue;
      const [, program, id, text] = match;
      let owner = owners.get(id);
      if (!owner) owners.set(id, (owner = { messageId: '', pickup: false, recipients: new Map() }));
      owner.pickup ||= program === 'pickup';
      const delivery = /^to=<([^>]+)>,.* delay=([\d.]+), delays=([\d./]+), dsn=\S+ status=(\w+) /.exec(text);
      if (text.startsWith('message-id=')) owner.messageId = text.slice(12, -1);
      else if (text.endsWith('(queue active)')) owner.active ??= at;
      else if (delivery) {
        const [, recipient, delay, parts, status] = delivery;
        const sum = parts.split('/').reduce((total, part) => total + Number(part), 0);
        // Each of the five numbers is rounded on its own: half a unit of the coarsest digit each.
        expect(Math.abs(Number(delay) - sum)).toBeLessThanOrEqual(
          Number(delay) >= 10 ? 2.5 : Number(delay) >= 1 ? 0.25 : 0.026,
        );
        const known = owner.recipients.get(recipient) ?? { deferrals: 0, countedBack: 0 };
        owner.recipients.set(recipient, {
          deferrals: known.deferrals + (status === 'deferred' ? 1 : 0),
          relayed: status === 'sent' ? at : known.relayed,
          countedBack: at - Math.round(Number(delay) * 1000),
        });
      } else if (text === 'removed') {
        finish(owner);
        owners.delete(id);
      }
    }
  }
  owners.forEach(finish);
  return hops;
}

function hopKey(
  mta: string,
  id: string,
  recipient: string,
  received: number,
  relayed: number | undefined,
  deferrals: number,
): string {
  const dwell = relayed === undefined ? 'none' : relayed - received;
  return [mta, id, recipient.toLowerCase(), new Date(received).toISOString(), dwell, deferrals].join(' ');
}

test('the hops of truth.ndjson are those of the logs', async () => {
  await simulate({ out, messages: 3000, seed: 11, days: 21 });
  const journeys = readFileSync(join(out, 'truth.ndjson'), 'utf8').trimEnd().split('\n');
  const truth = journeys.flatMap((line) => {
    const { hops, message_id: id, recipient } = JSON.parse(line) as TrueJourney;
    return hops.map(({ mta, received_at, relayed_at, deferrals }) =>
      hopKey(
        mta,
        id ?? '',
        recipient,
        Date.parse(received_at),
        relayed_at ? Date.parse(relayed_at) : undefined,
        deferrals,
      ),
    );
  });
  const logs = ['mx1', 'mx2', 'mbx1', 'mbx2'].flatMap(recount);
  expect(truth.length).toBeGreaterThan(5000);
  expect(logs.sort()).toEqual(truth.sort());
});
