/** up_sampling2d: pictures a whole number of times as large. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, wordOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { type Interpolation, interpolations } from './image_transform.js';
import { expectDtype, expectRank, output, run } from './kernel.js';
import { rearrange } from './rearrange.js';
import { resizeBilinear } from './resize_bilinear.js';
import { type Pair, pairOf } from './window.js';

/** What `upSampling2d` takes. */
export interface UpSampling2dOptions {
  /** How many times as many rows and columns. Default 2. */
  size?: Pair;
  /** 'nearest' repeats every value, 'bilinear' is `resizeBilinear`. Default 'nearest'. */
  interpolation?: Interpolation;
}

const who = 'upSampling2d';

/**
 * Pictures x [n, h, w, c] as [n, h * rows, w * columns, c]. The gradient of a repeated value is the sum over its repetitions by
 * rule 4 of the contract. Throws DtypeError unless x is float32, ShapeError unless it has four axes, ArgumentError for bad options.
 * Example: `upSampling2d(x, { size: 2 })`.
 */
export function upSampling2d(x: Tensor, options: UpSampling2dOptions = {}): Tensor {
  checkOptions(who, options, ['size', 'interpolation']);
  const { size = 2, interpolation = 'nearest' } = options;
  expectDtype(who, 'x', x);
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  const [rows, columns] = pairOf(who, 'size', size);
  wordOption(who, 'interpolation', interpolation, interpolations);
  const [n, h, w, c] = x.shape as [number, number, number, number];
  if (interpolation === 'bilinear') return resizeBilinear(x, [h * rows, w * columns]);
  const span = x.size === 0 ? { span: 0 } : {};
  const axes = [
    { size: n * h, stride: w * c },
    { size: rows, stride: 0 },
    { size: w, stride: c },
    { size: columns, stride: 0 },
    { size: c, stride: 1 },
  ].map((axis) => ({ ...axis, ...span }));
  const repeated = rearrange(x, { axes });
  const y = repeated.reshape([n, h * rows, w * columns, c]);
  repeated.dispose();
  const backward: Backward = (dy) => {
    const dx = output(x);
    const places = dy.reshape([n * h, rows, w, columns, c]);
    const sums = dx.reshape([n * h, w, c]);
    run('reduce.forward', [places, sums], { axes: 0b01010, mean: 0 });
    for (const tensor of [places, sums]) tensor.dispose();
    return [dx];
  };
  return record({ name: who, inputs: [x], output: y, reads: [], backward });
}
