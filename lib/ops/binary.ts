/** binary: functions of two tensors that broadcast together, elementwise. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, show } from '../errors/index.js';
import { type Shape, Tensor } from '../tensor/index.js';
import { activated } from './activation.js';
import { broadcastShape, unbroadcast } from './broadcast.js';
import { expectDtype, output, run } from './kernel.js';

/** A kernel over a and b, and the shape they broadcast to. */
export function together(kernel: string, a: Tensor, b: Tensor, shape: Shape): Tensor {
  const y = output(a, shape);
  run(kernel, [a, b, y]);
  return y;
}

/** Gradients of the shape of dy, from dy and which of a and b want one; a new tensor each, or dy itself. */
type Gradients = (dy: Tensor, wantA: boolean, wantB: boolean) => (Tensor | null)[];

/** Checks a and b, computes, and records the gradients, which are summed over what was repeated. */
export function binary(
  name: string,
  [a, b]: readonly [Tensor, Tensor],
  { kernel, reads, gradients }: { kernel: string; reads: readonly Tensor[]; gradients: Gradients },
): Tensor {
  expectDtype(name, 'a', a);
  expectDtype(name, 'b', b);
  const shape = broadcastShape(name, a.shape, b.shape);
  const backward: Backward = (dy, [wantA = false, wantB = false]) =>
    gradients(dy, wantA, wantB).map((gradient, i) => {
      if (gradient === null) return null;
      const own = unbroadcast(gradient, (i === 0 ? a : b).shape);
      if (own !== gradient && gradient !== dy) gradient.dispose();
      return own;
    });
  return record({ name, inputs: [a, b], output: together(kernel, a, b, shape), reads, backward });
}

/**
 * a - b, elementwise; they broadcast. Throws DtypeError unless both are float32, ShapeError unless their shapes broadcast together.
 * Example: `subtract(x, mean(x, { axes: [0], keepDims: true }))`.
 */
export function subtract(a: Tensor, b: Tensor): Tensor {
  const gradients: Gradients = (dy, wantA, wantB) => {
    if (!wantB) return [dy, null];
    const db = output(dy);
    run('unary.negate', [dy, db]);
    return [wantA ? dy : null, db];
  };
  return binary('subtract', [a, b], { kernel: 'binary.subtract', reads: [], gradients });
}

/**
 * a / b, elementwise, IEEE; they broadcast. Throws DtypeError unless both are float32, ShapeError unless their shapes broadcast
 * together. Example: `divide(x, sum(x, { axes: [-1], keepDims: true }))`.
 */
export function divide(a: Tensor, b: Tensor): Tensor {
  const gradients: Gradients = (dy, wantA, wantB) => {
    const da = wantA ? together('binary.divide', dy, b, dy.shape) : null;
    if (!wantB) return [da, null];
    const db = output(dy);
    run('binary.divideGradient', [a, b, dy, db]);
    return [da, db];
  };
  return binary('divide', [a, b], { kernel: 'binary.divide', reads: [a, b], gradients });
}

/**
 * x to a power, a number or a tensor that broadcasts with it, elementwise; special values are those of C's `pow`, so a negative x has
 * a power for whole exponents alone. The gradient by x is +0 where the exponent is 0; that by the exponent is +0 where x is 0
 * and the exponent is not negative, and NaN where x is negative. Throws DtypeError unless the tensors are float32, ShapeError
 * unless their shapes broadcast together, ArgumentError for an exponent that is neither. Example: `pow(x, 3)`.
 */
export function pow(x: Tensor, exponent: number | Tensor): Tensor {
  if (typeof exponent === 'number') return activated('pow', x, 'activation.power', { exponent });
  if (!(exponent instanceof Tensor)) {
    throw new ArgumentError({ who: 'pow', expected: 'exponent to be a number or a tensor', got: show(exponent) });
  }
  const gradients: Gradients = (dy, wantX, wantExponent) => {
    const both = [wantX ? output(dy) : null, wantExponent ? output(dy) : null];
    run('binary.powerGradient', [x, exponent, dy, ...both]);
    return both;
  };
  return binary('pow', [x, exponent], { kernel: 'binary.power', reads: [x, exponent], gradients });
}

function choice(name: 'maximum' | 'minimum', a: Tensor, b: Tensor): Tensor {
  const gradients: Gradients = (dy, wantA, wantB) => {
    const [da, db] = [wantA ? output(dy) : null, wantB ? output(dy) : null];
    run(`binary.${name}Gradient`, [a, b, dy, da, db]);
    return [da, db];
  };
  return binary(name, [a, b], { kernel: `binary.${name}`, reads: [a, b], gradients });
}

/**
 * The larger of a and b, elementwise; NaN where either is NaN. They broadcast. The gradient goes to the one that was taken, a's
 * where both are equal. Throws DtypeError unless both are float32, ShapeError unless their shapes broadcast together.
 * Example: `maximum(x, floor)`.
 */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return choice('maximum', a, b);
}

/**
 * The smaller of a and b, elementwise; NaN where either is NaN. They broadcast. The gradient goes to the one that was taken, a's
 * where both are equal. Throws DtypeError unless both are float32, ShapeError unless their shapes broadcast together.
 * Example: `minimum(x, ceiling)`.
 */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return choice('minimum', a, b);
}
