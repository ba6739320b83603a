/** Data to train on or to judge by: arrays, or a split of a dataset, as batches of tensors a model can take. */
import type { ArrayData, Split } from '../data/index.js';
import { ArgumentError, DataError, ShapeError, show } from '../errors/index.js';
import type { Loss } from '../losses/index.js';
import type { Runtime } from '../runtime/index.js';
import { type Shape, sameShape, tensor } from '../tensor/index.js';
import { isJoint } from './heads.js';
import type { Batch } from './model.js';
import { asFloat, gather, rowsOf } from './rows.js';
import { sampleWeights } from './sample_weights.js';
import type { ByPart } from './several.js';
import { areLabels, checkOutputs, targetRows } from './targets.js';

/** Samples and targets in memory. */
export interface ArrayFitData {
  x: ArrayData;
  y: ArrayData;
  /** How much each sample counts, in the loss and in weighted metrics: one number >= 0 each. Default 1. */
  sampleWeight?: ArrayLike<number> | undefined;
}

/** Samples and targets in memory, or a split of a dataset. */
export type FitData = ArrayFitData | Split;

/** The same for a network with several inputs or outputs: a list of arrays in their order, or arrays by the names of the layers. */
export interface PartsFitData {
  x: ArrayData | ByPart<ArrayData>;
  y: ArrayData | ByPart<ArrayData>;
  sampleWeight?: ArrayLike<number> | undefined;
}

/** The shapes one sample and its target must have. */
export interface SampleShapes {
  x: Shape;
  /** Of one output. */
  y: Shape;
  /** Of one target, where the loss takes another shape than that of outputs: numbers of classes. */
  target?: Shape | undefined;
}

/** Throws ArgumentError where samples are weighed, by the option of this name, and the loss judges a batch as a whole. */
export function expectWeighable(who: string, name: string, loss: Loss): void {
  if (name === 'classWeight' && isJoint(loss)) {
    throw new ArgumentError({ who, expected: `no ${name} beside several outputs`, got: 'it' });
  }
  if (loss.ofBatch !== true) return;
  const hint = 'it judges the samples of a batch together';
  throw new ArgumentError({ who, expected: `no ${name} beside the loss ${loss.name}`, got: 'it', hint });
}

/** Samples by number, as tensors to be disposed by whoever asked. */
export interface Samples {
  readonly length: number;
  /** Tensors of the type that the samples have: nothing is computed for them. */
  send(runtime: Runtime, indices: Uint32Array, epoch?: number): Batch;
  /** Tensors of float32. */
  batch(runtime: Runtime, indices: Uint32Array, epoch?: number): Batch;
}

/** A batch that was sent as a network takes it, float32; what it was sent as is disposed. */
export const asFloats = ({ x, y, ...others }: Batch): Batch => ({ x: asFloat(x), y: asFloat(y), ...others });

const samplesBy = (length: number, send: Samples['send']): Samples => ({
  length,
  send,
  batch: (runtime, indices, epoch) => asFloats(send(runtime, indices, epoch)),
});

function arraySamples(who: string, data: ArrayFitData, shapes: SampleShapes, loss?: Loss): Samples {
  const x = rowsOf(who, 'x', data.x, shapes.x);
  const target = shapes.target ?? shapes.y;
  const y = rowsOf(who, 'y', data.y, target);
  if (x.count !== y.count) {
    throw new ShapeError({ who, expected: `as many targets as samples (${x.count})`, got: `${y.count}` });
  }
  loss?.checkTargets?.(who, y.values, shapes.y);
  if (data.sampleWeight !== undefined && loss !== undefined) expectWeighable(who, 'sampleWeight', loss);
  const weights = data.sampleWeight && sampleWeights(who, data.sampleWeight, x.count);
  return samplesBy(x.count, (runtime, indices) => ({
    x: gather(runtime, x, indices, shapes.x),
    y: gather(runtime, y, indices, target),
    ...(weights && { weights: Float32Array.from(indices, (index) => weights[index]!) }),
  }));
}

/** Throws DataError unless there is a label for each sample, the number of a class. */
function checkLabels(who: string, labels: ArrayLike<number>, { length, targets: { classes } }: Split): void {
  if (labels.length !== length) {
    throw new DataError({ who, expected: `as many labels as samples (${length})`, got: `${labels.length}` });
  }
  for (let i = 0; i < length; i++) {
    const label = labels[i]!;
    if (Number.isSafeInteger(label) && label >= 0 && label < classes) continue;
    const expected = `labels to be integers from 0 to ${classes - 1}`;
    throw new DataError({ who, expected, got: `${show(label)} for sample ${i}` });
  }
}

/** Classes become what the loss takes: their numbers, 0 and 1, or rows with a single 1; other targets stay what they are. */
function splitSamples(who: string, split: Split, shapes: SampleShapes, loss?: Loss): Samples {
  const { sampleShape, targets, labels, rows } = split;
  const { target = shapes.y } = shapes;
  // Targets of several outputs are rows of numbers.
  const joint = isJoint(loss);
  checkOutputs(who, targets, joint ? target : shapes.y);
  if (shapes.target !== undefined && !joint && !areLabels(targets)) {
    const expected = 'targets that are numbers of classes, for the loss';
    throw new DataError({ who, expected, got: `those of the kind ${show(targets.kind)}` });
  }
  if (labels !== undefined) checkLabels(who, labels, split);
  if (rows !== undefined && !areLabels(targets)) loss?.checkTargets?.(who, rows, targets.shape);
  if (!Array.isArray(sampleShape) || !sameShape(sampleShape, shapes.x)) {
    throw new ShapeError({ who, expected: `samples ${show([...shapes.x])}`, got: show(sampleShape) });
  }
  return samplesBy(split.length, (runtime, indices, epoch) => {
    const { x, y } = split.read(indices, epoch);
    return {
      x: tensor(runtime, x, [indices.length, ...shapes.x]),
      y: tensor(runtime, targetRows(targets, y, target), [indices.length, ...target]),
    };
  });
}

/**
 * The samples of arrays or of a split. Throws in the words of `who` when they do not fit these shapes, or targets not the
 * loss: all of them are looked at.
 */
export function samplesOf(who: string, data: FitData, shapes: SampleShapes, loss?: Loss): Samples {
  if (data !== null && typeof data === 'object' && 'read' in data && 'targets' in data) {
    return splitSamples(who, data, shapes, loss);
  }
  if (data !== null && typeof data === 'object' && 'x' in data && 'y' in data)
    return arraySamples(who, data, shapes, loss);
  throw new ArgumentError({ who, expected: 'data as { x, y } or a split of a dataset', got: show(data) });
}
