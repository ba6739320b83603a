/** dropout: sets a share of the values to 0 and scales the others up. */
import { record } from '../autograd/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import { checkSequence, type Sequence } from '../random/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/** The share of values to drop, in [0, 1), and the random numbers that decide which. */
export interface DropoutSettings extends Sequence {
  rate: number;
}

/**
 * x / (1 - rate) where the element's uniform number is at least `rate`, otherwise 0. The shape is any. The gradient has the
 * same mask and scale. Throws DtypeError unless x is float32, ArgumentError for a rate outside [0, 1).
 * Example: `dropout(x, { rate: 0.5, seed: 1, stream: streams.dropout, step })`.
 */
export function dropout(x: Tensor, settings: DropoutSettings): Tensor {
  checkOptions('dropout', settings, ['rate', 'seed', 'stream', 'step']);
  const { rate, seed, stream, step } = settings;
  expectDtype('dropout', 'x', x);
  if (!(rate >= 0 && rate < 1)) {
    throw new ArgumentError({ who: 'dropout', expected: 'rate in [0, 1)', got: show(rate) });
  }
  checkSequence({ seed, stream, step });
  const masked = (from: Tensor) => {
    const to = output(from);
    run('dropout.forward', [from, to], { rate, seed, stream, step });
    return to;
  };
  return record({ name: 'dropout', inputs: [x], output: masked(x), reads: [], backward: (dy) => [masked(dy)] });
}
