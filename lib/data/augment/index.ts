/**
 * Augmentation of samples as they are read, of a picture and its mask alike: each step moves the places at which both are read, the
 * picture between pixels, the mask at the nearest. What is drawn depends on seed, epoch and sample alone (docs/contract.md).
 */
import { ArgumentError, checkOptions, seedOption, show } from '../../errors/index.js';
import { streams, Words } from '../../random/index.js';
import { createRuntime, type Runtime } from '../../runtime/index.js';
import { sizeOf } from '../../tensor/index.js';
import type { DataForm, Split } from '../split.js';
import { type MapMaker, mapMaker, type Place, type PlaceMap, type Size } from './maps.js';
import { type StepWords, stepsOf } from './words.js';

/** What `augmentSplit` takes. */
export interface AugmentOptions {
  /** The steps in their order, in words: `flip`, `rotation:factor=0.1`, `elastic:alpha=34,sigma=4`. */
  steps: readonly string[];
  /** Default 0. */
  seed?: number;
}

/** Throws ArgumentError, in the words of `who`, for steps that are none, and for data of this form that cannot be augmented. */
export function checkAugment(who: string, steps: readonly string[], form?: DataForm): void {
  stepsOf(who, steps);
  if (form !== undefined) checkForm(who, form);
}

/** A place brought inside: dcba|abcd|dcba. */
function reflected(at: number, length: number): number {
  const turned = ((at % (2 * length)) + 2 * length) % (2 * length);
  return turned < length ? turned : 2 * length - 1 - turned;
}

/** Halves to even. */
function toByte(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  const whole = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
  return Math.min(Math.max(whole, 0), 255);
}

type Values = Uint8Array | Float32Array;

/** What one sample is read with. */
interface Drawn {
  maps: readonly PlaceMap[];
  /** Factors of contrast. */
  contrasts: readonly number[];
}

interface Step extends StepWords {
  maker: MapMaker | undefined;
}

function drawnFor(runtime: Runtime, steps: readonly Step[], size: Size, seed: number, step: number): Drawn {
  const maps: PlaceMap[] = [];
  const contrasts: number[] = [];
  steps.forEach(({ kind, options, maker }, place) => {
    const sequence = { seed, stream: streams.augment + 256 * place, step };
    if (maker !== undefined) maps.push(maker(runtime, sequence, size));
    if (kind === 'contrast') {
      contrasts.push(1 + (2 * new Words(sequence).uniform() - 1) * (options['factor'] as number));
    }
  });
  // The last step reads what those before it made.
  return { maps: maps.reverse(), contrasts };
}

/** Writes the picture and the mask that are read through the maps. */
function readThrough(
  maps: readonly PlaceMap[],
  { height, width, channels }: Size & { channels: number },
  from: { x: Values; mask: ArrayLike<number> | undefined },
  to: { values: Float64Array; mask: Float32Array | undefined },
): void {
  const place: Place = { x: 0, y: 0, blank: false };
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      [place.x, place.y, place.blank] = [column, row, false];
      for (const map of maps) map(place);
      const at = row * width + column;
      if (place.blank) {
        to.values.fill(0, at * channels, (at + 1) * channels);
        if (to.mask !== undefined) to.mask[at] = 0;
        continue;
      }
      const [left, top] = [Math.floor(place.x), Math.floor(place.y)];
      const [tx, ty] = [place.x - left, place.y - top];
      const [x0, x1] = [reflected(left, width), reflected(left + 1, width)];
      const [y0, y1] = [reflected(top, height) * width, reflected(top + 1, height) * width];
      for (let channel = 0; channel < channels; channel++) {
        const [a, b] = [from.x[(y0 + x0) * channels + channel]!, from.x[(y0 + x1) * channels + channel]!];
        const [c, d] = [from.x[(y1 + x0) * channels + channel]!, from.x[(y1 + x1) * channels + channel]!];
        const [above, below] = [a + (b - a) * tx, c + (d - c) * tx];
        to.values[at * channels + channel] = above + (below - above) * ty;
      }
      if (to.mask !== undefined) to.mask[at] = from.mask![(ty < 0.5 ? y0 : y1) + (tx < 0.5 ? x0 : x1)]!;
    }
  }
}

