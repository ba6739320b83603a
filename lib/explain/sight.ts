/** What is explained: a picture out of a file or a sample of data, as a network takes it and as a person sees it. */
import { greyOf, type Rgb, resizePicture } from '../data/index.js';
import { ArgumentError, show } from '../errors/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sameShape } from '../tensor/index.js';
import { coveredValues, occlude, type Region } from './occlusion.js';

/** Something with places, in rows and columns, that a network can be asked about. */
export interface Sight {
  /** The file of a picture, or the split and number of a sample: `validation:3`. */
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** As a person sees it. */
  readonly shown: Rgb;
  /** Throws ArgumentError, in the words of `who`, where a network for samples of this shape cannot take it. */
  check(who: string, sampleShape: Shape): void;
  /** The values of one sample of this shape. */
  values(runtime: Runtime, sampleShape: Shape): Uint8Array | Float32Array;
  /** The same with a region covered by the mean of each channel. */
  covered(region: Region): Sight;
}

/** Throws ArgumentError, in the words of `who`, for a network that takes neither colours `[height, width, 3]` nor grey. */
export function requirePictures(who: string, sampleShape: Shape): void {
  if (sampleShape.length === 3 && (sampleShape[2] === 3 || sampleShape[2] === 1)) return;
  const hint = 'explain a sample of their data instead, by data and sample';
  const expected = 'runs trained on pictures [height, width, 3] or [height, width, 1]';
  throw new ArgumentError({ who, expected, got: `samples ${show([...sampleShape])}`, hint });
}

/** A picture in its own size, which is brought to the size the network takes, and to grey for a network of one channel. */
export function pictureSight(name: string, picture: Rgb): Sight {
  const { height, width } = picture;
  return {
    name,
    height,
    width,
    shown: picture,
    check: requirePictures,
    values(runtime, [rows, columns, channels]) {
      const pixels = resizePicture(runtime, picture, [rows!, columns!]);
      return channels === 1 ? greyOf(pixels) : pixels;
    },
    covered: (region) => pictureSight(name, occlude(picture, region)),
  };
}

/** A sample `[height, width]` or `[height, width, channels]`. Throws ArgumentError, in the words of `who`, for another shape. */
export function sampleSight(who: string, name: string, values: Uint8Array | Float32Array, shape: Shape): Sight {
  const [height, width, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3) {
    const expected = 'samples [height, width] or [height, width, channels], over which heat can lie';
    throw new ArgumentError({ who, expected, got: show([...shape]) });
  }
  return {
    name,
    height: height!,
    width: width!,
    get shown() {
      return { height: height!, width: width!, pixels: colours(values, channels) };
    },
    check(who, sampleShape) {
      if (sameShape(shape, sampleShape)) return;
      const expected = `samples ${show([...sampleShape])}, as the runs were trained on`;
      throw new ArgumentError({ who, expected, got: show([...shape]) });
    },
    values: () => values,
    covered: (region) => sampleSight(who, name, coveredValues(values, [height!, width!, channels], region), shape),
  };
}

/**
 * Values as colours: three channels are red, green and blue, any other number is told by its mean as a grey. Bytes are
 * taken as they are, halves of a mean rounded up; floats are brought from their minimum and maximum to 0 and 255. All in
 * doubles, added in the order of the channels.
 */
function colours(values: Uint8Array | Float32Array, channels: number): Uint8Array {
  const [low, high] = values instanceof Uint8Array ? [0, 255] : rangeOf(values);
  const scale = (value: number) => (high === low ? 0 : Math.floor((255 * (value - low)) / (high - low) + 0.5));
  if (channels === 3) return Uint8Array.from(values, scale);
  const pixels = new Uint8Array((3 * values.length) / channels);
  for (let place = 0; place * channels < values.length; place++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += values[place * channels + channel]!;
    pixels.fill(scale(sum / channels), 3 * place, 3 * place + 3);
  }
  return pixels;
}

const rangeOf = (values: Float32Array): [low: number, high: number] => [
  values.reduce((a, b) => Math.min(a, b)),
  values.reduce((a, b) => Math.max(a, b)),
];
