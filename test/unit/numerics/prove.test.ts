/**
 * The elementary functions: every 64th of the 2^32 inputs against quad precision, and the special cases by their bits.
 * `npm run prove` does the other 63 slices.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { power } from '../../contract/elementary.js';
import { bitsOf } from '../../contract/float32.js';

const root = path.resolve(import.meta.dirname, '../../..');
const recorded = JSON.parse(readFileSync(path.join(root, 'native/prove/digests.json'), 'utf8'));
const functions = Object.keys(recorded.functions);

const prove = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/prove.mjs', ...args], { cwd: root, encoding: 'utf8' });

/** What the prover prints for these inputs, all as bits. */
function results(command: readonly string[], inputs: readonly number[]): number[] {
  const bits = inputs.map((input) => input.toString(16));
  const output = execFileSync(path.join(root, 'build/prove/prove'), [...command, ...bits], { encoding: 'utf8' });
  return output.trim().split('\n').map(Number);
}

const at = (name: string, inputs: readonly number[]) => results([name, 'at'], inputs);

const nan = 0x7fc00000;
const one = 0x3f800000;
const plus = 0x7f800000;
const minus = 0xff800000;
const negativeZero = 0x80000000;

/** For each function: [input, result]. The finite ones are from 400-bit arithmetic. */
const special: Record<string, [number, number][]> = {
  // Overflow, the smallest denormal, a large denormal, and the middle between 1 and its neighbours.
  exp: [
    [0, one],
    [negativeZero, one],
    [plus, plus],
    [minus, 0],
    [0x42b17217, 0x7f7fff84],
    [0x42b17218, plus],
    [0xc2cff1b4, 1],
    [0xc2cff1b5, 0],
    [0xc2aeac50, 0x007fffe6],
    [0x33000000, one],
    [0x33800000, 0x3f800001],
    [0xb3000001, 0x3f7fffff],
  ],
  // Denormal arguments, both sides of 1, the largest float, two listed inputs.
  log: [
    [0, minus],
    [negativeZero, minus],
    [plus, plus],
    [minus, nan],
    [0xbf800000, nan],
    [one, 0],
    [1, 0xc2ce8ed0],
    [0x007fffff, 0xc2aeac50],
    [0x3f7fffff, 0xb3800000],
    [0x3f800001, 0x33ffffff],
    [0x7f7fffff, 0x42b17218],
    [0x41178feb, 0x400fe5e7],
    [0x6f31a8ec, 0x42845a89],
  ],
  tanh: [
    [0, 0],
    [negativeZero, negativeZero],
    [plus, one],
    [minus, 0xbf800000],
    [1, 1],
    [0x80000001, 0x80000001],
    [one, 0x3f42f7d6],
    [0x41102cb3, 0x3f7fffff],
    [0x41102cb4, one],
  ],
  // Around 0 the linear part lies in the middle between two floats and the cubic decides.
  sigmoid: [
    [0, 0x3f000000],
    [negativeZero, 0x3f000000],
    [plus, one],
    [minus, 0],
    [1, 0x3f000000],
    [0x34800000, 0x3f000001],
    [0x34400000, 0x3f000001],
    [0xb4400000, 0x3effffff],
    [0x418aa124, one],
    [0xc2cff1b4, 1],
    [0xc2cff1b5, 0],
    [0xba928601, 0x3effdb5f],
  ],
  log1p: [
    [0, 0],
    [negativeZero, negativeZero],
    [plus, plus],
    [minus, nan],
    [0xbf800000, minus],
    [0xbf800001, nan],
    [1, 1],
    [0xbf7fffff, 0xc1851592],
    [0x7f7fffff, 0x42b17218],
    [0x35400003, 0x353fffff],
    [0x3efd81ad, 0x3ecdeee1],
  ],
  expm1: [
    [0, 0],
    [negativeZero, negativeZero],
    [plus, plus],
    [minus, 0xbf800000],
    [1, 1],
    [0x42b17217, 0x7f7fff84],
    [0x42b17218, plus],
    [0xc18aa122, 0xbf7fffff],
    [0xc18aa123, 0xbf800000],
    [0x33800000, 0x33800000],
  ],
  // The listed inputs, and where nothing is left below.
  normal_cdf: [
    [0, 0x3f000000],
    [negativeZero, 0x3f000000],
    [plus, one],
    [minus, 0],
    [nan, nan],
    [0x80000001, 0x3f000000],
    [0x33a06c99, 0x3f000001],
    [0xb3206c99, 0x3effffff],
    [0x40a00000, 0x3f7ffffb],
    [0x40b00000, one],
    [0xbf800000, 0x3e227686],
    [0xc161c8b5, 1],
    [0xc1640000, 0],
  ],
  // The largest float, the floats nearest to a multiple of pi/2, the listed inputs.
  sin: [
    [0, 0],
    [negativeZero, negativeZero],
    [plus, nan],
    [minus, nan],
    [1, 1],
    [0x7f7fffff, 0xbf0599b3],
    [0x40490fdb, 0xb3bbbd2e],
    [0x3f490fda, 0x3f3504f3],
    [0x46199998, 0xbeb1fa5d],
    [0xc6199998, 0x3eb1fa5d],
    [0x6a2a3c92, 0xbf77972d],
  ],
  cos: [
    [0, one],
    [negativeZero, one],
    [plus, nan],
    [minus, nan],
    [1, one],
    [0x7f7fffff, 0x3f5a5f96],
    [0x3fc90fdb, 0xb33bbd2e],
    [0x5f18b878, 0x3f7f14bb],
    [0xdf18b878, 0x3f7f14bb],
    [0x6115cb11, 0x3f78142f],
    [0x5922aa80, 0x3f08aebf],
  ],
  sqrt: [
    [0, 0],
    [negativeZero, negativeZero],
    [plus, plus],
    [minus, nan],
    [0xbf800000, nan],
    [0x40000000, 0x3fb504f3],
    [0x40800000, 0x40000000],
  ],
  rsqrt: [
    [0, plus],
    [negativeZero, minus],
    [plus, 0],
    [minus, nan],
    [0xbf800000, nan],
    [0x40800000, 0x3f000000],
    [one, one],
  ],
};

