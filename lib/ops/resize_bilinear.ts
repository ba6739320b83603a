/** resize_bilinear: pictures in another size, as tf.image.resize without antialiasing. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, show } from '../errors/index.js';
import type { Dtype, Tensor } from '../tensor/index.js';
import { expectDtype, expectRank, output, run } from './kernel.js';

/** The size of a picture in pixels. */
export type PictureSize = readonly [height: number, width: number];

function resized(who: string, x: Tensor, size: PictureSize, dtype: Dtype): Tensor {
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  if (!Array.isArray(size) || size.length !== 2 || !size.every((side) => Number.isSafeInteger(side) && side >= 1)) {
    throw new ArgumentError({ who, expected: 'size to be two integers >= 1', got: show(size) });
  }
  return output(x, [x.shape[0]!, size[0], size[1], x.shape[3]!], dtype);
}

/**
 * Pictures `[n, h, w, c]` of float32 or uint8 as float32 `[n, height, width, c]`. Throws ShapeError unless x has four
 * axes, DtypeError for int32, ArgumentError for a size that is not two integers >= 1.
 * Example: `resizeBilinear(x, [180, 180])`.
 */
export function resizeBilinear(x: Tensor, size: PictureSize): Tensor {
  const y = resized('resizeBilinear', x, size, 'float32');
  if (x.dtype === 'uint8') {
    run('resize_bilinear.fromBytes', [x, y]);
    return y;
  }
  expectDtype('resizeBilinear', 'x', x);
  run('resize_bilinear.forward', [x, y]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('resize_bilinear.inputGradient', [dy, dx]);
    return [dx];
  };
  return record({ name: 'resizeBilinear', inputs: [x], output: y, reads: [], backward });
}

/** The same from uint8 to uint8: the result of `resizeBilinear`, rounded with halves to even. */
export function resizeBytes(x: Tensor, size: PictureSize): Tensor {
  expectDtype('resizeBytes', 'x', x, 'uint8');
  const y = resized('resizeBytes', x, size, 'uint8');
  run('resize_bilinear.bytes', [x, y]);
  return y;
}
