/** averagePooling2d: the mean of each window. */
import { flagOption } from '../errors/index.js';
import { averagePool2d } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import { layerMaker } from './layer.js';
import { Pooling2d, type Pooling2dOptions, poolingSpec } from './pooling2d.js';
import type { Checked } from './spec.js';

/** What `averagePooling2d` takes. */
export interface AveragePooling2dOptions extends Pooling2dOptions {
  /** Whether places of padding count when a window's sum is divided, as PyTorch's `count_include_pad` has it. Default false. */
  countPadding?: boolean;
}

class AveragePooling2d extends Pooling2d {
  readonly kind = 'average_pooling2d';
  readonly kerasName = 'AveragePooling2D';
  static readonly spec = poolingSpec('AveragePooling2D', { countPadding: false });
  declare protected readonly settings: Checked<AveragePooling2dOptions>;

  constructor(options: AveragePooling2dOptions = {}) {
    super('averagePooling2d', options, AveragePooling2d.spec, () => ({
      countPadding: flagOption('averagePooling2d', 'countPadding', options.countPadding ?? false),
    }));
  }

  protected override pool(x: Tensor): Tensor {
    return averagePool2d(x, this.settings);
  }
}

/**
 * The mean of the values of each window that lie inside the picture, [h, w, c] to [h', w', c]; with `countPadding` their sum,
 * divided by how many places of picture and padding the window has. Throws ArgumentError for an unknown or bad option; applied
 * to too small an input, ShapeError.
 */
export const averagePooling2d = layerMaker(AveragePooling2d);
