/** dense: every output is a weighted sum of all inputs of its row. A sample has one row or more. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { conv2d } from './conv2d.js';
import { appliedActivation, type FusedActivation } from './fused.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';
import { reshape } from './reshape.js';

/** What `dense` takes. */
export interface DenseOptions {
  /** [o], added to every row. */
  bias?: Tensor | null;
  /** Applied in the same pass; the bits are those of the activation afterwards. Default 'linear'. */
  activation?: FusedActivation;
}

const who = 'dense';

/**
 * x [n, ..., i] times weight [i, o], giving [n, ..., o]. Gradients flow to x, weight and bias. With axes between, the bits are
 * those of a convolution with a 1 x 1 window over them. Throws DtypeError unless all are float32, ShapeError when shapes do
 * not fit. Example: `dense(x, weight, { bias })`.
 */
export function dense(x: Tensor, weight: Tensor, options: DenseOptions = {}): Tensor {
  checkOptions(who, options, ['bias', 'activation']);
  const { bias = null, activation = 'linear' } = options;
  const { settings, activation: applied } = appliedActivation(who, activation);
  expectDtype(who, 'x', x);
  if (x.rank < 2) throw new ShapeError({ who, expected: 'x [n, ..., i]', got: show([...x.shape]) });
  expectDtype(who, 'weight', weight);
  const [n] = x.shape as [number];
  const i = x.shape.at(-1)!;
  if (weight.rank !== 2 || weight.shape[0] !== i) {
    const expected = `weight [${i}, *] (input has ${i} values a row)`;
    throw new ShapeError({ who, expected, got: show([...weight.shape]) });
  }
  const o = weight.shape[1]!;
  if (bias !== null) {
    expectDtype(who, 'bias', bias);
    expectSameShape(who, 'bias', bias, [o]);
  }
  if (x.rank > 2) {
    const rows = x.shape.slice(1, -1);
    const places = reshape(x, [n, rows.reduce((product, length) => product * length, 1), 1, i]);
    return reshape(conv2d(places, reshape(weight, [1, 1, i, o]), { bias, activation }), [n, ...rows, o]);
  }
  const y = output(x, [n, o]);
  run('dense.forward', [x, weight, bias, y], settings);
  const backward: Backward = (dy, [wantX, wantWeight, wantBias]) => {
    const dx = wantX ? output(x) : null;
    if (dx !== null) run('dense.inputGradient', [dy, weight, dx], settings);
    const dw = wantWeight ? output(weight) : null;
    const db = wantBias ? output(bias!) : null;
    if (dw !== null) run('dense.weightGradient', [x, dy, dw, db], settings);
    else if (db !== null) run('dense.biasGradient', [dy, db], settings);
    return [dx, dw, db];
  };
  return record({ name: who, inputs: [x, weight, bias], output: y, reads: [x, weight], activation: applied, backward });
}
