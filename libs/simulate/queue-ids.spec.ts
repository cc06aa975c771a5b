import { SECOND } from './clock';
import { FLEETS } from './hosts';
import { QueueIds, longQueueId, shortQueueId } from './queue-ids';
import { Random } from './random';

const [MX1, MX2] = FLEETS.postfix.hosts;

// 2026-03-02T09:11:12.123456Z, i-node 131074, converted with a separate script.
const CREATED = 1_772_442_672_123_456;

test('long ids carry seconds and microseconds in base 52 and the i-node in base 51', () => {
  expect(longQueueId(CREATED, 131_074)).toBe('4fPY800sf8zyN4');
});

test('short ids carry microseconds and i-node in hexadecimal', () => {
  expect(shortQueueId(CREATED, 131_074)).toBe('1E24020002');
});

test('a short id comes back, a minute after its message has left at the earliest; a long one never', () => {
  const short = new QueueIds(MX2, new Random(1));
  const removedAt = new Map<string, number>();
  let reused = 0;
  for (let i = 0; i < 3000; i++) {
    const opened = CREATED + i * 20 * SECOND;
    const id = short.next(opened);
    const before = removedAt.get(id);
    if (before !== undefined) {
      reused++;
      expect(opened - before).toBeGreaterThanOrEqual(60 * SECOND);
    }
    removedAt.set(id, opened + SECOND);
    short.release(id, opened + SECOND);
  }
  expect(reused).toBeGreaterThan(50);

  const long = new QueueIds(MX1, new Random(1));
  const seen = new Set<string>();
  for (let i = 0; i < 3000; i++) {
    const id = long.next(CREATED + i * 20 * SECOND);
    long.release(id, CREATED + i * 20 * SECOND + 1);
    seen.add(id);
  }
  expect(seen.size).toBe(3000);
});
