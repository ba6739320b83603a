/**
 * Gradient-weighted class activation mapping: where in a picture a network looked for a class. Selvaraju and others
 * (2017) in the form of Chollet, Deep Learning with Python, 2nd edition, 9.4.3: the gradient of the class's score with respect
 * to the maps of the last convolution is averaged over positions; each map is weighted by its average; the maps are
 * summed, what is below zero is cut, and the rest is divided by its maximum. (The book takes the mean of the weighted
 * maps; dividing all by the number of channels changes nothing after the division by the maximum.)
 *
 * The score is what goes into the sigmoid or softmax, as in the article ("before the softmax"). The book differentiates the
 * probability, whose gradient is 0 where it rounds to 0 or 1: a network that is sure would have no map.
 *
 * Order of arithmetic, all in float32: the averages by `mean` (docs/contract.md, rule 4), the weighted sum as one chain
 * of fma over ascending channels (conv2d with a 1 x 1 window), relu, and one IEEE division by the maximum for each value.
 */
import { sourcesOf } from '../autograd/index.js';
import {
  ArgumentError,
  checkOptions,
  DataError,
  integerOption,
  ShapeError,
  show,
  wordOption,
} from '../errors/index.js';
import type { Model } from '../models/index.js';
import { conv2d, gradients, mean } from '../ops/index.js';
import { type Shape, scope, sizeOf, Tensor, tensor } from '../tensor/index.js';
import type { HeatMap } from './heat_map.js';
import { type Cut, cutAt } from './places.js';

/** What of a class is differentiated: its probability, or what goes into the sigmoid or softmax that makes it. */
export const scores = ['probability', 'logit'] as const;
/** What is explained of an output: its probability, or the logit before it. */
export type Score = (typeof scores)[number];

/** What `gradCam` takes. */
export interface GradCamOptions {
  /**
   * The class to explain, from 0. For a model with one output, 1 is what the output p speaks for and 0 the other one,
   * with the probability 1 - p. Default: the class with the highest probability, the lowest of equals.
   */
  class?: number;
  /** Layer whose maps are weighted. Default: the convolution farthest from the input whose maps have several places. */
  layer?: string;
  /**
   * Default 'logit': what goes into the last activation function, its negative for class 0 of one output; the output itself
   * where the last layer has none. 'probability' is the book's: for one output the same map, for several another one, as it
   * speaks against the other classes too; and none where the probability rounds to 0 or 1 (`flat`).
   */
  score?: Score;
}

/** An explanation of one picture. */
export interface GradCam {
  layer: string;
  class: number;
  score: Score;
  /** One for each class; [1 - p, p] for a model with one output. */
  probabilities: Float32Array;
  /** Heat at the layer's resolution, 0 to 1; zeros when nothing speaks for the class, or the score is flat. */
  heat: HeatMap;
  /** The largest value before the division; 0 where there is no heat. */
  peak: number;
  /**
   * Whether the score's gradient is 0 everywhere in the maps, so that there is no heat for want of a slope: a probability
   * that rounds to 0 or 1, or units between that are all off.
   */
  flat: boolean;
}

const who = 'gradCam';

/** A picture as a batch of one. Throws ShapeError for another number of values, DataError for NaN and Infinity. */
function batchOfOne(model: Model, picture: Tensor | Float32Array | Uint8Array): Tensor {
  const { x: shape } = model.sampleShapes;
  const given = picture instanceof Tensor ? picture.data() : picture;
  const dims = picture instanceof Tensor ? picture.shape : [given.length];
  const fits = picture instanceof Tensor ? sameAsOne(dims, shape) : given.length === sizeOf(shape);
  if (!fits) {
    const expected = `a picture ${show([...shape])} of ${sizeOf(shape)} values`;
    throw new ShapeError({
      who,
      expected,
      got: picture instanceof Tensor ? show([...dims]) : `${given.length} values`,
    });
  }
  const values = Float32Array.from(given);
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) {
    throw new DataError({ who, expected: 'a picture without NaN and Infinity', got: String(bad) });
  }
  return tensor(model.runtime, values, [1, ...shape]);
}

const sameAsOne = (dims: Shape, shape: Shape) =>
  sizeOf(dims) === sizeOf(shape) &&
  dims.length >= shape.length &&
  shape.every((n, i) => n === dims.at(i - shape.length));

