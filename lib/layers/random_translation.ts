/** random_translation: in training, each picture is moved by a random share of its height and width. */
import type { TransformDraw } from '../ops/index.js';
import { Words } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Tensor, tensor } from '../tensor/index.js';
import { layerMaker } from './layer.js';
import {
  type Factor,
  factorOption,
  RandomTransform,
  type RandomTransformOptions,
  readingOptions,
  transformSpec,
} from './random_transform.js';

/** What `randomTranslation` takes. */
export interface RandomTranslationOptions extends RandomTransformOptions {
  /** Largest share of the height, or the range of shares; positive ones move the picture down. */
  heightFactor: Factor;
  /** Largest share of the width, or the range of shares; positive ones move the picture to the right. */
  widthFactor: Factor;
}

const who = 'randomTranslation';

class RandomTranslation extends RandomTransform {
  readonly kind = 'random_translation';
  readonly kerasName = 'RandomTranslation';
  static readonly spec = transformSpec('RandomTranslation', ['heightFactor', 'widthFactor', ...readingOptions]);
  readonly #height: readonly [number, number];
  readonly #width: readonly [number, number];
  protected override readonly settings;

  constructor(options: RandomTranslationOptions) {
    super(who, options, RandomTranslation.spec);
    const { heightFactor, widthFactor } = options;
    this.#height = factorOption(who, 'heightFactor', heightFactor, 1);
    this.#width = factorOption(who, 'widthFactor', widthFactor, 1);
    this.settings = { ...this.shared, heightFactor, widthFactor };
  }

  protected override matrices(runtime: Runtime, { sequence, count, size: [height, width] }: TransformDraw): Tensor {
    const words = new Words(sequence);
    const drawn = ([low, high]: readonly [number, number]) => low + words.uniform() * (high - low);
    const maps = Array.from({ length: count }, () => {
      const [down, right] = [drawn(this.#height) * height, drawn(this.#width) * width];
      // Where each output pixel is read.
      return [1, 0, -right, 0, 1, -down];
    });
    return tensor(runtime, Float32Array.from(maps.flat()), [count, 6]);
  }
}

/**
 * Moves pictures [h, w, c] in training: `randomTranslation({ heightFactor: 0.1, widthFactor: [0, 0.2], seed: 1 })`. Throws ArgumentError
 * for a bad factor.
 */
export const randomTranslation = layerMaker(RandomTranslation);
