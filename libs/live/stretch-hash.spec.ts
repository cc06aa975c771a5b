import { createHash } from 'node:crypto';
import { StretchHash } from './stretch-hash';

const TEXT = Buffer.from(
  Array.from({ length: 400 }, (_, n) => `line ${n} to=<alice.${n}@corp.example>, status=sent\n`).join(''),
);
const ofNode = (length: number): string => createHash('sha256').update(TEXT.subarray(0, length)).digest('hex');

it.each([1, 63, 64, 65, 1000, TEXT.length])('goes on in pieces of %d bytes, each in another program', async (piece) => {
  let hashState = '';
  for (let at = 0; at < Math.min(TEXT.length, 40 * piece); at += piece) {
    const hash = await StretchHash.from(hashState, at, TEXT.subarray(Math.max(0, at - 256), at));
    const digest = hash?.push(TEXT.subarray(at, at + piece), piece);
    expect(digest?.sha256).toBe(ofNode(Math.min(TEXT.length, at + piece)));
    hashState = digest?.hashState ?? '';
  }
});

it('answers for positions within what it was given, and goes on behind them', async () => {
  const hash = await StretchHash.from('', 0, Buffer.alloc(0));
  expect(hash?.push(TEXT.subarray(0, 5000), 4321).sha256).toBe(ofNode(4321));
  expect(hash?.push(TEXT.subarray(5000, 5010), 0).sha256).toBe(ofNode(5000));
  expect(hash?.push(TEXT.subarray(5010), 100).sha256).toBe(ofNode(5110));
  expect(hash?.push(TEXT, 0).sha256).toBe(ofNode(TEXT.length));
});

it('keeps nothing of the text in its state', async () => {
  for (const length of [1, 64, 100, 127, 4096, 5001]) {
    const hash = await StretchHash.from('', 0, Buffer.alloc(0));
    const state = Buffer.from(hash?.push(TEXT, length).hashState ?? '', 'base64').toString('latin1');
    const text = TEXT.toString('latin1', 0, length + 64);
    const shared = Array.from({ length: state.length - 3 }, (_, at) => state.slice(at, at + 4));
    expect(shared.filter((four) => text.includes(four))).toEqual([]);
  }
});

// Stores keep states: with a library that cannot load them, the hashes of followed files would be unknown from then on.
it('loads a state that an earlier version has kept', async () => {
  const kept =
    'jBjdlAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAAAAAAAAAAIKpvRhpLz+pTBEUsQ7LtwxGB9pQBKXTxtzSl5Gae3UKIAAAAAAAAAA=';
  const hash = await StretchHash.from(kept, 128, Buffer.alloc(0));
  expect(hash?.push(TEXT.subarray(128, 1000), 872).sha256).toBe(ofNode(1000));
});

it('says that it does not know a state', async () => {
  expect(await StretchHash.from('', 100, TEXT.subarray(0, 100))).toBeUndefined();
  expect(await StretchHash.from('AAAA', 100, TEXT.subarray(0, 100))).toBeUndefined();
});
