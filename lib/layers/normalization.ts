/** normalization: values of data to mean 0 and variance 1, by statistics that are given or taken from data beforehand. */
import type { Maker } from '../classes/index.js';
import { ArgumentError, flagOption, ShapeError, show } from '../errors/index.js';
import { add, divide, maximum, multiply, reshape, sqrt, subtract } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import {
  described,
  full,
  isTyped,
  type Nested,
  type NumberArray,
  type Shape,
  sameShape,
  shapeOf,
  sizeOf,
  Tensor,
  tensor,
  valuesIn,
} from '../tensor/index.js';
import { type Initializer, ones, zeros } from './initializers.js';
import { Layer, type LayerOptions, layerMaker, single } from './layer.js';
import { type AxisOption, axesOf, axisListOption } from './norm.js';
import { layerSpec } from './spec.js';
import { type Moments, momentsOf } from './statistics.js';

/** Numbers for each place of the axes that keep their own: one, or lists of them. */
export type PerPlace = number | Nested | NumberArray;

/** What `normalization` takes. */
export interface NormalizationOptions extends LayerOptions {
  /** The axes whose places have a mean and a variance each, the batch being 0; null for none, so one of all values. Default -1. */
  axis?: AxisOption | null;
  /** The mean, beside `variance`; it broadcasts to the places. Default: what `adapt` finds, 0 until then. */
  mean?: PerPlace | null;
  /** The variance, beside `mean`. Default: what `adapt` finds, 1 until then. */
  variance?: PerPlace | null;
  /** Whether normalised values are brought back: x * sqrt(variance) + mean. Default false. */
  invert?: boolean;
}

/** A layer that takes mean and variance from data. */
export interface NormalizationLayer extends Layer {
  /**
   * Takes mean and variance from data: a tensor, nested lists [samples, ...], or, applied to an input, a flat array of whole samples.
   * Before the model has weights they become its first ones. Throws ArgumentError for a layer that was given them, ShapeError for
   * data of another shape.
   */
  adapt(data: Tensor | Nested | NumberArray): void;
}

const who = 'normalization';
/** What a divisor is at least: Keras's epsilon. */
const least = 1e-7;

/** Numbers as a config keeps them, and their shape. */
interface Given {
  kept: number | Nested;
  shape: Shape;
}

function givenOption(name: string, value: unknown): Given {
  if (typeof value === 'number' && Number.isFinite(value)) return { kept: value, shape: [] };
  const list = isTyped(value) ? Array.from(value as Float32Array) : value;
  if (!Array.isArray(list)) {
    throw new ArgumentError({ who, expected: `${name} to be a finite number or lists of them`, got: described(value) });
  }
  const shape = shapeOf(list);
  const bad = valuesIn(who, name, list, shape).find((one) => !Number.isFinite(one));
  if (bad === undefined && sizeOf(shape) > 0) return { kept: list, shape };
  const got = bad === undefined ? 'none' : show(bad);
  throw new ArgumentError({ who, expected: `${name} to be a finite number or lists of them`, got });
}

/** The axes as a list, as a config keeps them. */
function axisOption(axis: unknown): readonly number[] {
  if (axis === null || (Array.isArray(axis) && axis.length === 0)) return [];
  const list = axisListOption(who, axis);
  return typeof list === 'number' ? [list] : list;
}

/** Mean and variance as they were given: both or none, of one shape. */
function statisticsOption({ mean = null, variance = null }: NormalizationOptions, axes: readonly number[]) {
  if (mean === null && variance === null) return undefined;
  if (mean === null || variance === null) {
    const got = mean === null ? 'variance alone' : 'mean alone';
    throw new ArgumentError({ who, expected: 'mean and variance together', got });
  }
  const given = { mean: givenOption('mean', mean), variance: givenOption('variance', variance) };
  const { shape } = given.mean;
  if (!sameShape(shape, given.variance.shape)) {
    const expected = `variance ${show([...shape])}, as mean`;
    throw new ShapeError({ who, expected, got: show([...given.variance.shape]) });
  }
  if (shape.length <= axes.length) return given;
  throw new ShapeError({ who, expected: `mean of at most ${axes.length} axes, those of axis`, got: show([...shape]) });
}

class Normalization extends Layer {
  readonly kind = 'normalization';
  readonly kerasName = 'Normalization';
  static readonly spec = layerSpec('Normalization', ['axis', 'mean', 'variance', 'invert']);
  protected override readonly settings;
  readonly #given;
  /** What `adapt` found before there were weights. */
  #adapted: Moments | undefined;
  #input: Shape | undefined;

  constructor(options: NormalizationOptions = {}) {
    super(who, options, Normalization.spec);
    const { axis = -1, invert = false } = options;
    const axes = axisOption(axis);
    this.#given = statisticsOption(options, axes);
    const { mean = null, variance = null } = { mean: this.#given?.mean.kept, variance: this.#given?.variance.kept };
    this.settings = { axis: axes, mean, variance, invert: flagOption(who, 'invert', invert) };
  }

  /** Of an input of this shape: its axes that keep places, counted from 1, and their lengths. */
  #kept(shape: Shape): { axes: number[]; lengths: Shape } {
    const axes = axesOf(this.name, shape, this.settings.axis);
    return { axes, lengths: axes.map((axis) => shape[axis - 1]!) };
  }

