/** random_rotation: in training, each picture is turned about its middle by a random angle. */
import { rotationMatrices, type TransformDraw } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Layer } from './layer.js';
import {
  type Factor,
  factorOption,
  RandomTransform,
  type RandomTransformOptions,
  readingOptions,
} from './random_transform.js';

export interface RandomRotationOptions extends RandomTransformOptions {
  /** Largest turn as a share of the full circle, or the range: 0.1 is from -36 to 36 degrees. */
  factor: Factor;
}

class RandomRotation extends RandomTransform {
  readonly kind = 'random_rotation';
  readonly kerasName = 'RandomRotation';
  readonly #angles: readonly [number, number];

  constructor({ factor, ...options }: RandomRotationOptions) {
    super('randomRotation', options, ['factor', ...readingOptions]);
    const [low, high] = factorOption('randomRotation', 'factor', factor, 1);
    this.#angles = [low * 2 * Math.PI, high * 2 * Math.PI];
  }

  protected override matrices(runtime: Runtime, draw: TransformDraw): Tensor {
    return rotationMatrices(runtime, draw, this.#angles);
  }
}

/** Turns pictures `[h, w, c]` in training: `randomRotation({ factor: 0.1, seed: 1 })`. Throws ArgumentError for a bad factor. */
export function randomRotation(options: RandomRotationOptions): Layer {
  return new RandomRotation(options);
}
