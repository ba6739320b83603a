/** categorical_crossentropy: the mean loss of a batch of class probabilities or logits against target probabilities. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';

/** What `categoricalCrossentropy` takes. */
export interface CategoricalCrossentropyOptions {
  /** Whether p holds logits instead of probabilities. Default false. */
  fromLogits?: boolean;
}

/**
 * Categorical cross-entropy of p [n, ..., classes] against t of the same shape, as Keras 3: probabilities are divided by
 * their sum and clipped to [1e-7, 1 - 1e-7], logits go through a log-softmax; the result is the scalar mean. t gets no
 * gradient; that of logits is (softmax - t) / rows, as TensorFlow's, whatever a row of t sums to. Throws DtypeError unless
 * both are float32, ShapeError unless their shapes are equal, have two axes or more and hold at least one value.
 * Example: `categoricalCrossentropy(logits, oneHot(labels, { classes: 10 }), { fromLogits: true })`.
 */
export function categoricalCrossentropy(p: Tensor, t: Tensor, options: CategoricalCrossentropyOptions = {}): Tensor {
  const who = 'categorical_crossentropy';
  checkOptions(who, options, ['fromLogits']);
  expectDtype(who, 'p', p);
  expectDtype(who, 't', t);
  expectSameShape(who, 't', t, p.shape);
  if (p.rank < 2 || p.size < 1) {
    throw new ShapeError({ who, expected: 'p [n, ..., classes] with at least one value', got: show([...p.shape]) });
  }
  const settings = { fromLogits: options.fromLogits === true ? 1 : 0 };
  const loss = output(p, []);
  run('categorical_crossentropy.forward', [p, t, loss], settings);
  const backward: Backward = (dloss) => {
    const dp = output(p);
    run('categorical_crossentropy.inputGradient', [p, t, dloss, dp], settings);
    return [dp];
  };
  return record({ name: who, inputs: [p, t], output: loss, reads: [p, t], backward });
}
