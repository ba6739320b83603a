/** Data to train on or to judge by: arrays, or pictures with labels, as batches of tensors a model can take. */
import type { Split } from '../data/index.js';
import { ArgumentError, DataError, ShapeError, show } from '../errors/index.js';
import { toFloat } from '../ops/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sizeOf, Tensor, tensor } from '../tensor/index.js';

/** Lists of numbers, one inside the other. */
export type Nested = readonly (number | Nested)[];

/** Values of all samples one after the other; a tensor has the number of samples as its first axis. */
export type ArrayData = Tensor | Float32Array | Uint8Array | Nested;

/** Samples and targets in memory, or a split of a dataset. */
export type FitData = { x: ArrayData; y: ArrayData } | Split;

/** The shapes one sample and its target must have. */
export interface SampleShapes {
  x: Shape;
  y: Shape;
}

/** Samples by number. `batch` makes float32 tensors, to be disposed by whoever asked. */
export interface Samples {
  readonly length: number;
  batch(runtime: Runtime, indices: Uint32Array): { x: Tensor; y: Tensor };
}

/** Values in memory and the number of samples they make. */
interface Rows {
  values: Float32Array | Uint8Array;
  count: number;
}

function valuesOf(data: ArrayData): Float32Array | Uint8Array {
  if (data instanceof Tensor) {
    const values = data.data() as Float32Array | Int32Array | Uint8Array;
    return values instanceof Int32Array ? Float32Array.from(values) : values;
  }
  if (data instanceof Float32Array || data instanceof Uint8Array) return data;
  return Float32Array.from((data as unknown[]).flat(Number.POSITIVE_INFINITY) as number[]);
}

/** Rows of `shape` out of `data`. Throws ShapeError for values that make no whole rows, DataError for NaN and Infinity. */
export function rowsOf(who: string, name: string, data: ArrayData, shape: Shape): Rows {
  if (!(data instanceof Tensor) && !(data instanceof Float32Array) && !(data instanceof Uint8Array)) {
    if (!Array.isArray(data)) {
      throw new ArgumentError({ who, expected: `${name} to be a tensor, numbers or a typed array`, got: show(data) });
    }
  }
  const size = sizeOf(shape);
  if (data instanceof Tensor && (data.rank !== shape.length + 1 || !shape.every((n, i) => n === data.shape[i + 1]))) {
    throw new ShapeError({
      who,
      expected: `${name} ${show(['n', ...shape]).replaceAll("'", '')}`,
      got: show([...data.shape]),
    });
  }
  const values = valuesOf(data);
  if (values.length === 0 || values.length % size !== 0) {
    const expected = `${name} to hold samples ${show([...shape])} of ${size} values each`;
    throw new ShapeError({ who, expected, got: `${values.length} values` });
  }
  const bad = values instanceof Uint8Array ? -1 : values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const got = `${values[bad]} in sample ${Math.floor(bad / size)}`;
    throw new DataError({ who, expected: `${name} without NaN and Infinity`, got });
  }
  return { values, count: values.length / size };
}

/** Copies rows into a tensor, float32 whatever they are. */
export function gather(runtime: Runtime, { values }: Rows, indices: Uint32Array, shape: Shape): Tensor {
  const size = sizeOf(shape);
  const picked = new (values.constructor as Float32ArrayConstructor)(indices.length * size);
  indices.forEach((index, i) => {
    picked.set(values.subarray(index * size, (index + 1) * size), i * size);
  });
  return asFloat(tensor(runtime, picked, [indices.length, ...shape]));
}

function asFloat(x: Tensor): Tensor {
  if (x.dtype === 'float32') return x;
  const y = toFloat(x);
  x.dispose();
  return y;
}

function arraySamples(who: string, data: { x: ArrayData; y: ArrayData }, shapes: SampleShapes): Samples {
  const x = rowsOf(who, 'x', data.x, shapes.x);
  const y = rowsOf(who, 'y', data.y, shapes.y);
  if (x.count !== y.count) {
    throw new ShapeError({ who, expected: `as many targets as samples (${x.count})`, got: `${y.count}` });
  }
  return {
    length: x.count,
    batch: (runtime, indices) => ({
      x: gather(runtime, x, indices, shapes.x),
      y: gather(runtime, y, indices, shapes.y),
    }),
  };
}

/** Labels become targets: 0 and 1 for outputs of one value, one-hot for others. */
function splitSamples(who: string, split: Split, shapes: SampleShapes): Samples {
  const classes = Math.max(...split.labels) + 1;
  const [width] = shapes.y;
  if (shapes.y.length !== 1 || classes > Math.max(width!, 2)) {
    throw new ShapeError({ who, expected: `a model with outputs for ${classes} classes`, got: show([...shapes.y]) });
  }
  const size = sizeOf(shapes.x);
  let bytes = new Uint8Array(0);
  return {
    length: split.length,
    batch(runtime, indices) {
      if (bytes.length !== indices.length * size) bytes = new Uint8Array(indices.length * size);
      split.fill(indices, bytes);
      const targets = new Float32Array(indices.length * width!);
      indices.forEach((index, i) => {
        const label = split.labels[index]!;
        if (width === 1) targets[i] = label;
        else targets[i * width! + label] = 1;
      });
      return {
        x: asFloat(tensor(runtime, bytes, [indices.length, ...shapes.x])),
        y: tensor(runtime, targets, [indices.length, width!]),
      };
    },
  };
}

/** The samples of arrays or of a split. Throws in the words of `who` when they do not fit these shapes. */
export function samplesOf(who: string, data: FitData, shapes: SampleShapes): Samples {
  if (data !== null && typeof data === 'object' && 'fill' in data && 'labels' in data) {
    return splitSamples(who, data, shapes);
  }
  if (data !== null && typeof data === 'object' && 'x' in data && 'y' in data) return arraySamples(who, data, shapes);
  throw new ArgumentError({ who, expected: 'data as { x, y } or a split of a dataset', got: show(data) });
}
