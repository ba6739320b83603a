// Claim: the same bits on CPU and CUDA. Where there is no device, the CUDA kernels are run on the CPU by a shim (test/shim),
// with blocks and threads in several orders; this shows their order of additions, not what a compiler for a device makes
// of them. Controls: in atomic mode the order of blocks shows, and the shim reports kernels that do something wrong.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilities, type Runtime } from '../../lib/index.js';
import { drawCase, drawnFactor, otherTables, windowTables } from '../drawn/index.js';
import { buildAddon, buildFaults } from '../shim/build.js';
import { large, long } from '../shim/calls.js';
import { difference, distance, orders, type Replay, ReplayingRuntime, ShimDevice } from '../shim/shim_device.js';
import { loadPieces } from '../support/case_files.js';
import { runChild } from '../support/child.js';
import { expectSameResult } from '../support/compare.js';
import { drawInputs, drawOf, drawStrange, zeroKinds } from '../support/inputs.js';
import { runCase } from '../support/run_case.js';
import { testRuntime } from '../support/test_runtime.js';
import { type Claimed, claimedCases, kSeed, runClaimed } from './claims.js';
import { distinctSums, kManyRuns } from './racing.js';

const kBuild = 900_000;
const cases = await claimedCases();
const pieces = await loadPieces();
const seen = new Set<string>();
/** Values of a case up to which it is run once more, with strange ones and in atomic mode: beyond are long sums, of the same steps. */
const kMost = 20_000;
const valuesOf = ({ case: { inputs } }: Claimed) =>
  inputs.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
const isSmall = (claimed: Claimed) => valuesOf(claimed) < 600;
const upToMost = cases.filter((claimed) => valuesOf(claimed) <= kMost);
let device: ShimDevice;
let atomic: ShimDevice;

let addon: string;
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-launches-'));
const launches = path.join(folder, 'launches');
afterAll(() => {
  delete process.env['SAMEBITS_SHIM_LAUNCHES'];
  rmSync(folder, { recursive: true });
});

beforeAll(async () => {
  process.env['SAMEBITS_SHIM_LAUNCHES'] = launches;
  addon = await buildAddon();
  device = await ShimDevice.open('deterministic');
  atomic = await ShimDevice.open('atomic');
}, kBuild);

/** Runs `work` and expects each of its kernel calls to have the CPU's bits on the shim, in every order. */
function expectTheCpusBits(work: (runtime: Runtime) => void): void {
  const compare = ({ kernel, cpu, shim, tensors }: Replay) => {
    seen.add(kernel);
    shim.forEach((result, i) => {
      const found = difference(tensors, result, cpu);
      if (found !== undefined) expect.fail(`${kernel}, order ${orders[i]}: ${found}`);
    });
  };
  using runtime = new ReplayingRuntime(device, orders, compare);
  work(runtime);
  expect(device.blocks(), 'blocks of device memory left').toBe(0);
}

describe('the CUDA kernels, deterministic', () => {
  it.each(cases)(`$title has the CPU's bits in every order of blocks, seed ${kSeed}`, (claimed) => {
    expectTheCpusBits((runtime) => runClaimed(runtime, claimed));
  });

  it.each(upToMost)(`$title has them with NaN, infinities, denormals and signed zeros, seed ${kSeed}`, (claimed) => {
    expectTheCpusBits((runtime) => runClaimed(runtime, claimed, drawStrange(claimed.case.inputs, kSeed)));
  });

  it.each(cases.filter(isSmall))(
    `$title has them with zeros of both signs and tiny values, seed ${kSeed}`,
    (claimed) => {
      for (const values of Object.values(zeroKinds)) {
        const inputs = claimed.case.inputs.map(({ shape }, i) => drawOf(values, shape, kSeed, i));
        const upstream = (shape: readonly number[]) => drawOf(values, shape, kSeed, 9);
        expectTheCpusBits((runtime) => runClaimed(runtime, claimed, inputs, upstream));
      }
    },
  );

  it.each([...windowTables, ...otherTables].map((drawn, i) => ({ drawn, op: drawn.table.op, i })))(
    '$op ($i): cases drawn from seed 15301 have them',
    ({ drawn, i }) => {
      for (let number = 0; number < Math.ceil(2 * drawn.share * drawnFactor); ++number) {
        const { name, inputs, settings } = drawCase(drawn, 15_301 + i, number);
        try {
          expectTheCpusBits((runtime) => runCase(runtime, drawn.table, settings, drawInputs(inputs, kSeed), kSeed));
        } catch (error) {
          expect.fail(`case ${number}: ${name}: ${(error as Error).message}`);
        }
      }
    },
  );

  it.each(pieces)('$title has them too', ({ run }) => {
    expectTheCpusBits(run);
  });

  const larger = (_title: string, work: (runtime: Runtime) => void) => expectTheCpusBits(work);
  it.each(Object.entries({ ...large, ...long }))('%s, larger than a tile, has them too', larger, kBuild);

  it('are every kernel there is', () => {
    expect(capabilities().kernels.filter((kernel) => !seen.has(kernel))).toEqual([]);
  });
});