describe('the prover', () => {
  it.each([
    [['--function', 'exponential'], `expected --function to be of ${functions.join(', ')}, got 'exponential'`],
    [['--stride', '0'], "expected --stride to be an integer from 1 to 4294967296, got '0'"],
    [['--stride', '64', '--offset', '64'], "expected --offset to be an integer from 0 to 63, got '64'"],
    [['--threads', 'two'], "expected --threads to be an integer from 1 to 256, got 'two'"],
  ])('refuses %j with one line and exit code 2', (args, message) => {
    const { status, stderr, stdout } = prove(...args);
    expect(stderr).toBe(`prove: ${message}\n`);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

const slice = { status: -1 as number | null, lines: [] as string[] };
beforeAll(() => {
  const { status, stdout, stderr } = prove('--stride', '64');
  expect(stderr).toBe('');
  Object.assign(slice, { status, lines: stdout.trim().split('\n') });
}, 600_000);

it('holds for every function on every 64th input', () => {
  expect(slice.lines.at(-1)).toBe(`${functions.length} of ${functions.length} functions hold`);
  expect(slice.status).toBe(0);
});

describe.each(functions)('%s', (name) => {
  it('is correctly rounded for every 64th input, with the recorded digest', () => {
    const line = slice.lines.find((candidate) => candidate.startsWith(`${name} `));
    expect(line).toMatch(/^\w+ +67108864 inputs, 0 mismatches, \d+ decided in quad precision, 0 undecided, /);
    expect(line).toContain(recorded.functions[name].slice);
    expect(line).toMatch(/correctly rounded$/);
  });

  it('gives the stated bits for special inputs', () => {
    const cases = special[name]!;
    const hex = (bits: number) => `0x${bits.toString(16).padStart(8, '0')}`;
    const found = at(
      name,
      cases.map(([input]) => input),
    );
    expect(cases.map(([input], i) => `${hex(input)} -> ${hex(found[i]!)}`)).toEqual(
      cases.map(([input, result]) => `${hex(input)} -> ${hex(result)}`),
    );
  });

  it('turns every NaN into 0x7fc00000', () => {
    expect(at(name, [0x7f800001, 0x7fffffff, 0xff800001, 0xffc00000])).toEqual([nan, nan, nan, nan]);
  });
});

describe('powi', () => {
  const sizes = [1, 1.1, 0.9999999, 1.7320508, 0.3, 5e-20, 3e18, 1e-45, 3.4e38, Infinity].map(Math.fround);
  const inputs = [0, ...sizes].flatMap((x) => [x, -x]);

  it.each([0, 1, 2, 3, 4, 5, 7, 8, 15, 100, 1023, -1, -2, -3, -10])(
    'takes the stated products for exponent %i',
    (n) => {
      expect(results(['powi', String(n)], inputs.map(bitsOf))).toEqual(inputs.map((x) => bitsOf(power(x, n))));
    },
  );
});
