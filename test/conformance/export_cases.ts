// Writes the cases of the test suite for the conformance program: every case with its golden digest, and every
// case again with NaN, infinities, denormals and signed zeros, with the digest of the scalar target, whose bits
// conformance.test.ts compares with the contract. Where sums are joined once more without huge values: these are run in atomic mode
// too, since nothing overflows in one order and not in another.
//   node --import test/support/typescript_hooks.mjs test/conformance/export_cases.ts FILE [MOST]
// With MOST only cases whose inputs hold at most so many values, and without the strange ones: for programs that run slowly.

import { writeWhole } from '../../lib/files/index.js';
import { capabilities, type Runtime } from '../../lib/index.js';
import { type Claimed, claimedCases, kSeed, runClaimed } from '../determinism/claims.js';
import { loadPieces } from '../support/case_files.js';
import { digestOf } from '../support/digest.js';
import { goldenDigests } from '../support/golden.js';
import { drawStrange, drawStrangeInAnyOrder } from '../support/inputs.js';
import type { CaseResult } from '../support/run_case.js';
import { testRuntime } from '../support/test_runtime.js';
import { caseBytes } from './case_file.js';
import { tape } from './door_tape.js';

using runtime = testRuntime({ isa: 'scalar', threads: 1 });
const golden = await goldenDigests(runtime);

/** Kernels in which the two modes differ somewhere. */
const arriving = new Set(
  Object.entries(capabilities().contracts).flatMap(([kernel, { arrival }]) => (arrival.length > 0 ? [kernel] : [])),
);

const parts: Uint8Array[] = [Buffer.from('samebits cases 1\n')];

function add(
  runtime: Runtime,
  title: string,
  work: () => CaseResult,
  how: { tolerance: number | null; expected?: string; ifJoined?: boolean },
) {
  const { result, events } = tape(runtime, work);
  if (how.ifJoined && !events.some((event) => event.kind === 'call' && arriving.has(event.kernel))) return;
  const { tolerance, expected = digestOf(result) } = how;
  parts.push(...caseBytes({ title, expected, tolerance, result, events }));
}

/** Values of inputs up to which a case is written once more. */
const kFew = 20_000;
const most = Number(process.argv[3] ?? Infinity);
const values = (claimed: Claimed): number =>
  claimed.case.inputs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
for (const claimed of (await claimedCases()).filter((one) => values(one) <= most)) {
  // Atomic mode may be off by the table's tolerance, deterministic mode too, each from the judge.
  const tolerance = 2 * Math.max(claimed.table.tolerance, 1e-5);
  const { title } = claimed;
  add(runtime, title, () => runClaimed(runtime, claimed), { tolerance, expected: golden.get(title)! });
  if (most < Infinity) continue;
  const strange = drawStrange(claimed.case.inputs, kSeed);
  add(runtime, `${title}, strange values`, () => runClaimed(runtime, claimed, strange), { tolerance: null });
  if (values(claimed) > kFew) continue;
  const anyOrder = drawStrangeInAnyOrder(claimed.case.inputs, kSeed);
  const work = () => runClaimed(runtime, claimed, anyOrder);
  add(runtime, `${title}, strange values in any order`, work, { tolerance, ifJoined: true });
}
for (const { title, run } of await loadPieces()) {
  add(runtime, title, () => run(runtime), { tolerance: 2e-5, expected: golden.get(title)! });
}

const file = process.argv[2];
if (file === undefined) throw new Error('export_cases: expected a file to write, got none');
writeWhole(file, Buffer.concat(parts));
