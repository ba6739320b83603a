// A key that a receipt cannot be signed with, and what needs a folder, are refused by `train` before any work.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type TrainOptions, train } from '../../../lib/index.js';
import { small } from '../../determinism/trainings.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-sign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const options: TrainOptions = { ...small, checkpoints: 'all' };
const keys = generateKeyPairSync('ed25519');
const pem = (name: string, key: KeyObject, type: 'pkcs8' | 'spki') => {
  writeFileSync(join(folder, name), key.export({ type, format: 'pem' }));
  return join(folder, name);
};
const privatePem = pem('private.pem', keys.privateKey, 'pkcs8');
const publicPem = pem('public.pem', keys.publicKey, 'spki');

describe('train refuses before any work', () => {
  it('a key or all checkpoints without a folder, and a key that is none', async () => {
    await expect(train({ ...options, sign: privatePem, checkpoints: 'last' })).rejects.toThrow(
      `train: expected out, a folder to keep sign '${privatePem}' in, got none`,
    );
    await expect(train(options)).rejects.toThrow(
      "train: expected out, a folder to keep checkpoints 'all' in, got none",
    );
    const out = join(folder, 'never');
    await expect(train({ ...options, out, sign: publicPem })).rejects.toThrow(
      /^train: expected a PEM file of an Ed25519 private key, got '.*public\.pem'; /,
    );
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const rsaPem = pem('rsa.pem', rsa.privateKey, 'pkcs8');
    await expect(train({ ...options, out, sign: rsaPem })).rejects.toThrow(
      'train: expected a PEM file of an Ed25519 private key, got one of rsa',
    );
  });
});
