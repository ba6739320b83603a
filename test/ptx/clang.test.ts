// What a second compiler, clang, makes of the CUDA sources, where it and nvcc's headers are installed: it takes them all without
// a warning, and its PTX, too, rounds as IEEE has it, fuses nothing and adds by place in deterministic mode.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

// biome-ignore lint/suspicious/noExplicitAny: JavaScript without types
const load = (name: string): Promise<any> => import(new URL(`../../scripts/ptx/${name}.mjs`, import.meta.url).href);
const { clangFlags, compileByClang, findClang } = await load('clang');
const { both, cudaFiles } = await load('compile');
const { unitsOf } = await load('read');
const { faultsOf } = await load('rules');

const found: { clang: string; version: string; cuda: string; missing?: string } = await findClang();
const { missing } = found;
const kLimit = 600_000;
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-clang-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Unit {
  name: string;
  isEntry: boolean;
}
const units = async (file: string, how: object = {}): Promise<Unit[]> =>
  unitsOf(await compileByClang(file, found, how));
const faults = (file: string, all: readonly Unit[]): string[] => all.flatMap((unit) => faultsOf(file, unit));

/** A source of these lines. */
function planted(lines: string): string {
  const file = path.join(folder, 'planted.cu');
  writeFileSync(file, `#include <cuda_runtime.h>\n${lines}\n`);
  return file;
}

const title = missing === undefined ? `clang ${found.version} as a second compiler` : `clang: not run: ${missing}`;
describe.skipIf(missing)(title, () => {
  it(
    'takes every CUDA source without a warning, and its PTX keeps to the contract',
    async () => {
      const files: string[] = cudaFiles();
      const all: Unit[][] = await both(files, units);
      expect(files.flatMap((file, i) => faults(file, all[i]!))).toEqual([]);
      expect(all.flat().filter(({ isEntry }) => isEntry).length).toBeGreaterThan(100);
    },
    kLimit,
  );

  it('fuses where it is told to, and flushes where it is told to, which is found (control)', async () => {
    const file = 'native/ops/rmsprop/rmsprop.cu';
    const loose = clangFlags.map((flag: string) => (flag === '-ffp-contract=off' ? '-ffp-contract=fast' : flag));
    expect(faults(file, await units(file, { flags: loose })).join('\n')).toMatch(/\.f32 does not round to nearest/);
    const flushing = [...clangFlags, '-fgpu-flush-denormals-to-zero'];
    expect(faults(file, await units(file, { flags: flushing })).join('\n')).toMatch(/\.ftz\S* flushes subnormals/);
  });

  it('refuses a kernel that calls the host, and an addition in the order of arrival is found (control)', async () => {
    const calls = planted('int host() { return 1; }\n__global__ void kernel(int* x) { *x = host(); }');
    await expect(units(calls)).rejects.toThrow(/call to __host__ function from __global__ function/);
    const adds = planted('__global__ void kernel(float* x) { atomicAdd(x, 1.0f); }');
    expect(faults('x', await units(adds))).toEqual([
      expect.stringMatching(/^x: \w*kernel\w*: (?:atom|red)\.\S+ in a kernel of deterministic mode$/),
    ]);
  });
});
