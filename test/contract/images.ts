// resize_bilinear, image_transform and rescaling of docs/contract.md, one rounding per step.

import { add, div, f32, fma, mul, sub } from './float32.js';

interface Bytes {
  readonly shape: readonly number[];
  readonly data: Uint8Array | Float32Array;
}

interface Pictures {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Where a coordinate falls: the two positions, null for the fill value, and the weight of the second. */
interface Tap {
  readonly at: readonly [number | null, number | null];
  readonly t: number;
}

export interface TransformSettings {
  readonly fillMode: 'reflect' | 'constant' | 'wrap' | 'nearest';
  readonly interpolation: 'bilinear' | 'nearest';
  readonly fillValue: number;
}

export function resizeTap(i: number, size: number, outSize: number): Tap {
  const at = sub(mul(add(i, 0.5), div(size, outSize)), 0.5);
  const low = Math.floor(at);
  return { at: [Math.max(low, 0), Math.min(low + 1, size - 1)], t: sub(at, low) };
}

function reflect(at: number, size: number): number {
  const period = 2 * size;
  if (at < 0) {
    const moved = add(mul(period, Math.trunc(div(-at, period))), at);
    return moved < -size ? add(moved, period) : sub(-moved, 1);
  }
  const moved = sub(at, mul(period, Math.trunc(div(at, period))));
  return moved >= size ? sub(sub(period, moved), 1) : moved;
}

function wrap(at: number, size: number): number {
  if (at < 0) return add(at, mul(size, Math.trunc(div(-at, size - 1)) + 1));
  return sub(at, mul(size, Math.trunc(div(at, size - 1))));
}

const far = 2 ** 24;
const limited = (at: number): number => (at >= -far ? Math.min(at, far) : -far);

export function transformTap(coordinate: number, size: number, { fillMode, interpolation }: TransformSettings): Tap {
  let at = limited(coordinate);
  if (fillMode !== 'constant' && (at < 0 || at > size - 1)) {
    if (size > 1 && fillMode === 'reflect') at = reflect(at, size);
    if (size > 1 && fillMode === 'wrap') at = wrap(at, size);
    at = Math.max(0, Math.min(size - 1, at));
  }
  const within = (i: number) => (i >= 0 && i < size ? i : null);
  if (interpolation === 'nearest') {
    const rest = at - Math.trunc(at);
    const i = within(Math.trunc(at) + (Math.abs(rest) >= 0.5 ? Math.sign(rest) : 0));
    return { at: [i, i], t: 0 };
  }
  const low = Math.floor(at);
  const high = fillMode === 'constant' ? within(low + 1) : Math.min(low + 1, size - 1);
  return { at: [within(low), high], t: sub(at, low) };
}

const lerp = (a: number, b: number, t: number): number => add(a, mul(sub(b, a), t));

/** Reads one value between four; on a position exactly it is moved without arithmetic. */
function blend(read: (y: number | null, x: number | null) => number, row: Tap, column: Tap): number {
  if (row.t === 0 && column.t === 0) return read(row.at[0], column.at[0]);
  const [top, bottom] = row.at.map((y) => lerp(read(y, column.at[0]), read(y, column.at[1]), column.t));
  return lerp(top!, bottom!, row.t);
}

type Taps = (sample: number, oy: number, ox: number) => readonly [row: Tap, column: Tap];

function gather({ shape, data }: Bytes, outShape: readonly number[], taps: Taps, fill: number): Pictures {
  const [, height, width, channels] = shape as [number, number, number, number];
  const [samples, outHeight, outWidth] = outShape as [number, number, number, number];
  const out: number[] = [];
  for (let n = 0; n < samples; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const [row, column] = taps(n, oy, ox);
        for (let c = 0; c < channels; c++) {
          const read = (y: number | null, x: number | null) =>
            y === null || x === null ? fill : data[((n * height + y) * width + x) * channels + c]!;
          out.push(blend(read, row, column));
        }
      }
    }
  }
  return { shape: outShape, data: Float32Array.from(out) };
}

/** The gradient: outputs ascending, taps top left, top right, bottom left, bottom right; weights of 0 passed over. */
function giveBack(dy: Pictures, shape: readonly number[], taps: Taps): Pictures {
  const [samples, height, width, channels] = shape as [number, number, number, number];
  const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
  const dx = new Float32Array(samples * height * width * channels);
  let o = 0;
  for (let n = 0; n < samples; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, o += channels) {
        const [row, column] = taps(n, oy, ox);
        for (const i of [0, 1] as const) {
          for (const j of [0, 1] as const) {
            const weight = mul(i === 0 ? sub(1, row.t) : row.t, j === 0 ? sub(1, column.t) : column.t);
            const [y, x] = [row.at[i], column.at[j]];
            if (weight === 0 || y === null || x === null) continue;
            for (let c = 0; c < channels; c++) {
              const at = ((n * height + y) * width + x) * channels + c;
              dx[at] = fma(dy.data[o + c]!, weight, dx[at]!);
            }
          }
        }
      }
    }
  }
  return { shape, data: dx };
}

const resizeTaps = (shape: readonly number[], [outHeight, outWidth]: readonly [number, number]): Taps => {
  const [, height, width] = shape as [number, number, number, number];
  return (_, oy, ox) => [resizeTap(oy, height, outHeight), resizeTap(ox, width, outWidth)];
};

export function resizeBilinear(x: Bytes, size: readonly [number, number]): Pictures {
  const [samples, , , channels] = x.shape as [number, number, number, number];
  return gather(x, [samples, ...size, channels], resizeTaps(x.shape, size), 0);
}

export function resizeBilinearGradient(dy: Pictures, shape: readonly number[]): Pictures {
  return giveBack(dy, shape, resizeTaps(shape, [dy.shape[1]!, dy.shape[2]!]));
}

/** As resizeBilinear, rounded with halves to even. */
export function resizeBytes(x: Bytes, size: readonly [number, number]): { shape: readonly number[]; data: Uint8Array } {
  const { shape, data } = resizeBilinear(x, size);
  const rounded = Uint8Array.from(data, (value) => {
    const low = Math.floor(value);
    const rest = value - low;
    return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
  });
  return { shape, data: rounded };
}

function transformTaps(shape: readonly number[], matrices: Float32Array, settings: TransformSettings): Taps {
  const [, height, width] = shape as [number, number, number, number];
  return (n, oy, ox) => {
    const m = matrices.subarray(6 * n, 6 * n + 6);
    const x = add(add(mul(m[0]!, ox), mul(m[1]!, oy)), m[2]!);
    const y = add(add(mul(m[3]!, ox), mul(m[4]!, oy)), m[5]!);
    return [transformTap(y, height, settings), transformTap(x, width, settings)];
  };
}

export function imageTransform(x: Pictures, matrices: Float32Array, settings: TransformSettings): Pictures {
  return gather(x, x.shape, transformTaps(x.shape, matrices, settings), f32(settings.fillValue));
}

export function imageTransformGradient(dy: Pictures, matrices: Float32Array, settings: TransformSettings): Pictures {
  return giveBack(dy, dy.shape, transformTaps(dy.shape, matrices, settings));
}

export const rescaling = (x: Float32Array, scale: number, offset: number): Float32Array =>
  x.map((value) => add(mul(value, f32(scale)), f32(offset)));

export const rescalingGradient = (dy: Float32Array, scale: number): Float32Array =>
  dy.map((value) => mul(value, f32(scale)));
