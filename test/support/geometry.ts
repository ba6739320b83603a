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
  for (let oh = 0; oh < g.oh; ++oh) {
    for (let ow = 0; ow < g.ow; ++ow) {
      for (let kh = 0; kh < g.kh; ++kh) {
        if (inputRow(g, oh, kh) !== row) continue;
        for (let kw = 0; kw < g.kw; ++kw) if (inputColumn(g, ow, kw) === column) visit(oh, ow, kh, kw);
      }
    }
  }
}
