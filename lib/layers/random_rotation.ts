/** random_rotation: in training, each picture is turned about its middle by a random angle. */
import { rotationMatrices, type TransformDraw } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Tensor } from '../tensor/index.js';
import { layerMaker } from './layer.js';
import {
  type Factor,
  factorOption,
  RandomTransform,
  type RandomTransformOptions,
  readingOptions,
  transformSpec,
} from './random_transform.js';

/** What `randomRotation` takes. */
export interface RandomRotationOptions extends RandomTransformOptions {
  /** Largest turn as a share of the full circle, or the range: 0.1 is from -36 to 36 degrees. */
  factor: Factor;
}

class RandomRotation extends RandomTransform {
  readonly kind = 'random_rotation';
  readonly kerasName = 'RandomRotation';
  readonly #angles: readonly [number, number];

  static readonly spec = transformSpec('RandomRotation', ['factor', ...readingOptions]);
  protected override readonly settings;

  constructor(options: RandomRotationOptions) {
    super('randomRotation', options, RandomRotation.spec);
    const [low, high] = factorOption('randomRotation', 'factor', options.factor, 1);
    this.settings = { ...this.shared, factor: [low, high] };
    this.#angles = [low * 2 * Math.PI, high * 2 * Math.PI];
  }

  protected override matrices(runtime: Runtime, draw: TransformDraw): Tensor {
    return rotationMatrices(runtime, draw, this.#angles);
  }
}

/** Turns pictures `[h, w, c]` in training: `randomRotation({ factor: 0.1, seed: 1 })`. Throws ArgumentError for a bad factor. */
export const randomRotation = layerMaker(RandomRotation);
