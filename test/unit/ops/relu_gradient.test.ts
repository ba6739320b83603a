// Relu fused into a convolution gives the bits of relu behind it, also where max pooling hands back the masked gradient.

import { describe, expect, it } from 'vitest';
import {
  conv2d,
  createRuntime,
  gradients,
  maxPool2d,
  type Runtime,
  relu,
  scope,
  type Tensor,
  tensor,
} from '../../../lib/index.js';
import { expectSameBits } from '../../support/bits.js';
import { drawInput } from '../../support/inputs.js';

const seed = 31;

function draw(runtime: Runtime, shape: number[], stream: number): Tensor {
  const { data } = drawInput({ name: 'value', shape }, seed, stream);
  return tensor(runtime, data, shape);
}

type Block = (x: Tensor, weight: Tensor, bias: Tensor) => Tensor;

const fused: Block = (x, weight, bias) => conv2d(x, weight, { bias, activation: 'relu' });
const apart: Block = (x, weight, bias) => relu(conv2d(x, weight, { bias }));

/** Gradients of x, weight and bias through a block and what follows it, from a random upstream gradient. */
function through(block: Block, next: (y: Tensor) => Tensor): Float32Array[] {
  const runtime = createRuntime();
  try {
    return scope(() => {
      const inputs = [draw(runtime, [3, 9, 8, 3], 1), draw(runtime, [3, 3, 3, 5], 2), draw(runtime, [5], 3)] as const;
      const forward = () => next(block(...inputs));
      const dy = draw(runtime, [...forward().shape], 4);
      const found = gradients(() => ({ loss: forward() }), inputs, dy).gradients;
      return found.map((gradient) => gradient!.data() as Float32Array);
    });
  } finally {
    runtime.dispose();
  }
}

const same = (a: Float32Array[], b: Float32Array[]) =>
  a.forEach((gradient, i) => {
    expectSameBits(`gradient ${i}`, gradient, b[i]!);
  });

describe('relu fused into conv2d', () => {
  it.each([
    ['windows side by side', { poolSize: 2 }],
    ['overlapping windows', { poolSize: 3, strides: 2, padding: 'same' as const }],
  ])(`gives the gradients of relu behind it, with max pooling of %s, seed ${seed}`, (_, options) => {
    const pool = (y: Tensor) => maxPool2d(y, options);
    same(through(fused, pool), through(apart, pool));
  });

  it(`gives the gradients of relu behind it when two operations read its output, seed ${seed}`, () => {
    const next = (y: Tensor) => maxPool2d(relu(y), { poolSize: 2 });
    same(through(fused, next), through(apart, next));
  });

  it('leaves the gradient of a variable unmasked: a pooled zero passes it on', () => {
    const runtime = createRuntime();
    scope(() => {
      const x = tensor(runtime, [-1, -1, -1, -1], [1, 2, 2, 1]);
      const y = conv2d(x, tensor(runtime, [1], [1, 1, 1, 1]), { activation: 'relu' });
      const found = gradients(() => ({ loss: maxPool2d(y, { poolSize: 2 }) }), [y]).gradients;
      expect(Array.from(found[0]!.data())).toEqual([1, 0, 0, 0]);
    });
    runtime.dispose();
  });
});
