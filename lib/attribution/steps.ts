/** A training of a few steps, with the weights after those that are measured. */
import { type Dataset, pickedOf, type Split, type TargetKind } from '../data/index.js';
import type { NamedTensor } from '../divergence/index.js';
import { judge, type Model, samplesOf } from '../models/index.js';
import { observeKernels } from '../ops/index.js';
import { weightsHash, weightsOf } from '../runs/index.js';
import { capabilities, createRuntime, type Mode } from '../runtime/index.js';
import { runtimeOptionsOf, type SourceOptions } from '../settings/index.js';
import type { Task } from '../tasks/index.js';
import { sizeOf } from '../tensor/index.js';
import { BitFlip } from '../training/index.js';
import type { CheckedOptions } from './options.js';

/** A mode and what is let in beside it. */
export type StepsSources = SourceOptions & { mode: Mode };

/** What every training of an attribution shares. */
export interface StepsPlan {
  options: CheckedOptions;
  task: Task;
  /** Steps to call `onPlace` after, from 1, ascending. */
  places: readonly number[];
  signal?: AbortSignal;
}

export interface StepsHooks {
  onPlace: (step: number, weights: NamedTensor[]) => void;
  onStep?: (step: number, steps: number) => void;
}

/** What a training of a few steps tells. */
export interface Steps {
  target: string;
  threads: number;
  weightsHash: string;
  losses: number[];
  /** Outputs for the samples of `predictedOf`, values of one, and what they say of it. */
  predictions: { values: Float32Array; width: number; kind: TargetKind; classes: number };
  /** Kernels its steps called that join sums, in the order of the kernel table. */
  joins: string[];
}

/** At most so many samples are predicted where there are none of validation. */
const mostPredicted = 256;

/** The samples that are predicted: of validation where there are any, otherwise of training, evenly spaced. */
export function predictedOf({ validation, train }: Dataset): { split: Split; of: 'validation' | 'train' } {
  if (validation !== undefined) return { split: validation, of: 'validation' };
  const length = Math.min(train.length, mostPredicted);
  const chosen = Uint32Array.from({ length }, (_, i) => Math.floor((i * train.length) / length));
  return { split: pickedOf(train, chosen), of: 'train' };
}

/** Trains `options.steps` steps with some sources. Rejects with the signal's reason when it is stopped. */
export async function trainSteps(plan: StepsPlan, sources: StepsSources, hooks: StepsHooks): Promise<Steps> {
  const { options, task } = plan;
  const { device, isa, threads } = options;
  const place = { device, isa, ...(threads !== undefined && { threads }) };
  using runtime = createRuntime(runtimeOptionsOf({ ...place, ...sources }));
  using model = task.compile(runtime);
  // A flip that the model has no place for is refused by the first training already.
  if (options.flip !== undefined) new BitFlip(model, options.flip, options.steps).end();
  const flip = sources.flip && new BitFlip(model, sources.flip, options.steps);
  const called = new Set<string>();
  observeKernels(runtime, (kernel) => called.add(kernel));
  const losses = await fitSteps(plan, model, flip, hooks);
  observeKernels(runtime, null);
  flip?.end();
  return {
    target: runtime.target,
    threads: runtime.threads,
    weightsHash: weightsHash(model),
    losses,
    predictions: await predict(plan, model),
    joins: capabilities().joins.filter((kernel) => called.has(kernel)),
  };
}

/** Fits until the last step is done. */
async function fitSteps(plan: StepsPlan, model: Model, flip: BitFlip | undefined, hooks: StepsHooks) {
  const { options, task, places, signal } = plan;
  const { dataset } = task;
  const { steps, batchSize } = options;
  const losses: number[] = [];
  const done = new AbortController();
  const afterStep = (loss: number) => {
    flip?.endStep();
    losses.push(loss);
    if (places.includes(losses.length)) hooks.onPlace(losses.length, weightsIn(model));
    hooks.onStep?.(losses.length, steps);
    if (losses.length === steps) done.abort(new Error('all steps are done'));
  };
  try {
    await model.fit(dataset.train, {
      epochs: Math.ceil(steps / Math.ceil(dataset.train.length / batchSize)),
      batchSize,
      ...(options.classWeight && { classWeight: options.classWeight }),
      signal: signal ? AbortSignal.any([signal, done.signal]) : done.signal,
      callbacks: { onEpochBegin: () => flip?.beginStep(), onBatchEnd: ({ loss }) => afterStep(loss) },
    });
  } catch (error) {
    if (error !== done.signal.reason) throw error;
  }
  return losses;
}

function weightsIn(model: Model): NamedTensor[] {
  return weightsOf(model).map(({ name, dtype, shape, data }) => ({ name, dtype, shape, data: data as Float32Array }));
}

async function predict({ task, options, signal }: StepsPlan, model: Model): Promise<Steps['predictions']> {
  const { split } = predictedOf(task.dataset);
  const width = sizeOf(model.sampleShapes.y);
  const values = new Float32Array(split.length * width);
  const { batchSize } = options;
  await judge(model, samplesOf('attribute', split, model.sampleShapes, model.compiled.loss), {
    batchSize,
    predictions: values,
    ...(signal && { signal }),
  });
  return { values, width, kind: split.targets.kind, classes: model.sampleShapes.y.at(-1) ?? 1 };
}