/** What training_child.ts prints: the hash of each step, the target, and what is left of its memory. */
interface Trained {
  hashes: string[];
  target: string;
  blocks: number;
}
const child = new URL('../shim/training_child.ts', import.meta.url);
const trained = async (device: string, mode: string, env: Record<string, string> = {}) =>
  JSON.parse(await runChild(child, [device, mode], env)) as Trained;
const trainedOnShim = async (mode: string, order: number) =>
  trained('cuda', mode, { SAMEBITS_ADDON: await buildAddon(), SAMEBITS_SHIM_ORDER: String(order) });

describe('a training on the device of the shim', () => {
  it('has the hash of the CPU after every step, and leaves no memory', async () => {
    const { hashes } = await trained('cpu', 'deterministic');
    expect(new Set(hashes).size).toBe(4);
    for (const order of [orders[0], orders[2]]) {
      expect(await trainedOnShim('deterministic', order)).toEqual({
        hashes,
        target: 'cuda/sm90/deterministic',
        blocks: 0,
      });
    }
  });

  it('in atomic mode does not, and shows the order of blocks (control)', async () => {
    const one = await trainedOnShim('atomic', orders[0]);
    expect((await trainedOnShim('atomic', orders[1])).hashes).not.toEqual(one.hashes);
  });
});

const offered = capabilities().devices.find(({ name }) => name === 'cuda')!;
if (!offered.available) console.info(`device: cuda/* is not run here: ${offered.reason}`);

/** On a machine that has one: the device itself. */
function onTheDevice(): void {
  it.each(cases)(`$title has the CPU's bits, seed ${kSeed}`, (claimed) => {
    using cpu = testRuntime({ threads: 2 });
    using cuda = testRuntime({ device: 'cuda' });
    for (const inputs of [claimed.inputs(), drawStrange(claimed.case.inputs, kSeed)]) {
      expectSameResult(cuda.target, runClaimed(cuda, claimed, inputs), runClaimed(cpu, claimed, inputs));
    }
  });

  it('a training has the hash of the CPU after every step', async () => {
    const { hashes } = await trained('cpu', 'deterministic');
    expect((await trained('cuda', 'deterministic')).hashes).toEqual(hashes);
  });

  it('racing sums are one bit pattern, and in atomic mode more than one (control)', () => {
    const race = { device: 'cuda', threads: 1 } as const;
    expect(distinctSums({ ...race, mode: 'deterministic', runs: 100 }).size).toBe(1);
    expect(distinctSums({ ...race, mode: 'atomic', runs: kManyRuns, enough: 2 }).size).toBeGreaterThan(1);
  });
}
if (offered.available) describe(`cuda/${offered.architecture}`, onTheDevice);

