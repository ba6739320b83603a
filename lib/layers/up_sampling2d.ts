/** up_sampling2d: pictures a whole number of times as large, as a layer. */
import { wordOption } from '../errors/index.js';
import { upSampling2d as enlarge, type Interpolation, interpolations, type Pair, pairOf } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, layerMaker, single, singleOfRank } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `upSampling2d` takes. */
export interface UpSampling2dOptions extends LayerOptions {
  /** How many times as many rows and columns. Default 2. */
  size?: Pair;
  /** Default 'nearest'. */
  interpolation?: Interpolation;
}

class UpSampling2d extends Layer {
  readonly kind = 'up_sampling2d';
  readonly kerasName = 'UpSampling2D';
  static readonly spec = layerSpec('UpSampling2D', ['size', 'interpolation'], {
    fixed: { data_format: 'channels_last' },
  });
  protected override readonly settings: Checked<UpSampling2dOptions>;

  constructor(options: UpSampling2dOptions = {}) {
    super('upSampling2d', options, UpSampling2d.spec);
    const { size = 2, interpolation = 'nearest' } = options;
    this.settings = {
      size: pairOf('upSampling2d', 'size', size),
      interpolation: wordOption('upSampling2d', 'interpolation', interpolation, interpolations),
    };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const [rows, columns] = this.settings.size;
    return [h! * rows, w! * columns, channels!];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return enlarge(single(this, inputs), this.settings);
  }
}

/** Larger pictures, [h, w, c] to [h * rows, w * columns, c]: `upSampling2d({ size: 2 })`. Throws ArgumentError for bad options. */
export const upSampling2d = layerMaker(UpSampling2d);
