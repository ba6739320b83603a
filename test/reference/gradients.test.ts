// The judges judged: every analytic gradient against central differences of its own forward function.

import { describe, expect, it } from 'vitest';
import type { Values } from '../cases/case.js';
import { uniform } from '../contract/philox.js';
import { conv2dGeometry, windowGeometry } from '../support/geometry.js';
import { conv2d, conv2dGradients } from './conv2d.js';
import * as crossentropy from './crossentropy.js';
import { dense, denseGradients } from './dense.js';
import { elementwise, map } from './elementwise.js';
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pool2d.js';
import { mean, meanGradient, sum, sumGradient } from './reduce.js';
import { softmax, softmaxGradient } from './softmax.js';

function draw(seed: bigint, shape: number[], low = -1, high = 1): Values {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from(uniform({ seed, stream: 90, step: 0 }, size, low, high)) };
}

/** Expects `gradient` to be the derivative of `sum(f(x) * dy)` by every element of x. */
function expectGradient(f: (x: Values) => Values, x: Values, dy: Values, gradient: Values): void {
  const step = 1e-6;
  x.data.forEach((value, i) => {
    const at = (moved: number) => {
      const data = x.data.slice();
      data[i] = moved;
      return f({ shape: x.shape, data }).data.reduce((total, y, k) => total + y * dy.data[k]!, 0);
    };
    expect(gradient.data[i]!).toBeCloseTo((at(value + step) - at(value - step)) / (2 * step), 6);
  });
}

describe('analytic gradients of the judges equal central differences', () => {
  it.each([
    { strides: [2, 1], padding: 'same', groups: 2 },
    { dilations: [2, 2], padding: 'valid', groups: 1 },
    { strides: [1, 2], padding: [1, 0, 2, 1], groups: 4 },
  ] as const)('conv2d %j', (options) => {
    const x = draw(1n, [2, 6, 5, 4]);
    const weight = draw(2n, [3, 2, 4 / options.groups, 4]);
    const g = conv2dGeometry(x.shape, weight.shape, options);
    const bias = draw(3n, [4]);
    const dy = draw(4n, [g.n, g.oh, g.ow, g.co]);
    const [dx, dw, db] = conv2dGradients(g, x, weight, dy);
    expectGradient((v) => conv2d(g, v, weight, bias), x, dy, dx);
    expectGradient((v) => conv2d(g, x, v, bias), weight, dy, dw);
    expectGradient((v) => conv2d(g, x, weight, v), bias, dy, db);
  });

  it('dense', () => {
    const [x, weight, bias, dy] = [draw(5n, [3, 4]), draw(6n, [4, 5]), draw(7n, [5]), draw(8n, [3, 5])];
    const [dx, dw, db] = denseGradients(x, weight, dy);
    expectGradient((v) => dense(v, weight, bias), x, dy, dx);
    expectGradient((v) => dense(x, v, bias), weight, dy, dw);
    expectGradient((v) => dense(x, weight, v), bias, dy, db);
  });

  it.each(['valid', 'same'] as const)('pooling, %s', (padding) => {
    const x = draw(9n, [2, 5, 6, 3]);
    const g = { ...windowGeometry(x.shape, [3, 2], { strides: [2, 2], padding }), c: 3 };
    const dy = draw(10n, [2, g.oh, g.ow, 3]);
    expectGradient((v) => maxPool2d(g, v), x, dy, maxPool2dGradient(g, x, dy));
    expectGradient((v) => averagePool2d(g, v), x, dy, averagePool2dGradient(g, x, dy));
  });

  it.each(Object.entries(elementwise))('%s', (name, { value, derivative }) => {
    const x = draw(11n, [20], name === 'log' || name === 'sqrt' ? 0.1 : -2, 3);
    const dy = draw(12n, [20]);
    expectGradient(
      (v) => map(v, value),
      x,
      dy,
      map(x, (v, i) => derivative(v) * dy.data[i]!),
    );
  });

  it('sum and mean over inner and outer axes', () => {
    const x = draw(13n, [2, 3, 4]);
    const dy = draw(14n, [3]);
    expectGradient((v) => sum(v, [0, 2]), x, dy, sumGradient(x, [0, 2], dy));
    expectGradient((v) => mean(v, [0, 2]), x, dy, meanGradient(x, [0, 2], dy));
  });

  it('softmax', () => {
    const [x, dy] = [draw(15n, [3, 5]), draw(16n, [3, 5])];
    expectGradient(softmax, x, dy, softmaxGradient(x, dy));
  });

  it('the cross-entropies', () => {
    const [t, p, z] = [draw(17n, [3, 4], 0, 1), draw(18n, [3, 4], 0.1, 0.9), draw(19n, [3, 4], -3, 3)];
    const dy = { shape: [], data: Float64Array.of(0.7) };
    const { binaryCrossentropy, binaryCrossentropyFromLogits, categoricalCrossentropy } = crossentropy;
    expectGradient((v) => binaryCrossentropy(t, v), p, dy, crossentropy.binaryCrossentropyGradient(t, p, dy));
    expectGradient(
      (v) => binaryCrossentropyFromLogits(t, v),
      z,
      dy,
      crossentropy.binaryCrossentropyFromLogitsGradient(t, z, dy),
    );
    expectGradient((v) => categoricalCrossentropy(t, v), p, dy, crossentropy.categoricalCrossentropyGradient(t, p, dy));
    const { categoricalCrossentropyFromLogits, categoricalCrossentropyFromLogitsGradient } = crossentropy;
    // (softmax - t) is the slope of targets that sum to 1 alone.
    const shares = { shape: t.shape, data: t.data.map((value, i) => value / sum(t, [1]).data[Math.floor(i / 4)]!) };
    const slope = categoricalCrossentropyFromLogitsGradient(shares, z, dy);
    expectGradient((v) => categoricalCrossentropyFromLogits(shares, v), z, dy, slope);
  });
});
