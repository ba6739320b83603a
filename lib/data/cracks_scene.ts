/**
 * Draws one picture of the set `cracks`: a grey surface as of concrete, with a crack or without. Both have mottling, grains, pores,
 * stains with ragged rims, shadows, joints and scratches alike. Of those without a crack most have a straight dark line, which is as long, wide
 * and dark as a crack would be: neither darkness nor a line tells the classes apart, but whether a line turns, swells and branches.
 * Only + - * / sqrt, comparisons and floor on doubles, so every machine draws the same bytes.
 */
import { bar, Canvas, type Colour, disc } from './canvas.js';
import { between, field, type Scene, tilt, type Uniform } from './synthetic_scene.js';

/** What a picture is drawn of. */
export interface CracksScene extends Omit<Scene, 'pointed'> {
  cracked: boolean;
}

type Vector = readonly [x: number, y: number];

/** A unit vector in any direction. */
function direction(uniform: Uniform): Vector {
  const [x, y] = tilt(uniform, 1);
  const [u, v] = uniform() < 0.5 ? [x, y] : [y, -x];
  return uniform() < 0.5 ? [u, v] : [-u, -v];
}

/** A unit vector turned by the angle whose half has the tangent `t`. */
function turned([x, y]: Vector, t: number): Vector {
  const d = 1 + t * t;
  const [cosine, sine] = [(1 - t * t) / d, (2 * t) / d];
  return [x * cosine - y * sine, x * sine + y * cosine];
}

const shaded = ([red, green, blue]: Colour, share: number): Colour => [red * share, green * share, blue * share];

/** Does something with each pixel, told its middle in shares of the picture: `change` gives the factor of its values. */
function dim({ height, width, values }: Canvas, change: (x: number, y: number) => number): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const factor = change((column + 0.5) / width, (row + 0.5) / height);
      const at = (row * width + column) * 3;
      for (let c = 0; c < 3; c++) values[at + c] = values[at + c]! * factor;
    }
  }
}

/** The bare surface; gives its colour. */
function concrete(canvas: Canvas, uniform: Uniform): Colour {
  const grey = between(uniform, 105, 185);
  const surface: Colour = [
    grey + between(uniform, -6, 10),
    grey + between(uniform, -5, 6),
    grey + between(uniform, -14, 5),
  ];
  const layers = [3, 11, 41].map((cells) => ({ at: field(uniform, cells), depth: between(uniform, 0.06, 0.22) }));
  for (let i = 0; i < canvas.values.length; i++) canvas.values[i] = surface[i % 3]!;
  dim(canvas, (x, y) => layers.reduce((factor, { at, depth }) => factor * (1 + (at(x, y) - 0.5) * depth), 1));
  return surface;
}

/** Grains, light and dark, and pores. */
function grains(canvas: Canvas, uniform: Uniform, surface: Colour): void {
  for (let i = 0; i < 50; i++) {
    const shade = i % 5 === 0 ? between(uniform, 0.4, 0.7) : between(uniform, 0.75, 1.25);
    const shape = disc(uniform(), uniform(), between(uniform, 0.003, 0.012));
    canvas.paint(shape, shaded(surface, shade), between(uniform, 0.3, 0.8));
  }
}

/** A stain whose rim wanders, as of water or rust. */
function stain(canvas: Canvas, uniform: Uniform): void {
  const [cx, cy, radius] = [uniform(), uniform(), between(uniform, 0.08, 0.3)];
  const [soft, strength] = [between(uniform, 0.004, 0.08), between(uniform, -0.15, 0.4)];
  const rim = field(uniform, 9);
  dim(canvas, (x, y) => {
    const inside = radius * (0.6 + 0.8 * rim(x, y)) - Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
    return 1 - Math.max(0, Math.min(1, inside / soft)) * strength;
  });
}

/** Half of the picture in the shadow of something with a straight edge. */
function shadow(canvas: Canvas, uniform: Uniform): void {
  const [u, v] = direction(uniform);
  const [edge, soft, strength] = [
    between(uniform, -0.3, 0.3),
    between(uniform, 0.005, 0.12),
    between(uniform, 0.15, 0.4),
  ];
  dim(canvas, (x, y) => {
    const inside = (x - 0.5) * u + (y - 0.5) * v - edge;
    return 1 - Math.max(0, Math.min(1, inside / soft)) * strength;
  });
}

