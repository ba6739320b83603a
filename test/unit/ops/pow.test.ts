// pow at its special values, which are those of C's pow, and what pow and gelu refuse.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, gelu, gradients, pow, scope, tensor, zeros } from '../../../lib/index.js';
import { fromBits } from '../../contract/float32.js';
import { pow as judge, powBaseGradient, powExponentGradient } from '../../contract/pow.js';
import { expectSameBits } from '../../support/bits.js';
import { uniforms } from '../../support/inputs.js';
import { deterministicTargets, keptRuntime } from '../../support/targets.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const values = [
  0,
  -0,
  1,
  -1,
  2,
  -2,
  0.5,
  -0.5,
  3,
  -3,
  1e30,
  2 ** 24,
  -(2 ** 24) - 2,
  1e-45,
  Infinity,
  -Infinity,
  NaN,
].map(Math.fround);
const pairs = values.flatMap((x) => values.map((y) => [x, y] as const));

/** JavaScript's power is C's but for 1 to a power that is no number, and -1 to an infinite one. */
const inC = (x: number, y: number) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.fround(x ** y));

describe('special values', () => {
  it('are those of C, for an exponent of one number and for a tensor of them', () => {
    scope(() => {
      const [x, y] = [0, 1].map((i) =>
        tensor(
          runtime,
          Float32Array.from(pairs, (pair) => pair[i]!),
          [pairs.length],
        ),
      );
      const together = pow(x!, y!).data();
      for (const [i, [base, exponent]] of pairs.entries()) {
        const what = `${base} ^ ${exponent}`;
        expect(together[i], what).toBe(inC(base, exponent));
        expect(judge(base, exponent), `${what} in the contract's words`).toBe(inC(base, exponent));
      }
      for (const exponent of values) {
        const one = pow(tensor(runtime, Float32Array.from(values), [values.length]), exponent).data();
        expect([...one], `exponent ${exponent}`).toEqual(values.map((base) => inC(base, exponent)));
      }
    });
  });

  it('of gradients: +0 by x where the exponent is 0, and by an exponent that is not negative where x is 0', () => {
    scope(() => {
      const x = tensor(runtime, [0, 0, 0, 2, -2], [5]);
      const y = tensor(runtime, [0, 2, -1, 0, 3], [5]);
      const upstream = tensor(runtime, [1, 1, 1, 1, 1], [5]);
      const [dx, dy] = gradients(() => ({ loss: pow(x, y) }), [x, y], upstream).gradients;
      expect([...dx!.data()]).toEqual([0, 0, -Infinity, 0, 12]);
      expect([...dy!.data()]).toEqual([0, 0, -Infinity, Math.fround(Math.LN2), NaN]);
      dx!.dispose();
      dy!.dispose();
    });
  });
});

describe.each(deterministicTargets)('on $name', (target) => {
  // A tail, and exponents by which powers are large, small and in between.
  const kSeed = 1907;
  const count = 3001;
  const u = uniforms(kSeed, 1, 3 * count);
  const any = (i: number) => fromBits(Math.floor(u[i]! * 2 ** 24) * 256 + Math.floor(u[i + 1]! * 256));
  const bases = Float32Array.from({ length: count }, (_, i) => any(3 * i));
  const exponents = Float32Array.from({ length: count }, (_, i) => {
    const share = u[3 * i + 2]!;
    return i % 3 === 0 ? any(3 * i + 1) : i % 3 === 1 ? 16 * share - 8 : Math.round(20 * share) - 10;
  });
  const shape = [count];

  it(`any floats have the contract's bits, and so do their gradients, seed ${kSeed}`, () => {
    const runtime = keptRuntime(target, 2);
    scope(() => {
      const [x, y] = [tensor(runtime, bases, shape), tensor(runtime, exponents, shape)];
      const upstream = tensor(runtime, new Float32Array(count).fill(1), shape);
      expectSameBits(
        'pow',
        pow(x, y).data(),
        bases.map((base, i) => judge(base, exponents[i]!)),
      );
      const [dx, dy] = gradients(() => ({ loss: pow(x, y) }), [x, y], upstream).gradients;
      expectSameBits(
        'dx',
        dx!.data(),
        bases.map((base, i) => powBaseGradient(base, exponents[i]!, 1)),
      );
      expectSameBits(
        'dy',
        dy!.data(),
        bases.map((base, i) => powExponentGradient(base, exponents[i]!, 1)),
      );
    });
  });

  it(`so do they with one exponent for all, seed ${kSeed}`, () => {
    const runtime = keptRuntime(target, 2);
    for (const exponent of [2, 3, -1, 0.5, 1.7, -2.25, 0, 30.5].map(Math.fround)) {
      scope(() => {
        const x = tensor(runtime, bases, shape);
        const upstream = tensor(runtime, new Float32Array(count).fill(1), shape);
        expectSameBits(
          `^ ${exponent}`,
          pow(x, exponent).data(),
          bases.map((base) => judge(base, exponent)),
        );
        const [dx] = gradients(() => ({ loss: pow(x, exponent) }), [x], upstream).gradients;
        expectSameBits(
          `dx of ^ ${exponent}`,
          dx!.data(),
          bases.map((base) => powBaseGradient(base, exponent, 1)),
        );
      });
    }
  });
});

describe('refusals', () => {
  const x = zeros(runtime, [2, 3]);
  it.each([
    [
      'an exponent that is a word',
      () => pow(x, 'two' as never),
      "pow: expected exponent to be a number or a tensor, got 'two'",
    ],
    [
      'an exponent of another shape',
      () => pow(x, zeros(runtime, [2])),
      'pow: expected shapes that broadcast together, got [2, 3] and [2]',
    ],
    [
      'an approximate that is a word',
      () => gelu(x, { approximate: 'tanh' as never }),
      "gelu: expected approximate to be true or false, got 'tanh'",
    ],
  ])('%s', (_what, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});
