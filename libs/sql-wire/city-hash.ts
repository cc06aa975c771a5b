/**
 * CityHash128 of version 1.0.2 (2010), the checksum of ClickHouse's compressed blocks; later versions of CityHash give other values.
 * Numbers of 64 bits are pairs of registers of 32 bits (low, high), since BigInt is ten times slower.
 */
const r = new Int32Array(2 * 40);

// Names of registers: each is the index of its low half.
const [X, Y, Z, V0, V1, W0, W1, A, B, C, D, T, U, S, N] = Array.from({ length: 15 }, (_, i) => 2 * i);
const [K0, K1, K2, K3, KM] = Array.from({ length: 5 }, (_, i) => 2 * (20 + i));

set(K0, 0x97cb3127, 0xc3a5c85c);
set(K1, 0xbe98f273, 0xb492b66f);
set(K2, 0x2f90404f, 0x9ae16a3b);
set(K3, 0x509e6557, 0xc949d7c7);
set(KM, 0xeb382d69, 0x9ddfea08);

let view: DataView = new DataView(new ArrayBuffer(0));

/** The 16 bytes of CityHash128 as they stand before a compressed block: low half first, both little-endian. */
export function cityHash128(bytes: Uint8Array): Buffer {
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.byteLength;
  if (size >= 16) {
    load(A, 0);
    xor(A, A, K3);
    load(B, 8);
    seeded(16, size - 16);
  } else if (size >= 8) {
    load(A, 0);
    set(T, size, 0);
    mul(T, T, K0);
    xor(A, A, T);
    load(B, size - 8);
    xor(B, B, K1);
    seeded(size, 0);
  } else {
    move(A, K0);
    move(B, K1);
    seeded(0, size);
  }
  const hash = Buffer.allocUnsafe(16);
  for (const [at, value] of [r[A], r[A + 1], r[B], r[B + 1]].entries()) hash.writeInt32LE(value, 4 * at);
  return hash;
}

/** Hash of `size` bytes from `from` with the seed in A, B, into A, B. */
function seeded(from: number, size: number): void {
  if (size < 128) murmur(from, size);
  else long(from, size);
}

function long(from: number, size: number): void {
  move(X, A);
  move(Y, B);
  set(Z, size, 0);
  mul(Z, Z, K1);
  // v.low = rot(y ^ k1, 49) * k1 + s[0]; v.high = rot(v.low, 42) * k1 + s[8]
  xor(V0, Y, K1);
  rotate(V0, V0, 49);
  mul(V0, V0, K1);
  addLoaded(V0, from);
  rotate(V1, V0, 42);
  mul(V1, V1, K1);
  addLoaded(V1, from + 8);
  // w.low = rot(y + z, 35) * k1 + x; w.high = rot(x + s[88], 53) * k1
  add(W0, Y, Z);
  rotate(W0, W0, 35);
  mul(W0, W0, K1);
  add(W0, W0, X);
  move(W1, X);
  addLoaded(W1, from + 88);
  rotate(W1, W1, 53);
  mul(W1, W1, K1);

  let at = from;
  let left = size;
  for (; left >= 128; left -= 128, at += 128) {
    round(at);
    round(at + 64);
  }
  // y += rot(w.low, 37) * k0 + z; x += rot(v.low + z, 49) * k0
  rotate(T, W0, 37);
  mul(T, T, K0);
  add(T, T, Z);
  add(Y, Y, T);
  add(T, V0, Z);
  rotate(T, T, 49);
  mul(T, T, K0);
  add(X, X, T);

  const end = from + size;
  for (let done = 0; done < left;) {
    done += 32;
    // y = rot(y - x, 42) * k0 + v.high; w.low += s[-i + 16]; x = rot(x, 49) * k0 + w.low; w.low += v.low
    subtract(Y, Y, X);
    rotate(Y, Y, 42);
    mul(Y, Y, K0);
    add(Y, Y, V1);
    addLoaded(W0, end - done + 16);
    rotate(X, X, 49);
    mul(X, X, K0);
    add(X, X, W0);
    add(W0, W0, V0);
    weak(V0, V1, end - done, V0, V1);
  }
  hash16(X, X, V0);
  hash16(Y, Y, W0);
  add(A, X, V1);
  hash16(A, A, W1);
  add(A, A, Y);
  add(B, Y, V1);
  add(T, X, W1);
  hash16(B, T, B);
}

/** One round of the loop over 64 bytes; x and z change places at its end. */
function round(at: number): void {
  add(X, X, Y);
  add(X, X, V0);
  addLoaded(X, at + 16);
  rotate(X, X, 37);
  mul(X, X, K1);
  add(Y, Y, V1);
  addLoaded(Y, at + 48);
  rotate(Y, Y, 42);
  mul(Y, Y, K1);
  xor(X, X, W1);
  xor(Y, Y, V0);
  xor(Z, Z, W0);
  rotate(Z, Z, 33);
  mul(A, V1, K1);
  add(B, X, W0);
  weak(V0, V1, at, A, B);
  add(A, Z, W1);
  weak(W0, W1, at + 32, A, Y);
  move(T, X);
  move(X, Z);
  move(Z, T);
}

/** Hash of 32 bytes with two seeds, of medium strength ("WeakHashLen32WithSeeds"). */
function weak(low: number, high: number, at: number, seedA: number, seedB: number): void {
  move(U, seedA);
  addLoaded(U, at);
  add(S, seedB, U);
  addLoaded(S, at + 24);
  rotate(S, S, 21);
  move(N, U);
  addLoaded(U, at + 8);
  addLoaded(U, at + 16);
  rotate(C, U, 44);
  add(S, S, C);
  load(C, at + 24);
  add(low, U, C);
  add(high, S, N);
}

