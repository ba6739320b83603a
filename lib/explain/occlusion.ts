/**
 * A region of a picture covered, as the paws were cut from a picture in Leventi-Peetz and Oestreich (2022), 2.2.1, and
 * what that does to the ranked predictions (their Tables 1 and 2).
 */
import type { Rgb } from '../data/index.js';
import { ArgumentError, show } from '../errors/index.js';

/** A rectangle in pixels; rows and columns count from 0 at the top left. */
export interface Region {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** One class before and after; ranks count from 1. */
export interface RankChange {
  class: number;
  rankBefore: number;
  rankAfter: number;
  before: number;
  after: number;
}

const colourNames = ['red', 'green', 'blue'] as const;

/**
 * The mean colour of a picture: for each channel the exact sum of its bytes, `floor((2 * sum + n) / (2 * n))`, which
 * rounds halves up.
 */
export function meanColour({ pixels }: Rgb): [red: number, green: number, blue: number] {
  const sums = [0, 0, 0] as [number, number, number];
  pixels.forEach((value, i) => {
    sums[i % 3]! += value;
  });
  const count = pixels.length / 3;
  return sums.map((sum) => Math.floor((2 * sum + count) / (2 * count))) as [number, number, number];
}

/** Throws ArgumentError, in the words of `who`, unless the region has an area and lies inside a picture of this size. */
export function checkRegion(who: string, region: Region, { height, width }: Pick<Rgb, 'height' | 'width'>): void {
  const { top, left } = region;
  const whole = [top, left, region.height, region.width].every((value) => Number.isSafeInteger(value) && value >= 0);
  const inside = top + region.height <= height && left + region.width <= width;
  if (whole && inside && region.height > 0 && region.width > 0) return;
  throw new ArgumentError({
    who,
    expected: `a region with an area inside the picture (${height} rows, ${width} columns)`,
    got: `top ${top}, left ${left}, height ${region.height}, width ${region.width}`,
  });
}

/**
 * The picture with a region painted in one colour, by default its mean colour. Throws ArgumentError for a region
 * without an area or outside the picture, and for a colour that is not three bytes.
 * Example: `occlude(picture, { top: 120, left: 40, height: 60, width: 90 })`.
 */
export function occlude(picture: Rgb, region: Region, fill = meanColour(picture)): Rgb {
  checkRegion('occlude', region, picture);
  if (fill.length !== 3 || !fill.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)) {
    const expected = `fill to be ${colourNames.join(', ')} from 0 to 255`;
    throw new ArgumentError({ who: 'occlude', expected, got: show(fill) });
  }
  const { height, width } = picture;
  const pixels = Uint8Array.from(picture.pixels);
  for (let row = region.top; row < region.top + region.height; row++) {
    for (let column = region.left; column < region.left + region.width; column++) {
      pixels.set(fill, 3 * (row * width + column));
    }
  }
  return { height, width, pixels };
}

/**
 * Values `[height, width, channels]` with a region filled by the mean of each channel: the sum of its values in their order,
 * in double, divided by their number; for bytes rounded, halves up.
 */
export function coveredValues(
  values: Uint8Array | Float32Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  region: Region,
): Uint8Array | Float32Array {
  checkRegion('occlude', region, { height, width });
  const sums = new Array<number>(channels).fill(0);
  for (let i = 0; i < values.length; i++) sums[i % channels]! += values[i]!;
  const places = height * width;
  const fill = sums.map((sum) => (values instanceof Uint8Array ? Math.floor(sum / places + 0.5) : sum / places));
  const covered = values.slice();
  for (let row = region.top; row < region.top + region.height; row++) {
    for (let column = region.left; column < region.left + region.width; column++) {
      covered.set(fill, channels * (row * width + column));
    }
  }
  return covered;
}

/** Classes from the most probable to the least; of equals the lower number first. */
export function ranking(probabilities: Float32Array): number[] {
  return [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
}

/** Every class in its new order, with its rank and probability before and after. */
export function rankChanges(before: Float32Array, after: Float32Array): RankChange[] {
  const old = ranking(before);
  return ranking(after).map((label, i) => ({
    class: label,
    rankBefore: old.indexOf(label) + 1,
    rankAfter: i + 1,
    before: before[label]!,
    after: after[label]!,
  }));
}
