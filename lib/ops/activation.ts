/** activation: the functions that networks put behind a layer, beside relu, sigmoid, softmax and tanh; elementwise. */
import type { NativeSettings } from '../addon/index.js';
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, flagOption, numberOption, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/** Runs a kernel and records its gradient, which reads the argument. */
export function activated(name: string, x: Tensor, kernel: string, settings: NativeSettings = {}): Tensor {
  expectDtype(name, 'x', x);
  const y = output(x);
  run(kernel, [x, y], settings);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run(`${kernel}Gradient`, [x, dy, dx], settings);
    return [dx];
  };
  return record({ name, inputs: [x], output: y, reads: [x], backward });
}

/**
 * x where x >= 0, otherwise x * negativeSlope (default 0.2), of any shape. Throws DtypeError unless x is float32, ArgumentError for
 * a bad slope. Example: `leakyRelu(x, { negativeSlope: 0.01 })`.
 */
export function leakyRelu(x: Tensor, options: { negativeSlope?: number } = {}): Tensor {
  checkOptions('leakyRelu', options, ['negativeSlope']);
  const { negativeSlope = 0.2 } = options;
  const slope = numberOption('leakyRelu', 'negativeSlope', negativeSlope);
  return activated('leakyRelu', x, 'activation.relu', { slope, threshold: 0, ceiling: Number.POSITIVE_INFINITY });
}

/** relu that ends at 6, of any shape. Throws DtypeError unless x is float32. Example: `relu6(x)`. */
export function relu6(x: Tensor): Tensor {
  return activated('relu6', x, 'activation.relu', { slope: 0, threshold: 0, ceiling: 6 });
}

/**
 * x where x > 0, otherwise alpha * (e^x - 1), of any shape (Clevert et al. 2016); alpha is 1 by default. Throws DtypeError unless x
 * is float32, ArgumentError for a bad alpha. Example: `elu(x)`.
 */
export function elu(x: Tensor, options: { alpha?: number } = {}): Tensor {
  checkOptions('elu', options, ['alpha']);
  const { alpha = 1 } = options;
  return activated('elu', x, 'activation.elu', { scale: 1, alpha: numberOption('elu', 'alpha', alpha) });
}

// Klambauer et al. 2017, equation 14.
const selu01 = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

/**
 * scale * x where x > 0, otherwise scale * alpha * (e^x - 1), of any shape, with the numbers of Klambauer et al. 2017. Throws
 * DtypeError unless x is float32. Example: `selu(x)`.
 */
export function selu(x: Tensor): Tensor {
  const { alpha, scale } = selu01;
  return activated('selu', x, 'activation.elu', { scale, alpha: scale * alpha });
}

/** log(1 + e^x) of any shape. Throws DtypeError unless x is float32. Example: `softplus(x)`. */
export function softplus(x: Tensor): Tensor {
  return activated('softplus', x, 'activation.softplus');
}

/** x * sigmoid(x) of any shape, also called silu. Throws DtypeError unless x is float32. Example: `swish(x)`. */
export function swish(x: Tensor): Tensor {
  return activated('swish', x, 'activation.swish');
}

/**
 * x * P(X <= x) of a normal X (Hendrycks and Gimpel 2016), of any shape; with `approximate` the form with tanh that they give.
 * Throws DtypeError unless x is float32, ArgumentError for an approximate that is no boolean. Example: `gelu(x)`.
 */
export function gelu(x: Tensor, options: { approximate?: boolean } = {}): Tensor {
  checkOptions('gelu', options, ['approximate']);
  const { approximate = false } = options;
  return activated(
    'gelu',
    x,
    flagOption('gelu', 'approximate', approximate) ? 'activation.geluTanh' : 'activation.gelu',
  );
}

/** x / 6 + 1/2 between 0 and 1, of any shape. Throws DtypeError unless x is float32. Example: `hardSigmoid(x)`. */
export function hardSigmoid(x: Tensor): Tensor {
  return activated('hardSigmoid', x, 'activation.hardSigmoid');
}

/** x * hardSigmoid(x) of any shape, also called hard silu. Throws DtypeError unless x is float32. Example: `hardSwish(x)`. */
export function hardSwish(x: Tensor): Tensor {
  return activated('hardSwish', x, 'activation.hardSwish');
}

/**
 * Values between `low` and `high`; NaN stays. The gradient is +0 where a value was clipped. Throws DtypeError unless x is float32,
 * ArgumentError unless low <= high. Example: `clip(x, { low: 0, high: 1 })`.
 */
export function clip(x: Tensor, options: { low: number; high: number }): Tensor {
  checkOptions('clip', options, ['low', 'high']);
  const { low, high } = options;
  for (const [name, value] of Object.entries({ low, high })) {
    if (typeof value === 'number' && !Number.isNaN(value)) continue;
    throw new ArgumentError({ who: 'clip', expected: `${name} to be a number`, got: show(value) });
  }
  if (low > high) throw new ArgumentError({ who: 'clip', expected: 'low <= high', got: `${low} and ${high}` });
  return activated('clip', x, 'activation.clip', { low, high });
}
