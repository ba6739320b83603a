/** random_zoom: in training, each picture is zoomed about its middle by a random amount. */
import { ArgumentError, show } from '../errors/index.js';
import { type TransformDraw, zoomMatrices } from '../ops/index.js';
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

/** What `randomZoom` takes. */
export interface RandomZoomOptions extends RandomTransformOptions {
  /** Largest zoom of the height, or its range: 0.2 is from 20 % in to 20 % out; positive values zoom out. */
  heightFactor: Factor;
  /** The same for the width. Default: each picture keeps its proportions. */
  widthFactor?: Factor;
}

class RandomZoom extends RandomTransform {
  readonly kind = 'random_zoom';
  readonly kerasName = 'RandomZoom';
  readonly #height: readonly [number, number];
  readonly #width: readonly [number, number] | undefined;

  static readonly spec = transformSpec('RandomZoom', ['heightFactor', 'widthFactor', ...readingOptions]);
  protected override readonly settings;

  constructor(options: RandomZoomOptions) {
    super('randomZoom', options, RandomZoom.spec);
    const { heightFactor, widthFactor } = options;
    this.settings = { ...this.shared, heightFactor, widthFactor };
    const range = (name: string, factor: Factor) => {
      const [low, high] = factorOption('randomZoom', name, factor, 1);
      // As Keras: a picture is not zoomed to nothing on purpose; of a number 1 the range ends there.
      if (Array.isArray(factor) && low === -1) {
        const expected = `${name} to be a number from 0 to 1 or an ascending pair above -1 and up to 1`;
        throw new ArgumentError({ who: 'randomZoom', expected, got: show(factor) });
      }
      return [1 + low, 1 + high] as const;
    };
    this.#height = range('heightFactor', heightFactor);
    this.#width = widthFactor === undefined ? undefined : range('widthFactor', widthFactor);
  }

  protected override matrices(runtime: Runtime, draw: TransformDraw): Tensor {
    return zoomMatrices(runtime, draw, this.#height, this.#width);
  }
}

/** Zooms pictures `[h, w, c]` in training: `randomZoom({ heightFactor: 0.2, seed: 1 })`. Throws ArgumentError for a bad factor. */
export const randomZoom = layerMaker(RandomZoom);
