/** rescaling: x * scale + offset, and the step from bytes to float32. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { runRow } from './by_sample.js';
import { expectDtype, output, run } from './kernel.js';

/** Multiplier and summand; both are rounded to float32 before use. */
export interface RescalingOptions {
  scale: number;
  /** Default 0. */
  offset?: number;
}

/**
 * x * scale + offset of any shape, elementwise and float32; uint8 values are converted exactly first. Throws DtypeError
 * for other dtypes. Example: `rescaling(x, { scale: 1 / 255 })`.
 */
export function rescaling(x: Tensor, options: RescalingOptions): Tensor {
  checkOptions('rescaling', options, ['scale', 'offset']);
  const { scale, offset = 0 } = options;
  const y = output(x);
  if (x.dtype === 'uint8') {
    run('rescaling.fromBytes', [x, y], { scale, offset });
    return y;
  }
  expectDtype('rescaling', 'x', x);
  runRow(x, x.shape, [{ kernel: 'rescaling.forward', tensors: [x, y], settings: { scale, offset } }]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('rescaling.inputGradient', [dy, dx], { scale, offset });
    return [dx];
  };
  return record({ name: 'rescaling', inputs: [x], output: y, reads: [], backward });
}

/** uint8 values as float32, exactly. Throws DtypeError unless x is uint8. */
export function toFloat(x: Tensor): Tensor {
  expectDtype('toFloat', 'x', x, 'uint8');
  return rescaling(x, { scale: 1 });
}