/** Short inputs, and what is left of the seed: "CityMurmur". */
function murmur(from: number, size: number): void {
  if (size <= 16) {
    mul(A, A, K1);
    shiftMix(A, A);
    mul(A, A, K1);
    hashTo16(C, from, size);
    mul(T, B, K1);
    add(C, C, T);
    if (size >= 8) load(D, from);
    else move(D, C);
    add(D, D, A);
    shiftMix(D, D);
  } else {
    load(C, from + size - 8);
    add(C, C, K1);
    hash16(C, C, A);
    set(D, size, 0);
    add(D, D, B);
    load(U, from + size - 16);
    add(U, U, C);
    hash16(D, D, U);
    add(A, A, D);
    for (let left = size - 16, at = from; left > 0; left -= 16, at += 16) {
      murmurStep(A, B, at);
      murmurStep(C, D, at + 8);
    }
  }
  hash16(A, A, C);
  hash16(B, D, B);
  move(C, A);
  xor(A, A, B);
  hash16(B, B, C);
}

/** one ^= shiftMix(s[at] * k1) * k1; one *= k1; other ^= one */
function murmurStep(one: number, other: number, at: number): void {
  load(U, at);
  mul(U, U, K1);
  shiftMix(U, U);
  mul(U, U, K1);
  xor(one, one, U);
  mul(one, one, K1);
  xor(other, other, one);
}

/** Hash of 0 to 16 bytes ("HashLen0to16"). */
function hashTo16(to: number, at: number, size: number): void {
  if (size > 8) {
    load(U, at);
    load(S, at + size - 8);
    set(N, size, 0);
    add(N, N, S);
    rotate(N, N, size);
    hash16(to, U, N);
    xor(to, to, S);
  } else if (size >= 4) {
    const first = view.getUint32(at, true);
    set(U, (first << 3) + size, first >>> 29);
    if (((first << 3) >>> 0) + size > 0xffffffff) r[U + 1]++;
    set(N, view.getUint32(at + size - 4, true), 0);
    hash16(to, U, N);
  } else if (size > 0) {
    set(U, view.getUint8(at) + (view.getUint8(at + (size >> 1)) << 8), 0);
    mul(U, U, K2);
    set(N, size + (view.getUint8(at + size - 1) << 2), 0);
    mul(N, N, K3);
    xor(U, U, N);
    shiftMix(U, U);
    mul(to, U, K2);
  } else move(to, K2);
}

/** Two numbers to one ("Hash128to64"). */
function hash16(to: number, u: number, v: number): void {
  const vLow = r[v];
  const vHigh = r[v + 1];
  xor(T, u, v);
  mul(T, T, KM);
  mixed47(T);
  r[to] = vLow ^ r[T];
  r[to + 1] = vHigh ^ r[T + 1];
  mul(to, to, KM);
  mixed47(to);
  mul(to, to, KM);
}

/** x ^= x >>> 47, which touches the low half only: kept apart for the halves' sake. */
function mixed47(at: number): void {
  r[at] ^= r[at + 1] >>> 15;
}

function shiftMix(to: number, a: number): void {
  move(to, a);
  mixed47(to);
}

function set(to: number, low: number, high: number): void {
  r[to] = low;
  r[to + 1] = high;
}

function move(to: number, a: number): void {
  r[to] = r[a];
  r[to + 1] = r[a + 1];
}

function load(to: number, at: number): void {
  r[to] = view.getInt32(at, true);
  r[to + 1] = view.getInt32(at + 4, true);
}

function addLoaded(to: number, at: number): void {
  const low = r[to] >>> 0;
  const sum = low + view.getUint32(at, true);
  r[to] = sum;
  r[to + 1] += view.getInt32(at + 4, true) + (sum > 0xffffffff ? 1 : 0);
}

function add(to: number, a: number, b: number): void {
  const sum = (r[a] >>> 0) + (r[b] >>> 0);
  r[to + 1] = r[a + 1] + r[b + 1] + (sum > 0xffffffff ? 1 : 0);
  r[to] = sum;
}

function subtract(to: number, a: number, b: number): void {
  const difference = (r[a] >>> 0) - (r[b] >>> 0);
  r[to + 1] = r[a + 1] - r[b + 1] - (difference < 0 ? 1 : 0);
  r[to] = difference;
}

function xor(to: number, a: number, b: number): void {
  r[to] = r[a] ^ r[b];
  r[to + 1] = r[a + 1] ^ r[b + 1];
}

/** Rotation to the right by 1 to 63 bits. */
function rotate(to: number, a: number, bits: number): void {
  const low = bits < 32 ? r[a] : r[a + 1];
  const high = bits < 32 ? r[a + 1] : r[a];
  const by = bits & 31;
  r[to] = by === 0 ? low : (low >>> by) | (high << (32 - by));
  r[to + 1] = by === 0 ? high : (high >>> by) | (low << (32 - by));
}

function mul(to: number, a: number, b: number): void {
  const al = r[a];
  const bl = r[b];
  const a0 = al & 0xffff;
  const a1 = al >>> 16;
  const b0 = bl & 0xffff;
  const b1 = bl >>> 16;
  // sums of a product of two 16-bit numbers and one more such number: below 2^32
  const t = (Math.imul(a1, b0) >>> 0) + (Math.imul(a0, b0) >>> 16);
  const u = (Math.imul(a0, b1) >>> 0) + (t & 0xffff);
  const carry = Math.imul(a1, b1) + (t >>> 16) + (u >>> 16);
  r[to + 1] = carry + Math.imul(r[a + 1], bl) + Math.imul(al, r[b + 1]);
  r[to] = Math.imul(al, bl);
}
