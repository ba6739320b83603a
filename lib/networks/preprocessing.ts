/**
 * What is done with the pixels of a picture before a network sees them, by the names of Keras's `preprocess_input`: as the first layers
 * of a network, and for values in memory.
 */
import { ArgumentError, ShapeError, show, wordOption } from '../errors/index.js';
import { concatenate, cropping2d, input, rescaling, reshape, type Symbolic } from '../layers/index.js';
import type { Shape } from '../tensor/index.js';

const modes = ['none', 'unit', 'tf', 'torch', 'caffe'] as const;

/**
 * What becomes of values from 0 to 255. 'none': nothing. 'unit': 0 to 1. 'tf': -1 to 1. 'torch': 0 to 1, then minus mean and divided by
 * standard deviation of each channel of ImageNet. 'caffe': blue, green, red in place of red, green, blue, minus the mean of each channel.
 */
export type Preprocessing = (typeof modes)[number];

/** Of red, green and blue, from 0 to 1. */
const mean = [0.485, 0.456, 0.406] as const;
const deviation = [0.229, 0.224, 0.225] as const;
/** Of blue, green and red, from 0 to 255. */
const caffeMean = [103.939, 116.779, 123.68] as const;

/** The mode. Throws ArgumentError for an unknown one, and for one of three channels where there are others. */
export function preprocessingOption(who: string, value: Preprocessing, channels: number): Preprocessing {
  const mode = wordOption(who, 'preprocessing', value, modes);
  if ((mode === 'torch' || mode === 'caffe') && channels !== 3) {
    const expected = `3 channels for preprocessing ${show(mode)}`;
    throw new ArgumentError({ who, expected, got: `${channels}`, hint: "'unit' and 'tf' take any" });
  }
  return mode;
}

/** The input of a network and its pixels preprocessed. The layers have names of their own, so those behind keep theirs. */
export function preprocessedInput(shape: Shape, mode: Preprocessing): { inputs: Symbolic; x: Symbolic } {
  const inputs = input({ shape });
  const scaled = (scale: number, offset = 0) => rescaling({ scale, offset, name: 'preprocessing' }).apply(inputs);
  if (mode === 'unit') return { inputs, x: scaled(1 / 255) };
  if (mode === 'tf') return { inputs, x: scaled(1 / 127.5, -1) };
  if (mode === 'torch') {
    const each = mean.map((m, i) => ({ from: i, scale: 1 / deviation[i]!, offset: -m / deviation[i]! }));
    return { inputs, x: channelwise(scaled(1 / 255), each) };
  }
  if (mode === 'caffe') {
    const each = caffeMean.map((m, i) => ({ from: 2 - i, scale: 1, offset: -m }));
    return { inputs, x: channelwise(inputs, each) };
  }
  return { inputs, x: inputs };
}

/** Every channel from another one of x, brought into a range of its own, by layers that Keras has. */
function channelwise(x: Symbolic, channels: readonly { from: number; scale: number; offset: number }[]): Symbolic {
  const [height, width] = x.shape as [number, number];
  const count = channels.length;
  const columns = reshape({ targetShape: [height * width, count, 1], name: 'preprocessing_columns' }).apply(x);
  const each = channels.map(({ from, scale, offset }, i) => {
    const name = `preprocessing_channel${i}`;
    const cropping = [
      [0, 0],
      [from, count - 1 - from],
    ] as const;
    return rescaling({ scale, offset, name }).apply(cropping2d({ cropping, name: `${name}_crop` }).apply(columns));
  });
  const joined = concatenate({ axis: 2, name: 'preprocessing_joined' }).apply(each);
  return reshape({ targetShape: [height, width, count], name: 'preprocessing_pixels' }).apply(joined);
}

/** The arithmetic of each mode on one value of channel `c`, in float32 as NumPy has it. */
const values: Readonly<Record<Preprocessing, (x: number, c: number) => number>> = {
  none: (x) => x,
  unit: (x) => x / 255,
  tf: (x) => Math.fround(x / 127.5) - 1,
  torch: (x, c) => Math.fround(Math.fround(x / 255) - Math.fround(mean[c]!)) / Math.fround(deviation[c]!),
  caffe: (x, c) => x - Math.fround(caffeMean[c]!),
};

/**
 * The values of pictures `[..., 3]` from 0 to 255 as a network wants them, as Keras's `preprocess_input` makes them of a NumPy array, bit
 * for bit; modes 'unit' and 'tf' take any number of channels. `networks` says which mode each one has. Throws ArgumentError for another
 * mode, ShapeError for values that are no whole pixels. Example: `preprocess([255, 0, 0], 'caffe')`.
 */
export function preprocess(pixels: ArrayLike<number>, mode: Preprocessing): Float32Array {
  const who = 'preprocess';
  const of = values[wordOption(who, 'mode', mode, modes)];
  const byChannel = mode === 'torch' || mode === 'caffe';
  if (byChannel && pixels.length % 3 !== 0) {
    throw new ShapeError({
      who,
      expected: `pixels of 3 values for mode ${show(mode)}`,
      got: `${pixels.length} values`,
    });
  }
  return Float32Array.from({ length: pixels.length }, (_, i) => {
    const c = i % 3;
    const from = mode === 'caffe' ? i - c + (2 - c) : i;
    return of(Math.fround(pixels[from]!), c);
  });
}