/** How many classes the outputs of a model stand for. Throws ShapeError for outputs that are no list. */
function classCount(model: Model): number {
  const { y } = model.sampleShapes;
  if (y.length !== 1) {
    throw new ShapeError({ who, expected: 'a model with outputs [classes]', got: show([...y]) });
  }
  return Math.max(2, y[0]!);
}

function classOption(model: Model, value: number | undefined): number | undefined {
  const count = classCount(model);
  if (value === undefined) return undefined;
  if (integerOption(who, 'class', value, 0) < count) return value;
  throw new ArgumentError({ who, expected: `class to be from 0 to ${count - 1}`, got: show(value) });
}

function probabilitiesOf(outputs: Float32Array): Float32Array {
  return outputs.length > 1 ? outputs : Float32Array.of(1 - outputs[0]!, outputs[0]!);
}

/** The index of the largest value, the lowest of equals. */
const argmax = (values: Float32Array) => values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);

/** What goes into the activation function of the last layer; the output itself when there is none. */
function logits(cut: Cut, output: Tensor): Tensor {
  const [source, ...others] = sourcesOf(output);
  const behind = source !== undefined && others.length === 0 && (cut.head?.lastActivation ?? 'linear') !== 'linear';
  return behind ? source : output;
}

/** The gradient of the class with respect to the maps, and the outputs. One output speaks against class 0 by its minus. */
function slopeOf(cut: Cut, maps: Tensor, model: Model, target: { class: number; score: Score }): Tensor {
  const { runtime } = model;
  const width = model.sampleShapes.y[0]!;
  const seed = new Float32Array(width);
  if (width === 1) seed[0] = target.class === 1 ? 1 : -1;
  else seed[target.class] = 1;
  const upstream = tensor(runtime, seed, [1, width]);
  const forward = () => {
    const output = cut.upper(maps, contextOf(model));
    return { loss: target.score === 'logit' ? logits(cut, output) : output };
  };
  return gradients(forward, [maps], upstream).gradients[0]!;
}

/** No layer draws anything outside of training, so the seed of a model that was only built says nothing. */
const contextOf = (model: Model) => ({
  training: false,
  step: model.iterations,
  seed: model.isCompiled ? model.compiled.seed : 0,
});

/** Divides by the maximum. Throws DataError for values that are not finite. */
function normalised(raw: Float32Array): { values: Float32Array; peak: number } {
  let peak = 0;
  for (const value of raw) {
    if (!Number.isFinite(value)) {
      const hint = 'the weights of the network have diverged';
      throw new DataError({ who, expected: 'maps and gradients that are finite', got: String(value), hint });
    }
    if (value > peak) peak = value;
  }
  // A quotient of floats rounded to double and then to float is the float quotient.
  return { values: peak === 0 ? new Float32Array(raw.length) : raw.map((value) => value / peak), peak };
}

/**
 * Explains one picture by a model that is compiled or built: where the maps of a layer speak for a class. `picture` has the model's input
 * shape `[h, w, channels]`, in the range the model was trained on. On a deterministic runtime the result is the same bits
 * with any number of threads and on any instruction set.
 *
 * Throws ArgumentError for an unknown option, class or layer, ShapeError for a picture of another size or a model whose
 * outputs are no list of classes, DataError for values that are not finite.
 * Example: `gradCam(model, picture.pixels, { class: 1 }).heat.values`.
 */
export function gradCam(
  model: Model,
  picture: Tensor | Float32Array | Uint8Array,
  options: GradCamOptions = {},
): GradCam {
  checkOptions(who, options, ['class', 'layer', 'score']);
  const wanted = classOption(model, options.class);
  const score = wordOption(who, 'score', options.score ?? 'logit', scores);
  const cut = cutAt(who, model, options.layer);
  return scope(() => {
    const last = cut.lower(batchOfOne(model, picture), contextOf(model));
    // A tensor of its own, also behind a layer that hands its input on: nothing beside the maps is differentiated.
    const maps = last.reshape(last.shape);
    const probabilities = probabilitiesOf(scope(() => cut.upper(maps, contextOf(model)).data()));
    const target = { class: wanted ?? argmax(probabilities), score };
    using slope = slopeOf(cut, maps, model, target);
    const [height, width, channels] = cut.shape;
    const importance = mean(slope, { axes: [0, 1, 2] }).reshape([1, 1, channels, 1]);
    const raw = conv2d(maps, importance, { activation: 'relu' }).data();
    const { values, peak } = normalised(raw);
    const flat = slope.data().every((value) => value === 0);
    return { layer: cut.layer, ...target, probabilities, heat: { height, width, values }, peak, flat };
  });
}
