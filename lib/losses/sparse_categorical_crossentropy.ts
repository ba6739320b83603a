/** sparseCategoricalCrossentropy: for probabilities of classes that exclude one another, against numbers of classes. */

import { maker } from '../classes/index.js';
import { ArgumentError, DataError, show } from '../errors/index.js';
import * as ops from '../ops/index.js';
import { full, type Shape, sizeOf, type Tensor, tensor } from '../tensor/index.js';
import type { Loss } from './loss.js';
import { type CrossentropyOptions, crossentropySpec, formsOf } from './options.js';

/** What `sparseCategoricalCrossentropy` takes. */
export type SparseCategoricalCrossentropyOptions = Omit<CrossentropyOptions, 'labelSmoothing'>;

const name = 'sparseCategoricalCrossentropy';
const spec = crossentropySpec('SparseCategoricalCrossentropy', { smooths: false, fixed: { ignore_class: null } });
const kEpsilon = 1e-7; // Keras's

/**
 * Numbers [n, ...] of classes as rows [n, ..., classes] with a single 1: max(1 - |number - class|, 0), exact for whole numbers. What
 * is no class becomes a row of NaN: 0 / 0.
 */
function rowsOf(labels: Tensor, classes: number): Tensor {
  const { runtime, shape } = labels;
  const places = tensor(
    runtime,
    Float32Array.from({ length: classes }, (_, k) => k),
    [classes],
  );
  const far = ops.abs(ops.subtract(ops.reshape(labels, [...shape, 1]), places));
  const ones = ops.maximum(ops.subtract(full(runtime, [], 1), far), full(runtime, [], 0));
  return ops.divide(ones, ops.sum(ones, { axes: [-1], keepDims: true }));
}

/** From logits; of probabilities, from the logarithms of what they are clipped to, as Keras. */
function meanLoss(prediction: Tensor, labels: Tensor, { fromLogits }: { fromLogits: boolean }): Tensor {
  const logits = fromLogits ? prediction : ops.log(ops.clip(prediction, { low: kEpsilon, high: 1 - kEpsilon }));
  return ops.categoricalCrossentropy(logits, rowsOf(labels, prediction.shape.at(-1)!), { fromLogits: true });
}

/** Throws DataError, in the words of `who`, for the first target that is no class of outputs of this shape. */
function checkLabels(who: string, labels: ArrayLike<number>, shape: Shape): void {
  const classes = shape.at(-1)!;
  const places = sizeOf(shape) / classes;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (Number.isSafeInteger(label) && label >= 0 && label < classes) continue;
    const expected = `targets of ${name} to be integers from 0 to ${classes - 1}`;
    throw new DataError({ who, expected, got: `${show(label)} in sample ${Math.floor(i / places)}` });
  }
}

/**
 * Categorical cross-entropy against numbers of classes: outputs [..., classes], targets [...] without that axis, integers from 0 to
 * classes - 1. In a model whose outputs are those of a softmax it is computed from the logits; bare probabilities, or with
 * `clipped` all, are clipped to [1e-7, 1 - 1e-7] and their logarithms are the logits, as in Keras 3. Throws ArgumentError for an
 * unknown or bad option. Example: `losses.sparseCategoricalCrossentropy({ fromLogits: true })`.
 */
export const sparseCategoricalCrossentropy = maker(spec, (options: SparseCategoricalCrossentropyOptions = {}): Loss => {
  const { checkForm, ...forms } = formsOf(name, spec, 'softmax', meanLoss, options);
  return {
    name,
    ...forms,
    targetShape: (output) => output.slice(0, -1),
    checkOutput(who, output) {
      if ((output.shape.at(-1) ?? 1) < 2) {
        const expected = `outputs of two classes or more for ${name}`;
        throw new ArgumentError({ who, expected, got: show([...output.shape]) });
      }
      checkForm(who, output);
    },
    checkTargets: checkLabels,
  };
});
