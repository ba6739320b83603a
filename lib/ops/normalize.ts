/** normalize: layer and group normalization, the values of each sample to mean 0 and variance 1. */
import { type Backward, isWatched, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, integerOption, numberOption, ShapeError, show } from '../errors/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { axesOption } from './axes.js';
import { expectDtype, expectSameShape, output, run } from './kernel.js';
import { transpose } from './transpose.js';

/** Learned scale and shift; null where there is none. */
export interface NormParameters {
  gamma: Tensor | null;
  beta: Tensor | null;
}

/** What `layerNorm` takes. */
export interface LayerNormOptions {
  /** The axes that are normalised together, in any order. Default [-1]. */
  axes?: readonly number[];
  /** Added to the variance under the root. Default 1e-3. */
  epsilon?: number;
}

/** What `groupNorm` takes. */
export interface GroupNormOptions {
  /** In how many groups of neighbours the channels are cut; it divides their number. */
  groups: number;
  /** Added to the variance under the root. Default 1e-3. */
  epsilon?: number;
}

interface Rows {
  positions: number;
  channels: number;
  groups: number;
  across: boolean;
  epsilon: number;
}

/** What both share; `parameterShape` is that of gamma and beta. */
function normalize(
  who: string,
  x: Tensor,
  { gamma, beta }: NormParameters,
  { across, epsilon, ...rows }: Rows,
  parameterShape: Shape,
): Tensor {
  numberOption(who, 'epsilon', epsilon, 'a number >= 0', (value) => value >= 0);
  for (const [name, one] of Object.entries({ gamma, beta })) {
    if (one === null) continue;
    expectDtype(who, name, one);
    expectSameShape(who, name, one, parameterShape);
  }
  const settings = { epsilon, ...rows, across: across ? 1 : 0 };
  const samples = x.size / (rows.positions * rows.channels);
  const count = samples * (across ? rows.groups : rows.positions);
  const [y, mean, inverse] = [output(x), output(x, [count]), output(x, [count])];
  run('normalize.forward', [x, gamma, beta, y, mean, inverse], settings);
  const backward: Backward = (dy, [wantX, wantGamma, wantBeta]) => {
    const dx = wantX ? output(x) : null;
    if (dx !== null) run('normalize.inputGradient', [x, mean, inverse, gamma, dy, dx], settings);
    if (!wantGamma && !wantBeta) return [dx];
    const [dgamma, dbeta] = [output(x, parameterShape), output(x, parameterShape)];
    run('normalize.parameterGradient', [x, mean, inverse, dy, dgamma, dbeta], settings);
    if (!wantGamma) dgamma.dispose();
    if (!wantBeta) dbeta.dispose();
    return [dx, wantGamma ? dgamma : null, wantBeta ? dbeta : null];
  };
  const inputs = [x, gamma, beta];
  const saves = [mean, inverse];
  if (!inputs.some((one) => one !== null && isWatched(one))) for (const one of saves) one.dispose();
  return record({ name: who, inputs, output: y, reads: gamma === null ? [x] : [x, gamma], saves, backward });
}

/**
 * Layer normalization (Ba et al. 2016): `gamma * (x - mean) / sqrt(variance + epsilon) + beta` with mean and biased variance over
 * some axes, at every place of the others. gamma and beta have the shape of these axes, in the order of x. Gradients flow to x, gamma
 * and beta. Axes other than the last ones are brought there and back, which moves every value twice. Throws DtypeError unless all are
 * float32, ShapeError unless gamma and beta fit or where the axes hold no value, ArgumentError for axes that are not there or none and
 * a negative epsilon. Example: `layerNorm(x, { gamma, beta }, { axes: [1, 2] })`.
 */
export function layerNorm(x: Tensor, parameters: NormParameters, options: LayerNormOptions = {}): Tensor {
  const who = 'layerNorm';
  checkOptions(who, options, ['axes', 'epsilon']);
  const { axes = [-1], epsilon = 1e-3 } = options;
  expectDtype(who, 'x', x);
  const sorted = axesOption(who, x.rank, axes).toSorted((a, b) => a - b);
  const first = x.rank - sorted.length;
  if (sorted.length === 0) throw new ArgumentError({ who, expected: 'one axis or more', got: show([...axes]) });
  if (sorted[0] !== first) {
    const order = [...x.shape.keys()].filter((axis) => !sorted.includes(axis)).concat(sorted);
    const rows = transpose(x, { axes: order });
    const y = layerNorm(rows, parameters, { axes: order.slice(first).map((_, i) => first + i), epsilon });
    return transpose(y, { axes: order.map((_, axis) => order.indexOf(axis)) });
  }
  const shape = x.shape.slice(first);
  const channels = sizeOf(shape);
  if (channels === 0) throw new ShapeError({ who, expected: 'values along axes', got: show([...x.shape]) });
  const positions = Math.max(1, sizeOf(x.shape.slice(1, Math.max(1, first))));
  return normalize(who, x, parameters, { positions, channels, groups: 1, across: false, epsilon }, shape);
}

/**
 * Group normalization (Wu and He 2018) of x [n, ..., c]: `gamma * (x - mean) / sqrt(variance + epsilon) + beta` with mean and biased
 * variance of each sample's groups of c / groups neighbouring channels, over all its places. gamma and beta are [c]. Gradients flow to
 * x, gamma and beta. Throws DtypeError unless all are float32, ShapeError unless x has such axes with values and gamma and beta fit,
 * ArgumentError unless groups divide the channels and for a negative epsilon. Example: `groupNorm(x, { gamma, beta }, { groups: 8 })`.
 */
export function groupNorm(x: Tensor, parameters: NormParameters, options: GroupNormOptions): Tensor {
  const who = 'groupNorm';
  checkOptions(who, options, ['groups', 'epsilon']);
  const { groups, epsilon = 1e-3 } = options;
  expectDtype(who, 'x', x);
  const places = x.shape.slice(1);
  if (x.rank < 2 || sizeOf(places) === 0) {
    throw new ShapeError({ who, expected: 'x [n, ..., c] with values in a sample', got: show([...x.shape]) });
  }
  const channels = places.at(-1)!;
  integerOption(who, 'groups', groups, 1);
  if (channels % groups !== 0) {
    throw new ArgumentError({ who, expected: `groups to divide ${channels} channels`, got: `${groups}` });
  }
  const positions = sizeOf(places) / channels;
  return normalize(who, x, parameters, { positions, channels, groups, across: true, epsilon }, [channels]);
}
