/** Data to train on or to judge by: arrays, or pictures with labels, as batches of tensors a model can take. */
import type { Split } from '../data/index.js';
import { ArgumentError, DataError, ShapeError, show } from '../errors/index.js';
import type { Loss } from '../losses/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sameShape, sizeOf, type Tensor, tensor } from '../tensor/index.js';
import { type ArrayData, asFloat, gather, rowsOf } from './rows.js';

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

function arraySamples(who: string, data: { x: ArrayData; y: ArrayData }, shapes: SampleShapes, loss?: Loss): Samples {
  const x = rowsOf(who, 'x', data.x, shapes.x);
  const y = rowsOf(who, 'y', data.y, shapes.y);
  if (x.count !== y.count) {
    throw new ShapeError({ who, expected: `as many targets as samples (${x.count})`, got: `${y.count}` });
  }
  loss?.checkTargets?.(who, y.values, shapes.y);
  return {
    length: x.count,
    batch: (runtime, indices) => ({
      x: gather(runtime, x, indices, shapes.x),
      y: gather(runtime, y, indices, shapes.y),
    }),
  };
}

/** The number of classes of labels, one for each picture. Throws DataError for what is no label. */
function classesOf(who: string, { labels, length }: Split): number {
  if (labels.length !== length) {
    throw new DataError({ who, expected: `as many labels as pictures (${length})`, got: `${labels.length}` });
  }
  let most = -1;
  for (let i = 0; i < length; i++) {
    const label = labels[i]!;
    if (!Number.isSafeInteger(label) || label < 0) {
      throw new DataError({ who, expected: 'labels to be integers >= 0', got: `${show(label)} for picture ${i}` });
    }
    if (label > most) most = label;
  }
  return most + 1;
}

/** Labels become targets: 0 and 1 for outputs of one value, one-hot for others. */
function splitSamples(who: string, split: Split, shapes: SampleShapes): Samples {
  const classes = classesOf(who, split);
  const [width] = shapes.y;
  if (shapes.y.length !== 1 || classes > Math.max(width!, 2)) {
    throw new ShapeError({ who, expected: `a model with outputs for ${classes} classes`, got: show([...shapes.y]) });
  }
  if (!Array.isArray(split.shape) || !sameShape(split.shape, shapes.x)) {
    throw new ShapeError({ who, expected: `pictures ${show([...shapes.x])}`, got: show(split.shape) });
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

/**
 * The samples of arrays or of a split. Throws in the words of `who` when they do not fit these shapes, or targets not the
 * loss: all of them are looked at.
 */
export function samplesOf(who: string, data: FitData, shapes: SampleShapes, loss?: Loss): Samples {
  if (data !== null && typeof data === 'object' && 'fill' in data && 'labels' in data) {
    return splitSamples(who, data, shapes);
  }
  if (data !== null && typeof data === 'object' && 'x' in data && 'y' in data)
    return arraySamples(who, data, shapes, loss);
  throw new ArgumentError({ who, expected: 'data as { x, y } or a split of a dataset', got: show(data) });
}
