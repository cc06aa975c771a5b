import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const FORM = /^hop_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A key as it is shown once: `hop_`, the id that lists show, and 256 random bits. */
export interface NewApiKey {
  readonly id: string;
  readonly text: string;
  readonly secretHash: string;
}

export function newApiKey(): NewApiKey {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { id, text: `hop_${id}_${secret}`, secretHash: hashOf(secret) };
}

/** Id and secret of a key; undefined for a text that is none. */
export function parseApiKey(text: string): { id: string; secret: string } | undefined {
  const match = FORM.exec(text.trim());
  return match ? { id: match[1], secret: match[2] } : undefined;
}

// 256 random bits cannot be guessed, so no slow hash is needed.
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares in a time that tells nothing of the hash. */
export const isSecretOf = (secret: string, secretHash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(secretHash.padEnd(64).slice(0, 64)));
