// What nvcc makes of the CUDA sources (scripts/ptx), where it is installed: no device is needed. All files for sm_90 with their
// budget, some for three architectures; `npm run check:ptx` compiles all for three.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';

interface Unit {
  name: string;
  isEntry: boolean;
  opcodes: string[];
}
// biome-ignore lint/suspicious/noExplicitAny: JavaScript without types
const load = (name: string): Promise<any> => import(new URL(`../../scripts/ptx/${name}.mjs`, import.meta.url).href);
const { compile, flagsOfBuild, nvccVersion } = await load('compile');
const { divisionsInLoops, floatsOf, reportOf, unitsOf } = await load('read');
const { differences, faultsOf, growth, numbersOf } = await load('rules');

const missing = (await nvccVersion()) === undefined ? 'no nvcc' : undefined;
const kLimit = 600_000;
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-ptx-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const check = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/ptx.mjs', ...args], { cwd: root }).then(({ stdout }) =>
    stdout.trim(),
  );
const units = async (file: string, more: object = {}): Promise<Unit[]> =>
  unitsOf((await compile(file, { arch: '90', ...more })).text);
const faults = (all: Unit[]): string[] => all.flatMap((unit) => faultsOf('x', unit));

/** A kernel of these lines, in a file of its own. */
async function planted(lines: string, head = 'extern "C" __global__ void kernel(float* x, long n)'): Promise<Unit[]> {
  const file = path.join(folder, 'planted.cu');
  writeFileSync(file, `${head} { ${lines} }\n`);
  return units(file);
}

describe.skipIf(missing)(missing === undefined ? 'the PTX of the CUDA sources' : `the PTX: not run: ${missing}`, () => {
  it(
    'rounds as IEEE has it, fuses what the source fuses, adds by place in deterministic mode, and keeps to its budget',
    async () => {
      expect(await check('--arch', '90')).toMatch(/^\d+ files, \d{3} kernels, sm_90: 0 faults$/m);
    },
    kLimit,
  );

  it(
    'has the same operations for three architectures',
    async () => {
      const files = ['reduce', 'softmax', 'rmsprop'].map((op) => `native/ops/${op}/${op}.cu`);
      expect(await check(...files)).toMatch(/^3 files, \d+ kernels, sm_75, sm_80, sm_90: 0 faults$/m);
    },
    kLimit,
  );
});

describe.skipIf(missing)('control', () => {
  const file = 'native/ops/rmsprop/rmsprop.cu';
  it('without the flags of the build, operations are fused', async () => {
    const kept = await compile(file, { arch: '90', assembled: true });
    const numbers = (all: Unit[], report: string) =>
      Object.fromEntries(
        all.filter(({ isEntry }) => isEntry).map((one) => [one.name, numbersOf(one, reportOf(report))]),
      );
    const budget = numbers(unitsOf(kept.text), kept.report);
    expect(growth('x', budget, budget)).toEqual([]);
    const loose = flagsOfBuild().filter((flag: string) => flag !== '--fmad=false');
    const fused = await units(file, { flags: loose });
    expect(growth('x', budget, numbers(fused, kept.report)).join('\n')).toMatch(/expected \d+ fma, got \d+/);
    expect(faults(fused).join('\n')).toMatch(/(?:add|mul)\.f32 does not round to nearest/);
  });

  it('with fast-math, operations flush and are approximate', async () => {
    const fast = faults(await units(file, { flags: ['--extended-lambda', '--use_fast_math'] })).join('\n');
    expect(fast).toMatch(/\.ftz\S* flushes subnormals/);
    expect(fast).toMatch(/\.approx\S* is approximate/);
  });

  it('an addition in the order of arrival is found, and one that atomic mode names is none', async () => {
    expect(faults(await planted('atomicAdd(x, 1.0f);'))).toEqual([
      expect.stringMatching(/^x: kernel: (?:atom|red)\.global\.add\.f32 in a kernel of deterministic mode$/),
    ]);
    const named = 'extern "C" __global__ void kernel_atomic(float* x)';
    expect(faults(await planted('atomicAdd(x, 1.0f);', named))).toEqual([]);
    expect(faults(await planted('x[0] = __syncthreads_or(n == 3);'))).toEqual([]);
  });

  it('a division counts where it is in a loop', async () => {
    const [inside] = await planted('for (long i = 1; i < n; ++i) x[n % i] = 1.0f;');
    const [outside] = await planted('const long m = n % blockDim.x; for (long i = 0; i < m; ++i) x[i] = 1.0f;');
    expect([divisionsInLoops(inside), divisionsInLoops(outside)].map((count) => count > 0)).toEqual([true, false]);
  });

  it('more than the budget, a new kernel and other operations are told', () => {
    const numbers = { registers: 32, spills: 0, divisionsInLoops: 0, fma: 2 };
    expect(
      growth(
        'f',
        { k: numbers },
        { k: { ...numbers, registers: 40, fma: 3 }, l: numbers, plain: { ...numbers, fma: 0 } },
      ),
    ).toEqual([
      'f: k: expected registers of at most 32, got 40',
      'f: k: expected 2 fma, got 3',
      'f: l: 2 fma that the budget does not have',
    ]);
    const unit = (opcodes: string[]) => [{ name: 'k', isEntry: true, opcodes }];
    expect(floatsOf({ opcodes: ['ld.global.f32', 'add.rn.f32', 'add.s32'] })).toEqual(['add.rn.f32']);
    expect(differences('f', ['75', unit(['add.rn.f32'])], ['90', unit(['mul.rn.f32'])])).toEqual([
      'f: k: operation 0 is add.rn.f32 in sm_75, mul.rn.f32 in sm_90',
    ]);
  });
});
