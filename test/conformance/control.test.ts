// Controls of the conformance suite: the contract's arithmetic in another order, or with other roundings, is not what
// the kernels compute, so equality of bits with test/contract says something.

import { describe, expect, it } from 'vitest';
import { conv2d, createRuntime, gradients, mean, scope, softmax, sum, tensor } from '../../lib/index.js';
import { conv2d as contractConv2d, conv2dWeightGradient } from '../contract/conv2d.js';
import { add, div, f32, fma, mul } from '../contract/float32.js';
import { joinTree, sumOfValues } from '../contract/order.js';
import { softmax as contractSoftmax } from '../contract/softmax.js';
import { firstDifference } from '../support/bits.js';
import { conv2dGeometry, inputColumn, inputRow } from '../support/geometry.js';
import { drawInput } from '../support/inputs.js';

const kSeed = 91;
const draw = (shape: number[], stream = 0) => drawInput({ name: 'x', shape }, kSeed, stream);
const x = draw([3, 19, 17, 5]);
const weight = draw([3, 3, 5, 4], 1);
const g = conv2dGeometry(x.shape, weight.shape, {});
const dy = draw([g.n, g.oh, g.ow, g.co], 2);

/** conv2d's output and weight gradient as the kernels give them. */
const native = scope(() => {
  using runtime = createRuntime({ threads: 2 });
  const [input, kernel] = [tensor(runtime, x.data, x.shape), tensor(runtime, weight.data, weight.shape)];
  const upstream = tensor(runtime, dy.data, dy.shape);
  const walked = gradients(() => ({ loss: conv2d(input, kernel) }), [kernel], upstream);
  return { y: conv2d(input, kernel).data(), dw: walked.gradients[0]!.data() };
});

describe('conv2d', () => {
  /** The forward chain in the order (ci, kh, kw), and with unfused steps if asked for. */
  function forward(order: 'contract' | 'channels first', step = fma): Float32Array {
    const taps: [number, number, number][] = [];
    for (let kh = 0; kh < 3; ++kh)
      for (let kw = 0; kw < 3; ++kw) for (let ci = 0; ci < 5; ++ci) taps.push([kh, kw, ci]);
    if (order === 'channels first') taps.sort((a, b) => a[2] - b[2]);
    return Float32Array.from({ length: native.y.length }, (_, at) => {
      const co = at % 4;
      const ow = Math.floor(at / 4) % g.ow;
      const oh = Math.floor(at / (4 * g.ow)) % g.oh;
      const n = Math.floor(at / (4 * g.ow * g.oh));
      return taps.reduce((chain, [kh, kw, ci]) => {
        const place = ((n * g.h + inputRow(g, oh, kh)) * g.w + inputColumn(g, ow, kw)) * 5 + ci;
        return step(x.data[place]!, weight.data[((kh * 3 + kw) * 5 + ci) * 4 + co]!, chain);
      }, 0);
    });
  }

  it('is the contract’s order, by two ways of writing it', () => {
    expect(firstDifference(native.y, contractConv2d(g, x.data, weight.data, undefined))).toBeUndefined();
    expect(firstDifference(native.y, forward('contract'))).toBeUndefined();
  });

  it('is not the order (ci, kh, kw), and not unfused', () => {
    expect(firstDifference(native.y, forward('channels first'))).toBeDefined();
    expect(
      firstDifference(
        native.y,
        forward('contract', (a, b, c) => add(mul(a, b), c)),
      ),
    ).toBeDefined();
  });

  it('has a weight gradient of chunks of 256 joined by the tree, not of one chain, nor of other chunks', () => {
    const positions = g.oh * g.ow;
    expect(positions).toBeGreaterThan(254);
    const element = (chunk: number, join: (items: number[]) => number) => {
      const samples = Array.from({ length: g.n }, (_, n) => {
        const chunks: number[] = [];
        for (let start = 0; start < positions; start += chunk) {
          let chain = 0;
          for (let p = start; p < Math.min(start + chunk, positions); ++p) {
            const place = ((n * g.h + Math.floor(p / g.ow)) * g.w + (p % g.ow)) * 5;
            chain = fma(x.data[place]!, dy.data[(n * positions + p) * 4]!, chain);
          }
          chunks.push(chain);
        }
        return join(chunks);
      });
      return join(samples);
    };
    expect(firstDifference(native.dw, conv2dWeightGradient(g, x.data, dy.data))).toBeUndefined();
    expect(element(256, joinTree)).toBe(native.dw[0]);
    const others = [element(positions, joinTree), element(128, joinTree), element(64, (all) => all.reduce(add, 0))];
    expect(others.some((value) => value !== native.dw[0])).toBe(true);
  });
});

describe('sums along memory', () => {
  const values = draw([9001], 3);
  using runtime = createRuntime({ threads: 2 });
  const total = scope(() => sum(tensor(runtime, values.data)).item());

  it('are the contract’s lanes and chunks, not one chain, 8 lanes or pairs', () => {
    expect(total).toBe(sumOfValues(values.data));
    const lanes = (width: number) => {
      const partial = new Array<number>(width).fill(0);
      values.data.forEach((value, i) => {
        partial[i % width] = add(partial[i % width]!, value);
      });
      return joinTree(partial);
    };
    const others = [lanes(1), lanes(8), lanes(32), joinTree([...values.data])];
    expect(others.filter((value) => value !== total).length).toBeGreaterThan(1);
  });

  it('divide by the count in mean, and do not multiply by its reciprocal', () => {
    const count = 9001;
    const results = Array.from({ length: 50 }, (_, k) => {
      const shifted = values.data.map((value) => value + k);
      const one = scope(() => {
        using other = createRuntime({ threads: 1 });
        return mean(tensor(other, shifted)).item();
      });
      const whole = sumOfValues(shifted);
      return { one, whole };
    });
    for (const { one, whole } of results) expect(one).toBe(div(whole, count));
    expect(results.some(({ one, whole }) => one !== mul(whole, f32(1 / count)))).toBe(true);
  });
});

describe('softmax', () => {
  it('takes the largest value off first: without that the bits differ', () => {
    const row = draw([4, 33], 4);
    using runtime = createRuntime({ threads: 1 });
    const y = scope(() => softmax(tensor(runtime, row.data, row.shape)).data());
    expect(firstDifference(y, contractSoftmax(row.data, 33))).toBeUndefined();
    const shifted = row.data.map((value) => f32(value + 1));
    expect(firstDifference(y, contractSoftmax(shifted, 33))).toBeDefined();
  });
});
