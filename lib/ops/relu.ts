/** relu: +0 where x < 0, otherwise x. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, numberOption, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { activated } from './activation.js';
import { expectDtype, output, run } from './kernel.js';

/** Other forms of relu, as Keras has them. */
export interface ReluOptions {
  /** The largest value. Default null: none. */
  maxValue?: number | null;
  /** The slope below the threshold. Default 0. */
  negativeSlope?: number;
  /** Where x itself begins. Default 0. */
  threshold?: number;
}

/**
 * Rectified linear unit of any shape, elementwise: x from the threshold on, at most maxValue, and below it
 * negativeSlope * (x - threshold). Throws DtypeError unless x is float32, ArgumentError for bad options.
 * Example: `relu(tensor(runtime, [-1, 2]))` is [0, 2].
 */
export function relu(x: Tensor, options: ReluOptions = {}): Tensor {
  checkOptions('relu', options, ['maxValue', 'negativeSlope', 'threshold']);
  const { maxValue = null, negativeSlope = 0, threshold = 0 } = options;
  expectDtype('relu', 'x', x);
  if (maxValue !== null || negativeSlope !== 0 || threshold !== 0) {
    const settings = reluSettings('relu', { maxValue, negativeSlope, threshold });
    return activated('relu', x, 'activation.relu', settings);
  }
  const y = output(x);
  run('relu.forward', [x, y]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('relu.inputGradient', [y, dy, dx]);
    return [dx];
  };
  return record({ name: 'relu', inputs: [x], output: y, reads: [y], backward });
}

/** The settings of the kernel. Throws ArgumentError in the words of `who`. */
export function reluSettings(who: string, { maxValue, negativeSlope, threshold }: Required<ReluOptions>) {
  const slope = numberOption(who, 'negativeSlope', negativeSlope);
  const from = numberOption(who, 'threshold', threshold);
  if (maxValue === null) return { slope, threshold: from, ceiling: Number.POSITIVE_INFINITY };
  const ceiling = numberOption(who, 'maxValue', maxValue);
  if (ceiling >= from) return { slope, threshold: from, ceiling };
  throw new ArgumentError({ who, expected: `maxValue to be null or >= threshold (${from})`, got: show(ceiling) });
}
