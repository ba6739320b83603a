// Losses and their gradients against tfjs-layers. tfjs computes binary cross-entropy by way of logits, log(p / (1 - p)),
// which loses digits near 0 and 1, so probabilities here stay inside [0.02, 0.98]; the clipped ends are judged by the
// float64 reference in test/conformance.

import { describe, it } from 'vitest';
import { binaryCrossentropy, categoricalCrossentropy, gradients, scope, type Tensor, tensor } from '../../lib/index.js';
import type { Floats } from '../cases/case.js';
import { expectClose } from '../support/bits.js';
import { draw, foreign, fromForeign, runtime, tfc, tfl } from './both.js';

const kSeed = 701;

type ForeignLoss = (t: ReturnType<typeof foreign>, p: ReturnType<typeof foreign>) => ReturnType<typeof foreign>;

/** Expects the same loss and the same gradient by the prediction. */
function compare(mine: (p: Tensor, t: Tensor) => Tensor, judge: ForeignLoss, p: Floats, t: Floats): void {
  const { loss, gradient } = scope(() => {
    const [prediction, target] = [tensor(runtime, p.data, p.shape), tensor(runtime, t.data, t.shape)];
    const walked = gradients(() => ({ loss: mine(prediction, target) }), [prediction]);
    const result = { loss: mine(prediction, target).item(), gradient: walked.gradients[0]!.data() };
    walked.gradients[0]!.dispose();
    return result;
  });
  const mean = (v: ReturnType<typeof foreign>) => tfc.mean(judge(foreign(t), v));
  expectClose('loss', [loss], fromForeign(mean(foreign(p))).data, 5e-6);
  expectClose('gradient', gradient, fromForeign(tfc.grad(mean)(foreign(p))).data, 1e-5);
}

describe('binary cross-entropy agrees with tfjs', () => {
  it.each([[[6, 1]], [[5, 3]], [[32, 1]]])('of %j', (shape) => {
    compare(
      binaryCrossentropy,
      tfl.metrics.binaryCrossentropy,
      draw(shape, kSeed, 'probabilities'),
      draw(shape, kSeed + 1, 'labels'),
    );
  });
});

describe('categorical cross-entropy agrees with tfjs', () => {
  it.each([[[6, 2]], [[5, 3]], [[7, 10]]])('of %j', (shape) => {
    compare(
      categoricalCrossentropy,
      tfl.metrics.categoricalCrossentropy,
      draw(shape, kSeed + 2, 'probabilities'),
      draw(shape, kSeed + 3, 'labels'),
    );
  });
});
