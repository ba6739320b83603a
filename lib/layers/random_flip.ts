/** random_flip: in training, each picture is flipped or not, with equal chances. */
import { wordOption } from '../errors/index.js';
import { flipMatrices, type TransformDraw } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Layer, LayerOptions } from './layer.js';
import { RandomTransform } from './random_transform.js';

const flips = ['horizontal', 'vertical', 'horizontal_and_vertical'] as const;

export interface RandomFlipOptions extends LayerOptions {
  /** Which flips may happen, each by itself. Default 'horizontal_and_vertical'. */
  mode?: (typeof flips)[number];
  /** Default: the run's seed. */
  seed?: number;
}

class RandomFlip extends RandomTransform {
  readonly kind = 'random_flip';
  readonly kerasName = 'RandomFlip';
  readonly #directions: { horizontal: boolean; vertical: boolean };

  constructor({ mode = 'horizontal_and_vertical', ...options }: RandomFlipOptions) {
    super('randomFlip', options, ['mode']);
    wordOption('randomFlip', 'mode', mode, flips);
    this.#directions = { horizontal: mode !== 'vertical', vertical: mode !== 'horizontal' };
  }

  protected override matrices(runtime: Runtime, draw: TransformDraw): Tensor {
    return flipMatrices(runtime, draw, this.#directions);
  }
}

/** Flips pictures `[h, w, c]` in training: `randomFlip({ mode: 'horizontal', seed: 1 })`. Throws ArgumentError for an unknown mode. */
export function randomFlip(options: RandomFlipOptions = {}): Layer {
  return new RandomFlip(options);
}
