// Geometry of windows over NHWC pictures, shared by the judges: sizes only, no numbers.

export interface WindowGeometry {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly kh: number;
  readonly kw: number;
  readonly oh: number;
  readonly ow: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly dilationH: number;
  readonly dilationW: number;
}

export interface Conv2dGeometry extends WindowGeometry {
  readonly ci: number;
  readonly co: number;
  readonly groups: number;
}

export interface Pool2dGeometry extends WindowGeometry {
  readonly c: number;
  /** Of average pooling: the rows of padding above and below, the columns left and right, that count. Default none. */
  readonly counted?: readonly [number, number, number, number];
}

/** The input row (or column) that output place `o` reads with tap `k`; outside 0..size-1 it is padding. */
export const inputRow = (g: WindowGeometry, oh: number, kh: number): number =>
  oh * g.strideH - g.padTop + kh * g.dilationH;
export const inputColumn = (g: WindowGeometry, ow: number, kw: number): number =>
  ow * g.strideW - g.padLeft + kw * g.dilationW;

/** Calls `visit` for every tap inside the input of output (oh, ow), ascending (kh, kw). */
export function forEachTap(
  g: WindowGeometry,
  oh: number,
  ow: number,
  visit: (kh: number, kw: number, row: number, column: number) => void,
): void {
  for (let kh = 0; kh < g.kh; ++kh) {
    const row = inputRow(g, oh, kh);
    if (row < 0 || row >= g.h) continue;
    for (let kw = 0; kw < g.kw; ++kw) {
      const column = inputColumn(g, ow, kw);
      if (column >= 0 && column < g.w) visit(kh, kw, row, column);
    }
  }
}

/** Calls `visit` for every (oh, ow), ascending, whose window reads input (row, column), with the tap that does. */
export function forEachReader(
  g: WindowGeometry,
  row: number,
  column: number,
  visit: (oh: number, ow: number, kh: number, kw: number) => void,
): void {
  // At most one tap of a place reads the row: the one so many dilations behind the first.
  const firstRow = Math.max(0, Math.ceil((row - inputRow(g, 0, g.kh - 1)) / g.strideH));
  const firstColumn = Math.max(0, Math.ceil((column - inputColumn(g, 0, g.kw - 1)) / g.strideW));
  for (let oh = firstRow; oh < g.oh && inputRow(g, oh, 0) <= row; ++oh) {
    const kh = (row - inputRow(g, oh, 0)) / g.dilationH;
    if (!Number.isInteger(kh)) continue;
    for (let ow = firstColumn; ow < g.ow && inputColumn(g, ow, 0) <= column; ++ow) {
      const kw = (column - inputColumn(g, ow, 0)) / g.dilationW;
      if (Number.isInteger(kw)) visit(oh, ow, kh, kw);
    }
  }
}

/** Padding as a user says it: Keras words, or [top, bottom, left, right]. */
export type Padding = 'valid' | 'same' | readonly [number, number, number, number];

export interface WindowOptions {
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly padding?: Padding;
}

/** One axis of a window: how many places it has and the padding before the first. */
function alongAxis(size: number, k: number, stride: number, dilation: number, padding: Padding, axis: 0 | 1) {
  const extent = (k - 1) * dilation + 1;
  if (padding === 'same') {
    const out = Math.ceil(size / stride);
    return { out, before: Math.floor(Math.max((out - 1) * stride + extent - size, 0) / 2) };
  }
  const [before, after] = padding === 'valid' ? [0, 0] : [padding[2 * axis]!, padding[2 * axis + 1]!];
  return { out: Math.floor((size + before + after - extent) / stride) + 1, before };
}

/** The geometry of a window of [kh, kw] over an NHWC shape. 'same' pads as Keras does: the odd one goes after. */
export function windowGeometry(
  [n, h, w]: readonly number[],
  [kh, kw]: readonly number[],
  { strides = [1, 1], dilations = [1, 1], padding = 'valid' }: WindowOptions,
): WindowGeometry {
  const rows = alongAxis(h!, kh!, strides[0], dilations[0], padding, 0);
  const columns = alongAxis(w!, kw!, strides[1], dilations[1], padding, 1);
  return {
    ...{ n: n!, h: h!, w: w!, kh: kh!, kw: kw!, oh: rows.out, ow: columns.out },
    ...{ strideH: strides[0], strideW: strides[1], dilationH: dilations[0], dilationW: dilations[1] },
    ...{ padTop: rows.before, padLeft: columns.before },
  };
}

/** conv2d's geometry from the shapes of its input [n, h, w, ci] and weight [kh, kw, ci / groups, co]. */
export function conv2dGeometry(
  x: readonly number[],
  weight: readonly number[],
  options: WindowOptions & { readonly groups?: number },
): Conv2dGeometry {
  return { ...windowGeometry(x, weight, options), ci: x[3]!, co: weight[3]!, groups: options.groups ?? 1 };
}
