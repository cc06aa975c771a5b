import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config/config';
import { errorCode } from '../../sources/readers/input-problem';

/** A key file that cannot be used, as a sentence that says what to do; nothing of the key is in it. */
export class SigningKeyError extends ConfigError {
  constructor(problem: string) {
    super([problem]);
  }
}

/** The key that reports are signed with. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
}

export interface PublicKey {
  readonly key: KeyObject;
  /** PEM, SubjectPublicKeyInfo (RFC 8410) */
  readonly pem: string;
  /** SHA-256 of the DER form, hexadecimal */
  readonly fingerprint: string;
}

const HOW = 'make one with: openssl genpkey -algorithm ed25519 -out report-key.pem';

/** Reads the private key of a PEM file. @throws SigningKeyError */
export function readSigningKey(path: string): SigningKey {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SigningKeyError(`REPORT_SIGNING_KEY: ${path} cannot be read (${errorCode(error)}); ${HOW}`);
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new SigningKeyError(
      `REPORT_SIGNING_KEY: ${path} holds no private key in PEM form without a passphrase; ${HOW}`,
    );
  }
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new SigningKeyError(`REPORT_SIGNING_KEY: ${path} holds a key of another kind than Ed25519; ${HOW}`);
  return { privateKey, publicKey: described(createPublicKey(privateKey)) };
}

/** The key of a configured file; undefined for '', none is configured. @throws SigningKeyError */
export const signingKeyOf = (path: string): SigningKey | undefined => (path === '' ? undefined : readSigningKey(path));

/** A public key from its PEM text. @throws SigningKeyError */
export function publicKeyFrom(pem: string, what: string): PublicKey {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new SigningKeyError(`${what} is no public key in PEM form`);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new SigningKeyError(`${what} is no Ed25519 key`);
  return described(key);
}

function described(key: KeyObject): PublicKey {
  const der = key.export({ type: 'spki', format: 'der' });
  return {
    key,
    pem: key.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

/** The signature of a text: 64 bytes, Ed25519 (RFC 8032) over its UTF-8 bytes. */
export const signatureOf = (text: string, { privateKey }: SigningKey): Buffer =>
  sign(null, Buffer.from(text), privateKey);

export const isSignatureOf = (text: string, signature: Uint8Array, { key }: PublicKey): boolean =>
  verify(null, Buffer.from(text), key, signature);
