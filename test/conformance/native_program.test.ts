// The conformance program (native/conformance): every case without Node, on every instruction set of this processor and,
// cross-compiled, on NEON under qemu, compared with the golden digests. Controls: a flipped bit and another order of the
// same summands must be reported.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { loadPieces } from '../support/case_files.js';
import { goldenDigests } from '../support/golden.js';
import { deterministicTargets, missingTargets } from '../support/targets.js';
import { testRuntime } from '../support/test_runtime.js';

const kMinutes = 60_000;
const program = path.join(root, 'build/conformance/native/conformance');
const casesFile = path.join(root, 'build/conformance/cases');
const golden = await (async () => {
  using runtime = testRuntime();
  return await goldenDigests(runtime);
})();
const pieces = new Set((await loadPieces()).map(({ title }) => title));

const kCase = '\ncase sha256:';

/** The cases in the file: title, the digest it has to have, and all that is written of it. */
function casesInFile(): { title: string; digest: string; bytes: Buffer }[] {
  const bytes = readFileSync(casesFile);
  const found: { title: string; digest: string; bytes: Buffer }[] = [];
  for (let from = bytes.indexOf(kCase) + 1; from > 0; ) {
    const next = bytes.indexOf(kCase, from) + 1;
    const one = bytes.subarray(from, next || undefined);
    const [, digest, , ...title] = one.subarray(0, one.indexOf('\n')).toString().split(' ');
    found.push({ title: title.join(' '), digest: digest!, bytes: one });
    from = next;
  }
  return found;
}
const fileOf = (cases: readonly { bytes: Buffer }[]) =>
  Buffer.concat([Buffer.from('samebits cases 1\n'), ...cases.map(({ bytes }) => bytes)]);

interface Ended {
  status: number | string;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; the event loop goes on meanwhile, which a test worker needs. */
function start(command: string, args: readonly string[], env = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: root, maxBuffer: 1 << 26, env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : (error.code ?? error.signal ?? 'unknown'), stdout, stderr });
    });
  });
}

