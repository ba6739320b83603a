// The table of `npm run check:ptx -- --table`: kernels that share a name of the source are one line, and the machine code of a loop is
// counted as the compiler wrote it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

// biome-ignore lint/suspicious/noExplicitAny: JavaScript without types
const load = (name: string): Promise<any> => import(new URL(`../../scripts/ptx/${name}.mjs`, import.meta.url).href);
const { compile, nvccVersion } = await load('compile');
const { hotLoop, instructionsOf, kernelsOf } = await load('sass');
const { familyOf } = await load('table');

const missing = (await nvccVersion()) === undefined ? 'no nvcc' : undefined;
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-table-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('kernels go by the problem of their tiles, the function that gives an element, or their name', () => {
  const tile = 'samebits::simt::Tile<0, true>';
  expect([
    familyOf(
      `void samebits::simt::chains_kernel<${tile}, samebits::Sum<(samebits::Mode)1> >(samebits::Sum<(samebits::Mode)1>, int)`,
    ),
    familyOf('void samebits::simt::chains_kernel<8, 4, samebits::Sum>(samebits::Sum, long)'),
    familyOf('void samebits::simt::each_kernel<samebits::pool<true>(int)::{lambda(long)#1}>(long)'),
    familyOf('samebits::simt::join_kernel(float const*, long)'),
    familyOf('void samebits::sum_kernel<(samebits::Mode)0>(float*)'),
  ]).toEqual(['chains: Sum', 'chains: Sum', 'pool', 'join_kernel', 'sum_kernel']);
});

describe.skipIf(missing)(missing === undefined ? 'machine code' : `machine code: not run: ${missing}`, () => {
  it('of a loop is counted along the way that skips nothing, and a longer loop has more', async () => {
    const file = path.join(folder, 'loops.cu');
    const kernel = (name: string, body: string) =>
      `extern "C" __global__ void ${name}(float* x, int n) {
        float a = x[0], b = x[1], c = x[2];
        _Pragma("unroll 1") for (int i = 0; i < n; ++i) { ${body} }
        x[0] = a;
      }\n`;
    const two = 'a = __fmaf_rn(b, c, a); a = __fmaf_rn(a, c, b);';
    const sources = {
      two,
      branching: `if (x[i] > 3.0f) { ${two.repeat(10)} x[i] = a; } else { a = __fmaf_rn(a, a, b); __threadfence(); }`,
      none: 'a += b;',
    };
    writeFileSync(
      file,
      Object.entries(sources)
        .map(([name, body]) => kernel(name, body))
        .join(''),
    );
    const { cubin } = await compile(file, { arch: '90', assembled: true });
    const found = Object.fromEntries(
      kernelsOf(cubin).map((one: { name: string }) => [one.name, { loop: hotLoop(one), all: instructionsOf(one) }]),
    );
    expect(found['two'].loop).toMatchObject({ fma: 2, loads: 0 });
    expect(found['branching'].loop).toMatchObject({ fma: 20, loads: 1 });
    expect(found['branching'].loop.all).toBeGreaterThan(found['two'].loop.all);
    expect(found['two'].all).toBeGreaterThan(found['two'].loop.all);
    expect(found['none'].loop).toBeUndefined();
  });
});
