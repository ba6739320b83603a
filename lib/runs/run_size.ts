/**
 * How large a run folder will be, told before it is written: weights and checkpoints to within a few hundred bytes a file, the files of
 * text and traces of weights and steps to within a tenth; of a trace of operations, whose kernels are not known yet, the order alone.
 */
import type { Model } from '../models/index.js';
import type { RunSize } from '../progress/index.js';
import type { TrainOptions } from '../settings/index.js';
import { dtypeBytes, sizeOf, type Tensor } from '../tensor/index.js';

/** What decides how large a run folder will be. */
export interface SizedRun {
  options: Pick<TrainOptions, 'checkpoints' | 'trace' | 'traceValues' | 'batchSize'>;
  model: Model;
  /** Epochs that are still to come, and the steps in one. */
  epochs: number;
  stepsInEpoch: number;
  /** Steps whose weights are kept. */
  keptSteps: number;
  /** Samples that are predicted. */
  validation: number;
  /** Whether the first weights are kept too. */
  initial: boolean;
}

interface Told {
  count: number;
  bytes: number;
  /** Letters of all names. */
  letters: number;
}

const tensorsOf = (tensors: readonly { name: string; tensor: Tensor }[]): Told => ({
  count: tensors.length,
  bytes: tensors.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape) * dtypeBytes[tensor.dtype], 0),
  letters: tensors.reduce((sum, { name }) => sum + name.length, 0),
});

const together = (a: Told, b: Told): Told => ({
  count: a.count + b.count,
  bytes: a.bytes + b.bytes,
  letters: a.letters + b.letters,
});

/** A safetensors file: beside a name its header says dtype, shape and place. */
const fileOf = ({ count, bytes, letters }: Told): number => 16 + bytes + letters + 85 * count;

/** A hash of 32 bytes as JSON has it in a list. */
const hash = 67;
/** Facts of a step and of an epoch: times and means with all digits, in the result, the history and the checkpoint. */
const perStep = { result: 28, checkpoint: 21 };
const perEpoch = 900;
/** Settings, data and machine, and a layer of the network as the receipt tells it. */
const about = 9000;
const perLayer = 1500;

/** Calls of kernels in a step that a layer makes, forward and back, and the bytes by which a trace tells one. */
const callsOfLayer = 4;
const bytesOfCall = 620;
/** How often the values of a layer stand in a traced step: read and written by its call and the next, and their gradients. */
const timesTraced = 8;

function traceOf({ options, model, epochs, stepsInEpoch }: SizedRun, weights: Told, state: Told): number {
  const { trace, traceValues = 0, batchSize } = options;
  if (trace === undefined) return 0;
  const steps = epochs * stepsInEpoch;
  const learning = model.trainableWeights.length;
  const beginning = 2000 + 60 * (state.count + weights.count + learning) + 2 * state.letters;
  const ofEpochs = (epochs + 1) * (hash * state.count + 200);
  if (trace === 'weights') return beginning + ofEpochs;
  const ofSteps = steps * (hash * (weights.count + learning) + 450);
  const valued = Math.min(steps, traceValues);
  const values = valued * (2 * weights.bytes + 170 * (weights.count + learning));
  if (trace === 'steps') return beginning + ofEpochs + ofSteps + values;
  const { inputs, places } = model.graph;
  const calls = callsOfLayer * places.length + learning;
  const activations = [...inputs, ...places].reduce((sum, { shape }) => sum + sizeOf(shape), 0) * 4 * batchSize;
  const ofOperations = steps * calls * bytesOfCall + valued * (timesTraced * activations + 4 * weights.bytes);
  return beginning + ofEpochs + ofSteps + values + ofOperations;
}

/** The size of the run folder of a training that is about to begin, or to go on. */
export function runSizeOf(run: SizedRun): RunSize {
  const { options, model, epochs, stepsInEpoch, keptSteps, validation, initial } = run;
  const weights = tensorsOf(model.namedWeights().map(({ name, weight }) => ({ name, tensor: weight.tensor })));
  const slots = tensorsOf(
    [...model.slots].flatMap(([weight, named]) =>
      Object.entries(named).map(([slot, tensor]) => ({
        name: `${model.compiled.optimizer.name}/${weight}/${slot}`,
        tensor,
      })),
    ),
  );
  const state = together(weights, slots);
  const steps = epochs * stepsInEpoch;
  const trees = (epochs + 1) * (hash * state.count + 80);
  const checkpoint = (at: number) =>
    fileOf(state) + 600 + ((trees + perEpoch * epochs) * at) / Math.max(epochs, 1) + perStep.checkpoint * steps;
  const all = options.checkpoints === 'all' ? epochs : 0;
  const parts = {
    weights: epochs * fileOf(weights),
    checkpoint: checkpoint(epochs),
    checkpoints: all * checkpoint((epochs + 1) / 2),
    steps: keptSteps * fileOf(weights),
    trace: traceOf(run, weights, state),
    others:
      about +
      perLayer * model.graph.layers.length +
      (initial ? fileOf(weights) : 0) +
      (validation > 0 ? 150 + 4 * validation * sizeOf(model.sampleShapes.y) : 0) +
      trees +
      (60 * state.count + state.letters) +
      steps * perStep.result +
      perEpoch * epochs +
      100 * (keptSteps + all),
  };
  const bytes = Math.round(Object.values(parts).reduce((sum, part) => sum + part, 0));
  return { ...parts, bytes };
}
