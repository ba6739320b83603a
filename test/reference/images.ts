// The float64 judges of resize_bilinear and image_transform. Coordinates are the contract's, in float32 steps, because
// a position that falls on the other side of a pixel is another value, not a rounding; what is read there is float64.

import type { Values } from '../cases/case.js';
import { resizeTap, type TransformSettings, transformTap } from '../contract/images.js';

type Tap = ReturnType<typeof resizeTap>;
export type Taps = (sample: number, oy: number, ox: number) => readonly [row: Tap, column: Tap];

export const resizeTaps =
  ([height, width]: readonly [number, number], [outHeight, outWidth]: readonly [number, number]): Taps =>
  (_, oy, ox) => [resizeTap(oy, height, outHeight), resizeTap(ox, width, outWidth)];

export function transformTaps(
  [, height, width]: readonly number[],
  settings: TransformSettings & { matrices: readonly (readonly number[])[] },
): Taps {
  const { fround } = Math;
  const affine = (a: number, b: number, c: number, x: number, y: number) =>
    fround(fround(fround(fround(a) * x) + fround(fround(b) * y)) + fround(c));
  return (n, oy, ox) => {
    const [a, b, c, d, e, f] = settings.matrices[n] as [number, number, number, number, number, number];
    return [
      transformTap(affine(d, e, f, ox, oy), height!, settings),
      transformTap(affine(a, b, c, ox, oy), width!, settings),
    ];
  };
}

/** The weighted mean of four values at every output position. */
export function sampleBilinear(x: Values, outShape: readonly number[], taps: Taps, fill: number): Values {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [samples, outHeight, outWidth] = outShape as [number, number, number, number];
  const data = new Float64Array(samples * outHeight * outWidth * channels);
  for (let i = 0; i < data.length; i++) {
    const c = i % channels;
    const ox = Math.floor(i / channels) % outWidth;
    const oy = Math.floor(i / channels / outWidth) % outHeight;
    const n = Math.floor(i / channels / outWidth / outHeight);
    const [row, column] = taps(n, oy, ox);
    const read = (y: number | null, x0: number | null) =>
      y === null || x0 === null ? fill : x.data[((n * height + y) * width + x0) * channels + c]!;
    const top = read(row.at[0], column.at[0]) * (1 - column.t) + read(row.at[0], column.at[1]) * column.t;
    const bottom = read(row.at[1], column.at[0]) * (1 - column.t) + read(row.at[1], column.at[1]) * column.t;
    data[i] = top * (1 - row.t) + bottom * row.t;
  }
  return { shape: outShape, data };
}