  override computeOutputShape(inputs: readonly Shape[]): Shape {
    const shape = single(this, inputs);
    const { lengths } = this.#kept(shape);
    const given = this.#given?.mean.shape ?? [];
    const fits = given.every((length, i) => length === 1 || length === lengths.at(i - given.length));
    if (fits) return shape;
    const expected = `mean that broadcasts to ${show([...lengths])}`;
    throw new ShapeError({ who: this.name, expected, got: show([...given]) });
  }

  protected override declareWeights(inputs: readonly Shape[]): void {
    if (this.#given !== undefined) return;
    const shape = single(this, inputs);
    this.#input = shape;
    const { lengths } = this.#kept(shape);
    if (this.#adapted !== undefined) this.#expectPlaces(this.#adapted.shape, lengths);
    this.addWeight('mean', lengths, this.#first('mean', zeros()), { trainable: false });
    this.addWeight('variance', lengths, this.#first('variance', ones()), { trainable: false });
    // Keras keeps a number that nothing reads any more.
    this.addWeight('count', [], zeros(), { trainable: false, integer: true });
  }

  /** First values: what `adapt` found, or those of Keras. */
  #first(name: 'mean' | 'variance', otherwise: Initializer): Initializer {
    const values: Initializer['values'] = (runtime, shape, sequence) =>
      this.#adapted === undefined
        ? otherwise.values(runtime, shape, sequence)
        : tensor(runtime, this.#adapted[name], shape);
    return { seed: undefined, values };
  }

  #expectPlaces(got: Shape, lengths: Shape): void {
    if (sameShape(got, lengths)) return;
    const expected = `data with places ${show([...lengths])} along axis ${show(this.settings.axis)}`;
    throw new ShapeError({ who: this.name, expected, got: show([...got]) });
  }

  adapt(data: Tensor | Nested | NumberArray): void {
    if (this.#given !== undefined) {
      throw new ArgumentError({ who: this.name, expected: 'a layer without mean and variance', got: 'one with them' });
    }
    const { values, shape } = samplesIn(this.name, data, this.#input);
    const { axes, lengths } = this.#kept(shape.slice(1));
    if (this.#input !== undefined) this.#expectPlaces(lengths, this.#kept(this.#input).lengths);
    const found = momentsOf(values, shape, axes);
    this.#adapted = found;
    const [mean, variance] = this.weights;
    if (mean?.runtime === undefined) return;
    mean.tensor.write(found.mean);
    variance!.tensor.write(found.variance);
  }

  override call(inputs: readonly Tensor[]): Tensor {
    const x = single(this, inputs);
    const { mean, variance } = this.#statistics(x.runtime, x.shape.slice(1));
    const deviation = maximum(sqrt(variance), full(x.runtime, [1], least));
    return this.settings.invert ? add(mean, multiply(x, deviation)) : divide(subtract(x, mean), deviation);
  }

  /** Mean and variance with an axis for each of an input's. */
  #statistics(runtime: Runtime, shape: Shape): { mean: Tensor; variance: Tensor } {
    const { axes } = this.#kept(shape);
    const spread = (lengths: Shape) => {
      const all: number[] = [1, ...shape.map(() => 1)];
      lengths.forEach((length, i) => {
        all[axes.at(i - lengths.length)!] = length;
      });
      return all;
    };
    if (this.#given === undefined) {
      const [mean, variance] = this.weights.map((weight) => reshape(weight.tensor, spread(weight.shape)));
      return { mean: mean!, variance: variance! };
    }
    const made = ({ kept, shape: own }: Given) =>
      tensor(runtime, typeof kept === 'number' ? [kept] : kept, own.length === 0 ? [1] : own).reshape(spread(own));
    return { mean: made(this.#given.mean), variance: made(this.#given.variance) };
  }
}

/** The values of data, and their shape with the samples in front. */
function samplesIn(name: string, data: unknown, input: Shape | undefined): { values: ArrayLike<number>; shape: Shape } {
  if (data instanceof Tensor) return { values: data.data(), shape: expectSamples(name, data.shape) };
  const flat = isTyped(data) || (Array.isArray(data) && typeof data[0] === 'number');
  if (!flat && !Array.isArray(data)) {
    const expected = 'data to be a tensor, lists or a typed array';
    throw new ArgumentError({ who: name, expected, got: described(data) });
  }
  const size = sizeOf(input ?? []);
  const { length } = data as ArrayLike<number>;
  if (flat && input !== undefined && length % size !== 0) {
    throw new ShapeError({ who: name, expected: `data of samples ${show([...input])}`, got: `${length} values` });
  }
  const own = flat ? [length / size, ...(input ?? [])] : shapeOf(data as Nested);
  const shape = expectSamples(name, own);
  return {
    values: valuesIn(
      name,
      'data',
      flat ? Array.from(data as ArrayLike<number>) : (data as Nested),
      flat ? [length] : shape,
    ),
    shape,
  };
}

/** The shape, where it is that of some samples. */
function expectSamples(name: string, shape: Shape): Shape {
  if (shape.length > 0 && sizeOf(shape) > 0) return shape;
  throw new ShapeError({ who: name, expected: 'data of one sample or more', got: show([...shape]) });
}

/**
 * (x - mean) / max(sqrt(variance), 1e-7), in training and otherwise, with mean and variance that are given or found by `adapt`:
 * `const scaled = normalization(); scaled.adapt([[0, 7], [2, 9]])`. Neither learns. Throws ArgumentError for bad options, ShapeError where
 * mean does not fit `axis`; applied to an input without such axes, too.
 */
export const normalization = layerMaker(Normalization) as Maker<(options?: NormalizationOptions) => NormalizationLayer>;
