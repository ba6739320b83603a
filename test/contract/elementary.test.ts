// Checks the BigInt elementary functions against double precision (never more than half a unit away, beyond
// the double's own error), against identities, and at the special values the contract names.

import { describe, expect, it } from 'vitest';
import { cos, exp, expm1, log, log1p, normalCdf, power, rsqrt, sigmoid, sin, tanh } from './elementary.js';
import { bitsOf, f32, fromBits } from './float32.js';
import { philox } from './philox.js';

const doubles: Record<string, [(x: number) => number, (x: number) => number]> = {
  exp: [exp, Math.exp],
  expm1: [expm1, Math.expm1],
  log: [log, Math.log],
  log1p: [log1p, Math.log1p],
  tanh: [tanh, Math.tanh],
  sigmoid: [sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  sin: [sin, Math.sin],
  cos: [cos, Math.cos],
};

/** All floats the double result could round to, allowing it 4 units of its own last place. */
function candidates(value: number): number[] {
  const slack = Math.abs(value) * 2 ** -50;
  return [f32(value - slack), f32(value), f32(value + slack)].map(bitsOf);
}

describe.each(Object.entries(doubles))('%s', (name, [ours, judge]) => {
  it('lies where double precision puts it for 3,000 bit patterns and 3,000 ordinary arguments', () => {
    for (let k = 0; k < 3000; ++k) {
      const [w0, w1] = philox([21, 0], [k, 0, 0, 0]);
      for (const x of [fromBits(w0!), f32((w1! / 2 ** 32 - 0.5) * 40)]) {
        const got = bitsOf(ours(x));
        if (!candidates(judge(x)).includes(got)) {
          expect.fail(`${name}(0x${bitsOf(x).toString(16)}): got 0x${got.toString(16)}, double says ${judge(x)}`);
        }
      }
    }
  });
});

describe('special values', () => {
  const rows: [string, number, number][] = [
    ['exp', exp(0), 1],
    ['exp', exp(-0), 1],
    ['exp', exp(Infinity), Infinity],
    ['exp', exp(-Infinity), 0],
    ['exp', exp(f32(-103.98)), 0],
    ['exp', exp(f32(-103.97)), fromBits(1)],
    ['exp', exp(f32(88.72283)), fromBits(0x7f7fff84)],
    ['exp', exp(f32(88.72284)), Infinity],
    ['normalCdf', normalCdf(-0), 0.5],
    ['normalCdf', normalCdf(fromBits(0x33a06c99)), fromBits(0x3f000001)],
    ['normalCdf', normalCdf(fromBits(0xb3206c99)), fromBits(0x3effffff)],
    ['normalCdf', normalCdf(fromBits(0xc161c8b5)), fromBits(1)],
    ['normalCdf', normalCdf(fromBits(0xbf800000)), fromBits(0x3e227686)],
    ['normalCdf', normalCdf(-20), 0],
    ['normalCdf', normalCdf(20), 1],
    ['expm1', expm1(-0), -0],
    ['expm1', expm1(fromBits(1)), fromBits(1)],
    ['expm1', expm1(-Infinity), -1],
    ['log', log(0), -Infinity],
    ['log', log(-0), -Infinity],
    ['log', log(1), 0],
    ['log', log(-1), NaN],
    ['log', log(fromBits(1)), f32(Math.log(2 ** -149))],
    ['log1p', log1p(-1), -Infinity],
    ['log1p', log1p(-0), -0],
    ['log1p', log1p(fromBits(0x80000001)), fromBits(0x80000001)],
    ['tanh', tanh(-0), -0],
    ['tanh', tanh(-Infinity), -1],
    ['tanh', tanh(fromBits(1)), fromBits(1)],
    ['sigmoid', sigmoid(-0), 0.5],
    ['sigmoid', sigmoid(-Infinity), 0],
    ['sigmoid', sigmoid(Infinity), 1],
    ['sin', sin(-0), -0],
    ['sin', sin(Infinity), NaN],
    ['cos', cos(0), 1],
    ['cos', cos(fromBits(0x7f7fffff)), f32(0.8530210256576538)],
    ['sin', sin(fromBits(0x7f7fffff)), f32(-0.5218765139579773)],
    ['rsqrt', rsqrt(4), 0.5],
    ['rsqrt', rsqrt(0), Infinity],
    ['power', power(3, 0), 1],
    ['power', power(-2, 3), -8],
    ['power', power(2, -2), 0.25],
  ];
  it.each(rows)('%s gives %d where the contract says %d', (_name, got, want) => {
    expect(bitsOf(got)).toBe(bitsOf(want));
  });
});
