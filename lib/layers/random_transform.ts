/** What the augmentation layers share: each picture of a training batch is read through a random map of its own. */
import { ArgumentError, numberOption, seedOption, show, wordOption } from '../errors/index.js';
import {
  type FillMode,
  fillModes,
  type ImageTransformOptions,
  type Interpolation,
  imageTransform,
  interpolations,
  type TransformDraw,
} from '../ops/index.js';
import { streams } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { type CallContext, Layer, type LayerOptions, single, singleOfRank } from './layer.js';

/** Options of the layers that read between pixels. */
export interface RandomTransformOptions extends LayerOptions {
  /** What lies outside the picture. Default 'reflect'. */
  fillMode?: FillMode;
  /** Default 'bilinear'. */
  interpolation?: Interpolation;
  /** The value outside for fillMode 'constant'. Default 0. */
  fillValue?: number;
  /** Default: the run's seed. */
  seed?: number;
}

/** A number f for the range [-f, f], or the range itself. */
export type Factor = number | readonly [low: number, high: number];

/** The options of layers that read between pixels; a flip never does. */
export const readingOptions = ['fillMode', 'interpolation', 'fillValue'];

/** A layer that does nothing but in training, where every sample goes through a map of its own. */
export abstract class RandomTransform extends Layer {
  readonly #reading: ImageTransformOptions;
  readonly #seed: number | undefined;

  /** `options` without the layer's own; their names are `known`. */
  constructor(who: string, options: RandomTransformOptions, known: readonly string[]) {
    const { fillMode = 'reflect', interpolation = 'bilinear', fillValue = 0, seed, ...common } = options;
    super(who, common, [...known, 'seed']);
    this.#reading = {
      fillMode: wordOption(who, 'fillMode', fillMode, fillModes),
      interpolation: wordOption(who, 'interpolation', interpolation, interpolations),
      fillValue: numberOption(who, 'fillValue', fillValue, 'a finite number', () => true),
    };
    this.#seed = seed === undefined ? undefined : seedOption(who, 'seed', seed);
  }

  /** The maps `[count, 6]` of one batch. */
  protected abstract matrices(runtime: Runtime, draw: TransformDraw): Tensor;

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return singleOfRank(this, inputs, 3, 'h, w, c');
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(this, inputs);
    if (!context.training) return x;
    const [count, height, width] = x.shape as readonly [number, number, number];
    const sequence = this.sequence(streams.augmentation, this.#seed, context);
    const matrices = this.matrices(x.runtime, { sequence, count, size: [height, width] });
    return imageTransform(x, matrices, this.#reading);
  }
}

/** The range a factor stands for; throws ArgumentError unless it is finite, ascending and inside [-limit, limit]. */
export function factorOption(who: string, name: string, factor: unknown, limit: number): readonly [number, number] {
  const [low, high] = typeof factor === 'number' ? [-factor, factor] : Array.isArray(factor) ? factor : [];
  const pair = Array.isArray(factor) ? factor.length === 2 : true;
  if (pair && Number.isFinite(low) && Number.isFinite(high) && -limit <= low && low <= high && high <= limit) {
    return [low, high];
  }
  throw new ArgumentError({
    who,
    expected: `${name} to be a number from 0 to ${limit} or an ascending pair from -${limit} to ${limit}`,
    got: show(factor),
  });
}
