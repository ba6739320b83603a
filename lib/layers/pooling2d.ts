/** What the pooling layers share: a window that moves over the rows and columns of every channel by itself. */
import { type Padding, type Pair, type Pool2dOptions, pairOf, resolveWindow } from '../ops/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { Layer, type LayerOptions, single, singleOfRank } from './layer.js';

export interface Pooling2dOptions extends LayerOptions {
  /** Rows and columns of the window. Default 2. */
  poolSize?: Pair;
  /** Default: the size of the window. */
  strides?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
}

/** Checked options. */
interface Pool2dWindow extends Required<Pool2dOptions> {
  poolSize: readonly [number, number];
}

/** How a pooling layer is called, and the operation it applies. */
export interface PoolingKind {
  who: string;
  kind: string;
  kerasName: string;
  operation: (x: Tensor, options: Pool2dOptions) => Tensor;
}

/** A layer that applies a pooling operation. */
export class Pooling2d extends Layer {
  readonly kind: string;
  readonly kerasName: string;
  readonly #operation: PoolingKind['operation'];
  readonly #window: Pool2dWindow;

  constructor(options: Pooling2dOptions, { who, kind, kerasName, operation }: PoolingKind) {
    const { poolSize = 2, strides, padding = 'valid', ...common } = options;
    super(who, common, ['poolSize', 'strides', 'padding']);
    this.kind = kind;
    this.kerasName = kerasName;
    this.#operation = operation;
    const size = pairOf(who, 'poolSize', poolSize);
    this.#window = { poolSize: size, strides: pairOf(who, 'strides', strides ?? size), padding };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const [h, w, channels] = singleOfRank(this, inputs, 3, 'h, w, channels');
    const { poolSize, strides, padding } = this.#window;
    const window = { inputs: [h!, w!], kernel: poolSize, strides, dilations: 1, padding } as const;
    return [...resolveWindow(this.name, window).outputs, channels!];
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return this.#operation(single(this, inputs), this.#window);
  }
}
