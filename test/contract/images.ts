// resize_bilinear, image_transform with its random maps, and rescaling of docs/contract.md, one rounding per step.

import { cos, sin } from './elementary.js';
import { add, div, f32, fma, mul, sub } from './float32.js';
import { type Stream, unitUniform } from './philox.js';

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

/** Which numbers the maps of a batch come from, for pictures of a size. */
export interface Draw {
  readonly source: Stream;
  readonly count: number;
  readonly first: number;
  readonly size: readonly [height: number, width: number];
}

type Six = readonly [number, number, number, number, number, number];

/** One map for each sample from its two uniforms. */
function maps({ source, count, first }: Draw, map: (u: number, v: number) => Six): Float32Array {
  const u = unitUniform(source, 2 * (first + count));
  return Float32Array.from(
    Array.from({ length: count }, (_, i) => map(u[2 * (first + i)]!, u[2 * (first + i) + 1]!)).flat(),
  );
}

const between = ([low, high]: readonly [number, number], u: number): number =>
  add(f32(low), mul(sub(f32(high), f32(low)), u));

export const flipMaps = (draw: Draw, horizontal: boolean, vertical: boolean): Float32Array =>
  maps(draw, (u, v) => {
    const [across, down] = [horizontal && u < 0.5, vertical && v < 0.5];
    return [across ? -1 : 1, 0, across ? draw.size[1] - 1 : 0, 0, down ? -1 : 1, down ? draw.size[0] - 1 : 0];
  });

export const rotationMaps = (draw: Draw, range: readonly [number, number]): Float32Array =>
  maps(draw, (u) => {
    const [H, W] = [draw.size[0] - 1, draw.size[1] - 1];
    const angle = between(range, u);
    const [s, c] = [sin(angle), cos(angle)];
    const x = div(sub(W, sub(mul(c, W), mul(s, H))), 2);
    const y = div(sub(H, add(mul(s, W), mul(c, H))), 2);
    return [c, -s, x, s, c, y];
  });

export const zoomMaps = (
  draw: Draw,
  height: readonly [number, number],
  width: readonly [number, number] | undefined,
): Float32Array =>
  maps(draw, (u, v) => {
    const zh = between(height, u);
    const zw = width === undefined ? zh : between(width, v);
    const middle = (side: number, zoom: number) => mul(div(side - 1, 2), sub(1, zoom));
    return [zw, 0, middle(draw.size[1], zw), 0, zh, middle(draw.size[0], zh)];
  });
