/** Initializers whose spread follows from how many values meet in a weight. */
import { maker } from '../../classes/index.js';
import { ArgumentError, checkOptions, numberOption, show, wordOption } from '../../errors/index.js';
import { randomNormal as drawNormal, randomUniform as drawUniform } from '../../ops/index.js';
import type { Sequence } from '../../random/index.js';
import type { Runtime } from '../../runtime/index.js';
import { type Shape, sizeOf, type Tensor } from '../../tensor/index.js';
import { type Initializer, initializer, type SeedOption, seedOf, specOf } from './initializer.js';
import { drawTruncated } from './random.js';

/**
 * How many inputs and outputs meet in a weight, as Keras counts: the last two axes times the window that the axes before them
 * span; of one axis its length is both, of none 1.
 */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const window = sizeOf(shape.slice(0, -2));
  const last = shape.at(-1) ?? 1;
  return { fanIn: window * (shape.at(-2) ?? last), fanOut: window * last };
}

const modes = ['fan_in', 'fan_out', 'fan_avg'] as const;
const distributions = ['truncated_normal', 'untruncated_normal', 'uniform'] as const;

/** What `varianceScaling` takes. */
export interface VarianceScalingOptions extends SeedOption {
  /** Factor of the variance, above 0. Default 1. */
  scale?: number;
  /** What the variance is divided by: inputs, outputs, or half of both. Default 'fan_in'. */
  mode?: (typeof modes)[number];
  /** Default 'truncated_normal'. */
  distribution?: (typeof distributions)[number];
}

type Scaling = Required<Omit<VarianceScalingOptions, 'seed'>>;

// The standard deviation of a normal distribution cut at two standard deviations (scipy.stats.truncnorm.std(-2, 2)).
const kTruncated = 0.8796256610342398;

/** Values of variance scale / fan, before they are rounded. */
function drawScaled(
  runtime: Runtime,
  shape: Shape,
  sequence: Sequence,
  { scale, mode, distribution }: Scaling,
): Tensor {
  const { fanIn, fanOut } = fans(shape);
  const fan = Math.max(1, { fan_in: fanIn, fan_out: fanOut, fan_avg: (fanIn + fanOut) / 2 }[mode]);
  if (distribution === 'uniform') {
    const high = Math.sqrt((3 * scale) / fan);
    return drawUniform(runtime, shape, sequence, { low: -high, high });
  }
  const stddev = Math.sqrt(scale / fan);
  if (distribution === 'untruncated_normal') return drawNormal(runtime, shape, sequence, { mean: 0, stddev });
  return drawTruncated(runtime, shape, sequence, { mean: 0, stddev: stddev / kTruncated });
}

const scalingSpec = specOf('VarianceScaling', ['scale', 'mode', 'distribution', 'seed'], {
  input_axes: null,
  output_axes: null,
});

/**
 * Values of variance scale / fan. Uniform ones lie in [-l, l) with l = sqrt(3 * scale / fan). Throws ArgumentError for an unknown or
 * bad option.
 */
export const varianceScaling = maker(scalingSpec, (options: VarianceScalingOptions = {}): Initializer => {
  const who = 'varianceScaling';
  checkOptions(who, options, scalingSpec.options);
  const scaling: Scaling = {
    scale: numberOption(who, 'scale', options.scale ?? 1, 'a number > 0', (x) => x > 0),
    mode: wordOption(who, 'mode', options.mode ?? 'fan_in', modes),
    distribution: wordOption(who, 'distribution', options.distribution ?? 'truncated_normal', distributions),
  };
  return initializer(scalingSpec, { ...scaling, seed: seedOf(who, options) }, (runtime, shape, sequence) =>
    drawScaled(runtime, shape, sequence, scaling),
  );
});

/** One of the known scalings, which has a class of its own in Keras. */
function known(className: string, scaling: Scaling) {
  const spec = specOf(className, ['seed'], { input_axes: null, output_axes: null });
  const who = `${className[0]!.toLowerCase()}${className.slice(1)}`;
  return maker(spec, (options: SeedOption = {}): Initializer => {
    checkOptions(who, options, spec.options);
    return initializer(spec, { seed: seedOf(who, options) }, (runtime, shape, sequence) =>
      drawScaled(runtime, shape, sequence, scaling),
    );
  });
}

/** Uniform in [-l, l) with l = sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export const glorotUniform = known('GlorotUniform', { scale: 1, mode: 'fan_avg', distribution: 'uniform' });

/** Truncated normal of variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010). */
export const glorotNormal = known('GlorotNormal', { scale: 1, mode: 'fan_avg', distribution: 'truncated_normal' });

/** Uniform in [-l, l) with l = sqrt(6 / fanIn) (He et al. 2015). */
export const heUniform = known('HeUniform', { scale: 2, mode: 'fan_in', distribution: 'uniform' });

/** Truncated normal of variance 2 / fanIn (He et al. 2015). */
export const heNormal = known('HeNormal', { scale: 2, mode: 'fan_in', distribution: 'truncated_normal' });

/** Uniform in [-l, l) with l = sqrt(3 / fanIn) (LeCun et al. 1998). */
export const lecunUniform = known('LecunUniform', { scale: 1, mode: 'fan_in', distribution: 'uniform' });

/** Truncated normal of variance 1 / fanIn (LeCun et al. 1998). */
export const lecunNormal = known('LecunNormal', { scale: 1, mode: 'fan_in', distribution: 'truncated_normal' });

const alahmariSpec = specOf('Alahmari', ['equation', 'seed'], {}, 'samebits');

/**
 * The two forms of Glorot's uniform that Alahmari et al. (2020) compare: equation 1, l = sqrt(6 / (fanIn + fanOut)), and equation 2 as
 * it is printed, l = sqrt(6 / max(1, (fanIn + fanOut) / 2)). Throws ArgumentError for another equation or a bad seed.
 */
export const alahmari = maker(alahmariSpec, (options: { equation: 1 | 2 } & SeedOption): Initializer => {
  checkOptions('alahmari', options, alahmariSpec.options);
  const { equation } = options;
  if (equation !== 1 && equation !== 2) {
    throw new ArgumentError({ who: 'alahmari', expected: 'equation to be 1 or 2', got: show(equation) });
  }
  const scaling: Scaling = { scale: equation, mode: 'fan_avg', distribution: 'uniform' };
  return initializer(alahmariSpec, { equation, seed: seedOf('alahmari', options) }, (runtime, shape, sequence) =>
    drawScaled(runtime, shape, sequence, scaling),
  );
});

const torchSpec = specOf('TorchUniform', ['fanIn', 'seed'], {}, 'samebits');

/**
 * What PyTorch's Linear and Conv2d begin with: uniform in [-l, l) with l = 1 / sqrt(fanIn). `fanIn` is that of the weight by default;
 * a bias needs it given, since PyTorch takes that of the weight beside it. Throws ArgumentError for an unknown or bad option.
 */
export const torchUniform = maker(torchSpec, (options: { fanIn?: number } & SeedOption = {}): Initializer => {
  const who = 'torchUniform';
  checkOptions(who, options, torchSpec.options);
  const own = options.fanIn ?? null;
  if (own !== null) numberOption(who, 'fanIn', own, 'a number >= 1', (x) => x >= 1);
  return initializer(torchSpec, { fanIn: own, seed: seedOf(who, options) }, (runtime, shape, sequence) => {
    const high = 1 / Math.sqrt(own ?? fans(shape).fanIn);
    return drawUniform(runtime, shape, sequence, { low: -high, high });
  });
});
