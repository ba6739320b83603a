/** What the pooling layers share: a window that moves over the rows and columns of every channel by itself. */
import type { ClassSpec, Config } from '../classes/index.js';
import { flagOption } from '../errors/index.js';
import { type MaxPool2dOptions, type Padding, type Pair, pairOf, poolWindow } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, single, singleOfRank } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `maxPooling2d` and `averagePooling2d` both take. */
export interface Pooling2dOptions extends LayerOptions {
  /** Rows and columns of the window. Default 2. */
  poolSize?: Pair;
  /** Default: the size of the window. */
  strides?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
  /** Whether a last window that begins in the picture but ends behind it counts, as PyTorch has it. Default false. */
  ceilMode?: boolean;
}

/** The description of a pooling layer, with options that Keras does not have and what each of them is in Keras. */
export const poolingSpec = (className: string, own: Config): ClassSpec =>
  layerSpec(className, ['poolSize', 'strides', 'padding', 'ceilMode', ...Object.keys(own)], {
    fixed: { data_format: 'channels_last' },
    own: { ceilMode: false, ...own },
  });

/** A layer that applies a pooling operation. */
export abstract class Pooling2d extends Layer {
  protected override readonly settings: Checked<Pooling2dOptions>;

  /** `own` checks the options that only this pooling has. */
  constructor(who: string, options: Pooling2dOptions, spec: ClassSpec, own: () => object) {
    super(who, options, spec);
    const poolSize = pairOf(who, 'poolSize', options.poolSize ?? 2);
    const strides = pairOf(who, 'strides', options.strides ?? poolSize);
    const ceilMode = flagOption(who, 'ceilMode', options.ceilMode ?? false);
    this.settings = { poolSize, strides, padding: options.padding ?? 'valid', ceilMode, ...own() };
  }

  /** The pooling of `x`. */
  protected abstract pool(x: Tensor): Tensor;

  /** How its windows lie, in the words of the operation. */
  protected get window(): MaxPool2dOptions {
    return this.settings;
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    return [...poolWindow(this.name, [h!, w!], this.window).window.outputs, channels!];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return this.pool(single(this, inputs));
  }
}
