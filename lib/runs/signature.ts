/** Ed25519 signatures over the bytes of a receipt. Keys are PEM files; what a receipt keeps is lower-case hex. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ArgumentError, show } from '../errors/index.js';
import { reason } from '../files/index.js';

/** A signature as a receipt keeps it; the public key is its DER form (RFC 8410). */
export interface Signature {
  algorithm: 'ed25519';
  publicKey: string;
  value: string;
}

function readKey(who: string, path: string, what: string, parse: (pem: string) => KeyObject): KeyObject {
  const expected = `a PEM file of an Ed25519 ${what} key`;
  let key: KeyObject;
  try {
    key = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ArgumentError({ who, expected, got: show(path), hint: reason(error) }, { cause: error });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new ArgumentError({ who, expected, got: `one of ${key.asymmetricKeyType}` });
}

/** Reads a private key to sign with. Throws ArgumentError unless the file is one. */
export const readPrivateKey = (who: string, path: string): KeyObject => readKey(who, path, 'private', createPrivateKey);

/** Reads a public key, in the form receipts keep. Throws ArgumentError unless the file is one. */
export function readPublicKey(who: string, path: string): string {
  return hexOf(readKey(who, path, 'public', createPublicKey));
}

const hexOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('hex');

/** Signs bytes. */
export function signatureOf(bytes: Uint8Array, key: KeyObject): Signature {
  return {
    algorithm: 'ed25519',
    publicKey: hexOf(createPublicKey(key)),
    value: sign(null, bytes, key).toString('hex'),
  };
}

/** Whether the signature was made over these bytes with the private key that belongs to its public key. */
export function isSignatureOf(bytes: Uint8Array, { publicKey, value }: Signature): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'hex'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, bytes, key, Buffer.from(value, 'hex'));
  } catch {
    return false; // no key at all, which is as wrong as another one
  }
}
