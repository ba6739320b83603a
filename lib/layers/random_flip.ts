/** random_flip: in training, each picture is flipped or not, with equal chances. */
import { wordOption } from '../errors/index.js';
import { flipMatrices, type TransformDraw } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Tensor } from '../tensor/index.js';
import { type LayerOptions, layerMaker } from './layer.js';
import { RandomTransform, transformSpec } from './random_transform.js';

const flips = ['horizontal', 'vertical', 'horizontal_and_vertical'] as const;

/** What `randomFlip` takes. */
export interface RandomFlipOptions extends LayerOptions {
  /** Which flips may happen, each by itself. Default 'horizontal_and_vertical'. */
  mode?: (typeof flips)[number];
  /** Default: the run's seed. */
  seed?: number;
}

class RandomFlip extends RandomTransform {
  readonly kind = 'random_flip';
  readonly kerasName = 'RandomFlip';
  static readonly spec = transformSpec('RandomFlip', ['mode']);
  protected override readonly settings;

  constructor(options: RandomFlipOptions = {}) {
    super('randomFlip', options, RandomFlip.spec);
    const mode = wordOption('randomFlip', 'mode', options.mode ?? 'horizontal_and_vertical', flips);
    this.settings = { ...this.shared, mode };
  }

  protected override matrices(runtime: Runtime, draw: TransformDraw): Tensor {
    const { mode } = this.settings;
    return flipMatrices(runtime, draw, { horizontal: mode !== 'vertical', vertical: mode !== 'horizontal' });
  }
}

/** Flips pictures `[h, w, c]` in training: `randomFlip({ mode: 'horizontal', seed: 1 })`. Throws ArgumentError for an unknown mode. */
export const randomFlip = layerMaker(RandomFlip);
