// The digest of every case, and of every piece of work beside the cases, in deterministic mode, kept with the contract's
// version: a bit may change only when the version does. `npm run golden` writes the file anew, and only when asked.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { capabilities, createRuntime } from '../../lib/index.js';
import { claimedCases, runClaimed } from '../determinism/claims.js';
import { digestOf } from '../support/digest.js';
import { piecesBeside } from '../support/kernels_beside.js';

interface Golden {
  contract: number;
  digests: Record<string, string>;
}

const file = new URL('./golden.json', import.meta.url);
const kept: Golden = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Golden)
  : { contract: 0, digests: {} };

async function computed(): Promise<Golden> {
  using runtime = createRuntime();
  const digests: Record<string, string> = {};
  for (const claimed of await claimedCases()) digests[claimed.title] = digestOf(runClaimed(runtime, claimed));
  for (const { title, run } of piecesBeside) digests[title] = digestOf(run(runtime));
  return { contract: capabilities().contract, digests };
}

const now = await computed();

if (process.env['SAMEBITS_GOLDEN'] === 'write') {
  const temporary = new URL('./golden.json.new', import.meta.url);
  writeFileSync(temporary, `${JSON.stringify(now, null, 2)}\n`);
  renameSync(temporary, file);
  it(`wrote ${Object.keys(now.digests).length} digests of contract ${now.contract}`, () => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(now);
  });
} else {
  it('was written for the contract in force; `npm run golden` writes it anew', () => {
    expect(kept.contract).toBe(now.contract);
  });

  it('has the digest of every case and of none that is gone', () => {
    expect(Object.keys(kept.digests).sort()).toEqual(Object.keys(now.digests).sort());
  });

  it.each(Object.entries(kept.digests))('%s still has its digest', (title, digest) => {
    expect(now.digests[title]).toBe(digest);
  });
}
