// The child of process.test.ts: prints, as JSON, the digest of every case on one target (`cases`) or many racing
// sums in the order in which they were made (`racing`).

import { createRuntime, type RuntimeOptions } from '../../lib/index.js';
import { digestOf } from '../support/digest.js';
import { claimedCases, runClaimed } from './claims.js';
import { racingSums } from './racing.js';

const options = JSON.parse(process.argv[3]!) as Required<RuntimeOptions>;

async function digests(): Promise<Record<string, string>> {
  using runtime = createRuntime(options);
  const found: Record<string, string> = {};
  for (const claimed of await claimedCases()) found[claimed.title] = digestOf(runClaimed(runtime, claimed));
  return found;
}

const racing = () => racingSums({ ...options, runs: options.mode === 'atomic' ? 200 : 20 });
console.log(JSON.stringify(process.argv[2] === 'racing' ? racing() : await digests()));