/** Fails with the end of what a program said unless it ended well. */
function expectSuccess({ status, stdout, stderr }: Ended): void {
  if (status !== 0) expect.fail(`expected exit status 0, got ${status}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
}
const script = (...args: string[]) => start(process.execPath, ['scripts/conformance.mjs', ...args]);

/** Why a build cannot be made here; undefined when it can. */
async function lacking(build: string): Promise<string | undefined> {
  const { status, stderr } = await script(build, '--check');
  if (status !== 0 && status !== 3) throw new Error(`expected to learn what is missing, got ${stderr}`);
  return status === 3 ? stderr.trim() : undefined;
}

/** A test's name with the reason why it is not run, if there is one. */
const named = (title: string, reason: string | undefined) => (reason ? `${title} (not run here: ${reason})` : title);

function whole(isa: string, threads: string, count = casesInFile().length): string {
  return `cpu/${isa}/deterministic: ${count} of ${count} cases have the expected digest with ${threads} threads`;
}
const close = (isa: string, most: number) =>
  new RegExp(`cpu/${isa}/atomic: (\\d+) of \\1 cases are within their tolerance with ${most} threads`);

const withoutNative = await lacking('native');
const withoutNeon = await lacking('neon');
const withoutNeonClang = await lacking('neon-clang');

// A processor of before AVX and FMA, under qemu: what a build does where there is no instruction for multiply-add.
// Larger cases say nothing more: the scalar kernels are those of the tests above, and only the multiply-add is another. Every kernel
// has cases among these, or the program ends with 1.
const kFew = 20_000;
const oldProcessor = { command: 'qemu-x86_64-static', args: ['-cpu', 'Nehalem'] };

/** Why the old processor cannot be had here; undefined when it can. */
async function withoutOldProcessor(): Promise<string | undefined> {
  if (withoutNative !== undefined) return withoutNative;
  if (process.arch !== 'x64') return 'this machine is not x86-64';
  const { status } = await start(oldProcessor.command, ['--version']);
  return status === 0 ? undefined : `expected ${oldProcessor.command}, got none; it is in qemu-user-static`;
}
const noOldProcessor = await withoutOldProcessor();

/** Whether this run wrote the cases, which NEON takes. */
let written = false;

describe.skipIf(withoutNative !== undefined)(named('the conformance program', withoutNative), () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'samebits-conformance-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'cases');
  let all: Ended = { status: 'not run', stdout: '', stderr: '' };
  beforeAll(async () => {
    all = await script('native');
    written = all.status === 0;
  }, 20 * kMinutes);

  it('builds, and every test of it passes', () => {
    expectSuccess(all);
    expect(all.stdout).toContain('100% tests passed');
  });

  it('takes each case with ordinary and strange values, many where sums are joined once more, and each piece', () => {
    const strange = [...golden.keys()].filter((title) => !pieces.has(title)).map((title) => `${title}, strange values`);
    const titles = casesInFile().map(({ title }) => title);
    const more = titles.filter((title) => title.endsWith(', strange values in any order'));
    expect(titles.sort()).toEqual([...golden.keys(), ...strange, ...more].sort());
    expect(more.length).toBeGreaterThan(100);
  });

  it.each(deterministicTargets)('gives every golden digest on $name with 1, 2, 3 and 7 threads', ({ isa }) => {
    expect(all.stdout).toContain(whole(isa, '1, 2, 3, 7'));
    expect(all.stdout).toMatch(close(isa, 7));
  });

  it('is asked for the golden digests, and prints those that it found for each instruction set', async () => {
    const asked = new Map(casesInFile().map(({ title, digest }) => [title, digest]));
    expect([...golden].filter(([title, digest]) => asked.get(title) !== digest)).toEqual([]);
    const few = casesInFile().filter(({ title }) => title.startsWith('reduce '));
    writeFileSync(file, fileOf(few));
    const { stdout } = await start(program, ['cases', file, '--threads', '3', '--hashes']);
    for (const { name } of deterministicTargets) {
      const lines = few.map(({ title, digest }) => `${name} ${digest} ${title}`);
      expect(stdout.split('\n').filter((line) => line.startsWith(`${name} sha256:`))).toEqual(lines);
    }
  });

  it('names the instruction sets that it does not run, with the reason', () => {
    const missing = missingTargets.filter(({ name }) => name.endsWith('/deterministic'));
    expect(missing.length).toBeGreaterThan(0); // no processor has both AVX and NEON
    for (const { name, reason } of missing) {
      expect(all.stdout).toContain(`${name.replace('/deterministic', '/*')} is not run here: ${reason}`);
    }
  });

  describe('is not satisfied with anything', () => {
    /** Runs the program on one case after a change; `change` gets the values that the case writes first. */
    function runChanged(title: string, change: (values: Uint32Array) => void) {
      const one = fileOf(casesInFile().filter((other) => other.title === title));
      const at = one.indexOf('\nwrite ') + 1;
      const begin = one.indexOf('\n', at) + 1;
      const bytes = Number(one.subarray(at, begin).toString().trim().split(' ')[2]);
      const values = new Uint32Array(one.buffer.slice(one.byteOffset + begin, one.byteOffset + begin + bytes));
      change(values);
      one.set(new Uint8Array(values.buffer), begin);
      writeFileSync(file, one);
      return start(program, ['cases', file, '--threads', '1']);
    }
    const differing = (stdout: string) => stdout.split('\n').filter((line) => line.includes(': expected sha256:'));

    it.each([
      [
        'a flipped bit',
        'conv2d [2,9,16,3] by [3,3,3,32] {"activation":"relu"}',
        (values: Uint32Array) => {
          values[100]! ^= 1;
        },
      ],
      [
        'the same summands in another order',
        'reduce sum of [4099] over [0]',
        (values: Uint32Array) => {
          values.reverse();
        },
      ],
    ])('reports %s', async (_, title, change) => {
      expect([...golden.keys()]).toContain(title);
      const { status, stdout } = await runChanged(title, change);
      expect(status).toBe(1);
      expect(differing(stdout)).toHaveLength(deterministicTargets.length);
      for (const line of differing(stdout)) expect(line).toContain(`, 1 threads: ${title}: expected `);
    });

    it('refuses a file that ends early, and one that is none', async () => {
      writeFileSync(file, readFileSync(casesFile).subarray(0, 5000));
      expect((await start(program, ['cases', file])).stderr).toMatch(
        new RegExp(`^conformance: ${file}: expected .*, got '.*'\n$`),
      );
      const nothing = path.join(folder, 'nothing');
      expect(await start(program, ['cases', nothing])).toEqual({
        status: 2,
        stdout: '',
        stderr: `conformance: ${nothing}: expected a readable file, got '${nothing}'\n`,
      });
    });
  });

  it.skipIf(noOldProcessor !== undefined)(
    named(
      `gives the digest of each case of up to ${kFew} bytes on a processor without AVX and FMA, every kernel among them`,
      noOldProcessor,
    ),
    async () => {
      const run = (...args: string[]) => start(oldProcessor.command, [...oldProcessor.args, program, ...args]);
      const few = casesInFile().filter(({ bytes }) => bytes.length <= kFew);
      writeFileSync(file, fileOf(few));
      // Ends with 1 where a kernel has no case.
      const { status, stdout } = await run('cases', file, '--threads', '3');
      expect(few.length).toBeGreaterThan(1000);
      expect(stdout).toContain(whole('scalar', '3', few.length));
      expect(stdout).toContain('cpu/avx2/* is not run here: this processor has no AVX2 with FMA');
      expect(stdout).toContain('cpu/avx512/* is not run here: this processor has no AVX-512 (F, VL, BW, DQ)');
      expect(status).toBe(0);
      expect(await run('fma', '10', '1')).toEqual({
        status: 3,
        stdout: '',
        stderr: 'conformance: fma is not compared here: this processor has no fused multiply-add\n',
      });
    },
    10 * kMinutes,
  );

  it('finds the emulated multiply-add equal to the instruction, and a twice rounded one not', async (context) => {
    const { status, stdout, stderr } = await start(program, ['fma', '3000000', '77']);
    if (status === 3) context.skip(stderr.trim());
    const { differing, twiceRoundedDiffering } = JSON.parse(stdout);
    expect(differing).toBe(0);
    const [, , , halfway, denormal] = twiceRoundedDiffering;
    expect(halfway).toBeGreaterThan(100_000);
    expect(denormal).toBeGreaterThan(100_000);
    expect(status).toBe(0);
  });
});

describe('AArch64 under qemu', () => {
  it('is refused with the packages by name where programs are missing', async () => {
    const nowhere = { PATH: path.join(root, 'test') };
    expect(await start(process.execPath, ['scripts/conformance.mjs', 'neon'], nowhere)).toEqual({
      status: 3,
      stdout: '',
      stderr:
        'conformance: expected cmake, make, aarch64-linux-gnu-g++, qemu-aarch64-static, got none; ' +
        'they are in the Debian packages cmake make g++-aarch64-linux-gnu qemu-user-static\n',
    });
  });

  it('is not mistaken for another target', async () => {
    expect(await script('arm')).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'conformance: expected one of native, clang, neon, neon-clang, windows, musl, and ' +
        "--check, --written, --quick, --build or nothing, got 'arm'\n",
    });
  });

  /** Compiles the program for AArch64, and returns how it is started. */
  async function emulated(build: 'neon' | 'neon-clang') {
    // Compiling takes longer than the run; `npm run test:neon` has the optimisation of a delivered build, and every case.
    expectSuccess(await script(build, '--quick', '--build'));
    const emulators = ['qemu-aarch64-static', 'qemu-aarch64'];
    const there = await Promise.all(emulators.map((name) => start(name, ['--version'])));
    // One of them is there, or the build would lack it.
    const emulator = emulators.find((_, i) => there[i]!.status === 0)!;
    return (...args: string[]) =>
      start(emulator, [path.join(root, 'build/conformance', build, 'conformance'), ...args]);
  }

  /** Runs cases with 3 threads and expects their digests on both instruction sets. */
  async function expectDigests(run: (...args: string[]) => Promise<Ended>, cases: ReturnType<typeof casesInFile>) {
    const folder = mkdtempSync(path.join(tmpdir(), 'samebits-conformance-'));
    const file = path.join(folder, 'cases');
    writeFileSync(file, fileOf(cases));
    const ended = await run('cases', file, '--threads', '3');
    rmSync(folder, { recursive: true });
    expectSuccess(ended);
    for (const isa of ['scalar', 'neon']) {
      expect(ended.stdout).toContain(whole(isa, '3', cases.length));
      expect(ended.stdout).toMatch(close(isa, 3));
    }
    for (const isa of ['avx2', 'avx512']) {
      expect(ended.stdout).toContain(`cpu/${isa}/* is not run here: this build is for AArch64`);
    }
  }

  // What strange values do is the same in the long sums of large cases.
  it.skipIf(withoutNeon !== undefined)(
    named('gives every golden digest on scalar and neon with 3 threads', withoutNeon),
    async () => {
      expect(written).toBe(true);
      const run = await emulated('neon');
      const cases = casesInFile().filter(({ title, bytes }) => golden.has(title) || bytes.length <= kFew);
      expect(cases.filter(({ title }) => golden.has(title)).length).toBe(golden.size);
      await expectDigests(run, cases);
      expectSuccess(await run('fma', '2000000', '1'));
    },
    20 * kMinutes,
  );

  // Another compiler makes other instructions of the same source: of a comparison with 0, fmax, which has another -0.
  it.skipIf(withoutNeonClang !== undefined)(
    named(`compiled by clang gives the digest of each case of up to ${kFew} bytes`, withoutNeonClang),
    async () => {
      expect(written).toBe(true);
      const run = await emulated('neon-clang');
      await expectDigests(
        run,
        casesInFile().filter(({ bytes }) => bytes.length <= kFew),
      );
    },
    20 * kMinutes,
  );
});
