/** Pictures to look at, as Figure 4 of Alahmari et al.: the picture with what is there, the predicted mask, and what was counted. */
import type { Rgb } from '../data/index.js';
import type { Edge, Objects } from './objects.js';

type Colour = readonly [red: number, green: number, blue: number];

const red: Colour = [220, 0, 0];
const green: Colour = [0, 170, 0];
const blue: Colour = [0, 60, 255];
const white: Colour = [255, 255, 255];
/** Objects that touch an exclusion line, and those that are too small. */
const grey: Colour = [150, 150, 150];
const gap = 4;

/** Three panels side by side on white. */
class Panels implements Rgb {
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;

  constructor(
    readonly rows: number,
    readonly columns: number,
    count: number,
  ) {
    this.height = rows;
    this.width = count * columns + (count - 1) * gap;
    this.pixels = new Uint8Array(this.height * this.width * 3).fill(255);
  }

  put(panel: number, row: number, column: number, colour: ArrayLike<number>): void {
    if (row < 0 || column < 0 || row >= this.rows || column >= this.columns) return;
    this.pixels.set(colour, (row * this.width + panel * (this.columns + gap) + column) * 3);
  }

  each(panel: number, colourAt: (at: number) => ArrayLike<number>): void {
    for (let at = 0; at < this.rows * this.columns; at++) {
      this.put(panel, Math.floor(at / this.columns), at % this.columns, colourAt(at));
    }
  }
}

/** The pixel in the middle of each counted object: its mean row and column, halves up. */
function middles({ labels, areas, counted, width }: Objects): [row: number, column: number][] {
  const sums = areas.map(() => [0, 0] as [number, number]);
  labels.forEach((label, at) => {
    if (label === 0) return;
    const sum = sums[label - 1]!;
    sum[0] += Math.floor(at / width);
    sum[1] += at % width;
  });
  const middle = (sum: number, area: number) => Math.floor((2 * sum + area) / (2 * area));
  return sums.flatMap(([row, column], i) =>
    counted[i] ? [[middle(row, areas[i]!), middle(column, areas[i]!)] as [number, number]] : [],
  );
}

/** Lines along the edges of a panel: red where objects are excluded, green where they are counted. */
function drawEdges(panels: Panels, panel: number, exclude: readonly Edge[]): void {
  const { rows, columns } = panels;
  const colourOf = (edge: Edge) => (exclude.includes(edge) ? red : green);
  const line = (edge: Edge) => {
    const upright = edge === 'left' || edge === 'right';
    for (let i = 0; i < (upright ? rows : columns); i++) {
      const [row, column] = upright ? [i, edge === 'left' ? 0 : columns - 1] : [edge === 'top' ? 0 : rows - 1, i];
      panels.put(panel, row, column, colourOf(edge));
    }
  };
  // Exclusion lines last, so that they own the corners.
  const all: readonly Edge[] = ['left', 'right', 'top', 'bottom'];
  for (const edge of [...all].sort((a, b) => Number(exclude.includes(a)) - Number(exclude.includes(b)))) line(edge);
}

function drawCrosses(panels: Panels, panel: number, objects: Objects, colour: Colour): void {
  for (const [row, column] of middles(objects)) {
    for (let i = -2; i <= 2; i++) {
      panels.put(panel, row + i, column + i, colour);
      panels.put(panel, row + i, column - i, colour);
    }
  }
}

/** What is drawn of one picture. */
export interface Drawn {
  shown: Rgb;
  mask: ArrayLike<number>;
  truth: Objects;
  predicted: Objects;
  exclude: readonly Edge[];
}

/**
 * Three panels: the picture with a blue cross on each true object that counts; the predicted mask; the objects in it that count,
 * white with a cross, those that do not in grey. Exclusion lines are red, the other edges green.
 */
export function drawCount({ shown, mask, truth, predicted, exclude }: Drawn): Rgb {
  const panels = new Panels(shown.height, shown.width, 3);
  panels.each(0, (at) => shown.pixels.subarray(3 * at, 3 * at + 3));
  panels.each(1, (at) => (mask[at] ? white : [0, 0, 0]));
  panels.each(2, (at) => {
    const label = predicted.labels[at]!;
    return label === 0 ? [0, 0, 0] : predicted.counted[label - 1] ? white : grey;
  });
  drawCrosses(panels, 0, truth, blue);
  drawCrosses(panels, 2, predicted, blue);
  for (const panel of [0, 1, 2]) drawEdges(panels, panel, exclude);
  const { height, width, pixels } = panels;
  return { height, width, pixels };
}
