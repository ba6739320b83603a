// The kernels and the runtime under sanitizers: nothing reads or writes outside of a tensor, after its time, or beside another
// thread, and no arithmetic is undefined. In these builds every tensor ends with its last byte (native/runtime/guarded.h).
// Controls: planted faults of each kind must be found.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { buildGuard, type Ended, guards, runtimeLibrary, start } from './build.js';

const kMinutes = 60_000;
const kMost = 10_000; // values in a case's inputs: every kernel is reached, and the time stays small
const hooks = path.join(root, 'test/support/typescript_hooks.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-guards-'));
const cases = path.join(folder, 'cases');

/** Why guard builds are not made here; undefined where they are. */
const elsewhere = process.platform === 'linux' ? undefined : `they are made on Linux, this is ${process.platform}`;

const tail = ({ status, stdout, stderr }: Ended) => `exit status ${status}: ${(stdout + stderr).slice(-3000)}`;

beforeAll(async () => {
  if (elsewhere !== undefined) return;
  const script = path.join(root, 'test/conformance/export_cases.ts');
  const written = await start(process.execPath, ['--import', hooks, script, cases, String(kMost)]);
  if (written.status !== 0) throw new Error(`expected cases to be written, got ${tail(written)}`);
}, 10 * kMinutes);
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs all cases on a program, and expects the right bits on scalar and `isa` and not a word from the sanitizer. */
async function expectClean(program: string, isa: string, env: Record<string, string>): Promise<void> {
  const all = await start(program, ['cases', cases, '--rows', '--threads', '1,3'], env);
  if (all.status !== 0) expect.fail(`expected no fault, got ${tail(all)}`);
  expect(all.stderr).toBe('');
  for (const one of ['scalar', isa]) {
    const [, same, count] = new RegExp(`cpu/${one}/deterministic: (\\d+) of (\\d+) cases`).exec(all.stdout) ?? [];
    expect(Number(count)).toBeGreaterThan(250);
    expect(same).toBe(count);
  }
}

const addressOptions = {
  ASAN_OPTIONS: 'detect_leaks=0:detect_stack_use_after_return=1:abort_on_error=0',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

describe.skipIf(elsewhere !== undefined)(
  `AddressSanitizer and UBSan${elsewhere ? ` (not run here: ${elsewhere})` : ''}`,
  () => {
    let program = '';
    let addon = '';
    beforeAll(async () => {
      ({ program, addon } = await buildGuard('address'));
    }, 20 * kMinutes);

    it(
      'find nothing in any kernel, one by one and in rows, with 1 and 3 threads',
      async () => {
        await expectClean(program, guards.address.isa, addressOptions);
      },
      10 * kMinutes,
    );

    const planted = [
      ['write', /heap-buffer-overflow[\s\S]*WRITE of size/],
      ['read', /heap-buffer-overflow[\s\S]*READ of size/],
      ['scratch', /heap-buffer-overflow[\s\S]*WRITE of size 4/],
      ['passing', /use-after-poison[\s\S]*WRITE of size 4/],
      ['freed', /heap-use-after-free[\s\S]*READ of size/],
      ['overflow', /signed integer overflow/],
    ] as const;
    const isas = [...new Set(['scalar', guards.address.isa])];
    it.each(isas.flatMap((isa) => planted.map(([fault, told]) => ({ fault, isa, told }))))(
      'find a planted fault: $fault on $isa',
      async ({ fault, isa, told }) => {
        const { status, stdout, stderr } = await start(program, ['plant', fault, isa], addressOptions);
        expect(stderr).toMatch(told);
        expect(stdout).not.toContain('nobody noticed');
        expect(status).not.toBe(0);
      },
      kMinutes,
    );

    const train = (env: Record<string, string>) =>
      start(
        process.execPath,
        ['--import', hooks, path.join(root, 'test/shim/training_child.ts'), 'cpu', 'deterministic'],
        env,
      );

    it(
      'find nothing in a training in Node, whose weights are those of the ordinary addon',
      async () => {
        const preloaded = { LD_PRELOAD: await runtimeLibrary('libasan'), SAMEBITS_ADDON: addon, ...addressOptions };
        const [guarded, ordinary] = await Promise.all([train(preloaded), train({})]);
        if (guarded.status !== 0) expect.fail(`expected no fault, got ${tail(guarded)}`);
        expect(JSON.parse(guarded.stdout)).toEqual(JSON.parse(ordinary.stdout));
        expect(JSON.parse(guarded.stdout).hashes.length).toBe(4);
      },
      10 * kMinutes,
    );

    it(
      'are really in the addon: it does not load where they are not in the process',
      async () => {
        const { status, stderr } = await train({ SAMEBITS_ADDON: addon, ...addressOptions });
        expect(status).not.toBe(0);
        expect(stderr).toContain('ASan runtime does not come first');
      },
      kMinutes,
    );
  },
);

describe.skipIf(elsewhere !== undefined)(`ThreadSanitizer${elsewhere ? ` (not run here: ${elsewhere})` : ''}`, () => {
  const options = { TSAN_OPTIONS: 'halt_on_error=1' };
  let program = '';
  beforeAll(async () => {
    ({ program } = await buildGuard('thread'));
  }, 20 * kMinutes);

  it(
    'finds nothing in the pool, the queue, the shares, rows and any kernel, with 1 and 3 threads',
    async () => {
      await expectClean(program, guards.thread.isa, options);
    },
    10 * kMinutes,
  );

  it(
    'finds a planted race of two tasks of a loop',
    async () => {
      const { status, stdout, stderr } = await start(program, ['plant', 'race', 'scalar'], options);
      expect(stderr).toContain('WARNING: ThreadSanitizer: data race');
      expect(stderr).toContain('write_twice');
      expect(stdout).not.toContain('nobody noticed');
      expect(status).not.toBe(0);
    },
    kMinutes,
  );
});
