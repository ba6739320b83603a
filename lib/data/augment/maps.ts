/** Where an augmented picture is read: a map of places for each step, drawn for one sample. In double unless a kernel draws it. */
import { exp, flipMatrices, rotationMatrices, type TransformDraw, zoomMatrices } from '../../ops/index.js';
import { type Sequence, Words } from '../../random/index.js';
import type { Runtime } from '../../runtime/index.js';
import { type Tensor, tensor } from '../../tensor/index.js';
import type { StepWords } from './words.js';

export interface Size {
  height: number;
  width: number;
}

/** A place in a picture, in pixels; `blank` where it lies in the padding of a crop. It is moved in place. */
export interface Place {
  x: number;
  y: number;
  blank: boolean;
}

export type PlaceMap = (place: Place) => void;

/** Draws the map of a step for one sample. */
export type MapMaker = (runtime: Runtime, sequence: Sequence, size: Size) => PlaceMap;

/** Reads at `(m0 x + m1 y + m2, m3 x + m4 y + m5)`. */
function affine(matrices: Tensor): PlaceMap {
  const [m0, m1, m2, m3, m4, m5] = Array.from(matrices.data()) as [number, number, number, number, number, number];
  matrices.dispose();
  return (place) => {
    const { x, y } = place;
    place.x = m0 * x + m1 * y + m2;
    place.y = m3 * x + m4 * y + m5;
  };
}

const moved =
  (right: number, down: number): PlaceMap =>
  (place) => {
    place.x -= right;
    place.y -= down;
  };

/** Weights of a Gaussian at 0, 1, ... up to three sigmas, by exp of the contract, which add up to 1 over both sides. */
export function gaussianWeights(runtime: Runtime, sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const squares = Float32Array.from({ length: reach + 1 }, (_, i) => -(i * i) / (2 * sigma * sigma));
  using exponents = tensor(runtime, squares, [reach + 1]);
  using weights = exp(exponents);
  const values = Float64Array.from(weights.data());
  let sum = values[0]!;
  for (let i = 1; i <= reach; i++) sum += 2 * values[i]!;
  return values.map((value) => value / sum);
}

/** A field blurred along rows or columns: chains from the farthest place before to the farthest behind; 0 outside. */
function blurred(
  field: Float64Array,
  { height, width }: Size,
  weights: Float64Array,
  alongRows: boolean,
): Float64Array {
  const reach = weights.length - 1;
  const [length, step] = alongRows ? [width, 1] : [height, width];
  const out = new Float64Array(field.length);
  for (let at = 0; at < field.length; at++) {
    const place = alongRows ? at % width : Math.floor(at / width);
    let sum = 0;
    const last = Math.min(reach, length - 1 - place);
    for (let i = Math.max(-reach, -place); i <= last; i++) sum += weights[Math.abs(i)]! * field[at + i * step]!;
    out[at] = sum;
  }
  return out;
}

/** A field between its places, along straight lines; outside as at the border. */
function readField(field: Float64Array, { height, width }: Size, { x, y }: Place): number {
  const [column, row] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, low] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [tx, ty] = [column - left, row - top];
  const above = field[top * width + left]! + (field[top * width + right]! - field[top * width + left]!) * tx;
  const below = field[low * width + left]! + (field[low * width + right]! - field[low * width + left]!) * tx;
  return above + (below - above) * ty;
}

function elastic(weights: Float64Array, alpha: number): MapMaker {
  return (_runtime, sequence, size) => {
    const words = new Words(sequence);
    const fields = [0, 1].map(() => {
      const raw = Float64Array.from({ length: size.height * size.width }, () => 2 * words.uniform() - 1);
      return blurred(blurred(raw, size, weights, true), size, weights, false);
    }) as [Float64Array, Float64Array];
    return (place) => {
      const [right, down] = [readField(fields[0], size, place), readField(fields[1], size, place)];
      place.x += alpha * right;
      place.y += alpha * down;
    };
  };
}

const drawFor = (sequence: Sequence, { height, width }: Size): TransformDraw => ({
  sequence,
  count: 1,
  size: [height, width],
});

/** 2 pi as float32 has it. */
const turn = Math.fround(6.2831855);

/** The map maker of a step; undefined for one that moves nothing. */
export function mapMaker(runtime: Runtime, { kind, options }: StepWords): MapMaker | undefined {
  const number = (name: string) => options[name] as number;
  if (kind === 'elastic') return elastic(gaussianWeights(runtime, number('sigma')), number('alpha'));
  if (kind === 'rotation') {
    const most = number('factor') * turn;
    return (own, sequence, size) => affine(rotationMatrices(own, drawFor(sequence, size), [-most, most]));
  }
  if (kind === 'zoom') {
    const most = number('factor');
    return (own, sequence, size) => affine(zoomMatrices(own, drawFor(sequence, size), [1 - most, 1 + most]));
  }
  if (kind === 'flip') {
    const [horizontal, vertical] = [options['mode'] !== 'vertical', options['mode'] !== 'horizontal'];
    return (own, sequence, size) => affine(flipMatrices(own, drawFor(sequence, size), { horizontal, vertical }));
  }
  if (kind === 'translation') {
    return (_own, sequence, { height, width }) => {
      const words = new Words(sequence);
      const drawn = () => (2 * words.uniform() - 1) * number('factor');
      const down = drawn() * height;
      return moved(drawn() * width, down);
    };
  }
  if (kind === 'crop') {
    return (_own, sequence, { height, width }) => {
      const words = new Words(sequence);
      const padding = number('padding');
      const shift = () => words.below(2 * padding + 1) - padding;
      const down = shift();
      const move = moved(shift(), down);
      return (place) => {
        move(place);
        const { x, y } = place;
        if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) place.blank = true;
      };
    };
  }
  return undefined;
}
