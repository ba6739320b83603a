/** What the pooling layers share: a window that moves over the rows and columns of every channel by itself. */
import type { ClassSpec } from '../classes/index.js';
import { type Padding, type Pair, type Pool2dOptions, pairOf, resolveWindow } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, single, singleOfRank } from './layer.js';
import { type Checked, layerSpec } from './spec.js';

/** What `maxPooling2d` and `averagePooling2d` take. */
export interface Pooling2dOptions extends LayerOptions {
  /** Rows and columns of the window. Default 2. */
  poolSize?: Pair;
  /** Default: the size of the window. */
  strides?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
}

/** A pooling, and the operation it applies. */
interface PoolingKind {
  spec: ClassSpec;
  operation: (x: Tensor, options: Pool2dOptions) => Tensor;
}

/** The description of a pooling layer. */
export const poolingSpec = (className: string): ClassSpec =>
  layerSpec(className, ['poolSize', 'strides', 'padding'], { fixed: { data_format: 'channels_last' } });

/** A layer that applies a pooling operation. */
export abstract class Pooling2d extends Layer {
  readonly #operation: PoolingKind['operation'];
  protected override readonly settings: Checked<Pooling2dOptions>;

  constructor(who: string, options: Pooling2dOptions, { spec, operation }: PoolingKind) {
    super(who, options, spec);
    this.#operation = operation;
    const poolSize = pairOf(who, 'poolSize', options.poolSize ?? 2);
    const strides = pairOf(who, 'strides', options.strides ?? poolSize);
    this.settings = { poolSize, strides, padding: options.padding ?? 'valid' };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const { poolSize, strides, padding } = this.settings;
    const window = { inputs: [h!, w!], kernel: poolSize, strides, dilations: 1, padding } as const;
    return [...resolveWindow(this.name, window).outputs, channels!];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return this.#operation(single(this, inputs), this.settings);
  }
}