/** A straight groove from side to side. */
function joint(canvas: Canvas, uniform: Uniform, surface: Colour): void {
  const [u, v] = tilt(uniform, 0.25);
  const [x, y, half] = [uniform(), uniform(), between(uniform, 0.006, 0.018)];
  const [dx, dy] = uniform() < 0.5 ? [u, v] : [v, -u];
  canvas.paint(bar(x, y, dx, dy, half, 2), shaded(surface, between(uniform, 0.35, 0.75)), between(uniform, 0.6, 1));
}

/** A short thin scratch, light or dark. */
function scratch(canvas: Canvas, uniform: Uniform, surface: Colour): void {
  const [u, v] = direction(uniform);
  const shape = bar(uniform(), uniform(), u, v, between(uniform, 0.001, 0.004), between(uniform, 0.05, 0.25));
  canvas.paint(shape, shaded(surface, between(uniform, 0.5, 1.4)), between(uniform, 0.3, 0.8));
}

/** A dark line under way. */
interface Line {
  x: number;
  y: number;
  heading: Vector;
  steps: number;
  half: number;
  colour: Colour;
  opacity: number;
  /** Branches that it may still have. */
  branches: number;
}

/** A line in steps that turn, swell and branch. */
function crack(canvas: Canvas, uniform: Uniform, line: Line): void {
  let { x, y, heading, branches } = line;
  for (let i = 0; i < line.steps; i++) {
    const length = between(uniform, 0.025, 0.055);
    const [u, v] = turned(heading, between(uniform, -0.5, 0.5));
    const half = line.half * between(uniform, 0.5, 1.5);
    canvas.paint(
      bar(x + (u * length) / 2, y + (v * length) / 2, u, v, half, length / 2 + half),
      line.colour,
      line.opacity,
    );
    [x, y] = [x + u * length, y + v * length];
    heading = turned(heading, between(uniform, -0.1, 0.1));
    if (branches === 0 || uniform() >= 0.15) continue;
    branches -= 1;
    const aside = turned(heading, uniform() < 0.5 ? between(uniform, -0.6, -0.3) : between(uniform, 0.3, 0.6));
    crack(canvas, uniform, { ...line, x, y, heading: aside, steps: 6, half: line.half * 0.8, branches: 0 });
  }
}

/** A line in as many steps of the same lengths, widths and colours, that goes straight on. */
function straight(canvas: Canvas, uniform: Uniform, { x, y, heading: [u, v], ...line }: Line): void {
  let along = 0;
  for (let i = 0; i < line.steps; i++) {
    const length = between(uniform, 0.025, 0.055);
    const middle = along + length / 2;
    canvas.paint(
      bar(x + u * middle, y + v * middle, u, v, line.half, length / 2 + line.half),
      line.colour,
      line.opacity,
    );
    along += length;
  }
}

/** Draws a picture as `[height, width, 3]` bytes. */
export function drawCracks({ height, width, cracked, uniform, pixelNoise }: CracksScene): Uint8Array {
  const canvas = new Canvas(height, width);
  const surface = concrete(canvas, uniform);
  grains(canvas, uniform, surface);
  for (let stains = Math.floor(uniform() * 4); stains > 0; stains--) stain(canvas, uniform);
  if (uniform() < 0.4) joint(canvas, uniform, surface);
  for (let scratches = Math.floor(uniform() * 3); scratches > 0; scratches--) scratch(canvas, uniform, surface);
  const heading = direction(uniform);
  const line: Line = {
    x: between(uniform, 0.3, 0.7) - heading[0] * 0.4,
    y: between(uniform, 0.3, 0.7) - heading[1] * 0.4,
    heading,
    steps: 14 + Math.floor(uniform() * 12),
    half: between(uniform, 0.004, 0.011),
    colour: shaded(surface, between(uniform, 0.2, 0.55)),
    opacity: between(uniform, 0.55, 0.95),
    branches: 2,
  };
  if (cracked) crack(canvas, uniform, line);
  else if (uniform() < 0.7) straight(canvas, uniform, line);
  if (uniform() < 0.5) shadow(canvas, uniform);
  const [light, noise] = [between(uniform, -20, 20), between(uniform, 4, 18)];
  return Uint8Array.from(canvas.values, (value, i) => {
    const lit = value + light + (pixelNoise(i) - 0.5) * noise;
    return Math.max(0, Math.min(255, Math.floor(lit + 0.5)));
  });
}
