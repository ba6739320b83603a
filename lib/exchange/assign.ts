/** Arrays of a file put into the weights of a network: all of them, or none. */
import { FileError, show } from '../errors/index.js';
import { asFloat32, type FileArray, type Inexact } from '../formats/index.js';
import { type Shape, sameShape, type Tensor } from '../tensor/index.js';

/** How the values of a file lie for a weight: the file's array seen as `dims`, its axes in this order. */
export interface Arrangement {
  /** The shape in the file. */
  shape: Shape;
  /** That shape, some axes split. */
  dims: Shape;
  /** Which of `dims` each axis here is. */
  order: readonly number[];
}

/** A place for values, and the array that belongs there. */
export interface Wanted {
  /** The weight's name. */
  weight: string;
  tensor: Tensor;
  /** The array's name in the file. */
  from: string;
  arrangement?: Arrangement;
}

/** What became of the weights of a network and of the arrays in a file. */
export interface WeightsReport {
  /** Weights, each with the array that it got. */
  matched: readonly { weight: string; tensor: string }[];
  /** Weights that the file does not have; they are as they were. */
  missing: readonly string[];
  /** Weights that the file has in another shape; they are as they were. */
  otherShape: readonly string[];
  /** Arrays that no weight took. */
  leftOver: readonly string[];
}

/** What is allowed, and what messages call the file. */
export interface Assigning {
  path: string;
  /** Whether a weight may be without an array. Default 'refuse'. */
  missing?: 'refuse' | 'keep';
  /** Whether an array may have another shape than its weight. Default 'refuse'. */
  otherShape?: 'refuse' | 'keep';
  /** Whether an array may be without a weight. Default 'refuse'. */
  leftOver?: 'refuse' | 'ignore';
  /** Default 'refuse'. */
  inexact?: Inexact;
  /** Throws where what would become of everything is not what is wanted, before anything is changed. */
  accept?: (report: WeightsReport) => void;
}

/** The values of a file as they lie here; `back` the other way. */
export function arranged(values: Float32Array, { dims, order }: Arrangement, back = false): Float32Array {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((a, b) => a * b, 1));
  const out = new Float32Array(values.length);
  const index = order.map(() => 0);
  for (let here = 0; here < values.length; here++) {
    const there = order.reduce((at, axis, i) => at + index[i]! * strides[axis]!, 0);
    if (back) out[there] = values[here]!;
    else out[here] = values[there]!;
    for (let i = order.length - 1; i >= 0 && ++index[i]! === dims[order[i]!]; i--) index[i] = 0;
  }
  return out;
}

const listed = (names: readonly string[]) => {
  const some = names.slice(0, 5).map(show).join(', ');
  return names.length > 5 ? `${some} and ${names.length - 5} more` : some;
};

/**
 * Puts the arrays into their places. Throws FileError, before anything is changed, for arrays of another shape, missing weights and
 * arrays left over where they are refused, and for values that float32 does not have.
 */
export function assign(wanted: readonly Wanted[], arrays: readonly FileArray[], options: Assigning): WeightsReport {
  const { path, missing = 'refuse', leftOver = 'refuse', otherShape = 'refuse', inexact = 'refuse' } = options;
  const refuse = (expected: string, got: string, hint?: string): never => {
    throw new FileError({ who: 'weights', expected, got, ...(hint !== undefined && { hint }) });
  };
  const left = new Map(arrays.map((array) => [array.name, array]));
  const absent = wanted.filter(({ from }) => !left.has(from));
  if (missing === 'refuse' && absent.length > 0) {
    const names = listed(absent.map(({ weight, from }) => (weight === from ? weight : `${weight} (${from})`)));
    refuse(
      `the weights of the network in ${show(path)}`,
      `none for ${names}`,
      "missing: 'keep' leaves them as they are",
    );
  }
  const found = wanted.flatMap((one) => {
    const array = left.get(one.from);
    return array === undefined ? [] : [{ ...one, array }];
  });
  const fits = ({ tensor, arrangement, array }: (typeof found)[number]) =>
    sameShape(array.shape, arrangement?.shape ?? tensor.shape);
  for (const { weight, tensor, arrangement, array } of found.filter((one) => otherShape === 'refuse' && !fits(one))) {
    const shape = arrangement?.shape ?? tensor.shape;
    refuse(`${show(weight)} ${show([...shape])} in ${show(path)}`, `${show(array.name)} ${show([...array.shape])}`);
  }
  for (const { array } of found) left.delete(array.name);
  const pairs = found.filter(fits);
  if (leftOver === 'refuse' && left.size > 0) {
    const hint = "leftOver: 'ignore' passes over them";
    refuse(`only the weights of the network in ${show(path)}`, `${listed([...left.keys()])} beside them`, hint);
  }
  const report: WeightsReport = {
    matched: pairs.map(({ weight, from }) => ({ weight, tensor: from })),
    missing: absent.map(({ weight }) => weight),
    otherShape: found.filter((one) => !fits(one)).map(({ weight }) => weight),
    leftOver: [...left.keys()],
  };
  options.accept?.(report);
  const values = pairs.map(({ arrangement, array }) => {
    const own = asFloat32(array, { path, inexact });
    return arrangement === undefined ? own : arranged(own, arrangement);
  });
  pairs.forEach(({ tensor }, i) => {
    tensor.write(values[i]!);
  });
  return report;
}
