// The conformance program (native/conformance): every case without Node, on every instruction set of this processor and,
// cross-compiled, on NEON under qemu, compared with the golden digests. Controls: a flipped bit and another order of the
// same summands must be reported.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { piecesBeside } from '../support/kernels_beside.js';
import { deterministicTargets, missingTargets } from '../support/targets.js';

const kMinutes = 60_000;
const golden = JSON.parse(readFileSync(path.join(root, 'test/golden/golden.json'), 'utf8')).digests as object;
const titles = Object.keys(golden);
// Each case of a table is there twice: with ordinary and with strange values.
const count = 2 * (titles.length - piecesBeside.length) + piecesBeside.length;

function start(command: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, stdout, stderr };
}
const script = (...args: string[]) => start(process.execPath, ['scripts/conformance.mjs', ...args]);

/** Why a build cannot be made here; undefined when it can. */
function lacking(build: string): string | undefined {
  const { status, stderr } = script(build, '--check');
  if (status !== 0 && status !== 3) throw new Error(`expected to learn what is missing, got ${stderr}`);
  return status === 3 ? stderr.trim() : undefined;
}

/** A test's name with the reason why it is not run, if there is one. */
const named = (title: string, reason: string | undefined) => (reason ? `${title} (not run here: ${reason})` : title);

const whole = (isa: string) =>
  `cpu/${isa}/deterministic: ${count} of ${count} cases have the expected digest with 1, 2, 3, 7 threads`;
const close = (isa: string) =>
  new RegExp(`cpu/${isa}/atomic: (\\d+) of \\1 cases are within their tolerance with 7 threads`);

const withoutNative = lacking('native');
const withoutNeon = lacking('neon');

describe.skipIf(withoutNative !== undefined)(named('the conformance program', withoutNative), () => {
  let all = { status: -1 as number | null, stdout: '', stderr: '' };
  beforeAll(() => {
    all = script('native');
  }, 20 * kMinutes);

  it('builds, and every test of it passes', () => {
    expect(all.stderr).toBe('');
    expect(all.stdout).toContain('100% tests passed');
    expect(all.status).toBe(0);
  });

  it.each(deterministicTargets)('gives every golden digest on $name with 1, 2, 3 and 7 threads', ({ isa }) => {
    expect(all.stdout).toContain(whole(isa));
    expect(all.stdout).toMatch(close(isa));
  });

  it('names the instruction sets that it does not run, with the reason', () => {
    const missing = missingTargets.filter(({ name }) => name.endsWith('/deterministic'));
    expect(missing.length).toBeGreaterThan(0); // no processor has both AVX and NEON
    for (const { name, reason } of missing) {
      expect(all.stdout).toContain(`${name.replace('/deterministic', '/*')} is not run here: ${reason}`);
    }
  });

  describe('is not satisfied with anything', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'samebits-conformance-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const program = path.join(root, 'build/conformance/native/conformance');
    const file = path.join(folder, 'cases');

    /** Runs the program on the cases after a change; `change` gets the values that a case writes first. */
    function runChanged(title: string, change: (values: Uint32Array) => void) {
      const cases = readFileSync(path.join(root, 'build/conformance/cases'));
      const at = cases.indexOf('\nwrite ', cases.indexOf(` ${title}\n`)) + 1;
      const begin = cases.indexOf('\n', at) + 1;
      const bytes = Number(cases.subarray(at, begin).toString().trim().split(' ')[2]);
      const values = new Uint32Array(cases.buffer.slice(cases.byteOffset + begin, cases.byteOffset + begin + bytes));
      change(values);
      cases.set(new Uint8Array(values.buffer), begin);
      writeFileSync(file, cases);
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
    ])('reports %s', (_, title, change) => {
      expect(titles).toContain(title);
      const { status, stdout } = runChanged(title, change);
      expect(status).toBe(1);
      expect(differing(stdout)).toHaveLength(deterministicTargets.length);
      for (const line of differing(stdout)) expect(line).toContain(`, 1 threads: ${title}: expected `);
    });

    it('refuses a file that ends early, and one that is none', () => {
      writeFileSync(file, readFileSync(path.join(root, 'build/conformance/cases')).subarray(0, 5000));
      expect(start(program, ['cases', file]).stderr).toMatch(
        new RegExp(`^conformance: ${file}: expected .*, got '.*'\n$`),
      );
      const nothing = path.join(folder, 'nothing');
      expect(start(program, ['cases', nothing])).toEqual({
        status: 2,
        stdout: '',
        stderr: `conformance: ${nothing}: expected a readable file, got '${nothing}'\n`,
      });
    });
  });

  it('finds the emulated multiply-add equal to the instruction, and a twice rounded one not', (context) => {
    const { status, stdout, stderr } = start('build/conformance/native/conformance', ['fma', '3000000', '77']);
    if (status === 3) context.skip(stderr.trim());
    const { differing, twiceRoundedDiffering } = JSON.parse(stdout);
    expect(differing).toBe(0);
    expect(twiceRoundedDiffering).toBeGreaterThan(100_000);
    expect(status).toBe(0);
  });
});

describe('AArch64 under qemu', () => {
  it.skipIf(withoutNeon !== undefined)(
    named('gives every golden digest on scalar and neon with 1, 2, 3 and 7 threads', withoutNeon),
    () => {
      const { status, stdout, stderr } = script('neon');
      expect(stderr).toBe('');
      for (const isa of ['scalar', 'neon']) {
        expect(stdout).toContain(whole(isa));
        expect(stdout).toMatch(close(isa));
      }
      for (const isa of ['avx2', 'avx512']) {
        expect(stdout).toContain(`cpu/${isa}/* is not run here: this build is for AArch64`);
      }
      expect(stdout).toContain('100% tests passed');
      expect(status).toBe(0);
    },
    20 * kMinutes,
  );
});