/** The CUDA kernels of the addon of the shim: their names, with arguments of templates, by their places in it. */
function kernelsByPlace(addon: string): Map<string, string> {
  const symbols = execFileSync('nm', ['-C', addon], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n');
  const kernel = /^0*([0-9a-f]+) [tTwW] (?:void )?(samebits::(?:\w+::)*\w+_kernel\b.*)$/;
  // What a compiler makes of parts of a kernel, and functions of the host that are named alike.
  const inside = /\[clone |::operator\(\)|::(?:cuda|find)_kernel\(/;
  return new Map(
    symbols.flatMap((line) => {
      const [, place, name] = kernel.exec(line) ?? [];
      return place === undefined || inside.test(name!) ? [] : [[place, name!]];
    }),
  );
}

/** How far atomic mode may be off, relative to the largest magnitude of a result: what rounding of its sums makes. */
const kClose = 1e-4;

describe('control', () => {
  const shows =
    'in atomic mode every kernel that joins sums shows the order of blocks, and no other does; both stay close to the CPU';
  const showsTheOrder = () => {
    const differing = new Set<string>();
    const compare = ({ kernel, cpu, shim, tensors }: Replay) => {
      const [one, other] = shim;
      if (difference(tensors, one!, other!) !== undefined) differing.add(kernel);
      for (const result of shim) {
        const found = distance(tensors, result, cpu);
        if (found > kClose) expect.fail(`${kernel}: expected values within ${kClose}, got a distance of ${found}`);
      }
    };
    using runtime = new ReplayingRuntime(atomic, orders.slice(0, 2), compare);
    for (const claimed of upToMost) runClaimed(runtime, claimed);
    for (const { run } of pieces) run(runtime);
    for (const work of Object.values(large)) work(runtime);
    const arriving = Object.entries(atomic.contracts()).filter(([, { arrival }]) => arrival.includes('cuda'));
    expect(arriving.length).toBeGreaterThan(10);
    expect([...differing].sort()).toEqual(arriving.map(([kernel]) => kernel).sort());
  };
  it(shows, showsTheOrder, kBuild);

  it('in atomic mode sums of only -0 are +0 too: what is zero on the CPU has its sign in any order', () => {
    const compare = ({ kernel, cpu, shim, tensors }: Replay) => {
      tensors.forEach((tensor, i) => {
        if (tensor?.dtype !== 0 || new Float32Array(cpu[i]!.slice().buffer).some((value) => value !== 0)) return;
        for (const result of shim) {
          const found = difference([tensor], [result[i]!], [cpu[i]!]);
          if (found !== undefined) expect.fail(`${kernel}, tensor ${i}: ${found}`);
        }
      });
    };
    using runtime = new ReplayingRuntime(atomic, orders.slice(0, 2), compare);
    for (const claimed of cases.filter(isSmall)) {
      const inputs = claimed.case.inputs.map(({ shape }, i) => drawOf([-0], shape, kSeed, i));
      runClaimed(runtime, claimed, inputs, (shape) => drawOf([-0], shape, kSeed, 9));
    }
  });

  it('in atomic mode a NaN reaches what it reaches on the CPU, in any order, and nothing else', () => {
    const values = [NaN, ...Array.from({ length: 30 }, (_, i) => (i - 15) / 8)]; // seldom: a sum has one at most
    let seen = 0;
    const compare = ({ kernel, cpu, shim, tensors }: Replay) => {
      tensors.forEach((tensor, i) => {
        if (tensor?.dtype !== 0) return;
        const nans = (bytes: Uint8Array) => [...new Float32Array(bytes.slice().buffer)].map(Number.isNaN);
        const wanted = nans(cpu[i]!);
        seen += wanted.filter(Boolean).length;
        for (const result of shim) expect(nans(result[i]!), `${kernel}, tensor ${i}`).toEqual(wanted);
      });
    };
    using runtime = new ReplayingRuntime(atomic, orders.slice(0, 2), compare);
    for (const claimed of cases.filter(isSmall)) {
      const inputs = claimed.case.inputs.map(({ shape }, i) => drawOf(values, shape, kSeed, i));
      runClaimed(runtime, claimed, inputs, (shape) => drawOf(values, shape, kSeed, 9));
    }
    expect(seen).toBeGreaterThan(1000);
  });

  it(
    'the shim reports what is read before it is written, races, what lies outside, and lonely barriers',
    async () => {
      const said = execFileSync(await buildFaults(), {
        encoding: 'utf8',
        env: { ...process.env, SAMEBITS_SHIM_ORDER: '0' },
      });
      const unwritten = 'a read of shared memory that was never written';
      expect(said.trimEnd().split('\n')).toEqual([
        'tidy: no error',
        `unwritten: ${unwritten} (cell 0, thread 0)`,
        `unwritten in this block: ${unwritten} (cell 0, thread 0)`,
        'read race: a read of shared memory that another thread wrote since the last barrier (cell 0, thread 1)',
        'write race: a write to shared memory that another thread wrote since the last barrier (cell 0, thread 1)',
        'write after read: a write to shared memory that another thread read since the last barrier (cell 1, thread 1)',
        'outside: an access outside the shared memory of the block (cell 64, thread 0)',
        'lonely barrier: a barrier that not every thread of the block reached (thread 63)',
        'crooked row: a row of shared memory that does not start at a multiple of 4 (thread 0)',
        'tidy again: no error',
      ]);
    },
    kBuild,
  );
});

describe('the forms of the kernels', () => {
  it('every kernel, and every instance of a template, was launched by what ran here', () => {
    const kernels = kernelsByPlace(addon);
    const launched = readFileSync(launches, 'utf8').trimEnd().split('\n');
    const taken = new Set(launched.map((place) => kernels.get(place)));
    expect(taken.size).toBeGreaterThan(100);
    expect([...new Set(kernels.values())].filter((name) => !taken.has(name))).toEqual([]);
  });
});
