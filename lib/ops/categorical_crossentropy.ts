/** categorical_crossentropy: the mean loss of a batch of class probabilities against target probabilities. */
import { record } from '../autograd/index.js';
import { ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';

/**
 * Categorical cross-entropy of p [n, ..., classes] against t of the same shape, as Keras: probabilities are divided by
 * their sum and clipped to [1e-7, 1 - 1e-7]; the result is the scalar mean. t gets no gradient. Throws DtypeError unless
 * both are float32, ShapeError unless their shapes are equal, have two axes or more and hold at least one value.
 * Example: `categoricalCrossentropy(softmax(logits), oneHot)`.
 */
export function categoricalCrossentropy(p: Tensor, t: Tensor): Tensor {
  const who = 'categorical_crossentropy';
  expectDtype(who, 'p', p);
  expectDtype(who, 't', t);
  expectSameShape(who, 't', t, p.shape);
  if (p.rank < 2 || p.size < 1) {
    throw new ShapeError({ who, expected: 'p [n, ..., classes] with at least one value', got: show([...p.shape]) });
  }
  const loss = output(p, []);
  run('categorical_crossentropy.forward', [p, t, loss]);
  return record(loss, [p], (dloss) => {
    const dp = output(p);
    run('categorical_crossentropy.inputGradient', [p, t, dloss, dp]);
    return [dp];
  });
}
