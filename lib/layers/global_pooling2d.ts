/** What the global pooling layers share: every channel of a picture becomes one value. */
import type { ClassSpec } from '../classes/index.js';
import { flagOption } from '../errors/index.js';
import { reshape } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, single, singleOfRank } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `globalAveragePooling2d` and `globalMaxPooling2d` both take. */
export interface GlobalPooling2dOptions extends LayerOptions {
  /** Whether the output keeps its rows and columns, one of each: [1, 1, channels]. Default false. */
  keepdims?: boolean;
}

/** The description of a global pooling layer. */
export const globalPoolingSpec = (className: string): ClassSpec =>
  layerSpec(className, ['keepdims'], { fixed: { data_format: 'channels_last' } });

/** A layer that makes one value of every channel. */
export abstract class GlobalPooling2d extends Layer {
  protected override readonly settings: Checked<GlobalPooling2dOptions>;

  constructor(who: string, options: GlobalPooling2dOptions, spec: ClassSpec) {
    super(who, options, spec);
    this.settings = { keepdims: flagOption(who, 'keepdims', options.keepdims ?? false) };
  }

  /** The values of `x`, [n, channels]. */
  protected abstract pool(x: Tensor): Tensor;

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const channels = singleOfRank(this, inputs, 3, 'h, w, channels')[2]!;
    return this.settings.keepdims ? [1, 1, channels] : [channels];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const y = this.pool(single(this, inputs));
    return this.settings.keepdims ? reshape(y, [y.shape[0]!, 1, 1, y.shape[1]!]) : y;
  }
}
