/** What the augmentation layers share: each picture of a training batch is read through a random map of its own. */
import type { ClassSpec } from '../classes/index.js';
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
import { layerSpec } from './spec.js';

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
export const readingOptions = ['fillMode', 'interpolation', 'fillValue'] as const;

/** The description of an augmentation layer. */
export const transformSpec = (className: string, options: readonly string[]): ClassSpec =>
  layerSpec(className, [...options, 'seed'], { fixed: { data_format: 'channels_last' } });

/** A layer that does nothing but in training, where every sample goes through a map of its own. */
export abstract class RandomTransform extends Layer {
  /** The options all of these layers share, checked. */
  protected readonly shared: Required<ImageTransformOptions> & { readonly seed: number | undefined };

  constructor(who: string, options: RandomTransformOptions, spec: ClassSpec) {
    super(who, options, spec);
    const { fillMode = 'reflect', interpolation = 'bilinear', fillValue = 0, seed } = options;
    this.shared = {
      fillMode: wordOption(who, 'fillMode', fillMode, fillModes),
      interpolation: wordOption(who, 'interpolation', interpolation, interpolations),
      fillValue: numberOption(who, 'fillValue', fillValue, 'a finite number', () => true),
      seed: seed === undefined ? undefined : seedOption(who, 'seed', seed),
    };
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
    const { seed, ...reading } = this.shared;
    const sequence = this.sequence(streams.augmentation, seed, context);
    const matrices = this.matrices(x.runtime, { sequence, count, size: [height, width] });
    return imageTransform(x, matrices, reading);
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
