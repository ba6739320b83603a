// What a receipt needs is seen in the bytes: a cache that was changed under its old time misleads a training, but neither its
// verification nor a training that signs.

import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { verifyReceipt } from '../../lib/audit/index.js';
import { train } from '../../lib/training/index.js';
import { picture, put, temporaryFolder } from './pictures.js';

const { SAMEBITS_CACHE } = process.env;
afterEach(() => {
  if (SAMEBITS_CACHE === undefined) delete process.env['SAMEBITS_CACHE'];
  else process.env['SAMEBITS_CACHE'] = SAMEBITS_CACHE;
});

it('verify and signed trainings check every byte of the cache', async () => {
  const [data, cache, runs] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  for (let i = 0; i < 8; i++)
    put(data, { [`${i % 2 ? 'a' : 'b'}/${i}.png`]: await picture(i, 20, 20).png().toBuffer() });
  process.env['SAMEBITS_CACHE'] = cache;
  const trained = async (out: string, more: object = {}) => {
    const model = { model: 'lenet5', imageSize: 12, epochs: 1, batchSize: 4, threads: 1 };
    return (await train({ ...model, data, out: join(runs, out), ...more })).weightsHash;
  };
  const first = await trained('first');
  expect(await trained('second')).toBe(first);
  const file = join(cache, readdirSync(cache).find((name) => name.endsWith('.pictures'))!);
  const { mtime } = statSync(file);
  const bytes = readFileSync(file);
  bytes.fill(77, 0, 100);
  const forge = () => {
    writeFileSync(file, bytes);
    utimesSync(file, mtime, mtime);
  };
  forge();
  expect(await trained('misled')).not.toBe(first);
  expect(await trained('checked', { dataCheck: 'contents' })).toBe(first);
  forge();
  expect((await verifyReceipt(join(runs, 'first'), { threads: 1 })).equal).toBe(true);
  forge();
  const key = join(runs, 'key.pem');
  writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  expect(await trained('signed', { sign: key })).toBe(first);
  forge();
  expect((await verifyReceipt(join(runs, 'misled'), { threads: 1 })).equal).toBe(false);
});
