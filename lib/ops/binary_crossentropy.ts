/** binary_crossentropy: the mean loss of a batch of probabilities or logits against targets of 0 and 1. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';

/** What `binaryCrossentropy` takes. */
export interface BinaryCrossentropyOptions {
  /** Whether p holds logits instead of probabilities. Default false. */
  fromLogits?: boolean;
}

/**
 * Binary cross-entropy of p [n, ...] against t of the same shape, as Keras 3: probabilities are clipped to
 * [1e-7, 1 - 1e-7]; the result is the scalar mean. t gets no gradient. Throws DtypeError unless both are float32,
 * ShapeError unless their shapes are equal and hold at least one value.
 * Example: `binaryCrossentropy(sigmoid(logits), labels)`.
 */
export function binaryCrossentropy(p: Tensor, t: Tensor, options: BinaryCrossentropyOptions = {}): Tensor {
  const who = 'binary_crossentropy';
  checkOptions(who, options, ['fromLogits']);
  expectDtype(who, 'p', p);
  expectDtype(who, 't', t);
  expectSameShape(who, 't', t, p.shape);
  if (p.rank < 1 || p.size < 1) {
    throw new ShapeError({ who, expected: 'p [n, ...] with at least one value', got: show([...p.shape]) });
  }
  const settings = { fromLogits: options.fromLogits === true ? 1 : 0 };
  const loss = output(p, []);
  run('binary_crossentropy.forward', [p, t, loss], settings);
  const backward: Backward = (dloss) => {
    const dp = output(p);
    run('binary_crossentropy.inputGradient', [p, t, dloss, dp], settings);
    return [dp];
  };
  return record({ name: who, inputs: [p, t], output: loss, reads: [p, t], backward });
}
