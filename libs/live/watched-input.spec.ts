import { NO_BOOKS, NO_DIGEST, type Checkpoint } from './checkpoint';
import { NO_PRINT } from './fingerprint';
import { WatchedInput } from './watched-input';

const FOLLOWED: Checkpoint = {
  ...NO_BOOKS,
  ...NO_PRINT,
  ...NO_DIGEST,
  path: '/var/log/mail.log',
  device: '1',
  inode: '2',
  modifiedMs: 1_774_000_000_000,
  inputId: '3',
  manner: 'followed',
  packed: false,
  format: 'postfix',
  framing: 'lines',
  options: '{}',
  surveyed: '{}',
  prologue: '',
  size: 600,
  position: 500,
  lines: 5,
};

it('is behind by what was seen and not read', () => {
  expect(new WatchedInput(FOLLOWED).lagBytes).toBe(100);
  expect(new WatchedInput(FOLLOWED).lagAt(1600)).toBe(1100);
});

it('is not behind by what was written and read since its size was looked at', () => {
  const input = new WatchedInput({ ...FOLLOWED, size: 40, position: 500 });
  expect(input.lagBytes).toBe(0);
  expect(input.lagAt(500)).toBe(0);
  expect(input.lagAt(510)).toBe(10);
});

it('is never behind in a document or a packed file', () => {
  expect(new WatchedInput({ ...FOLLOWED, manner: 'document', position: 0 }).lagAt(1600)).toBe(0);
  expect(new WatchedInput({ ...FOLLOWED, packed: true }).lagAt(1600)).toBe(0);
});