/** Each channel's distance from its mean, times the factor. */
function contrast(values: Float64Array, channels: number, factor: number): void {
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < values.length; at += channels) sum += values[at]!;
    const mean = sum / (values.length / channels);
    for (let at = channel; at < values.length; at += channels) values[at] = (values[at]! - mean) * factor + mean;
  }
}

/** Throws ArgumentError for samples that are no pictures and targets that do not go along. */
function checkForm(who: string, { sampleShape, targets }: DataForm): void {
  if (sampleShape.length !== 3) {
    throw new ArgumentError({
      who,
      expected: 'samples [height, width, channels] to augment',
      got: show([...sampleShape]),
    });
  }
  const { kind, shape } = targets;
  const [height, width] = sampleShape;
  if (kind === 'value' || (kind === 'mask' && (shape.length !== 2 || shape[0] !== height || shape[1] !== width))) {
    const expected = 'targets that are classes, or masks of the size of their samples, to augment';
    throw new ArgumentError({ who, expected, got: `${show([...shape])} of the kind '${kind}'` });
  }
}

/**
 * A split whose samples are augmented where they are read for an epoch: `read(indices, epoch)` draws anew for each epoch, `read(indices)`
 * gives them as they are. A training reads so. Throws ArgumentError for samples that are no pictures `[height, width, channels]`, for
 * targets that are values, and for steps that are none.
 * Example: `augmentSplit(dataset.train, { steps: ['flip', 'elastic:alpha=34,sigma=4'], seed: 1 })`.
 */
export function augmentSplit(split: Split, options: AugmentOptions): Split {
  const who = 'augmentSplit';
  checkOptions(who, options, ['steps', 'seed']);
  const seed = seedOption(who, 'seed', options.seed ?? 0);
  checkForm(who, split);
  const words = stepsOf(who, options.steps);
  using runtime = createRuntime({ threads: 1 });
  const steps = words.map((step): Step => ({ ...step, maker: mapMaker(runtime, step) }));
  const [height, width, channels] = split.sampleShape as [number, number, number];
  const size = { height, width, channels };
  const sample = sizeOf(split.sampleShape);
  const places = split.targets.kind === 'mask' ? height * width : 0;
  const read: Split['read'] = (indices, epoch) => {
    const { x: plain, y: targets } = split.read(indices, epoch);
    if (epoch === undefined || steps.length === 0) return { x: plain, y: targets };
    using own = createRuntime({ threads: 1 });
    const bytes = plain instanceof Uint8Array;
    const x = bytes ? new Uint8Array(plain.length) : new Float32Array(plain.length);
    const y = places === 0 ? undefined : new Float32Array(targets.length);
    const values = new Float64Array(sample);
    for (let i = 0; i < indices.length; i++) {
      const { maps, contrasts } = drawnFor(own, steps, size, seed, epoch * split.length + indices[i]!);
      const from = { x: plain.subarray(i * sample, (i + 1) * sample), mask: y && part(targets, i * places, places) };
      readThrough(maps, size, from, { values, mask: y?.subarray(i * places, (i + 1) * places) });
      for (const factor of contrasts) contrast(values, channels, factor);
      for (let at = 0; at < sample; at++) x[i * sample + at] = bytes ? toByte(values[at]!) : values[at]!;
    }
    return { x, y: y ?? targets };
  };
  return { ...split, augment: [...(split.augment ?? []), ...options.steps], read };
}

const part = (values: ArrayLike<number>, from: number, length: number): ArrayLike<number> =>
  values instanceof Float32Array
    ? values.subarray(from, from + length)
    : Array.from({ length }, (_, i) => values[from + i]!);
